"""Fast tests for the everyday cells of decision tables: one value, a list of values, a range with fixed ends."""

import operator
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from ruta.engine.feel import syntax, values
from ruta.engine.feel.builtins import TABLE, bind
from ruta.engine.feel.calls import Closure, Variables
from ruta.engine.feel.context import Context, Run
from ruta.engine.feel.values import Range

_LITERAL_FUNCTIONS = frozenset(("date", "time", "date and time", "duration"))
_TIMELESS = Context(datetime(2000, 1, 1, tzinfo=UTC))
_HASHED = frozenset((Decimal, str, bool, date))
_ORDERED = frozenset((Decimal, str, date, timedelta))


class Fixed:
    """The test of a cell that reads only its input: `accepts` takes (value, run), the call (variables, run).

    `cuts`: between two neighbours of these values, all of one ordered kind, all values of the kind pass or none; None
    when that is not so.
    """

    __slots__ = ("accepts", "cuts")

    def __init__(
        self, accepts: Callable[[Any, Run], bool], cuts: frozenset[Any] | None = frozenset()
    ) -> None:
        self.accepts = accepts
        self.cuts = cuts if cuts is not None and len({type(cut) for cut in cuts}) <= 1 else None

    def __call__(self, env: Variables, run: Run) -> bool:
        return self.accepts(env["?"], run)


def fixed_of(tests: Sequence[Closure], *, negated: bool) -> Fixed | None:
    """Several fixed tests as one, or None when a test is not fixed."""
    fixed = [test for test in tests if isinstance(test, Fixed)]
    if len(fixed) < len(tests):
        return None
    accepting = tuple(test.accepts for test in fixed)
    cuts = [test.cuts for test in fixed]
    every = None if None in cuts else frozenset().union(*(part for part in cuts if part))
    return Fixed(lambda value, run: any(accepts(value, run) for accepts in accepting) is not negated, every)


def fold(node: syntax.Node, bound: frozenset[str]) -> syntax.Node:
    """`date("2026-01-01")` and its like as the constant that it is; any other construct unchanged."""
    if not isinstance(node, syntax.Call) or not isinstance(node.function, syntax.Name) or node.names:
        return node
    name = node.function.name
    if name not in _LITERAL_FUNCTIONS or name in bound:
        return node
    if not all(isinstance(argument, syntax.Constant) for argument in node.arguments):
        return node
    given = tuple(
        _always(argument.value) for argument in node.arguments if isinstance(argument, syntax.Constant)
    )
    return syntax.Constant(node.at, bind(TABLE[name], given, ())({}, Run(_TIMELESS)))


def _always(value: Any) -> Closure:
    return lambda env, run: value


def fixed_range(node: syntax.Interval) -> Range | None:
    """The range of an interval whose ends are constants, or None."""
    ends = [end.value for end in (node.start, node.end) if isinstance(end, syntax.Constant)]
    given = sum(end is not None for end in (node.start, node.end))
    if len(ends) != given or None in ends or (given == 2 and values.compare(*ends) is None):
        return None
    start = ends[0] if node.start else None
    end = ends[-1] if node.end else None
    return Range(start, end, node.start_included, node.end_included, node.op)


def test_of_values(tests: Sequence[syntax.Node]) -> Fixed | None:
    """The test of cells like `"a", "b"`, or None when they are not all constants of one simple kind."""
    found = [test.value for test in tests if isinstance(test, syntax.Constant)]
    kinds = {type(value) for value in found}
    if len(found) < len(tests) or len(kinds) != 1 or not kinds <= _HASHED:
        return None
    kind, listed = kinds.pop(), frozenset(found)
    cuts = listed if kind in _ORDERED else None
    if len(listed) == 1:
        only = found[0]
        return Fixed(lambda value, run: type(value) is kind and value == only, cuts)
    return Fixed(lambda value, run: type(value) is kind and value in listed, cuts)


def test_of_range(bounds: Range) -> Fixed:
    """The test of a range with fixed ends."""
    low, high = bounds.start, bounds.end
    kind = type(high if low is None else low)
    above = operator.ge if bounds.start_included else operator.gt
    below = operator.le if bounds.end_included else operator.lt

    def slow(value: Any, run: Run) -> bool:
        run.spend()
        return values.within(value, bounds, run) is True

    cuts = frozenset(end for end in (low, high) if end is not None) if kind in _ORDERED else None
    if bounds.op in ("=", "!=") or kind not in _ORDERED:
        return Fixed(slow, cuts)
    if low is None:
        return Fixed(lambda value, run: below(value, high) if type(value) is kind else slow(value, run), cuts)
    if high is None:
        return Fixed(lambda value, run: above(value, low) if type(value) is kind else slow(value, run), cuts)

    def between(value: Any, run: Run) -> bool:
        return above(value, low) and below(value, high) if type(value) is kind else slow(value, run)

    return Fixed(between, cuts)
