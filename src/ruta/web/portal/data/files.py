"""Files of a dataset: CSV and JSON with stable columns, and its description in DCAT 3 for catalogues."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from ruta.identity import access
from ruta.identity.selectors import agency_title
from ruta.kernel import clock
from ruta.kernel.texts import LANGUAGES
from ruta.opendata import selectors
from ruta.opendata.selectors import Released, digest

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
LICENCE_TITLE = "CC BY 4.0"
DAY = 24 * 60 * 60
_EU = "http://publications.europa.eu/resource/authority"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def as_csv(found: Released) -> bytes:
    """The dataset as CSV (RFC 4180, UTF-8); a hidden count is empty, and `hidden` says why."""
    out = io.StringIO()
    writer = csv.DictWriter(out, found.header())
    writer.writeheader()
    for row in found.rows(found.cells()):
        writer.writerow(
            {name: str(value).lower() if isinstance(value, bool) else value for name, value in row.items()}
        )
    return out.getvalue().encode()


def as_json(found: Released) -> bytes:
    """The dataset as one JSON array of rows."""
    return json.dumps(found.rows(found.cells()), ensure_ascii=False).encode()


_KINDS = {"csv": ("text/csv", as_csv, "CSV"), "json": ("application/json", as_json, "JSON")}


@require_safe
@access.public
def download(request: HttpRequest, dataset: str, kind: str) -> HttpResponse:
    """`/datos/<dataset>.csv` and `.json`."""
    media, make, _ = _KINDS[kind]
    return _answer(make(selectors.dataset(dataset)), f"{media}; charset=utf-8", f"{dataset}.{kind}")


@require_safe
@access.public
def metadata(request: HttpRequest, dataset: str) -> HttpResponse:
    """`/datos/<dataset>.jsonld`: the dataset as `dcat:Dataset`."""
    told = {"@context": _CONTEXT, **_dataset(request, selectors.dataset(dataset))}
    return _answer(json.dumps(told, ensure_ascii=False).encode(), "application/ld+json", f"{dataset}.jsonld")


@require_safe
@access.public
def catalogue(request: HttpRequest) -> HttpResponse:
    """`/datos/catalogo.jsonld`: every dataset that is released, as `dcat:Catalog`."""
    found = [each for each in selectors.datasets() if each.is_released]
    publishers = {each.compiled.service.agency for each in found}
    told = {
        "@context": _CONTEXT,
        "@id": request.build_absolute_uri(reverse("portal:datasets")),
        "@type": "dcat:Catalog",
        "dct:title": _texts({"es": "Datos abiertos", "en": "Open data"}),
        "dct:description": _texts(
            {
                "es": "Lo que cuentan los trámites y los registros, sin datos de nadie.",
                "en": "What services and registers count, without anybody's data.",
            }
        ),
        "dct:publisher": [_agent(nit) for nit in sorted(publishers)],
        "dct:license": {"@id": LICENCE},
        "dcat:dataset": [_dataset(request, each) for each in found],
    }
    return _answer(json.dumps(told, ensure_ascii=False).encode(), "application/ld+json", "catalogo.jsonld")


def _answer(content: bytes, media: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media)
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    answer["ETag"] = f'"{digest(content)}"'
    return answer


def _texts(told: Any) -> list[dict[str, str]]:
    return [{"@value": told[lang], "@language": lang} for lang in LANGUAGES if lang in told]


def _agent(nit: str) -> dict[str, Any]:
    return {"@id": f"urn:nit:{nit}", "@type": "foaf:Agent", "foaf:name": agency_title(nit)}


def _dataset(request: HttpRequest, found: Released) -> dict[str, Any]:
    about, kept = found.declared, found.dataset
    page = request.build_absolute_uri(reverse("portal:dataset", args=[found.name]))
    told: dict[str, Any] = {
        "@id": page,
        "@type": "dcat:Dataset",
        "dct:identifier": found.name,
        "dct:title": _texts(about.title),
        "dct:description": _texts(about.summary),
        "dct:publisher": _agent(found.compiled.service.agency),
        "dcat:theme": {"@id": f"{_EU}/data-theme/GOVE"},
        "dcat:keyword": [
            {"@value": word, "@language": lang}
            for lang, words in found.compiled.service.words.items()
            for word in words
        ],
        "dct:accrualPeriodicity": {"@id": f"{_EU}/frequency/DAILY"},
        "dct:accessRights": {"@id": f"{_EU}/access-right/PUBLIC"},
        "dct:license": {"@id": LICENCE},
        "dcat:landingPage": {"@id": page},
    }
    if kept is None or kept.released_at is None or kept.first_released_at is None:
        return told
    return told | {
        "dct:issued": {"@value": kept.first_released_at.date().isoformat(), "@type": "xsd:date"},
        "dct:modified": {"@value": kept.released_at.isoformat(), "@type": "xsd:dateTime"},
        "dcat:version": str(kept.version),
        "dct:temporal": _period(found),
        "dcat:distribution": list(_distributions(request, found)),
    }


def _measured(found: Released, kind: str) -> tuple[int, str]:
    """Size and SHA-256 of a file, made once for a release and a day (on which what is preliminary may end)."""
    assert found.dataset is not None and found.dataset.released_at is not None
    released = found.dataset.released_at.timestamp()
    key = f"opendata:{found.name}:{released}:{clock.today()}:{kind}"
    known: tuple[int, str] | None = cache.get(key)
    if known is None:
        content = _KINDS[kind][1](found)
        known = len(content), digest(content)
        cache.set(key, known, DAY)
    return known


def _period(found: Released) -> dict[str, Any]:
    covered = found.coverage()
    assert covered is not None
    first, last = ({"@value": day.isoformat(), "@type": "xsd:date"} for day in covered)
    return {"@type": "dct:PeriodOfTime", "dcat:startDate": first, "dcat:endDate": last}


def _distributions(request: HttpRequest, found: Released) -> Iterator[dict[str, Any]]:
    for kind, (media, _make, title) in _KINDS.items():
        size, checksum = _measured(found, kind)
        address = request.build_absolute_uri(reverse("portal:dataset-file", args=[found.name, kind]))
        yield {
            "@type": "dcat:Distribution",
            "dct:title": title,
            "dcat:accessURL": {"@id": address},
            "dcat:downloadURL": {"@id": address},
            "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"},
            "dct:format": {"@id": f"{_EU}/file-type/{title}"},
            "dct:license": {"@id": LICENCE},
            "dcat:byteSize": {"@value": str(size), "@type": "xsd:nonNegativeInteger"},
            "spdx:checksum": {
                "@type": "spdx:Checksum",
                "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                "spdx:checksumValue": {"@value": checksum, "@type": "xsd:hexBinary"},
            },
        }
