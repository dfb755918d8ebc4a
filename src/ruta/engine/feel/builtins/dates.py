"""Dates, times and durations (DMN 1.5, 10.3.4.1, 10.3.4.7, 10.3.4.10); today and now come from the context."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from ruta.engine.feel import temporal, values
from ruta.engine.feel.builtins.table import builtin
from ruta.engine.feel.context import Run

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January February March April May June July August September October November December").split()


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise ValueError("a whole number is needed")
    return int(value)


@builtin(
    "date",
    "from: string",
    "date",
    "A date from text, from a date and time, or from numbers.",
    'date("2026-11-24").year = 2026',
)
def _date(run: Run, text: str) -> date:
    return temporal.read_date(text)


@builtin("date", "from: date|date and time", "date")
def _date_of(run: Run, value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


@builtin("date", "year: number, month: number, day: number", "date")
def _date_from(run: Run, year: Decimal, month: Decimal, day: Decimal) -> date:
    return temporal.make_date(_whole(year), _whole(month), _whole(day))


@builtin(
    "time",
    "from: string",
    "time",
    "A time from text, from a date and time, or from numbers.",
    'time("10:15:00").hour = 10',
)
def _time(run: Run, text: str) -> time:
    return temporal.read_time(text)


@builtin("time", "from: date|date and time|time", "time")
def _time_of(run: Run, value: Any) -> time:
    if isinstance(value, datetime):
        return value.timetz()
    return temporal.midnight(value).timetz() if isinstance(value, date) else value


def _zone(offset: timedelta | None) -> Any:
    return None if offset is None else temporal.zone(temporal.show_offset(offset))


@builtin("time", "hour: number, minute: number, second: number, offset: days and time duration|null?", "time")
def _time_from(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None
) -> time:
    return temporal.make_time(_whole(hour), _whole(minute), second, _zone(offset))


@builtin(
    "date and time",
    "from: string",
    "date and time",
    "From text, or from a date and a time.",
    'date and time("2026-11-24T10:15:00").day = 24',
)
def _date_and_time(run: Run, text: str) -> datetime:
    return temporal.read_datetime(text)


@builtin("date and time", "date: date|date and time, time: time", "date and time")
def _date_with_time(run: Run, day: date, moment: time) -> datetime:
    return temporal.join(_date_of(run, day), moment)


@builtin("date and time", "date: date and time, timezone: string", "date and time")
def _in_zone(run: Run, value: datetime, name: str) -> datetime:
    zone = temporal.zone(name if name[:1] in ("+", "-", "Z") else "@" + name)
    return value.astimezone(zone) if value.tzinfo is not None else value.replace(tzinfo=zone)


_CLOCK = "year: number, month: number, day: number, hour: number, minute: number, second: number"


@builtin("date and time", f"{_CLOCK}, offset: days and time duration|null?", "date and time")
def _from_parts(
    run: Run,
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    offset: timedelta | None = None,
) -> datetime:
    return temporal.join(_date_from(run, year, month, day), _time_from(run, hour, minute, second, offset))


@builtin("date and time", f"{_CLOCK}, timezone: string", "date and time")
def _from_parts_in_zone(
    run: Run,
    year: Decimal,
    month: Decimal,
    day: Decimal,
    hour: Decimal,
    minute: Decimal,
    second: Decimal,
    name: str,
) -> datetime:
    return _in_zone(run, _from_parts(run, year, month, day, hour, minute, second), name)


@builtin(
    "years and months duration",
    "from: date|date and time, to: date|date and time",
    "years and months duration",
    "Whole months between two dates.",
    'years and months duration(date("2011-12-22"), date("2013-08-24")).years = 1',
)
def _months_between(run: Run, start: date, end: date) -> temporal.Months:
    return temporal.months_between(start, end)


@builtin("day of year", "date: date|date and time", "number", "", "day of year(date(2019, 9, 17)) = 260")
def _day_of_year(run: Run, day: date) -> Decimal:
    return Decimal(temporal.day_of_year(day))


@builtin(
    "day of week",
    "date: date|date and time",
    "string",
    "In English.",
    'day of week(date(2019, 9, 17)) = "Tuesday"',
)
def _day_of_week(run: Run, day: date) -> str:
    return _DAYS[temporal.weekday(day) - 1]


@builtin(
    "month of year",
    "date: date|date and time",
    "string",
    "In English.",
    'month of year(date(2019, 9, 17)) = "September"',
)
def _month_of_year(run: Run, day: date) -> str:
    return _MONTHS[day.month - 1]


@builtin(
    "week of year",
    "date: date|date and time",
    "number",
    "By ISO 8601.",
    "week of year(date(2019, 9, 17)) = 38",
)
def _week_of_year(run: Run, day: date) -> Decimal:
    return Decimal(temporal.week_of_year(day))


@builtin("now", "", "date and time", "The instant of the context.")
def _now(run: Run) -> datetime:
    return run.ctx.now.astimezone(run.ctx.zone)


@builtin("today", "", "date", "The date of the context's instant in its zone.")
def _today(run: Run) -> date:
    return run.ctx.now.astimezone(run.ctx.zone).date()


@builtin(
    "is",
    "value1: any|null, value2: any|null",
    "boolean",
    "Same kind, same value, same zone.",
    'is(date("2012-12-25"), time("23:00:50")) = false',
)
def _is(run: Run, a: Any, b: Any) -> bool:
    if values.kind(a) != values.kind(b):
        return False
    if isinstance(a, time | datetime):
        return temporal.show(a) == temporal.show(b)
    return values.equal(a, b) is True


@builtin("range", "from: string", "range", "The range written in a text.", 'range("[1..10)").end = 10')
def _range(run: Run, text: str) -> Any:
    from ruta.engine.feel.program import read_range

    return read_range(text, run)
