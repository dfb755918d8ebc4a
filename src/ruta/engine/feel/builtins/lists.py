"""Lists (DMN 1.5, 10.3.4.4): search, arithmetic over items, building and sorting."""

import functools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ruta.engine.feel import numbers, operators, temporal, values
from ruta.engine.feel.builtins.table import builtin
from ruta.engine.feel.context import Run
from ruta.engine.feel.temporal import SPANS, Months
from ruta.engine.feel.values import Function

_add = operators.arithmetic("+")
_COST_OF_MOMENTS = 6
"""Steps for what orders a date, time or duration, which may lie in a zone."""
_COST_OF_SPANS = 12
"""Steps for adding two durations."""


def _found(run: Run, items: list[Any], element: Any) -> list[int]:
    run.walk(len(items))
    return [at for at, item in enumerate(items) if values.equal(item, element, run) is True]


@builtin(
    "list contains",
    "list: list, element: any|null",
    "boolean",
    "Whether an item is in the list.",
    "list contains([1,2,3], 2) = true",
)
def _list_contains(run: Run, items: list[Any], element: Any) -> bool:
    return bool(_found(run, items, element))


@builtin("count", "list: list", "number", "How many items.", "count([1,2,3]) = 3")
def _count(run: Run, items: list[Any]) -> Decimal:
    return Decimal(len(items))


def _keys(run: Run, items: list[Any]) -> list[Any] | None:
    """What orders the items, or None when they are not of one ordered kind, or only some have a zone."""
    kind = values.kind(items[0])
    if kind not in values.ORDERED or any(values.kind(item) != kind for item in items):
        return None
    if kind not in values.TEMPORAL:
        return items
    run.spend(_COST_OF_MOMENTS * len(items))
    keys = [temporal.key(item) for item in items]
    return keys if len({zoned for zoned, _ in keys}) == 1 else None


def _extreme(run: Run, items: list[Any], choose: Callable[[list[Any]], Any]) -> Any:
    run.spend(len(items))
    keys = _keys(run, items) if items else None
    return None if keys is None else items[keys.index(choose(keys))]


@builtin("min", "c: any|null*", "Any")
@builtin("min", "list: list", "Any", "The least item.", "min([1,2,3]) = 1")
def _min(run: Run, items: list[Any]) -> Any:
    return _extreme(run, items, min)


@builtin("max", "c: any|null*", "Any")
@builtin("max", "list: list", "Any", "The greatest item.", "max([1,2,3]) = 3")
def _max(run: Run, items: list[Any]) -> Any:
    return _extreme(run, items, max)


def _numbers(run: Run, items: list[Any]) -> list[Decimal]:
    run.walk(len(items))
    if not all(type(item) is Decimal for item in items):
        raise ValueError("an item is not a number")
    return items


@builtin("sum", "n: any|null*", "number")
@builtin(
    "sum", "list: list", "number", "The sum of numbers or durations; of nothing null.", "sum([1,2,3]) = 6"
)
def _sum(run: Run, items: list[Any]) -> Any:
    run.items(len(items))
    if not items:
        return None
    if isinstance(items[0], (*SPANS, Months)):
        run.spend(_COST_OF_SPANS * len(items))
        return functools.reduce(lambda a, b: _add(a, b, run), items)
    return functools.reduce(numbers.CONTEXT.add, _numbers(run, items))


@builtin("mean", "n: any|null*", "number")
@builtin("mean", "list: list", "number", "The arithmetic mean of numbers or durations.", "mean([1,2,3]) = 2")
def _mean(run: Run, items: list[Any]) -> Any:
    total = _sum(run, items)
    return None if total is None else operators.arithmetic("/")(total, Decimal(len(items)), run)


@builtin("product", "n: any|null*", "number")
@builtin("product", "list: list", "number", "The product of numbers.", "product([2,3,4]) = 24")
def _product(run: Run, items: list[Any]) -> Decimal | None:
    return functools.reduce(numbers.CONTEXT.multiply, _numbers(run, items)) if items else None


