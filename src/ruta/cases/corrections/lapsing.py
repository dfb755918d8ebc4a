"""What becomes of a correction that nobody sends: the law takes it that the applicant gives up (Ley 1755 de 2015,
art. 17), and what was typed waits in a draft of a new application; one that the case outran is void."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ruta.identity.models import Account
from ruta.kernel import clock

from ..models import Correction, Draft
from ..models.correction import CorrectionStatus
from ..models.draft import KEPT_FOR
from .answers import as_typed, open_of

if TYPE_CHECKING:
    from ..machine import Machine


def expire(machine: Machine) -> Correction | None:
    """The term to correct ended without an answer; None where the case waited for none."""
    correction = open_of(machine.case)
    if correction is None:
        return None
    _end(correction, CorrectionStatus.EXPIRED)
    _keep_answers(machine, correction)
    return correction


def void(machine: Machine) -> None:
    """The case ended while it waited for a correction: nobody waits for it any more."""
    correction = open_of(machine.case)
    if correction is not None:
        _end(correction, CorrectionStatus.VOID)
        Draft.objects.filter(correction=correction).delete()


def _end(correction: Correction, status: CorrectionStatus) -> None:
    correction.status, correction.ended_at = status, clock.now()
    correction.save(update_fields=["status", "ended_at"])


def _keep_answers(machine: Machine, correction: Correction) -> None:
    """The answers become a draft of a new application, as far as they were corrected."""
    now, case = clock.now(), machine.case
    fresh: dict[str, Any] = {
        "correction": None,
        "only": [],
        "pages": {},
        "updated_at": now,
        "expires_at": now + KEPT_FOR,
    }
    if Draft.objects.filter(correction=correction).update(**fresh):
        return
    form = machine.act.form
    if case.applicant_id is None or form is None:
        return
    owner = Account.objects.filter(person_id=case.applicant_id).order_by("id").first()
    if owner is None:
        return
    Draft.objects.create(
        version_id=case.version_id,
        service=case.service,
        act=case.act,
        owner=owner,
        channel="portal",
        lang=case.lang,
        typed=as_typed(case, form),
        created_at=now,
        updated_at=now,
        expires_at=now + KEPT_FOR,
    )
