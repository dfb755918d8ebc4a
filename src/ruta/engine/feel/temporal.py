"""Dates, times and durations of FEEL: read, write, add, subtract (DMN 1.5, 10.3.2.3.4 to 10.3.2.3.9).

A date is a `datetime.date`, a date and time a `datetime.datetime`, a time a `datetime.time`, a days and time duration
a `datetime.timedelta`, and a years and months duration `Months`. A zone is a fixed `timezone` or a `ZoneInfo`.
Months are added on the calendar: 31 January + P1M is the last day of February.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A years and months duration, in months."""

    total: int


_DATE = re.compile(r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})", re.ASCII)
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9})[0-9]*)?"
    r"(Z|z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z][A-Za-z0-9_+/-]*)?",
    re.ASCII,
)
_MONTHS = re.compile(r"(-?)P(?:([0-9]{1,10})Y)?(?:([0-9]{1,10})M)?", re.ASCII)
_DAYS = re.compile(
    r"(-?)P(?:([0-9]{1,10})D)?(?:(T)(?:([0-9]{1,12})H)?(?:([0-9]{1,12})M)?(?:([0-9]{1,12})(?:\.([0-9]{0,9})[0-9]*)?S)?)?",
    re.ASCII,
)
D = TypeVar("D", bound=date)
_UTMOST_OFFSET = timedelta(hours=18)


@lru_cache(maxsize=512)
def zone(text: str) -> tzinfo | None:
    """The zone written "Z", "+05:00" or "@Europe/Paris"; raises ValueError when there is none."""
    if not text:
        return None
    if text in "Zz":
        return UTC
    if text[0] == "@":
        try:
            return ZoneInfo(text[1:])
        except (ZoneInfoNotFoundError, OSError) as error:
            raise ValueError(f"no time zone {text[1:]}") from error
    parts = [int(part) for part in text[1:].split(":")]
    offset = timedelta(hours=parts[0], minutes=parts[1], seconds=parts[2] if len(parts) > 2 else 0)
    if parts[1] > 59 or offset > _UTMOST_OFFSET:
        raise ValueError(f"no time offset {text}")
    return timezone(-offset if text[0] == "-" else offset) if offset else UTC


def read_date(text: str) -> date:
    """The date of an ISO 8601 text (yyyy-mm-dd); raises ValueError."""
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError("not a date")
    return date(int(found[1]), int(found[2]), int(found[3]))


def read_time(text: str) -> time:
    """The time of a text like 10:15:00, with an offset or @zone; raises ValueError."""
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError("not a time")
    return _time(found)


def _time(found: re.Match[str]) -> time:
    micros = int((found[4] or "0").ljust(6, "0")[:6])
    return time(int(found[1]), int(found[2]), int(found[3]), micros, zone(found[5] or ""))


def read_datetime(text: str) -> datetime:
    """The date and time of an ISO 8601 text; a bare date is its midnight; raises ValueError."""
    head, separator, tail = text.partition("T")
    day = read_date(head)
    return datetime.combine(day, read_time(tail) if separator else time())


def read_duration(text: str) -> Months | timedelta:
    """The duration of an ISO 8601 text, either of years and months or of days and time; raises ValueError."""
    found = _MONTHS.fullmatch(text)
    if found and (found[2] or found[3]):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return Months(-months if found[1] else months)
    found = _DAYS.fullmatch(text)
    if (
        not found
        or not any(found[i] for i in (2, 4, 5, 6))
        or (found[3] and not any(found[i] for i in (4, 5, 6)))
    ):
        raise ValueError("not a duration")
    span = timedelta(
        days=int(found[2] or 0),
        hours=int(found[4] or 0),
        minutes=int(found[5] or 0),
        seconds=int(found[6] or 0),
        microseconds=int((found[7] or "0").ljust(6, "0")[:6]),
    )
    return -span if found[1] else span


def read_literal(text: str) -> date | datetime | time | Months | timedelta:
    """What `@"..."` means: a date, date and time, time or duration; raises ValueError."""
    if "P" in text[:2]:
        return read_duration(text)
    if "T" in text:
        return read_datetime(text)
    return read_time(text) if ":" in text[:3] else read_date(text)


def make_date(year: int, month: int, day: int) -> date:
    """The date of three numbers; raises ValueError."""
    return date(year, month, day)


def make_time(hour: int, minute: int, second: Decimal, in_zone: tzinfo | None) -> time:
    """The time of three numbers, the seconds with a fraction; raises ValueError."""
    whole = int(second)
    return time(hour, minute, whole, int((second - whole).scaleb(6)), in_zone)


def join(day: date, moment: time) -> datetime:
    """A date with a time, in the zone of the time."""
    return datetime.combine(day, moment)


def weekday(day: date) -> int:
    """1 for Monday to 7 for Sunday."""
    return day.isoweekday()


def day_of_year(day: date) -> int:
    """1 for 1 January."""
    return day.timetuple().tm_yday


def week_of_year(day: date) -> int:
    """The week by ISO 8601."""
    return day.isocalendar().week