@builtin("median", "n: any|null*", "number")
@builtin("median", "list: list", "number", "The middle number.", "median([8,2,5]) = 5")
def _median(run: Run, items: list[Any]) -> Decimal | None:
    run.spend(len(items) * len(items).bit_length() // 4)
    ordered = sorted(_numbers(run, items))
    if not ordered:
        return None
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return numbers.CONTEXT.divide(numbers.CONTEXT.add(ordered[half - 1], ordered[half]), Decimal(2))


@builtin("stddev", "n: any|null*", "number")
@builtin("stddev", "list: list", "number", "The sample standard deviation.", "stddev([47, 47]) = 0")
def _stddev(run: Run, items: list[Any]) -> Decimal | None:
    run.spend(len(items))
    if len(_numbers(run, items)) < 2:
        return None
    context, count = numbers.CONTEXT, Decimal(len(items))
    mean = context.divide(functools.reduce(context.add, items), count)
    squares = [context.power(context.subtract(item, mean), 2) for item in items]
    return context.sqrt(context.divide(functools.reduce(context.add, squares), context.subtract(count, 1)))


@builtin("mode", "n: any|null*", "list")
@builtin("mode", "list: list", "list", "The most frequent numbers, ascending.", "mode([6,3,9,6,6]) = [6]")
def _mode(run: Run, items: list[Any]) -> list[Decimal]:
    run.spend(len(items))
    counts: dict[Decimal, int] = {}
    for item in _numbers(run, items):
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, count in counts.items() if count == most)


def _judged(run: Run, items: list[Any], decisive: bool) -> bool | None:
    run.walk(len(items))
    if any(item is decisive for item in items):
        return decisive
    return (not decisive) if all(type(item) is bool for item in items) else None


@builtin("all", "b: any|null*", "boolean")
@builtin("all", "list: list", "boolean", "Whether all are true.", "all([true, false]) = false")
def _all(run: Run, items: list[Any]) -> bool | None:
    return _judged(run, items, False)


@builtin("any", "b: any|null*", "boolean")
@builtin("any", "list: list", "boolean", "Whether any is true.", "any([true, false]) = true")
def _any(run: Run, items: list[Any]) -> bool | None:
    return _judged(run, items, True)


@builtin(
    "sublist",
    "list: list, start position: number, length: number?",
    "list",
    "A part of a list, from a position (from 1; negative: from the end).",
    "sublist([4,5,6], 1, 2) = [4,5]",
)
def _sublist(run: Run, items: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any] | None:
    run.items(len(items))
    at, length = numbers.position(start), length and min(length, Decimal(len(items) + 1))
    if at == 0 or abs(at) > len(items) or (length is not None and length < 1):
        return None
    begin = at - 1 if at > 0 else len(items) + at
    if length is None:
        return items[begin:]
    return items[begin : begin + int(length)] if begin + int(length) <= len(items) else None


@builtin(
    "append",
    "list: list, item: any|null*",
    "list",
    "The list with more items.",
    "append([1], 2, 3) = [1,2,3]",
)
def _append(run: Run, items: list[Any], more: list[Any]) -> list[Any]:
    run.items(len(items) + len(more))
    return items + more


@builtin("concatenate", "list: list*", "list", "Lists in one.", "concatenate([1,2],[3]) = [1,2,3]")
def _concatenate(run: Run, lists: list[list[Any]]) -> list[Any]:
    run.items(sum(map(len, lists)))
    return [item for part in lists for item in part]


def _place(position: Decimal, length: int) -> int:
    at = numbers.position(position)
    if at == 0 or abs(at) > length:
        raise ValueError("no such position")
    return at - 1 if at > 0 else length + at


@builtin(
    "insert before",
    "list: list, position: number, newItem: any|null",
    "list",
    "The list with one more item before a position.",
    "insert before([1,3],1,2) = [2,1,3]",
)
def _insert(run: Run, items: list[Any], position: Decimal, new: Any) -> list[Any]:
    run.items(len(items))
    at = _place(position, len(items))
    return [*items[:at], new, *items[at:]]


