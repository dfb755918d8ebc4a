"""Services told to search engines: schema.org `GovernmentService`, as JSON-LD."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from ruta.definitions.runtime import CompiledService
from ruta.kernel.texts import current_language, pick

from . import catalogue

_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def of_service(compiled: CompiledService, agency: str, url: str) -> SafeString:
    """A service and its acts; `agency` is the name of who keeps it."""
    service = compiled.service
    return _script(
        {
            **_base(pick(service.title), pick(service.summary), url, agency, service.agency),
            "hasOfferCatalog": {
                "@type": "OfferCatalog",
                "itemListElement": [
                    {"@type": "GovernmentService", "name": pick(spec.title)} for spec in service.acts.values()
                ],
            },
        }
    )


def of_act(
    compiled: CompiledService, act: str, agency: str, prices: Sequence[catalogue.Price], url: str
) -> SafeString:
    """One act with its prices of today; `agency` is the name of who keeps its service."""
    spec = compiled.service.acts[act]
    offers = [
        {"@type": "Offer", "name": price.title, "price": price.amount, "priceCurrency": "COP"}
        for price in prices
        if price.amount is not None
    ]
    about = _base(pick(spec.title), pick(spec.summary), url, agency, compiled.service.agency)
    return _script({**about, "offers": offers} if offers else about)


def _base(name: str, text: str, url: str, agency: str, nit: str) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "GovernmentService",
        "name": name,
        "description": text,
        "url": url,
        "inLanguage": current_language(),
        "areaServed": {"@type": "Country", "name": "Colombia"},
        "provider": {
            "@type": "GovernmentOrganization",
            "name": agency,
            "taxID": nit,
        },
    }


def _script(data: Mapping[str, Any]) -> SafeString:
    """The script element; the signs of HTML are escaped inside the JSON, as Django's `json_script` does."""
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  escaped just here
