"""Temporal values beyond Python's own: years outside 1 to 9999, fractions finer than a microsecond, very long spans.

Everyday values are `datetime` objects; these four stand in only where those end, and `temporal` moves between both.
The calendar is the proleptic Gregorian one with a year 0, as in ISO 8601 and XML Schema.
"""

from dataclasses import dataclass
from datetime import tzinfo

NANOS = 1_000_000_000
DAY = 86_400 * NANOS
UTMOST_YEAR = 999_999_999
_MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class WideDate:
    """A date of a year that `datetime.date` does not have."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class WideTime:
    """A time to the nanosecond."""

    hour: int
    minute: int
    second: int
    nano: int
    tzinfo: tzinfo | None


@dataclass(frozen=True, slots=True)
class WideDateTime:
    """A date and time that `datetime.datetime` cannot hold."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nano: int
    tzinfo: tzinfo | None


@dataclass(frozen=True, slots=True)
class WideSpan:
    """A days and time duration, in nanoseconds."""

    nanos: int


def month_length(year: int, month: int) -> int:
    """Days in a month."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else _MONTH_LENGTHS[month - 1]


def day_number(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms")."""
    shifted = year - (month <= 2)
    era, year_of_era = divmod(shifted, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def date_of_number(number: int) -> tuple[int, int, int]:
    """Year, month and day of a day number."""
    era, day_of_era = divmod(number + 719_468, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    year = year_of_era + era * 400 + (month <= 2)
    return year, month, day_of_year - (153 * shifted_month + 2) // 5 + 1
