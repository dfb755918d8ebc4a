"""A case is decided, notified, firm, closed (contract §4.3; CPACA arts. 56, 76, 87)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ruta.engine import bpmn
from ruta.kernel import clock

from . import escalation, history, terms
from .models import CaseStart
from .models.case import CaseStatus

if TYPE_CHECKING:
    from .machine import Machine

NOT_APPEALABLE = frozenset({"withdrawn", "lapsed", "annulled"})


def decide(machine: Machine, outcome: str, node: str) -> None:
    """An end event was reached and nothing is left to do: the case has its outcome.

    A decision that was already notified (its legal message was opened before the end) starts its appeal; one that
    favours the person is known with its output; withdrawn and lapsed cases close at once.
    """
    case = machine.case
    case.status, case.outcome, case.decided_at = CaseStatus.DECIDED, outcome, clock.now()
    history.append(case, "decided", actor=machine.actor, public={"outcome": outcome, "node": node})
    terms.keep(machine)
    if outcome in NOT_APPEALABLE:
        close(machine)
        return
    notified_at = case.notified_at or clock.now()
    case.notified_at = None
    notify(machine, notified_at)


def notify(machine: Machine, at: datetime) -> None:
    """The person knows the decision since `at`: the term to appeal runs from that day."""
    case = machine.case
    case.notified_at = at
    if case.status != CaseStatus.DECIDED:
        return
    case.status = CaseStatus.NOTIFIED
    day = clock.local_date(at)
    history.append(case, "notified", actor=machine.actor, public={"on": day.isoformat()})
    terms.start_from(machine, "notified", day)
    terms.start_named(machine, terms.APPEAL, terms.APPEAL_LENGTH, day, law="")


def apply_expiry(machine: Machine, term: str, effect: str) -> None:
    """Do what the law makes of an expired term; the process may do more when it catches the expiry."""
    if term == terms.APPEAL and effect == "firm":
        make_firm(machine)
    elif effect == "escalate":
        escalation.escalate(machine)
    elif effect in ("tacit_withdrawal", "archive") and machine.case.status == CaseStatus.OPEN:
        machine.run(bpmn.Cancel("withdrawn" if effect == "tacit_withdrawal" else "lapsed"))


def make_firm(machine: Machine) -> None:
    """Nobody appealed in time: the decision is firm the day after (CPACA art. 87-3), and the case closes."""
    case = machine.case
    if case.status != CaseStatus.NOTIFIED:
        return
    case.status = CaseStatus.FIRM
    history.append(case, "firm", actor=machine.actor)
    close(machine)


def close(machine: Machine) -> None:
    """Nothing more can happen in the case."""
    machine.case.status, machine.case.closed_at = CaseStatus.CLOSED, clock.now()
    history.append(machine.case, "closed", actor=machine.actor)
    _tell_starter(machine)


def _tell_starter(machine: Machine) -> None:
    """The case that started this one and waits for its end goes on, by a job: no step locks two cases."""
    from .jobs import start_over

    waits = CaseStart.objects.filter(child_id=machine.case.id, wait=True).values_list("id", flat=True).first()
    if waits is not None:
        start_over.defer(start_id=waits)
