"""What a decision needs to be given: told before anybody wonders why it is null."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ruta.engine.dmn import elements
from ruta.engine.dmn.errors import did_you_mean
from ruta.engine.dmn.graph import Node
from ruta.engine.dmn.outcome import Finding
from ruta.engine.nearest import nearest


@dataclass(slots=True, eq=False, repr=False)
class Wanted:
    """Names that must be given for a decision, and all that may be: inputs, parameters, imports that hold inputs."""

    needed: frozenset[str]
    all: frozenset[str]


def wanted_by(asked: Node, nodes: Iterable[Node]) -> Wanted:
    """What is read on the way to `asked`; of an input of an imported model, the import's name serves too."""
    needed: set[str] = set()
    seen: set[int] = set()
    waiting = [asked]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node.element, elements.InputData) and not any(node.path):
            needed.add(node.element.name)
        waiting += (read for _, _, read in node.reads)
    parameters = _parameters(asked)
    all_inputs = [node for node in nodes if isinstance(node.element, elements.InputData)]
    names = {name for node in all_inputs for name in (node.element.name, *node.path[:1])}
    return Wanted(frozenset(needed) | parameters, frozenset(names) | parameters | needed)


def _parameters(asked: Node) -> frozenset[str]:
    element = asked.element
    if isinstance(element, elements.Knowledge) and element.function is not None:
        return frozenset(param.name for param in element.function.params)
    if isinstance(element, elements.Service):
        data, decisions, _ = asked.members
        return frozenset(node.element.name for node in (*data, *decisions))
    return frozenset()


def odd_inputs(decision: str, wanted: Wanted, inputs: Mapping[str, Any]) -> Iterator[Finding]:
    """Findings "input-missing" for what is read and was not given, "input-unknown" for what no input is called."""
    given = [str(name) for name in inputs]
    for name in sorted(wanted.needed.difference(given)):
        say = {
            "es": f"{decision}: no se dio la entrada «{name}»; vale null.",
            "en": f"{decision}: the input “{name}” was not given; it is null.",
        }
        yield Finding("input-missing", decision, say)
    for name in given:
        if name not in wanted.all:
            hint = did_you_mean(nearest(name, wanted.all, cutoff=0.6))
            say = {
                "es": f"{decision}: ninguna entrada se llama «{name}».{hint['es']}",
                "en": f"{decision}: no input is called “{name}”.{hint['en']}",
            }
            yield Finding("input-unknown", decision, say)
