"""A process as lines of text: its elements in the order of the flow, sub-processes indented, positions as dots."""

from collections import Counter
from collections.abc import Iterable, Iterator

from ruta.engine import bpmn
from ruta.engine.bpmn.model import ROOT
from ruta.engine.bpmn.ranks import columns

_MARK = {"armed": "◌", "joining": "◐", "stuck": "✗", "inside": "○"}
_SHAPE = {"Event": "○", "Gateway": "◇", "Process": "▣"}


def tree(process: bpmn.Process, tokens: Iterable[bpmn.Token]) -> Iterator[str]:
    """The lines of a process: ● waits here, ◐ waits for the others, ○ is inside, ◌ only listens, ✗ is stuck."""
    at: dict[str, Counter[str]] = {}
    numbers: dict[str, list[int]] = {}
    for token in tokens:
        at.setdefault(token.node, Counter())[_MARK.get(token.status, "●")] += 1
        numbers.setdefault(token.node, []).append(token.id)
    yield from _scope(process, ROOT, 1, at, numbers)


def _scope(
    process: bpmn.Process, scope: str, depth: int, at: dict[str, Counter[str]], numbers: dict[str, list[int]]
) -> Iterator[str]:
    order = [node for column in columns(process, scope) for node in column]
    for node in order:
        for each in (node, *(process.nodes[id] for id in node.boundaries)):
            yield _line(process, each, depth + (each is not node), at, numbers)
        if node.id in process.scopes:
            yield from _scope(process, node.id, depth + 1, at, numbers)


def _line(
    process: bpmn.Process,
    node: bpmn.Node,
    depth: int,
    at: dict[str, Counter[str]],
    numbers: dict[str, list[int]],
) -> str:
    here = "".join(mark * count for mark, count in sorted(at.get(node.id, Counter()).items()))
    shape = next((mark for suffix, mark in _SHAPE.items() if node.kind.endswith(suffix)), "□")
    name = f" «{node.name}»" if node.name and node.name != node.id else ""
    ways = ", ".join(flow.target for flow in node.outgoing)
    ids = f" [{', '.join(map(str, numbers[node.id]))}]" if node.id in numbers else ""
    event = f" {node.event.kind}" if node.event is not None and node.event.kind != "none" else ""
    return f"{here:>4} {'  ' * depth}{shape} {node.id}{name}{event}{ids}" + (f" → {ways}" if ways else "")
