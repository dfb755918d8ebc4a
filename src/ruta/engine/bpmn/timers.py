"""When a timer is due: ISO 8601 durations, dates and repetitions, and lengths such as "5 business days"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ruta.engine.bpmn.protocol import RuleFailed
from ruta.engine.terms import BOGOTA, Calendar, CalendarEnds, Length, LengthError, add_months, due_at

_DURATION = (
    r"P(?=\d|T\d)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_REPEAT = r"R(?P<times>\d{0,9})/(?P<rest>.+)"


@dataclass(frozen=True, slots=True)
class Duration:
    """An ISO 8601 duration; months are kept apart because they have no fixed number of days."""

    months: int
    span: timedelta

    def after(self, at: datetime) -> datetime:
        """Return `at` plus the duration: months by the calendar in Bogotá (31 January + P1M = end of
        February).
        """
        if self.months:
            local = at.astimezone(BOGOTA)
            at = datetime.combine(add_months(local.date(), self.months), local.time(), tzinfo=BOGOTA)
        return at.astimezone(UTC) + self.span


@dataclass(frozen=True, slots=True)
class Timing:
    """The first time a timer is due (UTC), and for a cycle how it goes on: `left` None repeats for ever."""

    due: datetime
    every: Duration | Length | None = None
    left: int | None = 0


class TimerError(RuleFailed):
    """A timer whose value is none of the forms that can be understood."""

    def __init__(self, value: object) -> None:
        super().__init__(
            {
                "es": (
                    f"El temporizador dice «{value}», que no es una duración (P3D), una fecha (2026-03-01 o "
                    "2026-03-01T08:00:00-05:00), una repetición (R3/PT1H, R/1 business day) ni un plazo "
                    "(5 business days)."
                ),
                "en": (
                    f'The timer says "{value}", which is no duration (P3D), date (2026-03-01 or '
                    "2026-03-01T08:00:00-05:00), repetition (R3/PT1H, R/1 business day) or length (5 business days)."
                ),
            }
        )


class NoCalendar(RuleFailed):
    """A length such as "5 business days" was met without a calendar to count it by."""

    def __init__(self, length: Length) -> None:
        super().__init__(
            {
                "es": f"El temporizador «{length}» necesita el calendario de días hábiles, que no se cargó.",
                "en": f'The timer "{length}" needs the calendar of business days, which was not loaded.',
            }
        )


def parse_duration(text: str) -> Duration | None:
    """Read an ISO 8601 duration that is not negative; None when it is none."""
    match = re.fullmatch(_DURATION, text)
    if match is None:
        return None
    months = int(match["years"] or 0) * 12 + int(match["months"] or 0)
    span = timedelta(
        weeks=int(match["weeks"] or 0),
        days=int(match["days"] or 0),
        hours=int(match["hours"] or 0),
        minutes=int(match["minutes"] or 0),
        seconds=float(match["seconds"] or 0),
    )
    return Duration(months, span)


def parse_instant(text: str) -> datetime | None:
    """Read a date (its first moment in Bogotá) or a date and time (Bogotá without a zone); None when it is
    none.
    """
    body, _, zone = text.partition("@")
    try:
        if "T" not in body:
            return datetime.combine(date.fromisoformat(body), time(), tzinfo=BOGOTA).astimezone(UTC)
        at = datetime.fromisoformat(body)
        if at.tzinfo is None:
            at = at.replace(tzinfo=ZoneInfo(zone) if zone else BOGOTA)
    except (ValueError, KeyError, OSError):
        return None
    return at.astimezone(UTC)


def is_timer(text: str) -> bool:
    """Say whether a literal can be a timer."""
    try:
        timing(text, datetime(2026, 1, 1, tzinfo=UTC), None)
    except NoCalendar:
        return True
    except RuleFailed:
        return False
    return True


def timing(value: Any, now: datetime, calendar: Calendar | None) -> Timing:
    """Return when a timer set at `now` is due; `value` is JSON. Raises TimerError when it cannot be understood.

    A date alone is due at its first moment in Bogotá. A length such as "5 business days" needs the calendar
    (NoCalendar; RuleFailed where the calendar ends before it) and is due when its last day is over.
    """
    text = str(value).strip()
    repeat = re.fullmatch(_REPEAT, text, re.ASCII)
    if repeat is not None:
        return _cycle(repeat["times"], repeat["rest"], now, calendar)
    at_once = parse_instant(text)
    if at_once is not None:
        return Timing(at_once)
    return Timing(after(_span(text, value), now, calendar, value))


def after(every: Duration | Length, at: datetime, calendar: Calendar | None, told: object) -> datetime:
    """Return the instant (UTC) that is so much later. Raises RuleFailed about what was `told` where there is none."""
    try:
        if isinstance(every, Duration):
            return every.after(at)
        if calendar is None:
            raise NoCalendar(every)
        return due_at(at, every, calendar).astimezone(UTC)
    except CalendarEnds as ends:
        raise RuleFailed(ends.say) from None
    except (OverflowError, ValueError):
        raise TimerError(told) from None


def _span(text: str, told: object) -> Duration | Length:
    """Read a duration or a legal length. Raises TimerError about what was told."""
    try:
        return parse_duration(text) or Length.parse(text)
    except (LengthError, OverflowError, ValueError):
        raise TimerError(told) from None


def _cycle(times: str, rest: str, now: datetime, calendar: Calendar | None) -> Timing:
    told = f"R{times}/{rest}"
    begin, _, every_text = rest.rpartition("/")
    every = _span(every_text, told)
    first = parse_instant(begin) if begin else None
    left = int(times) - 1 if times else None
    if (begin and first is None) or _is_nothing(every) or left == -1:
        raise TimerError(told)
    return Timing(first if first is not None else after(every, now, calendar, told), every, left)


def _is_nothing(every: Duration | Length) -> bool:
    return every == Duration(0, timedelta()) or (isinstance(every, Length) and not every.amount)
