"""A process as lines of text: its elements in the order of the flow, sub-processes indented, positions as dots."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ruta.engine import bpmn
from ruta.engine.bpmn.model import ROOT
from ruta.engine.bpmn.ranks import columns

_MARK = {"armed": "◌", "joining": "◐", "stuck": "✗", "inside": "○"}
_SHAPE = {"Event": "○", "Gateway": "◇", "Process": "▣"}


def tree(process: bpmn.Process, tokens: Iterable[bpmn.Token], lang: str) -> Iterator[str]:
    """The lines of a process: ● waits here, ◐ waits for the others, ○ is inside, ◌ only listens, ✗ is stuck."""
    at: dict[str, Counter[str]] = {}
    numbers: dict[str, list[int]] = {}
    for token in tokens:
        at.setdefault(token.node, Counter())[_MARK.get(token.status, "●")] += 1
        numbers.setdefault(token.node, []).append(token.id)
    yield from _scope(process, ROOT, 1, _Places(at, numbers, lang))


@dataclass(frozen=True)
class _Places:
    """Where the tokens are: their marks and numbers by element; and the language of names."""

    marks: dict[str, Counter[str]]
    numbers: dict[str, list[int]]
    lang: str


def _scope(process: bpmn.Process, scope: str, depth: int, places: _Places) -> Iterator[str]:
    for node in (node for column in columns(process, scope) for node in column):
        for each in (node, *(process.nodes[id] for id in node.boundaries)):
            yield _line(each, depth + (each is not node), places)
        if node.id in process.scopes:
            yield from _scope(process, node.id, depth + 1, places)


def _line(node: bpmn.Node, depth: int, places: _Places) -> str:
    here = "".join(mark * count for mark, count in sorted(places.marks.get(node.id, Counter()).items()))
    shape = next((mark for suffix, mark in _SHAPE.items() if node.kind.endswith(suffix)), "□")
    called = node.called(places.lang)
    name = f" «{called}»" if called != node.id else ""
    ways = ", ".join(flow.target for flow in node.outgoing)
    ids = f" [{', '.join(map(str, places.numbers[node.id]))}]" if node.id in places.numbers else ""
    event = f" {node.event.kind}" if node.event is not None and node.event.kind != "none" else ""
    return f"{here:>4} {'  ' * depth}{shape} {node.id}{name}{event}{ids}" + (f" → {ways}" if ways else "")
