"""Loops and filters over lists, ranges and counted spans; every turn is paid for."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ruta.engine.feel import numbers, values
from ruta.engine.feel.calls import Closure, Scope, Variables
from ruta.engine.feel.context import Run
from ruta.engine.feel.values import Range


def sift(items: list[Any], condition: Closure, env: Variables, run: Run, cost: int) -> Any:
    """`items[condition]`: the items for which it holds, or the item at a position (from 1; negative: from the end).

    Each item costs `cost` steps.
    """
    kept = []
    for item in items or [None]:
        run.spend(cost)
        if isinstance(item, Mapping):
            run.left -= len(item) >> 4
            scope = Scope(item, env)
        else:
            scope = Scope({}, env)
        scope.setdefault("item", item)
        verdict = condition(scope, run)
        if type(verdict) is Decimal:
            counts = verdict.adjusted() < 18 and verdict == verdict.to_integral_value()
            at = int(verdict) if counts else 0
            return items[at - 1 if at > 0 else at] if at and -len(items) <= at <= len(items) else None
        if verdict is True:
            kept.append(item)
        elif verdict is not None and verdict is not False:
            run.note("filter")
            return None if items else []
    return kept if items else []


_FAILED = "\0failed"


class _Span:
    """`a..b` of a loop: counted, never built."""

    __slots__ = ("end", "start")

    def __init__(self, start: Any, end: Any) -> None:
        self.start = start
        self.end = end

    def __iter__(self) -> Iterator[Any]:
        start, end = self.start, self.end
        if type(start) is Decimal and type(end) is Decimal:
            yield from _counted(start, end)
            return
        step = 1 if end >= start else -1
        day = start
        while True:
            yield day
            if day == end:
                return
            day = date.fromordinal(day.toordinal() + step)


def _counted(start: Decimal, end: Decimal) -> Iterator[Decimal]:
    """Whole numbers from one to another. Beyond 34 digits the next one is the same again: the budget ends it."""
    if max(start.adjusted(), end.adjusted()) < 34:
        first, last = int(start), int(end)
        step = 1 if last >= first else -1
        for at in range(first, last + step, step):
            yield Decimal(at)
        return
    onward = numbers.ONE if end >= start else -numbers.ONE
    while True:
        yield start
        if start == end:
            return
        start = numbers.CONTEXT.add(start, onward)


def span(start: Closure, end: Closure) -> Closure:
    def counted(env: Variables, run: Run) -> Any:
        return span_of(start(env, run), end(env, run))

    return counted


def span_of(low: Any, high: Any) -> Any:
    """The counted span between two whole numbers or two dates, or null."""
    if type(low) is Decimal and type(high) is Decimal:
        whole = low == low.to_integral_value() and high == high.to_integral_value()
        return _Span(low, high) if whole else None
    return _Span(low, high) if type(low) is date and type(high) is date else None


def items_of(domain: Any) -> Any:
    """What a loop goes through: the items of a list, the whole numbers or days of a range, or the one value."""
    if type(domain) is list or type(domain) is _Span or domain is None:
        return domain
    if type(domain) is Range:
        closed = domain.start_included and domain.end_included and not domain.op
        ascending = closed and values.compare(domain.start, domain.end) in (-1, 0)
        return span_of(domain.start, domain.end) if ascending else None
    return [domain]


def product(names: list[str], domains: list[Closure], scope: Scope, run: Run, cost: int) -> Iterator[None]:
    """Put each combination of the domains' items into `scope`, the last domain turning fastest; each costs `cost`."""
    if not domains:
        yield None
        return
    items = items_of(domains[0](scope, run))
    if items is None:
        scope[_FAILED] = True
        return
    for item in items:
        run.spend(cost)
        scope[names[0]] = item
        if len(domains) == 1:
            yield None
        else:
            yield from product(names[1:], domains[1:], scope, run, cost)
            if _FAILED in scope:
                return


def failed(scope: Scope) -> bool:
    return dict.__contains__(scope, _FAILED)
