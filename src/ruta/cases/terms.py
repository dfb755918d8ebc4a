"""The legal terms of a case: started, paused, kept and expired by what happens to it (contract §2, common facts §6)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal

from ruta.engine import terms as engine
from ruta.kernel import calendars, clock
from ruta.kernel.errors import Conflict

from . import history
from .models import Case, CaseTerm
from .models.term import TermStatus

if TYPE_CHECKING:
    from ruta.definitions.schema import Term

    from .machine import Machine

APPEAL = "appeal"  # every decision opens it (CPACA art. 76); a service may give it another length
APPEAL_LENGTH = "10 business days"
CORRECTION = "correction"  # to answer a return for correction; the second of a case is `correction_2`
APPEAL_ANSWER = "appeal_decision"  # to decide an appeal; the second of a case is `appeal_decision_2`
FIRMNESS = "firmness"  # the day of notification after which nothing can be appealed any more (CPACA art. 87)
RETURNED = "returned"  # why a term stands still while the applicant corrects


def start(machine: Machine, spec: Term, started: date) -> CaseTerm:
    """Start the term that `spec` declares, counted from the event on `started`."""
    return start_named(machine, spec.id, spec.length, started, law=spec.law)


def start_named(
    machine: Machine,
    name: str,
    length: str,
    started: date,
    *,
    law: str = "",
    binds: Literal["agency", "person"] = "agency",
) -> CaseTerm:
    """Start a term by its name and length. A term that already runs in this case is left alone."""
    case = machine.case
    if (known := machine.terms.get(name)) is not None:
        return known
    calendar = calendars.calendar_of(case.agency)
    parsed = engine.Length.parse(length)
    event: date | datetime = started
    if parsed.unit in ("hours", "working hours"):
        event = clock.now()
    state = engine.start(name, parsed, event, calendar, binds=binds)
    assert state.due is not None
    term = CaseTerm(
        case=case,
        term=name,
        law=law,
        length=length,
        started_on=started,
        due_on=state.due,
        state=state.to_json(),
    )
    machine.terms[name] = term
    machine.terms_changed.add(name)
    history.append(
        case,
        "term-started",
        actor=machine.actor,
        public={"term": name, "due": state.due.isoformat(), "law": law},
    )
    return term


def begin_again(machine: Machine, spec: Term, started: date) -> CaseTerm:
    """The term as it runs; one that ended is started anew: what is asked a second time has its whole time again."""
    known = machine.terms.get(spec.id)
    if known is None or known.status in (TermStatus.RUNNING, TermStatus.PAUSED):
        return start(machine, spec, started)
    del machine.terms[spec.id]  # its row is written over
    return start(machine, spec, started)


def start_from(machine: Machine, event: str, on: date) -> None:
    """Start every term of the act that counts from `event` (`received`, `paid`, `notified`, `answer.expired`…)."""
    for spec in machine.act.spec.terms:
        if spec.from_ == event:
            start(machine, spec, on)


def pause_at(machine: Machine, node: str) -> None:
    """The case came to `node`: terms that the service stops there stand still."""
    for term in _stopping_at(machine, node):
        _pause(machine, term, node)


def _pause(machine: Machine, term: CaseTerm, reason: str) -> None:
    """Let a term stand still for `reason`; today counts. One that is over, or stands still for it already, is left."""
    state = engine.TermState.from_json(term.state)
    if state.state not in ("running", "paused") or reason in state.paused_by:
        return
    on = max(clock.today(), term.started_on)
    if state.due is not None and on > state.due:
        return  # it ended before it could be stopped; its expiry is about to be told
    at = clock.now() if "hours" in state.length.unit else on
    calendar = calendars.calendar_of(machine.case.agency)
    _change(machine, term, engine.pause(state, at, calendar, reason=reason))
    history.append(machine.case, "term-paused", actor=machine.actor, public={"term": term.term, "at": reason})


def pause_all(machine: Machine, reason: str) -> None:
    """Every term that binds the agency stands still."""
    for term in machine.terms.values():
        if not of_person(term.term):
            _pause(machine, term, reason)


def resume_all(machine: Machine, reason: str) -> None:
    """Every term that stands still for `reason` runs again from the day on which this counts as received."""
    for term in machine.terms.values():
        resume_named(machine, term, reason)


def extend(machine: Machine, term: CaseTerm) -> None:
    """Extend the term once, by as much as it was long. Raises Conflict when it was extended before or is over."""
    state = engine.TermState.from_json(term.state)
    calendar = calendars.calendar_of(machine.case.agency)
    try:
        # Who asks on the last day asks in time: the term expires when that day ends (CPACA art. 54).
        longer = engine.extend(state, state.length, clock.today() - timedelta(days=1), calendar)
    except engine.TermError as wrong:
        raise Conflict(wrong.say, code=wrong.code) from wrong
    _change(machine, term, longer)
    public = {"term": term.term, "due": term.due_on.isoformat()}
    history.append(machine.case, "term-extended", actor=machine.actor, public=public)


def of_person(name: str) -> bool:
    """Whether the term binds no agency: it is for the person to act in (to appeal, to correct), or nobody acts in it."""
    return name in (APPEAL, CORRECTION, FIRMNESS) or name.startswith(f"{CORRECTION}_")


def resume_at(machine: Machine, node: str) -> None:
    """The case left `node`: what it stopped runs again from the day on which this counts as received."""
    for term in _stopping_at(machine, node):
        resume_named(machine, term, node)


def resume_named(machine: Machine, term: CaseTerm, node: str) -> None:
    """Lift what stopped a term at `node`; another reason may hold it still. Nothing happens where it does not stop it."""
    state = engine.TermState.from_json(term.state)
    if state.state == "paused" and node in state.paused_by:
        calendar = calendars.calendar_of(machine.case.agency)
        # What lifts the suspension counts as received like any filing: after hours, the next business day (R2, R8).
        on = max(engine.reception_date(clock.now(), calendar), term.started_on)
        at = clock.now() if "hours" in state.length.unit else on
        _change(machine, term, engine.resume(state, at, calendar, reason=node))
        history.append(
            machine.case,
            "term-resumed",
            actor=machine.actor,
            public={"term": term.term, "due": term.due_on.isoformat()},
        )


def keep(machine: Machine, *names: str) -> None:
    """Close the named open terms (all but the appeal's when none is named) as kept."""
    for term in machine.terms.values():
        if names and term.term not in names:
            continue
        if not names and term.term == APPEAL:
            continue
        if term.status in (TermStatus.RUNNING, TermStatus.PAUSED):
            _change(machine, term, engine.met(engine.TermState.from_json(term.state), clock.today()))
            term.ended_on = clock.today()
            history.append(machine.case, "term-met", actor=machine.actor, public={"term": term.term})


def expire(machine: Machine, term: CaseTerm, effect: str) -> None:
    """Close the term as expired with its legal `effect`; the terms that count from it begin."""
    ended = term.due_on
    _change(machine, term, engine.expire(engine.TermState.from_json(term.state), clock.now(), effect=effect))
    term.effect, term.ended_on = effect, ended
    history.append(
        machine.case,
        "term-expired",
        actor=machine.actor,
        public={"term": term.term, "effect": effect, "law": term.law},
    )
    start_from(machine, f"{term.term}.expired", ended)


def as_names(case: Case, terms: dict[str, CaseTerm]) -> dict[str, Any]:
    """`terms.<id>` for FEEL. Before notification `terms.appeal` is what it would be if notified today."""
    names = {
        name: {
            "due": term.due_on,
            "state": str(term.status),
            "started": term.started_on,
            "effect": term.effect or None,
            "law": term.law or None,
        }
        for name, term in terms.items()
    }
    if APPEAL not in names:
        calendar = calendars.calendar_of(case.agency)
        length = engine.Length.parse(APPEAL_LENGTH)
        names[APPEAL] = {
            "due": engine.due_date(clock.today(), length, calendar),
            "state": "pending",
            "started": None,
            "effect": None,
            "law": None,
        }
    return names


def running_over(on: date) -> list[tuple[Any, str]]:
    """(case id, term) of every running term whose last day is before `on`."""
    due = CaseTerm.objects.filter(status=TermStatus.RUNNING, due_on__lt=on).order_by("due_on", "id")
    return list(due.values_list("case_id", "term")[:1000])


def end_of(day: date) -> datetime:
    """The last instant of `day` in Colombia: until then a person is in time (CPACA art. 54)."""
    return clock.instant(day, time(0)) + timedelta(days=1) - timedelta(seconds=1)


def _stopping_at(machine: Machine, node: str) -> list[CaseTerm]:
    names = {spec.id for spec in machine.act.spec.terms if node in spec.pause_in}
    return [term for name, term in machine.terms.items() if name in names] if names else []


def _change(machine: Machine, term: CaseTerm, state: engine.TermState) -> None:
    term.state = state.to_json()
    term.status = TermStatus(state.state)
    if state.due is not None:
        term.due_on = state.due
    machine.terms_changed.add(term.term)


def write(machine: Machine) -> None:
    """Write the terms that this step started or changed, in one statement each however many there are."""
    CaseTerm.objects.bulk_create(
        [machine.terms[name] for name in sorted(machine.terms_changed)],
        update_conflicts=True,
        unique_fields=["case", "term"],
        update_fields=["started_on", "due_on", "status", "effect", "ended_on", "state"],
    )
    machine.terms_changed.clear()
