"""A case is decided, notified, firm, closed (contract §4.3; CPACA arts. 56, 76, 87)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from ruta.engine import bpmn
from ruta.kernel import clock
from ruta.registers import services as registers

from . import decision_notice, escalation, history, letters, terms
from .appeals import deciding, kinds
from .corrections import lapsing
from .models import CaseStart
from .models.case import CaseStatus

if TYPE_CHECKING:
    from .machine import Machine

TACIT = "tacit-withdrawal"  # the message that tells the act
NOT_APPEALABLE = frozenset({"withdrawn", "lapsed", "annulled"})


def decide(machine: Machine, outcome: str, node: str) -> None:
    """An end event was reached and nothing is left to do, or the process takes its decision before (verb `settle`): the
    case has its outcome. What ends after its decision was firm only closes.

    A decision that was already notified (its legal message was opened before the end) starts its appeal; one that
    favours the person is known with its output; withdrawn and lapsed cases close at once.
    """
    case = machine.case
    if case.status == CaseStatus.FIRM:
        close(machine)
        return
    case.status, case.outcome, case.decided_at = CaseStatus.DECIDED, outcome, clock.now()
    history.append(case, "decided", actor=machine.actor, public={"outcome": outcome, "node": node})
    terms.keep(machine)
    lapsing.void(machine)
    if outcome in NOT_APPEALABLE:
        registers.lapse(case.number)  # nobody will use what the case had reserved
    if outcome in NOT_APPEALABLE and not machine.by_law:
        close(machine)
        return
    if machine.by_law:
        return  # the act that says so is notified first
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
    if terms.APPEAL in machine.terms:  # it was appealed already: nothing more is open against it
        firm_the_day_after(machine, day)
    else:
        length = kinds.length_to_appeal(case, machine.act)
        terms.start_named(machine, terms.APPEAL, length, day, binds="person")


def firm_the_day_after(machine: Machine, day: date) -> None:
    """Nothing can be appealed any more: the decision is firm the day after its notification on `day` (CPACA art. 87)."""
    terms.start_named(machine, terms.FIRMNESS, "0 calendar days exact", day)


def apply_expiry(machine: Machine, term: str, effect: str) -> None:
    """Do what the law makes of an expired term; the process may do more when it catches the expiry."""
    if effect == "firm":
        make_firm(machine)
    elif term.startswith(terms.APPEAL_ANSWER):
        deciding.silence(machine, term, effect)
    elif effect == "escalate":
        escalation.escalate(machine)
    elif effect == "tacit_withdrawal" and machine.case.status == CaseStatus.OPEN:
        _declare_withdrawn(machine, term)
    elif effect == "archive" and machine.case.status == CaseStatus.OPEN:
        machine.run(bpmn.Cancel("lapsed"))


def _declare_withdrawn(machine: Machine, term: str) -> None:
    """Nobody answered in time: the law takes it that the applicant gives up. The act that says so states why, is notified
    and admits reposición alone; only then is it firm (Ley 1755 de 2015, art. 17)."""
    correction = lapsing.expire(machine)
    machine.by_law = True
    machine.run(bpmn.Cancel("lapsed"))
    machine.rules.stale()
    lapse = {
        "due": machine.terms[term].due_on,
        "asked_on": clock.local_date(correction.asked_at) if correction is not None else None,
        "reason": correction.reason if correction is not None else None,
    }
    letters.send(machine, TACIT, machine.case.applicant_facts, legal=True, token=None, about={"lapse": lapse})


def make_firm(machine: Machine) -> None:
    """Nobody appealed in time: the decision is firm the day after (CPACA art. 87-3), and the case closes; where the
    process waits for that, it goes on and closes the case at its end."""
    case = machine.case
    if case.status != CaseStatus.NOTIFIED:
        return
    case.status = CaseStatus.FIRM
    history.append(case, "firm", actor=machine.actor)
    token = decision_notice.settles_at(machine)
    if token is None:
        close(machine)
        return
    machine.rules.stale()
    settled = {"outcome": case.outcome, "on": clock.today().isoformat()}
    machine.run(bpmn.JobDone(token, {"settled": settled}))


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