@builtin(
    "remove",
    "list: list, position: number",
    "list",
    "The list without one item.",
    "remove([1,2,3], 2) = [1,3]",
)
def _remove(run: Run, items: list[Any], position: Decimal) -> list[Any]:
    run.items(len(items))
    at = _place(position, len(items))
    return items[:at] + items[at + 1 :]


@builtin(
    "list replace",
    "list: list, position: number, newItem: any|null",
    "list",
    "The list with another item at a position, or wherever a function says so.",
    "list replace([2,4], 2, 6) = [2,6]",
)
def _replace_at(run: Run, items: list[Any], position: Decimal, new: Any) -> list[Any]:
    run.items(len(items))
    at = _place(position, len(items))
    return [*items[:at], new, *items[at + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: any|null", "list")
def _replace_where(run: Run, items: list[Any], match: Function, new: Any) -> list[Any] | None:
    verdicts = [_ask(run, match, item, new) for item in items]
    if not all(type(verdict) is bool for verdict in verdicts):
        return None
    return [new if verdict else item for verdict, item in zip(verdicts, items, strict=True)]


def _ask(run: Run, function: Function, *given: Any) -> Any:
    if not function.variadic and len(given) != len(function.params):
        raise ValueError("the function takes another number of arguments")
    run.enter()
    verdict = function.call(run, *given)
    run.depth -= 1
    return verdict


@builtin("reverse", "list: list", "list", "The items backwards.", "reverse([1,2,3]) = [3,2,1]")
def _reverse(run: Run, items: list[Any]) -> list[Any]:
    run.items(len(items))
    return items[::-1]


@builtin(
    "index of", "list: list, match: any|null", "list", "Where an item is.", "index of([1,2,3,2],2) = [2,4]"
)
def _index_of(run: Run, items: list[Any], match: Any) -> list[Decimal]:
    return [Decimal(at + 1) for at in _found(run, items, match)]


@builtin("distinct values", "list: list", "list", "Each item once.", "distinct values([1,2,3,2,1]) = [1,2,3]")
def _distinct(run: Run, items: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for item in items:
        run.walk(len(kept))
        if not any(values.equal(item, other, run) is True for other in kept):
            kept.append(item)
    return kept


@builtin("union", "list: list*", "list", "Items of all lists, once each.", "union([1,2],[2,3]) = [1,2,3]")
def _union(run: Run, lists: list[list[Any]]) -> list[Any]:
    return _distinct(run, _concatenate(run, lists))


@builtin(
    "flatten", "list: list", "list", "Lists within lists undone.", "flatten([[1,2],[[3]], 4]) = [1,2,3,4]"
)
def _flatten(run: Run, items: list[Any]) -> list[Any]:
    flat: list[Any] = []
    for item in items:
        run.spend()
        flat.extend(_flatten(run, item) if type(item) is list else [item])
    return flat


def _precedes(run: Run, function: Function) -> Callable[[Any, Any], int]:
    def order(a: Any, b: Any) -> int:
        return -1 if _ask(run, function, a, b) is True else 1 if _ask(run, function, b, a) is True else 0

    return order


@builtin(
    "sort",
    "list: list, precedes: function",
    "list",
    "The list in the order of a function that says what precedes what; without one, ascending.",
    "sort([3,1], function(x,y) x < y) = [1,3]",
)
def _sort(run: Run, items: list[Any], precedes: Function) -> list[Any]:
    return sorted(items, key=functools.cmp_to_key(_precedes(run, precedes)))


@builtin("sort", "list: list", "list")
def _sort_naturally(run: Run, items: list[Any]) -> list[Any] | None:
    run.spend(len(items) * len(items).bit_length() // 8)
    keys = _keys(run, items) if items else []
    if keys is None:
        return None
    return [items[at] for at in sorted(range(len(items)), key=keys.__getitem__)]
