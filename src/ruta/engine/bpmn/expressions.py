"""Every FEEL expression of a process with its place, for checking them before a case meets them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ruta.engine.bpmn.model import Node, Process


@dataclass(frozen=True, slots=True)
class Expression:
    """One FEEL text (without its leading "="), the element it stands in and its line; `place` names where."""

    element: str
    name: str
    line: int
    place: str
    text: str


def expressions(process: Process) -> Iterator[Expression]:
    """Yield all FEEL expressions of a process, flows first."""
    for flow in process.flows.values():
        if flow.condition is not None:
            yield Expression(flow.id, flow.name, flow.line, "condition", flow.condition)
    for node in process.nodes.values():
        for place, text in _written(node):
            if text.startswith("="):
                yield Expression(node.id, node.name, node.line, place, text[1:].strip())


def _written(node: Node) -> Iterator[tuple[str, str]]:
    for source, target in node.inputs:
        yield f"input {target}", source
    for source, target in node.outputs:
        yield f"output {target}", source
    yield "candidateGroups", node.groups
    yield "assignee", node.assignee
    yield "dueDate", node.due
    yield "calledElement", node.called_process
    if node.script:
        yield "script", f"={node.script}"
    if node.event is not None:
        yield "event", node.event.text
        yield "correlationKey", node.event.key or ""
    if node.loop is not None:
        yield "inputCollection", node.loop.collection or ""
        yield "loopCardinality", node.loop.cardinality
        yield "outputElement", node.loop.output_element
        if node.loop.condition:
            yield "condition", f"={node.loop.condition}"
