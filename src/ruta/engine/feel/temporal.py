"""Dates, times and durations of FEEL: build, take apart, compare, add (DMN 1.5, 10.3.2.3.4 to 10.3.2.3.9).

A date is a `datetime.date`, a date and time a `datetime.datetime`, a time a `datetime.time`, a days and time duration
a `datetime.timedelta` (or their stand-ins of `wide`), and a years and months duration `Months`. A zone is a fixed
`timezone` or a `ZoneInfo`. Months are added on the calendar: 31 January + P1M is the last day of February.
All functions raise ValueError or OverflowError for what does not exist.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from ruta.engine.feel import numbers
from ruta.engine.feel.wide import (
    DAY,
    NANOS,
    UTMOST_YEAR,
    WideDate,
    WideDateTime,
    WideSpan,
    WideTime,
    date_of_number,
    day_number,
    month_length,
)

AnyDate = date | WideDate
AnyTime = time | WideTime
AnyDateTime = datetime | WideDateTime
Span = timedelta | WideSpan

DATES: Final = (date, WideDate)
TIMES: Final = (time, WideTime)
DATETIMES: Final = (datetime, WideDateTime)
SPANS: Final = (timedelta, WideSpan)

_MICRO = 1_000
_MOST_DIGITS_OF_A_SPAN = 30
_LONGEST_SPAN = timedelta.max.days * DAY
_UTMOST_SPAN = 10**9 * 366 * 2 * DAY
_UTMOST_MONTHS = 24 * UTMOST_YEAR
_EPOCH = day_number(1970, 1, 1)


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A years and months duration, in months."""

    total: int


def is_datetime(value: Any) -> bool:
    """Whether a value is a date and time; `isinstance(x, date)` is true of those too."""
    return isinstance(value, DATETIMES)


# Building


def make_date(year: int, month: int, day: int) -> AnyDate:
    """The date of three numbers."""
    if 1 <= year <= 9999:
        return date(year, month, day)
    if abs(year) > UTMOST_YEAR or not 1 <= month <= 12 or not 1 <= day <= month_length(year, month):
        raise ValueError("no such date")
    return WideDate(year, month, day)


