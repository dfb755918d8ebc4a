"""Relations between points and ranges (DMN 1.5, 10.3.4.9), after Allen's interval algebra."""

from collections.abc import Callable
from typing import Any

from ruta.engine.feel import operators, values
from ruta.engine.feel.builtins.table import builtin
from ruta.engine.feel.context import Run
from ruta.engine.feel.values import Range

_POINT = "number|string|date|date and time|time|days and time duration|years and months duration"


_COST_OF_RELATION = 6


def _order(a: Any, b: Any) -> int:
    found = values.compare(a, b)
    if found is None:
        raise ValueError("the values cannot be compared")
    return found


def _ends_before(a: Range, b: Range) -> bool:
    order = _order(a.end, b.start)
    return order < 0 or (order == 0 and not (a.end_included and b.start_included))


def _starts_first(a: Range, b: Range) -> bool:
    """Whether `a` holds no point before `b` does: a.start >= b.start, with the brackets."""
    order = _order(a.start, b.start)
    return order > 0 or (order == 0 and (b.start_included or not a.start_included))


def _ends_last(a: Range, b: Range) -> bool:
    order = _order(a.end, b.end)
    return order < 0 or (order == 0 and (b.end_included or not a.end_included))


def _same_start(a: Range, b: Range) -> bool:
    return _order(a.start, b.start) == 0 and a.start_included == b.start_included


def _same_end(a: Range, b: Range) -> bool:
    return _order(a.end, b.end) == 0 and a.end_included == b.end_included


def _meets(a: Range, b: Range) -> bool:
    return a.end_included and b.start_included and _order(a.end, b.start) == 0


def _overlaps(a: Range, b: Range) -> bool:
    return not _ends_before(a, b) and not _ends_before(b, a)


def _overlaps_before(a: Range, b: Range) -> bool:
    starts = _order(a.start, b.start)
    begins_first = starts < 0 or (starts == 0 and a.start_included and not b.start_included)
    ends = _order(a.end, b.end)
    stops_first = ends < 0 or (ends == 0 and (not a.end_included or b.end_included))
    return begins_first and not _ends_before(a, b) and stops_first


def _overlaps_after(a: Range, b: Range) -> bool:
    ends = _order(a.end, b.end)
    stops_last = ends > 0 or (ends == 0 and a.end_included and not b.end_included)
    starts = _order(a.start, b.start)
    begins_last = starts > 0 or (starts == 0 and (b.start_included or not a.start_included))
    return stops_last and not _ends_before(b, a) and begins_last


def _includes(a: Range, b: Range) -> bool:
    return _starts_first(b, a) and _ends_last(b, a)


def _two_ranges(name: str, test: Callable[[Range, Range], bool], example: str) -> None:
    @builtin(name, "range1: range, range2: range", "boolean", "A relation of two ranges.", example)
    def relation(run: Run, first: Range, second: Range) -> bool:
        run.spend(_COST_OF_RELATION)
        return test(first, second)


_two_ranges("meets", _meets, "meets([1..5], [5..10]) = true")
_two_ranges("met by", lambda a, b: _meets(b, a), "met by([5..10], [1..5]) = true")
_two_ranges("overlaps", _overlaps, "overlaps([1..5], [3..8]) = true")
_two_ranges("overlaps before", _overlaps_before, "overlaps before([1..5], [3..8]) = true")
_two_ranges("overlaps after", _overlaps_after, "overlaps after([3..8], [1..5]) = true")
_two_ranges(
    "coincides", lambda a, b: _same_start(a, b) and _same_end(a, b), "coincides([1..5], [1..5]) = true"
)
_two_ranges(
    "finishes", lambda a, b: _same_end(a, b) and _starts_first(a, b), "finishes([5..10], [1..10]) = true"
)
_two_ranges(
    "finished by",
    lambda a, b: _same_end(a, b) and _starts_first(b, a),
    "finished by([1..10], [5..10]) = true",
)
_two_ranges("starts", lambda a, b: _same_start(a, b) and _ends_last(a, b), "starts([1..5], [1..10]) = true")
_two_ranges(
    "started by", lambda a, b: _same_start(a, b) and _ends_last(b, a), "started by([1..10], [1..5]) = true"
)
_two_ranges("includes", _includes, "includes([1..10], [4..6]) = true")
_two_ranges("during", lambda a, b: _includes(b, a), "during([4..6], [1..10]) = true")
_two_ranges("before", _ends_before, "before([1..5], [6..10]) = true")
_two_ranges("after", lambda a, b: _ends_before(b, a), "after([6..10], [1..5]) = true")


@builtin("before", f"point1: {_POINT}, point2: {_POINT}", "boolean")
def _before_point(run: Run, a: Any, b: Any) -> bool:
    return _order(a, b) < 0


@builtin("before", f"point: {_POINT}, range: range", "boolean")
def _point_before(run: Run, point: Any, bounds: Range) -> bool:
    order = _order(point, bounds.start)
    return order < 0 or (order == 0 and not bounds.start_included)


@builtin("before", f"range: range, point: {_POINT}", "boolean")
def _range_before(run: Run, bounds: Range, point: Any) -> bool:
    order = _order(bounds.end, point)
    return order < 0 or (order == 0 and not bounds.end_included)


@builtin("after", f"point1: {_POINT}, point2: {_POINT}", "boolean")
def _after_point(run: Run, a: Any, b: Any) -> bool:
    return _order(a, b) > 0


@builtin("after", f"point: {_POINT}, range: range", "boolean")
def _point_after(run: Run, point: Any, bounds: Range) -> bool:
    order = _order(point, bounds.end)
    return order > 0 or (order == 0 and not bounds.end_included)


@builtin("after", f"range: range, point: {_POINT}", "boolean")
def _range_after(run: Run, bounds: Range, point: Any) -> bool:
    order = _order(bounds.start, point)
    return order > 0 or (order == 0 and not bounds.start_included)


@builtin("coincides", f"point1: {_POINT}, point2: {_POINT}", "boolean")
def _coincide(run: Run, a: Any, b: Any) -> bool:
    return _order(a, b) == 0


@builtin("finishes", f"point: {_POINT}, range: range", "boolean")
def _point_finishes(run: Run, point: Any, bounds: Range) -> bool:
    return bounds.end_included and _order(point, bounds.end) == 0


@builtin("finished by", f"range: range, point: {_POINT}", "boolean")
def _finished_by_point(run: Run, bounds: Range, point: Any) -> bool:
    return bounds.end_included and _order(point, bounds.end) == 0


@builtin("starts", f"point: {_POINT}, range: range", "boolean")
def _point_starts(run: Run, point: Any, bounds: Range) -> bool:
    return bounds.start_included and _order(point, bounds.start) == 0


@builtin("started by", f"range: range, point: {_POINT}", "boolean")
def _started_by_point(run: Run, bounds: Range, point: Any) -> bool:
    return bounds.start_included and _order(point, bounds.start) == 0


@builtin("includes", f"range: range, point: {_POINT}", "boolean")
def _includes_point(run: Run, bounds: Range, point: Any) -> bool | None:
    return operators.holds(point, bounds, run)


@builtin("during", f"point: {_POINT}, range: range", "boolean")
def _point_during(run: Run, point: Any, bounds: Range) -> bool | None:
    return operators.holds(point, bounds, run)
