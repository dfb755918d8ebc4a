"""A term that runs: started, suspended, resumed, extended, met or expired.

Every function takes a state and gives a new one; the holder stores `to_json()`. A suspension is counted in
the kind of time that the term counts (rule R8): business days for a term in business days, else calendar days
or hours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from ruta.engine.terms.calendar import Calendar, add_business_days, business_days_between
from ruta.engine.terms.due import (
    BOGOTA,
    CLOSING,
    OPENING,
    add_working_time,
    due_at,
    end_of_day,
    ended,
    local_date,
    nominal_end,
    working_time_between,
)
from ruta.engine.terms.length import Length

Status = Literal["running", "paused", "met", "expired"]
Binds = Literal["agency", "person"]


class TermError(Exception):
    """What was asked of a term is not possible; `code` names the rule, `say` tells why in Spanish and
    English.
    """

    def __init__(self, code: str, es: str, en: str) -> None:
        self.code = code
        self.say = {"es": es, "en": en}
        super().__init__(en)


@dataclass(frozen=True, slots=True)
class Suspension:
    """One stop of the clock; `since` is the last moment that counted, `until` the moment it was lifted."""

    since: date | datetime
    until: date | datetime


@dataclass(frozen=True, slots=True)
class TermState:
    """A running term and all that its due date follows from.

    `started`: the reception, notification or fact it counts from (an instant for terms in hours, else a
    date).
    `due_at`: until when it runs; None while paused, because the end is then not known.
    `binds`: who has to act in it; a new calendar changes an open term only in the person's favour.
    `paused_by`: the reasons that now stop it; it runs again when the last of them is gone.
    """

    id: str
    length: Length
    started: date | datetime
    state: Status = "running"
    due_at: datetime | None = None
    extension: Length | None = None
    paused_by: tuple[str, ...] = ()
    paused_since: date | datetime | None = None
    suspensions: tuple[Suspension, ...] = ()
    closed_on: date | datetime | None = None
    effect: str | None = None
    binds: Binds = "agency"
    opening: time = OPENING
    closing: time = CLOSING
    calendar_version: str = ""

    @property
    def due(self) -> date | None:
        """The last day of the term in Bogotá; None while it is suspended."""
        return None if self.due_at is None else self.due_at.astimezone(BOGOTA).date()

    @property
    def total(self) -> Length:
        """The length with its extension."""
        return self.length if self.extension is None else self.length + self.extension

    def to_json(self) -> dict[str, Any]:
        """Return the state as JSON; `due` is added for readers, `from_json` ignores it."""
        return {
            "id": self.id,
            "length": str(self.length),
            "started": self.started.isoformat(),
            "state": self.state,
            "due": None if self.due is None else self.due.isoformat(),
            "due_at": None if self.due_at is None else self.due_at.isoformat(),
            "extension": None if self.extension is None else str(self.extension),
            "paused_by": list(self.paused_by),
            "paused_since": None if self.paused_since is None else self.paused_since.isoformat(),
            "suspensions": [[s.since.isoformat(), s.until.isoformat()] for s in self.suspensions],
            "closed_on": None if self.closed_on is None else self.closed_on.isoformat(),
            "effect": self.effect,
            "binds": self.binds,
            "opening": self.opening.isoformat(),
            "closing": self.closing.isoformat(),
            "calendar_version": self.calendar_version,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> TermState:
        """Read what `to_json` wrote."""
        return cls(
            id=data["id"],
            length=Length.parse(data["length"]),
            started=_moment(data["started"]),
            state=data["state"],
            due_at=None if data["due_at"] is None else datetime.fromisoformat(data["due_at"]),
            extension=None if data["extension"] is None else Length.parse(data["extension"]),
            paused_by=tuple(data["paused_by"]),
            paused_since=None if data["paused_since"] is None else _moment(data["paused_since"]),
            suspensions=tuple(Suspension(_moment(a), _moment(b)) for a, b in data["suspensions"]),
            closed_on=None if data["closed_on"] is None else _moment(data["closed_on"]),
            effect=data["effect"],
            binds=data["binds"],
            opening=time.fromisoformat(data["opening"]),
            closing=time.fromisoformat(data["closing"]),
            calendar_version=data["calendar_version"],
        )


def start(
    id: str,
    length: Length,
    started: date | datetime,
    calendar: Calendar,
    *,
    binds: Binds = "agency",
    opening: time = OPENING,
    closing: time = CLOSING,
) -> TermState:
    """Start a term at an event. For a filing pass its reception date (`reception_date`).

    A term in days or months keeps only the date of an instant. Raises ValueError when a term in hours gets a
    date.
    """
    _in_hours(length, started)
    if not _counts_hours(length):
        started = local_date(started)
    state = TermState(id, length, started, binds=binds, opening=opening, closing=closing)
    return _with_due(state, calendar)


def pause(state: TermState, on: date | datetime, calendar: Calendar, *, reason: str = "") -> TermState:
    """Suspend the term on the day (or, for hours, at the instant) that a requirement is sent; that day still
    counts.

    A second reason may be added while it is paused. Raises TermError when the term is over, or already
    stopped by the same reason.
    """
    on = _at(state, on)
    if state.state == "paused":
        if reason in state.paused_by:
            raise TermError(
                "already-paused",
                f"El término «{state.id}» ya está suspendido por esa causa.",
                f'The term "{state.id}" is already suspended for that reason.',
            )
        return replace(state, paused_by=(*state.paused_by, reason))
    _must_run(state)
    _not_over(state, on, calendar)
    return replace(state, state="paused", due_at=None, paused_by=(reason,), paused_since=on)


def resume(state: TermState, on: date | datetime, calendar: Calendar, *, reason: str = "") -> TermState:
    """Lift one reason of the suspension; when it was the last, the rest of the term runs from `on` (CPACA
    art. 17; R8).

    `on` is the date on which the answer counts as received (R2). The term resumes, it does not restart.
    Raises TermError when the term is not stopped by that reason, or `on` is before the suspension.
    """
    on = _at(state, on)
    if state.state != "paused" or reason not in state.paused_by:
        raise TermError(
            "not-paused",
            f"El término «{state.id}» no está suspendido por esa causa.",
            f'The term "{state.id}" is not suspended for that reason.',
        )
    assert state.paused_since is not None
    if on < state.paused_since:
        raise TermError(
            "before-pause",
            f"El término «{state.id}» no puede reanudarse antes del día de la suspensión.",
            f'The term "{state.id}" cannot be resumed before the day of its suspension.',
        )
    left = tuple(each for each in state.paused_by if each != reason)
    if left:
        return replace(state, paused_by=left)
    lifted = replace(
        state,
        state="running",
        paused_by=(),
        paused_since=None,
        suspensions=(*state.suspensions, Suspension(state.paused_since, on)),
    )
    return _with_due(lifted, calendar)


def extend(
    state: TermState, by: Length, on: date | datetime, calendar: Calendar, *, most: Length | None = None
) -> TermState:
    """Extend the term once; announced with reasons before the due date (CPACA art. 14 par.; R9).

    The new end is counted from the original start. At most double the original term, or `most` more where a
    law allows less. Raises TermError when it is late, was extended before, is too long or counts another kind
    of time.
    """
    on = _at(state, on)
    if state.state not in ("running", "paused"):
        _must_run(state)
    if state.extension is not None:
        raise TermError(
            "extended-before",
            f"El término «{state.id}» ya fue ampliado una vez.",
            f'The term "{state.id}" was already extended once.',
        )
    if by.unit != state.length.unit:
        raise TermError(
            "other-unit",
            f"El término «{state.id}» se cuenta de otra manera: amplíelo en la misma clase de días "
            f"({state.length}).",
            f'The term "{state.id}" counts another kind of time: extend it in the same kind '
            f"({state.length}).",
        )
    limit = state.length if most is None else most
    if by.amount > limit.amount:
        raise TermError(
            "too-long",
            f"El término «{state.id}» puede ampliarse a lo sumo en {limit}.",
            f'The term "{state.id}" can be extended by at most {limit}.',
        )
    if state.state == "running" and not _before_due(state, on):
        raise TermError(
            "too-late",
            f"El término «{state.id}» vence el {state.due:%d/%m/%Y}: la ampliación debe comunicarse antes.",
            f'The term "{state.id}" is due on {state.due}: an extension must be announced before.',
        )
    longer = replace(state, extension=by)
    return _with_due(longer, calendar) if state.state == "running" else longer


def met(state: TermState, on: date | datetime) -> TermState:
    """Close the term: what it asked for was done. Raises TermError when it is already met or expired."""
    if state.state == "paused":
        return replace(state, state="met", closed_on=on, paused_by=(), paused_since=None)
    _must_run(state)
    return replace(state, state="met", closed_on=on)


def expire(state: TermState, now: datetime, *, effect: str | None = None) -> TermState:
    """Close the term as expired, with the legal effect of that.

    Raises TermError while it still runs at `now` (until 23:59:59 of the due date, R3) or is suspended.
    """
    _must_run(state)
    assert state.due_at is not None
    if now <= state.due_at:
        raise TermError(
            "not-due",
            f"El término «{state.id}» corre hasta el {state.due:%d/%m/%Y}.",
            f'The term "{state.id}" runs until {state.due}.',
        )
    return replace(state, state="expired", closed_on=state.due, effect=effect)


def recompute(state: TermState, calendar: Calendar) -> TermState:
    """Apply a new calendar to an open term, only in the person's favour.

    A term that binds the agency may only end earlier, one that binds the person only later; else the due date
    stays.
    """
    if state.state != "running" or state.due_at is None:
        return state
    fresh = _with_due(state, calendar)
    assert fresh.due_at is not None
    better = fresh.due_at < state.due_at if state.binds == "agency" else fresh.due_at > state.due_at
    return fresh if better else state


def _with_due(state: TermState, calendar: Calendar) -> TermState:
    return replace(state, due_at=_compute(state, calendar), calendar_version=calendar.version)


def _compute(state: TermState, calendar: Calendar) -> datetime:
    length = state.total
    if _counts_hours(length):
        return _compute_hours(state, length, calendar)
    started = local_date(state.started)
    if length.unit == "business days":
        return end_of_day(_compute_business(state, started, length, calendar))
    end = nominal_end(started, length, calendar)
    for stop in state.suspensions:
        end += local_date(stop.until) - local_date(stop.since)
    return end_of_day(ended(end, length, calendar))


def _compute_business(state: TermState, started: date, length: Length, calendar: Calendar) -> date:
    # R8 literally: what was used up to each suspension is subtracted, the rest runs from the answer.
    left, runs_from = length.amount, started
    for stop in state.suspensions:
        left -= business_days_between(runs_from, local_date(stop.since), calendar)
        runs_from = local_date(stop.until)
    return add_business_days(runs_from, left, calendar)


def _compute_hours(state: TermState, length: Length, calendar: Calendar) -> datetime:
    assert isinstance(state.started, datetime)
    if not state.suspensions:
        return due_at(state.started, length, calendar, opening=state.opening, closing=state.closing)
    left, runs_from = timedelta(hours=length.amount), state.started
    for stop in state.suspensions:
        assert isinstance(stop.since, datetime) and isinstance(stop.until, datetime)
        if length.unit == "hours":
            left -= stop.since - runs_from
        else:
            left -= working_time_between(
                runs_from, stop.since, calendar, opening=state.opening, closing=state.closing
            )
        runs_from = stop.until
    if length.unit == "hours":
        return (runs_from + left).astimezone(BOGOTA)
    return add_working_time(runs_from, left, calendar, opening=state.opening, closing=state.closing)


def _counts_hours(length: Length) -> bool:
    return length.unit in ("hours", "working hours")


def _in_hours(length: Length, at: date | datetime) -> None:
    if _counts_hours(length) and not isinstance(at, datetime):
        raise ValueError(f"{length} counts hours: it needs an instant")


def _at(state: TermState, on: date | datetime) -> date | datetime:
    _in_hours(state.length, on)
    return on if _counts_hours(state.length) else local_date(on)


def _must_run(state: TermState) -> None:
    if state.state != "running":
        es = {"paused": "está suspendido", "met": "ya se cumplió", "expired": "ya venció"}[state.state]
        en = {"paused": "is suspended", "met": "was already met", "expired": "has expired"}[state.state]
        raise TermError("not-running", f"El término «{state.id}» {es}.", f'The term "{state.id}" {en}.')


def _not_over(state: TermState, on: date | datetime, calendar: Calendar) -> None:
    begun = state.suspensions[-1].until if state.suspensions else state.started
    if on < begun:
        raise TermError(
            "before-start",
            f"El término «{state.id}» no había empezado ese día.",
            f'The term "{state.id}" had not begun on that day.',
        )
    assert state.due_at is not None
    late = on > state.due_at if isinstance(on, datetime) else on > local_date(state.due_at)
    if late:
        raise TermError(
            "over",
            f"El término «{state.id}» venció el {state.due:%d/%m/%Y}: ya no se puede suspender.",
            f'The term "{state.id}" ended on {state.due}: it can no longer be suspended.',
        )


def _before_due(state: TermState, on: date | datetime) -> bool:
    assert state.due_at is not None
    return on < state.due_at if isinstance(on, datetime) else on < local_date(state.due_at)


def _moment(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
