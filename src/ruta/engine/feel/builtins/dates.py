"""Dates, times and durations (DMN 1.5, 10.3.4.1, 10.3.4.7, 10.3.4.10); today and now come from the context."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from ruta.engine.feel import notation, numbers, temporal, values
from ruta.engine.feel.builtins.table import builtin
from ruta.engine.feel.context import Run
from ruta.engine.feel.temporal import DATETIMES, TIMES, AnyDate, AnyDateTime, AnyTime, Span

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


_COST_OF_PARSING = 100
_COST_OF_READING = 3
_STEPS_A_CHARACTER = 12  # of an expression that is compiled


def _pay_for_zone(run: Run, text: str) -> None:
    run.spend(2 * _COST_OF_READING if "@" in text else _COST_OF_READING)


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise ValueError("a whole number is needed")
    return numbers.position(value)


@builtin(
    "date",
    "from: string",
    "date",
    "A date from text, from a date and time, or from numbers.",
    'date("2026-11-24").year = 2026',
)
def _date(run: Run, text: str) -> AnyDate:
    run.spend(_COST_OF_READING)
    return notation.read_date(text)


@builtin("date", "from: date|date and time", "date")
def _date_of(run: Run, value: AnyDate) -> AnyDate:
    return temporal.date_part(value)


@builtin("date", "year: number, month: number, day: number", "date")
def _date_from(run: Run, year: Decimal, month: Decimal, day: Decimal) -> AnyDate:
    return temporal.make_date(_whole(year), _whole(month), _whole(day))


@builtin(
    "time",
    "from: string",
    "time",
    "A time from text, from a date and time, or from numbers.",
    'time("10:15:00").hour = 10',
)
def _time(run: Run, text: str) -> AnyTime:
    _pay_for_zone(run, text)
    return notation.read_time(text)


@builtin("time", "from: date|date and time|time", "time")
def _time_of(run: Run, value: Any) -> AnyTime:
    if isinstance(value, TIMES):
        return value
    return temporal.time_part(value if temporal.is_datetime(value) else temporal.midnight(value))


def _zone(offset: Span | None) -> Any:
    return (
        None
        if offset is None
        else notation.zone(notation.show_offset(timedelta(microseconds=temporal.nanos_of(offset) // 1_000)))
    )


@builtin("time", "hour: number, minute: number, second: number, offset: days and time duration|null?", "time")
def _time_from(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: Span | None = None
) -> AnyTime:
    run.spend(_COST_OF_READING)
    return temporal.make_time(_whole(hour), _whole(minute), *temporal.split_second(second), _zone(offset))


@builtin(
    "date and time",
    "from: string",
    "date and time",
    "From text, or from a date and a time.",
    'date and time("2026-11-24T10:15:00").day = 24',
)
def _date_and_time(run: Run, text: str) -> AnyDateTime:
    _pay_for_zone(run, text)
    run.spend(_COST_OF_READING)
    return notation.read_datetime(text)


@builtin("date and time", "date: date|date and time, time: time", "date and time")
def _date_with_time(run: Run, day: AnyDate, moment: AnyTime) -> AnyDateTime:
    return temporal.join(_date_of(run, day), moment)


@builtin("date and time", "date: date and time, timezone: string", "date and time")
def _in_zone(run: Run, value: AnyDateTime, name: str) -> AnyDateTime:
    run.spend(_COST_OF_READING)
    zone = notation.zone(name if name[:1] in ("+", "-", "Z") else "@" + name)
    return temporal.in_zone(value, zone)


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
    offset: Span | None = None,
) -> AnyDateTime:
    run.spend(2 * _COST_OF_READING)
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
) -> AnyDateTime:
    return _in_zone(run, _from_parts(run, year, month, day, hour, minute, second), name)


@builtin(
    "years and months duration",
    "from: date|date and time, to: date|date and time",
    "years and months duration",
    "Whole months between two dates.",
    'years and months duration(date("2011-12-22"), date("2013-08-24")).years = 1',
)
def _months_between(run: Run, start: AnyDate, end: AnyDate) -> temporal.Months:
    return temporal.months_between(start, end)


@builtin(
    "day of year",
    "date: date|date and time",
    "number",
    "1 for 1 January.",
    "day of year(date(2019, 9, 17)) = 260",
)
def _day_of_year(run: Run, day: AnyDate) -> Decimal:
    return Decimal(temporal.day_of_year(day))


@builtin(
    "day of week",
    "date: date|date and time",
    "string",
    "In English.",
    'day of week(date(2019, 9, 17)) = "Tuesday"',
)
def _day_of_week(run: Run, day: AnyDate) -> str:
    return _DAYS[temporal.weekday(day) - 1]


@builtin(
    "month of year",
    "date: date|date and time",
    "string",
    "In English.",
    'month of year(date(2019, 9, 17)) = "September"',
)
def _month_of_year(run: Run, day: AnyDate) -> str:
    return _MONTHS[day.month - 1]


@builtin(
    "week of year",
    "date: date|date and time",
    "number",
    "By ISO 8601.",
    "week of year(date(2019, 9, 17)) = 38",
)
def _week_of_year(run: Run, day: AnyDate) -> Decimal:
    run.spend(2)
    return Decimal(temporal.week_of_year(day))


@builtin("now", "", "date and time", "The instant of the context.", "now().year > 1900")
def _now(run: Run) -> AnyDateTime:
    return run.ctx.now.astimezone(run.ctx.zone)


@builtin("today", "", "date", "The date of the context's instant in its zone.", "date(now()) = today()")
def _today(run: Run) -> AnyDate:
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
    run.spend(2 * _COST_OF_READING)
    if isinstance(a, TIMES + DATETIMES):
        return notation.show(a) == notation.show(b)
    return values.equal(a, b, run) is True


@builtin("range", "from: string", "range", "The range written in a text.", 'range("[1..10)").end = 10')
def _range(run: Run, text: str) -> Any:
    from ruta.engine.feel.program import read_range

    run.text(len(text))
    run.spend(_COST_OF_PARSING + len(text) * _STEPS_A_CHARACTER)
    return read_range(text, run)
