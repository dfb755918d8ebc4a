"""Which names an expression reads from outside."""

from collections.abc import Iterator

from ruta.engine.feel import syntax

_TURN = 2


def free(node: syntax.Node) -> tuple[set[str], set[str]]:
    """(names read for certain, names read inside filters, which may be entries of the filtered items)."""
    certain: set[str] = set()
    possible: set[str] = set()
    for name, filtered in _reads(node, frozenset(), False):
        (possible if filtered else certain).add(name)
    return certain, possible - certain


def every_name(node: syntax.Node) -> set[str]:
    """All names read, for certain or inside filters; `partial` counts as read by the body of a loop."""
    return {name for name, _ in _reads(node, frozenset(), False)}


_Reads = Iterator[tuple[str, bool]]


def _reads(node: syntax.Node, bound: frozenset[str], filtered: bool) -> _Reads:
    if isinstance(node, syntax.Name):
        if node.name not in bound:
            yield node.name, filtered
    elif isinstance(node, syntax.ContextOf):
        for name, entry in node.entries:
            yield from _reads(entry, bound, filtered)
            bound = bound | {name}
    elif isinstance(node, syntax.For | syntax.Quantified):
        for name, domain in node.domains:
            yield from _reads(domain, bound, filtered)
            bound = bound | {name}
        body = node.body if isinstance(node, syntax.For) else node.condition
        yield from _reads(body, bound | {"partial"} if isinstance(node, syntax.For) else bound, filtered)
    elif isinstance(node, syntax.FunctionOf):
        yield from _reads(node.body, bound.union(name for name, _ in node.params), filtered)
    elif isinstance(node, syntax.Filter):
        yield from _reads(node.value, bound, filtered)
        yield from _reads(node.condition, bound | {"item"}, True)
    elif isinstance(node, syntax.If):
        rungs, last = rungs_of(node)
        for part in (*(part for rung in rungs for part in rung), last):
            yield from _reads(part, bound, filtered)
    else:
        for child in children(node):
            yield from _reads(child, bound, filtered)


def turn_cost(node: syntax.Node) -> int:
    """Steps that one turn of a loop over this body costs, or one call of a function with it: by its constructs."""
    return _TURN + _constructs(node) // 4


def _constructs(node: syntax.Node) -> int:
    if isinstance(node, syntax.If):
        rungs, last = rungs_of(node)
        return len(rungs) + sum(_constructs(part) for rung in rungs for part in rung) + _constructs(last)
    return 1 + sum(map(_constructs, children(node)))


def rungs_of(node: syntax.If) -> tuple[list[tuple[syntax.Node, syntax.Node]], syntax.Node]:
    """A cascade of `else if` as (condition, value) pairs, and its last `else`: walked without going deeper."""
    rungs: list[tuple[syntax.Node, syntax.Node]] = []
    last: syntax.Node = node
    while isinstance(last, syntax.If):
        rungs.append((last.condition, last.then))
        last = last.otherwise
    return rungs, last


def children(node: syntax.Node) -> Iterator[syntax.Node]:
    """The constructs directly inside a construct."""
    for field in node.__dataclass_fields__:
        yield from _nodes(getattr(node, field))


def _nodes(part: object) -> Iterator[syntax.Node]:
    """A construct, or those in a tuple: arguments, or the entries and domains with their names."""
    if isinstance(part, tuple):
        for item in part:
            yield from _nodes(item)
    elif isinstance(part, syntax.Node) and not isinstance(part, syntax.TypeName):
        yield part
