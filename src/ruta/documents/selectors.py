"""Reads of the room: outputs of a person, the electronic file, downloads, and what anyone may verify."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from ruta.identity.actors import Actor, current_document
from ruta.kernel import audit
from ruta.kernel.errors import NotFound

from . import perms, store
from .models import CaseDocument, Output, Upload
from .verification import Verdict, verify_code, verify_pdf

__all__ = [
    "Download",
    "Verdict",
    "attachable",
    "documents_of_case",
    "download",
    "download_document",
    "given_documents",
    "outputs_of_case",
    "outputs_of_person",
    "verify_code",
    "verify_pdf",
]


@dataclass(frozen=True)
class Download:
    """A file on its way out: its name for the person, type, size in bytes, and its bytes in pieces."""

    name: str
    media_type: str
    size: int
    sha256: str

    def chunks(self) -> Iterator[bytes]:
        """The bytes, in pieces."""
        return store.chunks_of(self.sha256)

    def read(self) -> bytes:
        """The bytes, checked against their digest."""
        return store.read(self.sha256)


def attachable(actor: Actor, digests: Iterable[str]) -> dict[str, str]:
    """Those of the files that `actor` may attach, each with its name: sent by the own account, or in a case or an
    issued document that the actor sees. Whoever only knows the digest of a file has no part in it."""
    wanted = set(digests)
    if not wanted:
        return {}
    outputs = perms.visible_to(actor).filter(pdf_sha256__in=wanted)
    names = {output.pdf_sha256: f"{output.output_id}-{output.code}.pdf" for output in outputs}
    documents = perms.documents_visible_to(actor).filter(blob_id__in=wanted)
    names |= dict(documents.values_list("blob_id", "name"))
    if actor.account_id is not None:
        sent = Upload.objects.filter(account_id=actor.account_id, blob_id__in=wanted)
        names |= dict(sent.values_list("blob_id", "name"))
    return names


def outputs_of_person(person_id: UUID) -> QuerySet[Output]:
    """What the State issued to this person, newest first; not what is still being rendered."""
    return Output.objects.filter(holder_id=person_id, issued_at__isnull=False).order_by("-issued_at", "code")


def outputs_of_case(case_number: str) -> QuerySet[Output]:
    """The outputs of a case, oldest first, rendered or not."""
    return Output.objects.filter(case_number=case_number).order_by("requested_at", "code")


def documents_of_case(case_number: str) -> QuerySet[CaseDocument]:
    """The electronic file in order: what was given, and what was issued."""
    return CaseDocument.objects.filter(case_number=case_number).select_related("blob").order_by("order")


def given_documents(case_number: str) -> QuerySet[CaseDocument]:
    """The documents of the electronic file that somebody gave, in order; what was issued is told as outputs."""
    return documents_of_case(case_number).filter(output="")


def download(output: Output, actor: Actor) -> Download:
    """The signed PDF for its holder or an official who sees its case; the read is logged.

    Raises NotFound for anyone else, and while it is being rendered.
    """
    perms.check_visible(output, actor)
    if not output.pdf_sha256:
        raise NotFound(
            {
                "es": "El documento se está firmando. Vuelva en un minuto.",
                "en": "The document is being signed. Come back in a minute.",
            },
            code="not-ready",
        )
    if output.data is None and not store.path_of(output.pdf_sha256).exists():
        raise _erased()
    _log(actor, holder_id=output.holder_id, what=f"output:{output.output_id}", case_number=output.case_number)
    size = store.path_of(output.pdf_sha256).stat().st_size
    return Download(f"{output.output_id}-{output.code}.pdf", "application/pdf", size, output.pdf_sha256)


def download_document(document: CaseDocument, actor: Actor) -> Download:
    """A document of the electronic file, for whoever sees the case. Raises NotFound for anyone else.

    The caller logs the read: only `cases` knows the persons of the case.
    """
    if not perms.documents_visible_to(actor).filter(pk=document.pk).exists():
        raise NotFound(
            {
                "es": "No encontramos ese documento. Revise el número del expediente.",
                "en": "We did not find that document. Check the case number.",
            }
        )
    if document.is_erased:
        raise _erased()
    return Download(document.name, document.blob.media_type, document.blob.size, document.sha256)


def _erased() -> NotFound:
    return NotFound(
        {
            "es": "Ese documento se borró porque se cumplió el tiempo que la ley manda guardarlo. "
            "En el expediente queda su huella.",
            "en": "That document was erased because the time for which the law has it kept is over. "
            "Its digest stays in the file.",
        },
        code="erased",
    )


def _log(actor: Actor, *, holder_id: UUID | None, what: str, case_number: str) -> None:
    if holder_id is None or actor.kind == "system":
        return
    own = actor.kind == "person" and actor.person_id == holder_id
    document = current_document(holder_id)
    audit.log_read(
        actor,
        persons=[(document.type, document.number)] if document else [],
        purpose=audit.Purpose.OWN_DATA if own else audit.Purpose.CASE_PROCESSING,
        what=what,
        case_number=case_number,
    )
