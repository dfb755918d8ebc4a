"""Arithmetic, comparison and logic over values of any kind: null where FEEL has no answer (DMN 1.5, 10.3.2.13 ff.)."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from ruta.engine.feel import numbers, temporal, values
from ruta.engine.feel.context import Run
from ruta.engine.feel.temporal import Months

Operation = Callable[[Any, Any, Run], Any]
_CONTEXT = numbers.CONTEXT
_ERRORS = (ArithmeticError, ValueError, TypeError)


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else temporal.midnight(value)


def add(a: Any, b: Any, run: Run) -> Any:
    """`a + b`: numbers, texts, durations, and a date or time with a duration."""
    kind_a, kind_b = type(a), type(b)
    if kind_a is str and kind_b is str:
        run.text(len(a) + len(b))
        return a + b
    if kind_a in (timedelta, Months) and kind_b in (date, datetime, time):
        a, b, kind_a, kind_b = b, a, kind_b, kind_a
    if kind_a is Months and kind_b is Months:
        return Months(a.total + b.total)
    if kind_a is timedelta and kind_b is timedelta:
        return a + b
    return _later(a, b, 1)


def subtract(a: Any, b: Any, run: Run) -> Any:
    """`a - b`: numbers, durations, two dates or times, or a date or time less a duration."""
    kind_a, kind_b = type(a), type(b)
    if kind_a is Months and kind_b is Months:
        return Months(a.total - b.total)
    if kind_a is timedelta and kind_b is timedelta:
        return a - b
    if kind_a in (date, datetime) and kind_b in (date, datetime):
        return temporal.between(_moment(a), _moment(b))
    if kind_a is time and kind_b is time:
        (zoned_a, micros_a), (zoned_b, micros_b) = temporal.time_key(a), temporal.time_key(b)
        return timedelta(microseconds=micros_a - micros_b) if zoned_a == zoned_b else None
    return _later(a, b, -1)


def _later(value: Any, span: Any, sign: int) -> Any:
    if type(span) is Months and type(value) in (date, datetime):
        return temporal.add_months(value, sign * span.total)
    if type(span) is timedelta:
        if type(value) is datetime:
            return temporal.add_span(value, sign * span)
        if type(value) is date:
            return (datetime(value.year, value.month, value.day, tzinfo=UTC) + sign * span).date()
        if type(value) is time:
            return temporal.add_to_time(value, sign * span)
    return None


def multiply(a: Any, b: Any, run: Run) -> Any:
    """`a * b`: numbers, or a duration by a number."""
    if type(a) is Decimal:
        a, b = b, a
    if type(b) is Decimal:
        if type(a) is Months:
            return Months(int(_CONTEXT.multiply(Decimal(a.total), b)))
        if type(a) is timedelta:
            return temporal.span_of(_CONTEXT.multiply(temporal.seconds_of(a), b))
    return None


def divide(a: Any, b: Any, run: Run) -> Any:
    """`a / b`: numbers, a duration by a number, or two durations of one kind."""
    if type(a) is Months:
        if type(b) is Months:
            return _CONTEXT.divide(Decimal(a.total), Decimal(b.total))
        return Months(int(_CONTEXT.divide(Decimal(a.total), b))) if type(b) is Decimal else None
    if type(a) is timedelta:
        if type(b) is timedelta:
            return _CONTEXT.divide(temporal.seconds_of(a), temporal.seconds_of(b))
        return temporal.span_of(_CONTEXT.divide(temporal.seconds_of(a), b)) if type(b) is Decimal else None
    return None


def _nothing(a: Any, b: Any, run: Run) -> Any:
    return None


_SLOW: dict[str, Operation] = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": _nothing}
_FAST: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": _CONTEXT.add,
    "-": _CONTEXT.subtract,
    "*": _CONTEXT.multiply,
    "/": _CONTEXT.divide,
    "**": _CONTEXT.power,
}


def arithmetic(op: str) -> Operation:
    """The operation of `+ - * / **`: numbers by the decimal context, other kinds by the rules above, errors null."""
    slow = _SLOW[op]
    fast = _FAST[op]

    def operate(a: Any, b: Any, run: Run) -> Any:
        try:
            if type(a) is Decimal and type(b) is Decimal:
                return fast(a, b)
            result = slow(a, b, run)
        except _ERRORS as error:
            run.note(f"{op}: {type(error).__name__}")
            return None
        if result is None:
            run.note(f"{values.kind(a)} {op} {values.kind(b)} has no value")
        return result

    return operate


def negate(value: Any) -> Any:
    """`-value` for numbers and durations."""
    if type(value) is Decimal:
        return _CONTEXT.minus(value)
    if type(value) is timedelta:
        return -value
    return Months(-value.total) if type(value) is Months else None


def comparison(op: str) -> Operation:
    """The operation of `= != < <= > >=`."""

    def equal(a: Any, b: Any, run: Run) -> Any:
        run.spend()
        return values.equal(a, b)

    def unequal(a: Any, b: Any, run: Run) -> Any:
        run.spend()
        same = values.equal(a, b)
        return None if same is None else not same

    if op in ("=", "!="):
        return equal if op == "=" else unequal
    accepted = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0)}[op]

    def order(a: Any, b: Any, run: Run) -> Any:
        found = values.compare(a, b)
        if found is None:
            run.note(f"{values.kind(a)} {op} {values.kind(b)} has no value")
            return None
        return found in accepted

    return order


def holds(value: Any, test: Any) -> bool | None:
    """Whether `value` passes a test given as a value: a range holds it, a list has it, or it is equal."""
    if type(test) is values.Range:
        return values.within(value, test)
    if type(test) is list:
        if type(value) is list and values.equal(value, test) is True:
            return True
        return any(
            (values.within(value, item) if type(item) is values.Range else values.equal(value, item)) is True
            for item in test
        )
    return values.equal(value, test)


_DATE_PROPERTIES: dict[str, Callable[[Any], Any]] = {
    "year": lambda v: Decimal(v.year),
    "month": lambda v: Decimal(v.month),
    "day": lambda v: Decimal(v.day),
    "weekday": lambda v: Decimal(v.isoweekday()),
}
_TIME_PROPERTIES: dict[str, Callable[[Any], Any]] = {
    "hour": lambda v: Decimal(v.hour),
    "minute": lambda v: Decimal(v.minute),
    "second": lambda v: Decimal(v.second),
    "time offset": temporal.offset_of,
    "timezone": lambda v: getattr(v.tzinfo, "key", None),
}


def _sign(span: timedelta, part: Callable[[timedelta], int]) -> Decimal:
    return Decimal(-part(-span) if span < timedelta() else part(span))


PROPERTIES: dict[type, dict[str, Callable[[Any], Any]]] = {
    date: _DATE_PROPERTIES
    | {"hour": lambda v: numbers.ZERO, "minute": lambda v: numbers.ZERO, "second": lambda v: numbers.ZERO},
    datetime: _DATE_PROPERTIES | _TIME_PROPERTIES,
    time: _TIME_PROPERTIES,
    Months: {
        "years": lambda v: Decimal(int(v.total / 12)),
        "months": lambda v: Decimal(v.total - int(v.total / 12) * 12),
    },
    timedelta: {
        "days": lambda v: _sign(v, lambda s: s.days),
        "hours": lambda v: _sign(v, lambda s: s.seconds // 3600),
        "minutes": lambda v: _sign(v, lambda s: s.seconds // 60 % 60),
        "seconds": lambda v: _sign(v, lambda s: s.seconds % 60),
    },
    values.Range: {
        "start": lambda v: v.start,
        "end": lambda v: v.end,
        "start included": lambda v: v.start_included,
        "end included": lambda v: v.end_included,
    },
}


def select(value: Any, name: str, run: Run) -> Any:
    """`value.name`: an entry of a context, a property of a temporal value or range, or that of each item of a list."""
    kind_of = type(value)
    if kind_of is list:
        run.spend(1 + (len(value) >> 2))
        return [select(item, name, run) for item in value]
    properties = PROPERTIES.get(kind_of)
    if properties is not None:
        found = properties.get(name)
        return found(value) if found else None
    if isinstance(value, Mapping):
        try:
            entry = value[name]
        except KeyError:
            return None
        return entry if type(entry) in values.KINDS else values.admit(entry)
    return None
