"""One case starts another: filed by a job, outside the first one's lock, under the applicant whom the first one names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from ruta.definitions import runtime
from ruta.definitions.schema import ActSpec
from ruta.definitions.selectors import current_version
from ruta.engine import bpmn
from ruta.identity.actors import Actor
from ruta.kernel.errors import Conflict, Forbidden, Invalid, RutaError

from . import applicants, decision_notice, filing, history
from .applicants import Applicant
from .machine import stepping
from .models import Case, CaseStart, Party
from .models.case import CaseStatus

CHANNEL = "case"
STARTER = Actor.system("case")
APPLICANT = "applicant"
DEEPEST = 8
"""How many cases may start one from another: more is a service that starts itself for ever [Ruta]."""


def may_start(service: str, own: str, act: ActSpec) -> bool:
    """Whether a case of `service` may start the act of the service `own`: its own acts, and those whose `who` names it."""
    return service == own or any(who.kind == "service" and who.value == service for who in act.who)


def start(start_id: int) -> CaseStart:
    """File the case, once; the same row again gives the same case.

    Raises Forbidden when the act may not be started so, NotFound for an unknown service or act, Invalid with what is
    wrong in the data.
    """
    with transaction.atomic():
        row = CaseStart.objects.select_for_update(of=("self",)).select_related("parent").get(id=start_id)
        if row.child_id is not None:
            return row
        parent = row.parent
        _refuse_unless_allowed(row, parent)
        row.child = filing.file_case(
            filing.Application(
                version_id=current_version(row.service).pk,
                act=row.act,
                form=row.data,
                actor=STARTER,
                applicant=_applicant(parent, row.parties),
                channel=CHANNEL,
                lang=parent.lang,
                submission_key=f"case:{parent.id.hex}:{row.token}",
                started_by=parent,
            )
        )
        _others(row.child, row.parties)
        row.data, row.parties = {}, []
        row.save()
        return row


def _refuse_unless_allowed(row: CaseStart, parent: Case) -> None:
    spec = runtime.compiled(current_version(row.service).pk).act(row.act).spec
    if not may_start(parent.service, row.service, spec):
        raise Forbidden(
            {
                "es": f"Un expediente de {parent.service} no puede iniciar {row.act} de {row.service}: "
                f"falta {{service: {parent.service}}} en el who de ese acto.",
                "en": f"A case of {parent.service} may not start {row.act} of {row.service}: "
                f"{{service: {parent.service}}} is missing in the who of that act.",
            },
            code="who",
        )
    if row.depth > DEEPEST:
        raise Forbidden(
            {
                "es": f"Ya son {DEEPEST} expedientes que se inician unos a otros. Revise el proceso.",
                "en": f"There are {DEEPEST} cases already that started one another. Check the process.",
            },
            code="too-deep",
        )


def _applicant(parent: Case, parties: Sequence[Mapping[str, Any]]) -> Applicant:
    """The party named applicant, else who applied in the first case: of an office, under the post that filed it."""
    told = next((each for each in parties if each.get("role") == APPLICANT), None)
    if told is not None:
        return applicants.named(told)
    return Applicant(dict(parent.applicant_facts), None if parent.applicant_id else parent.filed_by_id)


def _others(child: Case, parties: Sequence[Mapping[str, Any]]) -> None:
    """The other parties that the first case names."""
    for told in parties:
        if told.get("role") == APPLICANT:
            continue
        person = applicants.known_person(told)
        Party.objects.create(
            case=child,
            role=str(told.get("role") or "party")[:40],
            person=person,
            name=person.full_name if person else str(told.get("names") or "")[:200],
            may=[str(each) for each in told.get("may") or ()],
        )


def go_on(row: CaseStart, *, actor: Actor) -> None:
    """Tell the first case, which waits for nothing more or only for its end; one that waits no more has it withdrawn."""
    child = row.child
    assert child is not None
    over = child.status == CaseStatus.CLOSED
    try:
        with stepping(row.parent_id, actor, waiting_at=row.token) as machine:
            if not row.noted:
                history.append(machine.case, "case-started", actor=actor, **_named(child))
                CaseStart.objects.filter(id=row.pk).update(noted=True)
            if over or not row.wait:
                machine.run(bpmn.JobDone(row.token, {"started": as_result(child)}))
    except Conflict as gone:
        if gone.code != "stale-step":
            raise
        if not row.noted:
            withdraw_child(child.id, actor=actor)


def _named(child: Case) -> dict[str, Any]:
    """The number in the history of the first case; a sealed one is named in no public line."""
    public = {"service": child.service, "act": child.act}
    said = {"number": child.number}
    return {"public": public, "private": said} if child.sealed else {"public": public | said}


def fail(row: CaseStart, wrong: RutaError, *, actor: Actor) -> None:
    """The case cannot be started as things stand: the step stops with the reason."""
    say = wrong.problems[0].say if isinstance(wrong, Invalid) and wrong.problems else wrong.message
    try:
        with stepping(row.parent_id, actor, waiting_at=row.token) as machine:
            machine.run(bpmn.JobFailed(row.token, wrong.code, say=say))
    except Conflict as gone:
        if gone.code != "stale-step":
            raise


def withdraw_child(case_id: UUID, *, actor: Actor) -> None:
    """Withdraw a started case that is still open and whose decision nobody has been told."""
    with stepping(case_id, actor) as machine:
        standing = [token.node for token in machine.state.tokens] if machine.state else []
        if machine.case.status == CaseStatus.OPEN and not decision_notice.is_told(machine.process, standing):
            machine.run(bpmn.Cancel("withdrawn"))


def as_result(child: Case) -> dict[str, Any]:
    """`started` for FEEL. `status` is filed, or closed; `outcome` is null while it is not decided."""
    return {
        "number": child.number,
        "service": child.service,
        "act": child.act,
        "status": "closed" if child.status == CaseStatus.CLOSED else "filed",
        "outcome": child.outcome or None,
    }
