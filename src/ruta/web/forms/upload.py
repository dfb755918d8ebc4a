"""Evidence sent in pieces, and a picture of what was kept. Without JavaScript the form itself carries the file.

The protocol is tus 1.0.0 with its extensions creation, termination and expiration; the browser's half is tus-js-client.
"""

import base64
import binascii
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ruta.cases.drafts import selectors, sight
from ruta.documents import previews
from ruta.documents.models import Blob, PartialUpload
from ruta.documents.uploads import resumable
from ruta.identity.actors import Actor
from ruta.kernel.errors import Conflict, Invalid, NotFound, RutaError

from . import evidence, sides

VERSION = "1.0.0"
PIECES = "application/offset+octet-stream"


@never_cache
@require_http_methods(["POST"])
def begin(request: HttpRequest, draft_id: UUID, page_id: str, name: str) -> HttpResponse:
    """Announce a file for a question of the draft: 201 and where its pieces go, or 413 with what is wrong."""
    actor = sides.actor_here(request)
    draft = selectors.get_draft(draft_id, actor)
    _compiled, act, form = sight.form_of(draft)
    page, field = form.page(page_id), form.fields.get(name)
    if (
        page is None
        or field is None
        or name not in page.fields
        or field.widget != "evidence"
        or draft.case_id
    ):
        raise NotFound({"es": "Esa pregunta no pide un archivo.", "en": "That question asks for no file."})
    spec = evidence.spec_of(act, field)
    try:
        row = resumable.begin(
            actor,
            name=_file_name(request.headers.get("Upload-Metadata", "")),
            length=_number(request, "Upload-Length"),
            accept=evidence.accepts(spec),
            max_mb=evidence.largest(spec),
            at=f"/{name}",
        )
    except Invalid as refused:
        return _refusal(refused, 413)
    answer = _answer(201, row)
    answer["Location"] = reverse(f"{sides.of(request).table}:upload", args=[row.id])
    return answer


@never_cache
@require_http_methods(["HEAD", "PATCH", "DELETE", "POST"])
def piece(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """How much has come (HEAD), the next piece (PATCH), or that it is taken back (DELETE).

    POST with `X-HTTP-Method-Override` for networks that let nothing else through.
    """
    actor = sides.actor_here(request)
    method = request.headers.get("X-HTTP-Method-Override", request.method or "")
    if method == "HEAD":
        row = resumable.find(upload_id, actor)
        return _answer(200, row, offset=resumable.offset(row), length=row.length)
    if method == "DELETE":
        resumable.forget(upload_id, actor)
        return _answer(204)
    return _append(request, upload_id, actor)


def _append(request: HttpRequest, upload_id: UUID, actor: Actor) -> HttpResponse:
    row = resumable.find(upload_id, actor)
    if request.content_type != PIECES:
        return HttpResponse(status=415)
    try:
        came = resumable.append(upload_id, actor, request.body, at=_number(request, "Upload-Offset"))
    except Conflict as elsewhere:
        return _refusal(elsewhere, 409)
    except RutaError as refused:  # the file is whole and is not taken, or cannot be looked through now
        resumable.forget(upload_id, actor)
        return _refusal(refused, refused.status)
    return _answer(204, row, offset=came)


def _answer(
    status: int, row: PartialUpload | None = None, *, offset: int | None = None, length: int | None = None
) -> HttpResponse:
    answer = HttpResponse(status=status)
    answer["Tus-Resumable"] = VERSION
    if row is not None:
        answer["Upload-Expires"] = http_date((row.at + resumable.KEPT_FOR).timestamp())
    if offset is not None:
        answer["Upload-Offset"] = str(offset)
    if length is not None:
        answer["Upload-Length"] = str(length)
    return answer


def _refusal(wrong: RutaError, status: int) -> HttpResponse:
    """What is wrong in words, for the script to show at the question."""
    answer = HttpResponse(wrong.say(), status=status, content_type="text/plain; charset=utf-8")
    answer["Tus-Resumable"] = VERSION
    return answer


def _number(request: HttpRequest, header: str) -> int:
    typed = request.headers.get(header, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 16 else -1


def _file_name(metadata: str) -> str:
    """`filename` of `Upload-Metadata`: pairs of a key and a value in base64."""
    for pair in metadata.split(","):
        key, _space, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return base64.b64decode(value, validate=True).decode()[:200]
            except (binascii.Error, UnicodeDecodeError):
                return ""
    return ""


@never_cache
@require_safe
def preview(request: HttpRequest, draft_id: UUID, page_id: str, name: str) -> HttpResponse:
    """A small picture of the file that a question of the draft holds."""
    draft = selectors.get_draft(draft_id, sides.actor_here(request))
    told = draft.files.get(name)
    blob = Blob.objects.filter(sha256=told["sha256"]).first() if told and draft.typed.get(name) else None
    png = previews.preview(blob) if blob is not None else None
    if png is None:
        raise NotFound({"es": "No hay una vista de ese archivo.", "en": "There is no preview of that file."})
    return HttpResponse(png, content_type="image/png")
