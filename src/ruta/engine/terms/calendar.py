"""The business calendar: which days count as working days of an agency."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

_ONE_DAY = timedelta(days=1)


class CalendarEnds(Exception):
    """A day was asked for that lies outside the years that the calendar knows.

    Guessing that an unknown year has no holidays would give a wrong legal date, so nothing is guessed.
    """

    def __init__(self, day: date | None, calendar: Calendar) -> None:
        self.day = day
        self.say = {
            "es": (
                f"El calendario va del {calendar.first:%d/%m/%Y} al {calendar.last:%d/%m/%Y} "
                "y el término sale de él. Cargue el calendario de los años que faltan."
            ),
            "en": (
                f"The calendar covers {calendar.first.isoformat()} to {calendar.last.isoformat()} "
                "and the term leaves it. Load the calendar of the missing years."
            ),
        }
        super().__init__(self.say["en"])


@dataclass(frozen=True)
class Calendar:
    """Holidays between `first` and `last`, and the days on which one agency is closed.

    A business day is Monday to Friday, not a holiday (Ley 51 de 1983, Ley 2578 de 2026) and not closed by
    resolution of the agency. `version` names the list: it is kept beside each due date computed with it.
    """

    holidays: frozenset[date]
    first: date
    last: date
    closed: frozenset[date] = field(default=frozenset())
    version: str = ""

    @classmethod
    def colombia(cls, years: Iterable[int], closed: Iterable[date] = ()) -> Calendar:
        """Return Colombia's national calendar for the span of `years`, with the closed days of one agency.

        The list comes from the library `holidays`; from version 0.99 it has the Monday of July that
        Ley 2578 de 2026 added. Years between the smallest and the largest are filled in.
        """
        import holidays
        from holidays.version import __version__ as release

        wanted = sorted(set(years))
        if not wanted:
            raise ValueError("a calendar needs at least one year")
        span = range(wanted[0], wanted[-1] + 1)
        days = frozenset(holidays.country_holidays("CO", years=span).keys())
        return cls(
            holidays=days,
            first=date(span[0], 1, 1),
            last=date(span[-1], 12, 31),
            closed=frozenset(closed),
            version=f"CO-{span[0]}-{span[-1]}/holidays-{release}",
        )

    def closing(self, days: Iterable[date]) -> Calendar:
        """Return the same calendar for an agency that is also closed on `days` (rule R11)."""
        return replace(self, closed=self.closed | frozenset(days))

    @cached_property
    def _ordinals(self) -> list[int]:
        """All business days as ordinals, ascending: every question below is a binary search."""
        off = self.holidays | self.closed
        found: list[int] = []
        day = self.first
        while day <= self.last:
            if day.weekday() < 5 and day not in off:
                found.append(day.toordinal())
            day += _ONE_DAY
        return found

    def _known(self, day: date) -> int:
        if not self.first <= day <= self.last:
            raise CalendarEnds(day, self)
        return day.toordinal()


def is_business_day(day: date, calendar: Calendar) -> bool:
    """Say whether `day` counts. Raises CalendarEnds outside the calendar."""
    ordinal = calendar._known(day)
    at = bisect_left(calendar._ordinals, ordinal)
    return at < len(calendar._ordinals) and calendar._ordinals[at] == ordinal


def next_business_day(day: date, calendar: Calendar) -> date:
    """Return `day` itself when it is a business day, else the first one after it."""
    at = bisect_left(calendar._ordinals, calendar._known(day))
    return _pick(at, calendar)


def add_business_days(start: date, days: int, calendar: Calendar) -> date:
    """Return the last day of a term of `days` business days counted from the event on `start`.

    The day of the event does not count (Ley 4 de 1913, art. 61; rules R4 and R5). With `days` = 0 the answer
    is `start`, moved to a business day. A negative number counts backwards: the day that is so many business
    days before. Raises CalendarEnds when the calendar ends before the term does.
    """
    ordinal = calendar._known(start)
    if days == 0:
        return next_business_day(start, calendar)
    if days < 0:
        return _pick(bisect_left(calendar._ordinals, ordinal) + days, calendar)
    return _pick(bisect_right(calendar._ordinals, ordinal) + days - 1, calendar)


def business_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Count the business days after `start` up to and including `end`; negative when `end` is earlier."""
    ordinals = calendar._ordinals
    return bisect_right(ordinals, calendar._known(end)) - bisect_right(ordinals, calendar._known(start))


def _pick(at: int, calendar: Calendar) -> date:
    if not 0 <= at < len(calendar._ordinals):
        raise CalendarEnds(None, calendar)
    return date.fromordinal(calendar._ordinals[at])
