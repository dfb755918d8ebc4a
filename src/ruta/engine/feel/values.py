"""The values of FEEL and what holds for all of them: kind, equality, order, text, and the way from and to JSON.

null is None, a boolean `bool`, a number `Decimal`, a string `str`, a list `list`, a context `dict`; dates, times and
durations are those of `temporal`; ranges and functions are the two classes here. Values are never changed in place.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, Protocol

from ruta.engine.feel import notation, numbers, temporal
from ruta.engine.feel.context import DEEPEST_VALUE, Run, over
from ruta.engine.feel.exact import Exact, json_number
from ruta.engine.feel.temporal import Months
from ruta.engine.feel.wide import WideDate, WideDateTime, WideSpan, WideTime

_MOST_NODES = 200_000
_MOST_DIGITS = 308  # beyond, readers of JSON have no number


@dataclass(frozen=True, slots=True)
class Range:
    """A range from `start` to `end`.

    `op` is the operator of a unary test: `< <= > >=` leave one end open, `= !=` are ranges only in name. A null end
    without one is unknown, not open.
    """

    start: Any
    end: Any
    start_included: bool
    end_included: bool
    op: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function value: parameter names, what computes it from (run, arguments), and parameter types for checks.

    `variadic`: any number of arguments go to the last parameter. `signature` is (parameter types, result type) where
    they are known, for `instance of`.
    """

    params: tuple[str, ...]
    call: Callable[..., Any]
    name: str = ""
    variadic: bool = False
    signature: Any = None
    optional: int = 0


COST_OF_HOST = 20
"""Steps that a call of a function of the host costs, beside what it gives back."""


def function(params: Sequence[str], impl: Callable[..., Any], *, paying: bool = False) -> Function:
    """A function of the host as a FEEL value: `impl` takes FEEL values in the order of `params`.

    It may raise `Stop`; what it returns is converted by `to_feel`. Missing arguments are null. One that is `paying`
    takes the run first, and pays there for what it does.
    """
    names = tuple(params)

    def call(run: Run, *args: Any) -> Any:
        run.spend(COST_OF_HOST)
        given = (*args, *[None] * (len(names) - len(args)))
        return to_feel(impl(run, *given) if paying else impl(*given), run)

    return Function(names, call, getattr(impl, "__name__", ""), optional=len(names))


KINDS: Final[dict[type, str]] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    list: "list",
    dict: "context",
    date: "date",
    datetime: "date and time",
    time: "time",
    timedelta: "days and time duration",
    Months: "years and months duration",
    WideDate: "date",
    WideDateTime: "date and time",
    WideTime: "time",
    WideSpan: "days and time duration",
    Range: "range",
    Function: "function",
}


def kind(value: Any) -> str:
    """The name of the value's kind, as `instance of` spells it ("null" for null)."""
    found = KINDS.get(type(value))
    if found:
        return found
    return "context" if isinstance(value, Mapping) else "unknown"


def to_feel(value: Any, run: "Walk | None" = None) -> Any:  # noqa: PLR0911 - one return per kind
    """A JSON (or plain Python) value as a FEEL value: numbers become decimals, tuples lists; strings stay strings.

    `run` pays for the items of lists and mappings. Raises TypeError for what FEEL has no kind for (a model instance,
    a set of rows): nothing foreign gets in; and OverBudget for a value nested too deep.
    """
    kind_of = type(value)
    if kind_of is str or kind_of is Decimal or kind_of is bool or value is None:
        return value
    if kind_of is int:
        return numbers.CONTEXT.create_decimal(value)
    if kind_of is float:
        return numbers.CONTEXT.create_decimal(repr(value)) if math.isfinite(value) else None
    try:
        if kind_of is dict or kind_of is list or kind_of is tuple:
            if run is not None:
                run.walk(len(value))
            if kind_of is dict:
                return {str(key): to_feel(item, run) for key, item in value.items()}
            return [to_feel(item, run) for item in value]
    except RecursionError:
        raise over("levels", DEEPEST_VALUE) from None
    if kind_of in KINDS:
        return value
    return _foreign(value, run)


def _foreign(value: Any, run: "Walk | None") -> Any:  # noqa: PLR0911 - one return per kind
    if isinstance(value, Exact):
        return value.digits
    for plain in (bool, int, float, str, Decimal):
        if isinstance(value, plain):
            return to_feel(plain(value))
    if _is_uuid(value):
        return str(value)
    if isinstance(value, datetime):
        return datetime.combine(value.date(), value.timetz())
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if isinstance(value, Mapping):
        return to_feel(dict(value), run)
    if isinstance(value, Sequence):
        return to_feel(list(value), run)
    raise TypeError(f"FEEL has no value for a {type(value).__name__}")


def _is_uuid(value: Any) -> bool:
    from uuid import UUID  # which asks the operating system about itself: not when a rule is only imported

    return isinstance(value, UUID)


def admit(value: Any) -> Any:
    """A scalar of the host met inside an expression as a FEEL value; a foreign object is null, a mapping stays."""
    if isinstance(value, Mapping):
        return value
    try:
        return to_feel(value)
    except TypeError:
        return None


class Walk(Protocol):
    """What pays for a walk over a value that may be deep, or small in memory and huge when written out."""

    def step(self, depth: int) -> None: ...
    def walk(self, items: int) -> None: ...
    def text(self, length: int) -> None: ...


class _Walk:
    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = _MOST_NODES

    def step(self, depth: int) -> None:
        self._spend(1)
        if depth > DEEPEST_VALUE:
            raise over("levels", DEEPEST_VALUE)

    def walk(self, items: int) -> None:
        self._spend(items >> 2)

    def text(self, length: int) -> None:
        self._spend(length >> 4)

    def _spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise over("items", _MOST_NODES)


