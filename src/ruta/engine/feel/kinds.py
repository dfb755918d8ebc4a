"""What operators, properties and built-in functions make of types (DMN 1.5, 10.3.2.13 and 10.3.2.15)."""

import functools
from collections.abc import Mapping
from typing import Any, Final

from ruta.engine.feel import values
from ruta.engine.feel.builtins.table import Overload, Param
from ruta.engine.feel.types import ANY, BY_NAME, NULL, SIMPLE, Type, join

NUMBER, STRING, BOOLEAN = SIMPLE["number"], SIMPLE["string"], SIMPLE["boolean"]
SPAN, MONTHS = SIMPLE["days and time duration"], SIMPLE["years and months duration"]
_SPANS = (SPAN.name, MONTHS.name)
_MOMENTS = ("date", "date and time", "time")
_DAYS = ("date", "date and time")
_DATE = dict.fromkeys(("year", "month", "day", "weekday"), NUMBER)
_CLOCK = dict.fromkeys(("hour", "minute", "second"), NUMBER)
_ZONE = {"time offset": SPAN, "timezone": STRING}
PROPERTIES: Final[dict[str, Mapping[str, Type]]] = {
    "date": _DATE | _CLOCK,
    "date and time": _DATE | _CLOCK | _ZONE,
    "time": _CLOCK | _ZONE,
    MONTHS.name: dict.fromkeys(("years", "months"), NUMBER),
    SPAN.name: dict.fromkeys(("days", "hours", "minutes", "seconds"), NUMBER),
}
_SAME = frozenset(("sublist", "remove", "reverse", "sort", "distinct values"))  # the first argument's
_ITEM = frozenset(("min", "max", "sum", "mean"))  # the items'


def type_of_value(value: Any) -> Type:
    """The type of a constant."""
    return NULL if value is None else BY_NAME.get(values.kind(value), ANY)


def result_of(name: str, result: str, given: list[Type]) -> Type:
    """The type of a built-in function's result for arguments of these types, `result` being as it is documented."""
    first = given[0] if given else ANY
    if name == "abs":
        return first if first.name in ("number", *_SPANS) else ANY
    if name in _SAME:
        return first if first.name == "list" else Type("list", first)
    if name in _ITEM:
        items = [first.element or ANY] if len(given) == 1 and first.name == "list" else given
        return functools.reduce(join, items) if items else ANY
    return BY_NAME.get(result, ANY)


def arithmetic(op: str, left: Type, right: Type) -> Type | None:  # noqa: PLR0911 - one return per rule
    """The type of `left op right` (DMN 1.5, 10.3.2.13, tables 52 to 56), or None when there is none."""
    a, b = left.name, right.name
    if "Any" in (a, b) or "Null" in (a, b):
        return NUMBER if op == "**" else ANY
    if a == b == "number":
        return NUMBER
    if op == "+" and a == b == "string":
        return STRING
    if op in ("+", "-") and a == b and a in _SPANS:
        return left
    if op == "-" and ((a in _DAYS and b in _DAYS) or a == b == "time"):
        return SPAN
    if op == "+" and a in _SPANS:
        left, right, a, b = right, left, b, a
    if op in ("+", "-") and ((a in _MOMENTS and b == SPAN.name) or (a in _DAYS and b == MONTHS.name)):
        return left
    if op in ("*", "/") and a in _SPANS and b == "number":
        return left
    if op == "*" and a == "number" and b in _SPANS:
        return right
    return NUMBER if op == "/" and a == b and a in _SPANS else None


def takes(overload: Overload, given: list[Type], labels: tuple[str, ...]) -> bool:
    """Whether a built-in function can be called so with values of these types."""
    if labels:
        order = overload.arrange(labels)
        if order is None:
            return False
        pairs = [
            (param, given[at]) for param, at in zip(overload.params, order, strict=True) if at is not None
        ]
    else:
        if not overload.takes(len(given)):
            return False
        last = len(overload.params) - 1
        pairs = [(overload.params[min(at, last)], of) for at, of in enumerate(given)]
    return all(_fits(param, of) for param, of in pairs)


def _fits(param: Param, of: Type) -> bool:
    if of.name in ("Any", "Null") or "any" in param.kinds or of.name in param.kinds or "list" in param.kinds:
        return True
    return of.name == "list" and (
        (of.element or ANY).name == "Any" or (of.element or ANY).name in param.kinds
    )
