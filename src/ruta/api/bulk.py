"""Filing many by one call: the file is taken at once, filed by workers, and asked for until it is done."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse

from ruta.cases.bulk import reading, selectors, services, writing
from ruta.cases.models import Batch
from ruta.cases.models.batch import BatchStatus
from ruta.identity import access
from ruta.kernel.errors import RutaError
from ruta.kernel.texts import current_language

from .answers import answer, endpoint
from .filing import act_by_api, key_of

NDJSON, CSV = "application/x-ndjson", "text/csv"


@endpoint("POST", max_mb=reading.MAX_MB)
def send(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """`POST /api/v1/‹service›/‹act›/bulk`: 202 and where to ask; under the same key the same batch."""
    act_by_api(slug, act)
    actor, key = access.client_of(request), key_of(request)
    if request.content_type not in (NDJSON, CSV):
        raise RutaError(
            {"es": f"Envíe {CSV} o {NDJSON}.", "en": f"Send {CSV} or {NDJSON}."},
            code="media-type",
            status=415,
        )
    batch = services.receive(
        actor,
        slug,
        act,
        request.read(),  # within the announced length, which is limited
        name=key,
        lang=current_language(),
        ndjson=request.content_type == NDJSON,
        key=key,
    )
    services.confirm(batch, actor)
    batch.refresh_from_db()
    return answer(_state(batch), 202, Location=reverse("api:batch", args=[batch.pk]), Retry_After="5")


@endpoint("GET", "HEAD")
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """`GET /api/v1/bulk/‹id›`: how far it is."""
    return answer(_state(selectors.find(batch_id, access.client_of(request))))


@endpoint("GET", "HEAD")
def answers(request: HttpRequest, batch_id: UUID) -> StreamingHttpResponse:
    """`GET /api/v1/bulk/‹id›/answers`: an answer per line, NDJSON, or CSV where Accept asks for it."""
    found = selectors.find(batch_id, access.client_of(request))
    as_csv = request.get_preferred_type([NDJSON, CSV]) == CSV
    write = writing.as_csv if as_csv else writing.as_ndjson
    media_type = f"{CSV}; charset=utf-8" if as_csv else NDJSON
    return StreamingHttpResponse(write(found, current_language()), content_type=media_type)


def _state(found: Batch) -> dict[str, Any]:
    told = selectors.counts(found)
    return {
        "id": str(found.pk),
        "status": "done" if found.status == BatchStatus.DONE else "filing",
        "lines": found.rows_count,
        "waiting": told.waiting,
        "filed": told.filed,
        "known": told.known,
        "refused": told.refused,
        "answers": reverse("api:batch-answers", args=[found.pk]),
    }
