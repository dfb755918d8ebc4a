"""Files on their way to the person: issued documents, and documents of the electronic file."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ruta.cases import selectors
from ruta.documents import perms
from ruta.documents import selectors as documents
from ruta.identity import access
from ruta.identity.actors import actor_of
from ruta.kernel import audit
from ruta.kernel.errors import NotFound
from ruta.web.site.files import send_file


@never_cache
@require_safe
@access.signed_in
def output(request: HttpRequest, code: str) -> HttpResponseBase:
    """`/carpeta/<code>/descargar/`: the signed PDF."""
    actor = actor_of(request)
    found = perms.visible_to(actor).filter(pk=code.upper()).first()
    if found is None:
        raise NotFound(
            {
                "es": "No encontramos ese documento entre los suyos. Revise el código o cambie de cuenta.",
                "en": "We did not find that document among yours. Check the code or change account.",
            }
        )
    return send_file(documents.download(found, actor), inline=False)


@never_cache
@require_safe
@access.signed_in
def case_document(request: HttpRequest, number: str, order: int) -> HttpResponseBase:
    """`/mis-tramites/<number>/documentos/<order>/`."""
    actor = actor_of(request)
    case = selectors.find_whole(number, actor)
    document = documents.documents_of_case(case.number).filter(order=order).first()
    if document is None:
        raise NotFound(
            {
                "es": "Ese documento no está en el expediente.",
                "en": "That document is not in the case file.",
            }
        )
    answer = send_file(documents.download_document(document, actor), inline=True)
    audit.log_read(
        actor,
        persons=[actor.document] if actor.document_number else [],
        purpose=audit.Purpose.OWN_DATA,
        what="document",
        case_number=case.number,
    )
    return answer
