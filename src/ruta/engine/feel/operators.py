"""Arithmetic, comparison and logic over values of any kind: null where FEEL has no answer (DMN 1.5, 10.3.2.13 ff.)."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ruta.engine.feel import numbers, temporal, values
from ruta.engine.feel.context import Run
from ruta.engine.feel.temporal import Months
from ruta.engine.feel.wide import DAY, NANOS, WideDateTime

_COST_OF_POWER = 100
_COST_OF_OTHERS = 3  # of arithmetic with texts, dates and durations
_COST_OF_WIDE = 30  # of a date and time beyond Python's
Operation = Callable[[Any, Any, Run], Any]
_CONTEXT = numbers.CONTEXT
_SPAN, _MONTHS = "days and time duration", "years and months duration"
_DAYS = ("date", "date and time")
_ERRORS = (ArithmeticError, ValueError, TypeError)


def _kinds(a: Any, b: Any) -> tuple[str, str]:
    return values.kind(a), values.kind(b)


def add(a: Any, b: Any, run: Run) -> Any:
    """`a + b`: numbers, texts, durations, and a date or time with a duration."""
    kinds = _kinds(a, b)
    if kinds == ("string", "string"):
        run.text(len(a) + len(b))
        return a + b
    if kinds == (_MONTHS, _MONTHS):
        return temporal.make_months(a.total + b.total)
    if kinds == (_SPAN, _SPAN):
        return temporal.make_span(temporal.nanos_of(a) + temporal.nanos_of(b))
    if kinds[0] in (_MONTHS, _SPAN):
        a, b = b, a
    return _later(a, b, 1)


def subtract(a: Any, b: Any, run: Run) -> Any:
    """`a - b`: numbers, durations, two dates or times, or a date or time less a duration."""
    kinds = _kinds(a, b)
    if kinds == (_MONTHS, _MONTHS):
        return temporal.make_months(a.total - b.total)
    if kinds == (_SPAN, _SPAN):
        return temporal.make_span(temporal.nanos_of(a) - temporal.nanos_of(b))
    if kinds[0] in _DAYS and kinds[1] in _DAYS:
        later, earlier = (
            v if k == "date and time" else temporal.midnight(v) for v, k in zip((a, b), kinds, strict=True)
        )
        return temporal.between(later, earlier)
    if kinds == ("time", "time"):
        return temporal.between(a, b)
    return _later(a, b, -1)


def _later(value: Any, span: Any, sign: int) -> Any:
    kind, span_kind = _kinds(value, span)
    if span_kind == _MONTHS and kind in _DAYS:
        return temporal.add_months(value, sign * span.total)
    if span_kind == _SPAN and kind in ("date and time", "date", "time"):
        moved = temporal.make_span(sign * temporal.nanos_of(span))
        if kind == "date and time":
            return temporal.add_span(value, moved)
        return temporal.add_days(value, moved) if kind == "date" else temporal.add_to_time(value, moved)
    return None


def multiply(a: Any, b: Any, run: Run) -> Any:
    """`a * b`: numbers, or a duration by a number."""
    if type(a) is Decimal:
        a, b = b, a
    kinds = _kinds(a, b)
    if kinds == (_MONTHS, "number"):
        return temporal.make_months(numbers.position(_CONTEXT.multiply(Decimal(a.total), b)))
    return temporal.scaled(a, b, _CONTEXT) if kinds == (_SPAN, "number") else None


def divide(a: Any, b: Any, run: Run) -> Any:
    """`a / b`: numbers, a duration by a number, or two durations of one kind."""
    kinds = _kinds(a, b)
    if kinds == (_MONTHS, _MONTHS):
        return _CONTEXT.divide(Decimal(a.total), Decimal(b.total))
    if kinds == (_SPAN, _SPAN):
        return _CONTEXT.divide(Decimal(temporal.nanos_of(a)), Decimal(temporal.nanos_of(b)))
    if kinds == (_MONTHS, "number"):
        return temporal.make_months(numbers.position(_CONTEXT.divide(Decimal(a.total), b)))
    return temporal.scaled(a, b, _CONTEXT, divide=True) if kinds == (_SPAN, "number") else None


def _nothing(a: Any, b: Any, run: Run) -> Any:
    return None


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    return _CONTEXT.power(base, exponent) if exponent else numbers.ONE


_SLOW: dict[str, Operation] = {"+": add, "-": subtract, "*": multiply, "/": divide, "**": _nothing}
FAST: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": _CONTEXT.add,
    "-": _CONTEXT.subtract,
    "*": _CONTEXT.multiply,
    "/": _CONTEXT.divide,
    "**": _power,
}


def arithmetic(op: str) -> Operation:
    """The operation of `+ - * / **`: numbers by the decimal context, other kinds by the rules above, errors null."""
    slow = _SLOW[op]
    fast = FAST[op]
    cost = _COST_OF_POWER if op == "**" else 0

    def operate(a: Any, b: Any, run: Run) -> Any:
        try:
            if type(a) is Decimal and type(b) is Decimal:
                run.left -= cost
                return fast(a, b)
            run.left -= _COST_OF_OTHERS
            result = slow(a, b, run)
        except _ERRORS:
            run.note("operator", op, values.kind(a), values.kind(b))
            return None
        if result is None:
            run.note("operator", op, values.kind(a), values.kind(b))
        elif type(result) is WideDateTime:
            run.left -= _COST_OF_WIDE
        return result

    return operate


def negate(value: Any) -> Any:
    """`-value` for numbers and durations."""
    kind = values.kind(value)
    if kind == "number":
        return _CONTEXT.minus(value)
    if kind == _SPAN:
        return temporal.make_span(-temporal.nanos_of(value))
    return Months(-value.total) if kind == _MONTHS else None


def comparison(op: str) -> Operation:
    """The operation of `= != < <= > >=`."""

    def equal(a: Any, b: Any, run: Run) -> Any:
        run.spend()
        return values.equal(a, b, run)

    def unequal(a: Any, b: Any, run: Run) -> Any:
        run.spend()
        same = values.equal(a, b, run)
        return None if same is None else not same

    if op in ("=", "!="):
        return equal if op == "=" else unequal
    accepted = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0)}[op]

    def order(a: Any, b: Any, run: Run) -> Any:
        found = values.compare(a, b)
        if found is None:
            run.note("operator", op, values.kind(a), values.kind(b))
            return None
        return found in accepted

    return order


def holds(value: Any, test: Any, run: Run) -> bool | None:
    """Whether `value` passes a test given as a value: a range holds it, a list has it, or it is equal."""
    if type(test) is values.Range:
        return values.within(value, test, run)
    if type(test) is list:
        run.spend(1 + (len(test) >> 1))
        if type(value) is list and values.equal(value, test, run) is True:
            return True
        return any(_fits(value, item, run) is True for item in test)
    return values.equal(value, test, run)


def _fits(value: Any, item: Any, run: Run) -> bool | None:
    return values.within(value, item, run) if type(item) is values.Range else values.equal(value, item, run)


Property = Callable[[Any], Any]
_DATE_PROPERTIES: dict[str, Property] = {
    "year": lambda v: Decimal(v.year),
    "month": lambda v: Decimal(v.month),
    "day": lambda v: Decimal(v.day),
    "weekday": lambda v: Decimal(temporal.weekday(v)),
}
_TIME_PROPERTIES: dict[str, Property] = {
    "hour": lambda v: Decimal(v.hour),
    "minute": lambda v: Decimal(v.minute),
    "second": lambda v: Decimal(v.second),
    "time offset": temporal.offset_of,
    "timezone": lambda v: getattr(v.tzinfo, "key", None),
}


def _part(unit: int, modulus: int) -> Property:
    """One unit of a span, with the span's sign."""

    def part(span: Any) -> Decimal:
        nanos = temporal.nanos_of(span)
        whole = abs(nanos) // unit % modulus
        return Decimal(-whole if nanos < 0 else whole)

    return part


PROPERTIES: dict[str, dict[str, Property]] = {
    "date": _DATE_PROPERTIES | dict.fromkeys(("hour", "minute", "second"), lambda v: numbers.ZERO),
    "date and time": _DATE_PROPERTIES | _TIME_PROPERTIES,
    "time": _TIME_PROPERTIES,
    _MONTHS: {
        "years": lambda v: Decimal(abs(v.total) // 12 * (-1 if v.total < 0 else 1)),
        "months": lambda v: Decimal(abs(v.total) % 12 * (-1 if v.total < 0 else 1)),
    },
    _SPAN: {
        "days": _part(DAY, 10**18),
        "hours": _part(3600 * NANOS, 24),
        "minutes": _part(60 * NANOS, 60),
        "seconds": _part(NANOS, 60),
    },
    "range": {
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
        run.spend(1 + len(value))
        return [select(item, name, run) for item in value]
    properties = PROPERTIES.get(values.kind(value))
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