def make_time(hour: int, minute: int, second: int, nano: int, zone: tzinfo | None) -> AnyTime:
    """The time of its numbers."""
    plain = time(hour, minute, second, nano // _MICRO, zone)
    return plain if nano % _MICRO == 0 else WideTime(hour, minute, second, nano, zone)


def join(day: AnyDate | AnyDateTime, moment: AnyTime) -> AnyDateTime:
    """A date with a time, in the zone of the time."""
    if isinstance(day, date) and isinstance(moment, time):
        return datetime(
            day.year,
            day.month,
            day.day,
            moment.hour,
            moment.minute,
            moment.second,
            moment.microsecond,
            moment.tzinfo,
        )
    clock = moment.hour, moment.minute, moment.second, nano_of(moment), moment.tzinfo
    return WideDateTime(day.year, day.month, day.day, *clock)


def make_span(nanos: int) -> Span:
    """The days and time duration of so many nanoseconds."""
    if abs(nanos) > _UTMOST_SPAN:
        raise OverflowError("too long a duration")
    if nanos % _MICRO == 0 and abs(nanos) < _LONGEST_SPAN:
        return timedelta(microseconds=nanos // _MICRO)
    return WideSpan(nanos)


def make_months(total: int) -> Months:
    """The years and months duration of so many months."""
    if abs(total) > _UTMOST_MONTHS:
        raise OverflowError("too long a duration")
    return Months(total)


def midnight(value: AnyDate) -> AnyDateTime:
    """A date as the instant it begins, in UTC: what a date is beside a date and time (10.3.2.3.6)."""
    return join(value, time(tzinfo=UTC))


# Taking apart


def nano_of(value: AnyTime | AnyDateTime) -> int:
    """Nanoseconds of the second."""
    return value.nano if isinstance(value, WideTime | WideDateTime) else value.microsecond * _MICRO


def nanos_of(span: Span) -> int:
    """The length of a span in nanoseconds."""
    if isinstance(span, WideSpan):
        return span.nanos
    return ((span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds) * _MICRO


def date_part(value: AnyDate | AnyDateTime) -> AnyDate:
    """The date of a date and time; a date itself."""
    return make_date(value.year, value.month, value.day) if is_datetime(value) else value  # type: ignore[return-value]


def time_part(value: AnyDateTime) -> AnyTime:
    """The time of a date and time, in its zone."""
    return make_time(value.hour, value.minute, value.second, nano_of(value), value.tzinfo)


def offset_of(value: AnyTime | AnyDateTime) -> timedelta | None:
    """The offset from UTC; of a time in a named zone, that of its standard time; of a far year, that of a like one."""
    zone = value.tzinfo
    if zone is None:
        return None
    if isinstance(value, datetime):
        return value.utcoffset()
    if isinstance(value, WideDateTime):
        like = value.year if 1 <= value.year <= 9999 else (2000 + value.year % 400 if value.year > 0 else 1)
        return datetime(
            like, value.month, min(value.day, 28), value.hour, value.minute, tzinfo=zone
        ).utcoffset()
    return datetime(2000, 1, 1, tzinfo=zone).utcoffset()


def day_of(value: AnyDate | AnyDateTime) -> int:
    """Days since 1970-01-01."""
    return day_number(value.year, value.month, value.day)


def weekday(value: AnyDate | AnyDateTime) -> int:
    """1 for Monday to 7 for Sunday."""
    return (day_of(value) - _EPOCH + 3) % 7 + 1


def day_of_year(value: AnyDate | AnyDateTime) -> int:
    """1 for 1 January."""
    return day_of(value) - day_number(value.year, 1, 1) + 1


def week_of_year(value: AnyDate | AnyDateTime) -> int:
    """The week by ISO 8601: that of the Thursday of the same week."""
    thursday = day_of(value) - weekday(value) + 4
    return (thursday - day_number(date_of_number(thursday)[0], 1, 1)) // 7 + 1


# Order


def _clock(value: AnyTime | AnyDateTime) -> int:
    return ((value.hour * 60 + value.minute) * 60 + value.second) * NANOS + nano_of(value)


def _offset_nanos(value: AnyTime | AnyDateTime) -> int:
    return nanos_of(offset_of(value) or timedelta())


def local_nanos(value: AnyDateTime) -> int:
    """Nanoseconds since 1970 on the clock of the wall."""
    return day_of(value) * DAY + _clock(value)


def key(value: Any) -> tuple[bool, int]:
    """What orders values of one kind: whether they have a zone, then a number (of UTC when they have one)."""
    if isinstance(value, DATETIMES):
        return value.tzinfo is not None, local_nanos(value) - _offset_nanos(value)
    if isinstance(value, DATES):
        return False, day_of(value)
    if isinstance(value, TIMES):
        return value.tzinfo is not None, _clock(value) - _offset_nanos(value)
    return False, value.total if isinstance(value, Months) else nanos_of(value)


def same(a: Any, b: Any) -> bool:
    """Equality of values of one kind; of times to the millisecond, as the conformance kit has it."""
    (zoned_a, at_a), (zoned_b, at_b) = key(a), key(b)
    if isinstance(a, TIMES + DATETIMES):
        at_a, at_b = at_a // 1_000_000, at_b // 1_000_000
    return zoned_a == zoned_b and at_a == at_b


# Arithmetic


def add_months(value: Any, months: int) -> Any:
    """A date or date and time so many months later, on the same day or the last one of a shorter month."""
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    if abs(year) > UTMOST_YEAR:
        raise OverflowError("the year is out of range")
    moved = make_date(year, month + 1, min(value.day, month_length(year, month + 1)))
    return join(moved, time_part(value)) if is_datetime(value) else moved


def add_span(value: AnyDateTime, span: Span) -> AnyDateTime:
    """A date and time so much later on the time line (not on the clock of the wall), in the same zone."""
    if isinstance(value, datetime) and isinstance(span, timedelta):
        try:
            if isinstance(value.tzinfo, ZoneInfo):
                return (value.astimezone(UTC) + span).astimezone(value.tzinfo)
            return value + span
        except OverflowError:
            pass
    if isinstance(value.tzinfo, ZoneInfo):
        utc = _at(local_nanos(value) - _offset_nanos(value) + nanos_of(span), value.tzinfo)
        return _at(local_nanos(utc) + _offset_nanos(utc), value.tzinfo)
    return _at(local_nanos(value) + nanos_of(span), value.tzinfo)


def in_zone(value: AnyDateTime, zone: tzinfo | None) -> AnyDateTime:
    """The same instant on the clock of another zone; a local date and time gets the zone."""
    if isinstance(value, datetime):
        return value.astimezone(zone) if value.tzinfo is not None else value.replace(tzinfo=zone)
    utc = _at(local_nanos(value) - _offset_nanos(value), zone)
    return (
        _at(local_nanos(utc) + _offset_nanos(utc), zone)
        if value.tzinfo is not None
        else join(value, time_part(utc))
    )


def _at(nanos: int, zone: tzinfo | None) -> AnyDateTime:
    days, clock = divmod(nanos, DAY)
    return join(make_date(*date_of_number(days)), _clock_time(clock, zone))


def _clock_time(nanos: int, zone: tzinfo | None) -> AnyTime:
    seconds, nano = divmod(nanos, NANOS)
    minutes, second = divmod(seconds, 60)
    return make_time(minutes // 60, minutes % 60, second, nano, zone)


def add_days(value: AnyDate, span: Span) -> AnyDate:
    """A date, taken as its midnight, so much later; the day that is then."""
    return make_date(*date_of_number(day_of(value) + nanos_of(span) // DAY))


def add_to_time(value: AnyTime, span: Span) -> AnyTime:
    """A time so much later, past midnight if need be."""
    return _clock_time((_clock(value) + nanos_of(span)) % DAY, value.tzinfo)


def between(later: Any, earlier: Any) -> Span:
    """The span between two dates and times, or two times, both with a zone or both without; else ValueError."""
    (zoned, at), (other_zoned, other_at) = key(later), key(earlier)
    if zoned != other_zoned:
        raise ValueError("one has a zone, the other has none")
    return make_span(at - other_at)


def months_between(start: AnyDate | AnyDateTime, end: AnyDate | AnyDateTime) -> Months:
    """Whole months from the date of `start` to that of `end`, towards zero."""
    total = (end.year - start.year) * 12 + end.month - start.month
    if total > 0 and end.day < start.day:
        total -= 1
    elif total < 0 and end.day > start.day:
        total += 1
    return Months(total)


def scaled(span: Span, factor: Decimal, context: Any, *, divide: bool = False) -> Span:
    """A span times (or over) a number, cut to the nanosecond."""
    nanos = Decimal(nanos_of(span))
    found = context.divide(nanos, factor) if divide else context.multiply(nanos, factor)
    if found.adjusted() > _MOST_DIGITS_OF_A_SPAN:
        raise OverflowError("too long a duration")
    return make_span(int(found))


def split_second(second: Decimal) -> tuple[int, int]:
    """Seconds with a fraction as whole seconds and nanoseconds."""
    whole = numbers.position(second)
    return whole, int((second - whole).scaleb(9))
