"""That an official looked is written down for the person whose data they are (Ley 1581 de 2012)."""

from ruta.cases.models import Case
from ruta.identity.actors import Actor
from ruta.kernel import audit


def log_read(actor: Actor, case: Case, what: str) -> None:
    """One line about the case's applicant; `what` is `case` or `document`."""
    if case.applicant_document:
        kind = str(case.applicant_facts.get("document_type") or "")
        audit.log_read(
            actor,
            persons=[(kind, case.applicant_document)],
            purpose=audit.Purpose.CASE_PROCESSING,
            what=what,
            case_number=case.number,
        )
