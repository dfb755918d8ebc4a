"""Documents and outputs of a case, and small pictures of their first page."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ruta.cases import selectors
from ruta.documents import perms, previews
from ruta.documents import selectors as documents
from ruta.documents.models import Blob, CaseDocument, Output
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.kernel.errors import NotFound
from ruta.web.site.files import send_file

from .reads import log_read


def _document(number: str, order: int, actor: Actor) -> CaseDocument:
    found = selectors.find(number, actor)
    row = documents.documents_of_case(found.number).filter(order=order).first()
    if row is None:
        raise _not_there()
    log_read(actor, found, "document")
    return row


def _output(number: str, code: str, actor: Actor) -> Output:
    found = selectors.find(number, actor)
    row = perms.visible_to(actor).filter(pk=code.upper(), case_number=found.number).first()
    if row is None:
        raise _not_there()
    return row


def _not_there() -> NotFound:
    return NotFound(
        {"es": "Ese documento no está en el expediente.", "en": "That document is not in the file."}
    )


@never_cache
@require_safe
@access.official
def document(request: HttpRequest, number: str, order: int) -> HttpResponseBase:
    """A document of the electronic file, shown in the browser where that is safe."""
    actor = actor_of(request, desk=True)
    row = _document(number, order, actor)
    return send_file(documents.download_document(row, actor), inline=True)


@never_cache
@require_safe
@access.official
def output(request: HttpRequest, number: str, code: str) -> HttpResponseBase:
    """A document that the case issued."""
    actor = actor_of(request, desk=True)
    return send_file(documents.download(_output(number, code, actor), actor), inline=True)


@never_cache
@require_safe
@access.official
def preview(request: HttpRequest, number: str, order: int) -> HttpResponse:
    """A small picture of a document's first page."""
    return _picture(_document(number, order, actor_of(request, desk=True)).blob)


@never_cache
@require_safe
@access.official
def output_preview(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """A small picture of an issued document."""
    actor = actor_of(request, desk=True)
    row = _output(number, code, actor)
    log_read(actor, selectors.find(number, actor), "output")
    return _picture(Blob.objects.filter(sha256=row.pdf_sha256).first() if row.pdf_sha256 else None)


def _picture(blob: Blob | None) -> HttpResponse:
    png = previews.preview(blob) if blob is not None else None
    if png is None:
        raise NotFound(
            {"es": "No hay una vista de ese documento.", "en": "There is no preview of that document."}
        )
    return HttpResponse(png, content_type="image/png")