def show_zone(value: tzinfo | None, offset: timedelta | None) -> str:
    """The zone as FEEL writes it: "", "Z", "+05:00" or "@Europe/Paris"."""
    if value is None:
        return ""
    if isinstance(value, ZoneInfo):
        return "@" + value.key
    return show_offset(offset or timedelta())


def show_offset(offset: timedelta) -> str:
    """The offset from UTC as "Z" or "+05:00"."""
    seconds = int(offset.total_seconds())
    if not seconds:
        return "Z"
    hours, rest = divmod(abs(seconds), 3600)
    minutes, seconds_left = divmod(rest, 60)
    tail = f":{seconds_left:02}" if seconds_left else ""
    return f"{'-' if seconds < 0 else '+'}{hours:02}:{minutes:02}{tail}"


def show_time(value: time | datetime) -> str:
    """hh:mm:ss, with the fraction when there is one, and the zone."""
    fraction = f".{value.microsecond:06}".rstrip("0") if value.microsecond else ""
    zone_text = show_zone(value.tzinfo, value.utcoffset())
    return f"{value.hour:02}:{value.minute:02}:{value.second:02}{fraction}{zone_text}"


def show_duration(value: Months | timedelta) -> str:
    """The duration in ISO 8601, normalised: P1Y2M, P1DT2H3M4.5S, P0M, PT0S."""
    if isinstance(value, Months):
        years, months = divmod(abs(value.total), 12)
        body = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return ("-" if value.total < 0 else "") + "P" + (body or "0M")
    negative = value < timedelta()
    span = -value if negative else value
    hours, rest = divmod(span.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{span.microseconds:06}".rstrip("0") if span.microseconds else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    body = (f"{span.days}D" if span.days else "") + (f"T{clock}" if clock else "")
    return ("-" if negative else "") + "P" + (body or "T0S")


def show(value: date | time | Months | timedelta) -> str:
    """Any temporal value in the text form from which it can be read again."""
    if isinstance(value, datetime):
        return f"{value.year:04}-{value.month:02}-{value.day:02}T{show_time(value)}"
    if isinstance(value, date):
        return f"{value.year:04}-{value.month:02}-{value.day:02}"
    if isinstance(value, time):
        return show_time(value)
    return show_duration(value)


def offset_of(value: time | datetime) -> timedelta | None:
    """The offset from UTC; of a time in a named zone, that of the zone's standard time."""
    offset = value.utcoffset()
    if offset is None and value.tzinfo is not None:
        offset = datetime(2000, 1, 1, tzinfo=value.tzinfo).utcoffset()
    return offset


def midnight(value: date) -> datetime:
    """A date as the instant it begins, in UTC: what a date is beside a date and time (10.3.2.3.6)."""
    return datetime(value.year, value.month, value.day, tzinfo=UTC)


def time_key(value: time) -> tuple[bool, int]:
    """What orders times: whether they have a zone, then microseconds since midnight (UTC when they have one)."""
    micros = ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
    offset = offset_of(value)
    if offset is None:
        return False, micros
    return True, micros - int(offset.total_seconds()) * 1_000_000


def add_months(value: D, months: int) -> D:
    """`value` so many months later, on the same day or the last day of a shorter month; raises ValueError."""
    years, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if not 1 <= years <= 9999:
        raise ValueError("year out of range")
    return value.replace(year=years, month=month + 1, day=min(value.day, monthrange(years, month + 1)[1]))


def add_span(value: datetime, span: timedelta) -> datetime:
    """`value` so much later on the time line (not on the clock of the wall), in the same zone."""
    if isinstance(value.tzinfo, ZoneInfo):
        return (value.astimezone(UTC) + span).astimezone(value.tzinfo)
    return value + span


def add_to_time(value: time, span: timedelta) -> time:
    """`value` so much later, past midnight if need be."""
    moved = datetime(2000, 1, 2, value.hour, value.minute, value.second, value.microsecond)
    moved += timedelta(seconds=span.seconds, microseconds=span.microseconds)
    return moved.time().replace(tzinfo=value.tzinfo)


def between(later: datetime, earlier: datetime) -> timedelta:
    """The span between two dates and times, both with a zone or both without; raises TypeError otherwise."""
    if later.tzinfo is not None and earlier.tzinfo is not None:
        return later.astimezone(UTC) - earlier.astimezone(UTC)
    return later - earlier


def months_between(start: date, end: date) -> Months:
    """Whole months from `start` to `end`, towards zero."""
    total = (end.year - start.year) * 12 + end.month - start.month
    first = (start.day, start.time() if isinstance(start, datetime) else time())
    last = (end.day, end.time() if isinstance(end, datetime) else time())
    if total > 0 and last < first:
        total -= 1
    elif total < 0 and last > first:
        total += 1
    return Months(total)


def seconds_of(span: timedelta) -> Decimal:
    """The length of a span in seconds, exactly."""
    return Decimal((span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds).scaleb(-6)


def span_of(seconds: Decimal) -> timedelta:
    """The span of so many seconds; raises OverflowError beyond what a span can hold."""
    whole = int(seconds)
    return timedelta(seconds=whole, microseconds=int((seconds - whole).scaleb(6)))