def to_json(value: Any, run: "Walk | None" = None) -> Any:
    """A FEEL value as JSON: integral decimals as int, others as float, dates and durations as ISO 8601 text.

    A number of more digits than a float holds is an `Exact`, a float that `to_feel` and `dumps` have all digits of.

    A range becomes its text, a function null. `run` pays for it. Raises OverBudget for a value too deep or too large
    to write.
    """
    return _json(value, run or _Walk(), 0)


def _json(value: Any, walk: Walk, depth: int) -> Any:  # noqa: PLR0911 - one return per kind
    walk.step(depth)
    if isinstance(value, str):
        walk.text(len(value))
        return value
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Decimal):
        if value.adjusted() > _MOST_DIGITS:
            raise over("digits", _MOST_DIGITS)
        return json_number(value)
    if isinstance(value, list | tuple):
        return [_json(item, walk, depth + 1) for item in value]
    if isinstance(value, Mapping):
        return {key: _json(item, walk, depth + 1) for key, item in value.items()}
    if isinstance(value, Function):
        return None
    return notation.show_iso(value) if kind(value) in TEMPORAL else text(value)


def text(value: Any, run: Walk | None = None) -> str:
    """The value as `string()` writes it; null is "null" inside lists and contexts. `run` pays for it."""
    return _text(value, run or _Walk(), 0)


def _text(value: Any, walk: Walk, depth: int) -> str:  # noqa: PLR0911 - one return per kind
    walk.step(depth)
    if isinstance(value, str):
        walk.text(len(value))
        return f'"{_escape(value)}"' if depth else value
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, Decimal):
        return numbers.show(value)
    if isinstance(value, list):
        return "[" + ", ".join(_text(item, walk, depth + 1) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(k)}: {_text(v, walk, depth + 1)}" for k, v in value.items()) + "}"
    if isinstance(value, Range):
        return _range_text(value, walk, depth)
    if isinstance(value, Function):
        return f"function({', '.join(value.params)})"
    if kind(value) not in TEMPORAL:  # inside a mapping of the host
        return _text(admit(value), walk, depth)
    walk.walk(12)
    shown = notation.show(value)
    return f'@"{shown}"' if depth else shown


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _key(key: str) -> str:
    return key if key.replace(" ", "").replace("_", "").isalnum() else f'"{_escape(key)}"'


def _range_text(value: Range, walk: Walk, depth: int) -> str:
    if value.op:
        bound = value.end if value.start is None else value.start
        return f"({value.op} {_text(bound, walk, depth + 1)})"
    start, end = (_text(end, walk, depth + 1) for end in (value.start, value.end))
    return f"{'[' if value.start_included else '('}{start}..{end}{']' if value.end_included else ')'}"


def equal(a: Any, b: Any, run: Walk | None = None) -> bool | None:
    """FEEL's `=`: true, false, or null when the kinds differ (10.3.2.13, table 42). `run` pays for it."""
    kind_a = type(a)
    if kind_a is type(b) and kind_a in _PLAIN:
        return bool(a == b)
    return _equal(a, b, run or _Walk(), 0)


def _equal(a: Any, b: Any, walk: Walk, depth: int) -> bool | None:  # noqa: PLR0911 - one return per kind
    kind_a, kind_b = type(a), type(b)
    if kind_a is kind_b and kind_a in _PLAIN:
        return bool(a == b)
    if a is None or b is None:
        return a is b
    walk.step(depth)
    name_a, name_b = kind(a), kind(b)
    if name_a != name_b:
        return None
    if name_a == "list":
        if len(a) != len(b):
            return False
        walk.walk(len(a))
        return all(_equal(x, y, walk, depth + 1) is True for x, y in zip(a, b, strict=True))
    if name_a == "context":
        if a.keys() != b.keys():
            return False
        walk.walk(len(a))
        return all(_equal(a[key], b[key], walk, depth + 1) is True for key in a)
    if name_a in TEMPORAL:
        walk.walk(8)
        return temporal.same(a, b)
    if name_a == "range":
        ends = _equal(a.start, b.start, walk, depth + 1), _equal(a.end, b.end, walk, depth + 1)
        flags_match = (a.start_included, a.end_included, a.op) == (b.start_included, b.end_included, b.op)
        return flags_match and ends == (True, True)
    return a is b if name_a == "function" else bool(a == b)


_PLAIN = {bool, Decimal, str, date, timedelta, Months}
TEMPORAL = frozenset(("date", "date and time", "time", "days and time duration", "years and months duration"))

ORDERED = TEMPORAL | {"number", "string"}


def compare(a: Any, b: Any) -> int | None:
    """-1, 0 or 1 for two values of one ordered kind, else null."""
    name = kind(a)
    if name not in ORDERED or kind(b) != name:
        return None
    if name in TEMPORAL:
        (zoned_a, a), (zoned_b, b) = temporal.key(a), temporal.key(b)
        if zoned_a != zoned_b:
            return None
    return int(a > b) - int(a < b)


def within(value: Any, bounds: Range, run: Walk | None = None) -> bool | None:
    """Whether `value` lies in the range; null when it cannot be compared with its ends."""
    if bounds.op == "=":
        return equal(value, bounds.start, run)
    if bounds.op == "!=":
        same = equal(value, bounds.start, run)
        return None if same is None else not same
    if not bounds.op and (bounds.start is None or bounds.end is None):
        return None
    result = True
    if bounds.start is not None:
        order = compare(value, bounds.start)
        if order is None:
            return None
        result = order > 0 or (order == 0 and bounds.start_included)
    if bounds.end is not None:
        order = compare(value, bounds.end)
        if order is None:
            return None
        result = result and (order < 0 or (order == 0 and bounds.end_included))
    return result
