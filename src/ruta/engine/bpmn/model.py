"""What a process is once read: nodes, flows and scopes, with the place of each in its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

ROOT = ""
"""The id of the outermost scope in `Process.scopes`; a sub-process is the scope with its own id."""

ACTIVITIES = frozenset(
    {
        "task",
        "manualTask",
        "userTask",
        "serviceTask",
        "sendTask",
        "receiveTask",
        "businessRuleTask",
        "scriptTask",
        "subProcess",
        "callActivity",
    }
)
"""Elements that do something, and can be repeated, interrupted and undone."""

CONTAINERS = frozenset({"subProcess", "transaction", "adHocSubProcess"})
"""Elements that hold others. Only a `subProcess` is executed."""

Label = Mapping[str, str]
"""The name of an element as people read it: `es` and, where the file has it, `en`; empty without a name."""

EventKind = Literal[
    "none",
    "message",
    "timer",
    "error",
    "escalation",
    "signal",
    "conditional",
    "link",
    "terminate",
    "compensate",
    "refused",
]
"""`refused` is an event that cannot be executed: of another kind, or several in one."""


def in_language(label: Label, lang: str) -> str:
    """Return a label in a language, in the other where that is missing; "" for an element without name."""
    return label.get(lang) or label.get("es") or label.get("en", "")


@dataclass(frozen=True, slots=True)
class BpmnProblem:
    """One fault of a process: the element (id, name, line of the file), and what is wrong with its cure.

    `name` is that of the file's attribute, by which its author finds it in any language.
    `check` names the rule; `path` is, for faults of soundness, the way through the process that shows it.
    """

    element: str
    name: str
    line: int
    say: Mapping[str, str]
    check: str = "unsupported"
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        label = f' "{self.name}"' if self.name else ""
        return f"line {self.line}: {self.element}{label}: {self.say['en']}"


class BpmnError(Exception):
    """A process that cannot be executed: every element in the way, by name, id and line."""

    def __init__(self, problems: tuple[BpmnProblem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class Event:
    """What a start, catch, throw, boundary or end event is about.

    `name`: name of the message, signal or link, code of the error or escalation ("" catches every code), or
    the activity that a compensation is about ("" is all that its scope has done).
    `key`: correlation key of a message, FEEL or literal. `text`: timer or condition; `timer` its kind.
    """

    kind: EventKind = "none"
    name: str = ""
    key: str | None = None
    text: str = ""
    timer: Literal["date", "duration", "cycle"] | None = None


@dataclass(frozen=True, slots=True)
class Loop:
    """How often an activity runs: once per item (multi-instance) or while a condition holds (standard loop).

    `collection` is None for a standard loop, and for a multi-instance that only has a `cardinality`: how many
    (its items are then 1, 2, 3…). `condition` ends a multi-instance early, or keeps a standard loop going;
    `maximum` limits a standard loop.
    """

    sequential: bool = False
    collection: str | None = None
    element: str = ""
    output_collection: str = ""
    output_element: str = ""
    condition: str = ""
    test_before: bool = False
    maximum: int | None = None
    cardinality: str = ""

    @property
    def multi(self) -> bool:
        """Whether it runs once per item."""
        return self.collection is not None or bool(self.cardinality)


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; `condition` is FEEL without its leading "=", or None."""

    id: str
    source: str
    target: str
    label: Label = field(default_factory=dict)
    condition: str | None = None
    line: int = 0

    @property
    def name(self) -> str:
        """The name in the file."""
        return self.label.get("es", "")


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node. Expressions are kept as written: with a leading "=" they are FEEL, else literal.

    `kind` is the element's name in BPMN (`userTask`, `exclusiveGateway`, …); `parent` the sub-process it is
    in ("" for the process). `job_type` is set where work is asked of the platform ("ruta.charge"), `headers`
    are what its definition tells whoever does it. `handler` is, for a compensation event on the border of an
    activity, the activity that undoes it; that one has `compensation`. A called process gets
    all variables where it `gives_variables`, else those mapped; of its results only those mapped are wanted where
    `keeps_results` is false.
    """

    id: str
    kind: str
    label: Label = field(default_factory=dict)
    line: int = 0
    parent: str = ROOT
    incoming: tuple[str, ...] = ()
    outgoing: tuple[Flow, ...] = ()
    default: str = ""
    event: Event | None = None
    attached_to: str = ""
    interrupting: bool = True
    boundaries: tuple[str, ...] = ()
    loop: Loop | None = None
    event_subprocess: bool = False
    properties: Mapping[str, str] = field(default_factory=dict)
    documentation: str = ""
    form_key: str = ""
    groups: str = ""
    assignee: str = ""
    due: str = ""
    job_type: str = ""
    inputs: tuple[tuple[str, str], ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()
    called_decision: str = ""
    called_process: str = ""
    script: str = ""
    result_variable: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    compensation: bool = False
    handler: str = ""
    keeps_results: bool = True
    gives_variables: bool = False

    @property
    def name(self) -> str:
        """The name in the file."""
        return self.label.get("es", "")

    def called(self, lang: str) -> str:
        """Return what to call the node in a sentence: its name in that language, else its id."""
        return in_language(self.label, lang) or self.id


@dataclass(frozen=True, slots=True)
class ScopeDef:
    """What is inside the process or one sub-process: its nodes, where it begins, and which events it listens
    to.

    `event_starts` are the start events of its event sub-processes.
    """

    id: str
    nodes: tuple[str, ...]
    starts: tuple[str, ...]
    event_starts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: who does what is in it. `parent` is the lane around it, "" for none."""

    id: str
    label: Label
    line: int
    nodes: tuple[str, ...]
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Artifact:
    """What is drawn for readers and never executed: a note, a data object or store, a group.

    `kind` is its name in BPMN (`textAnnotation`, `dataObjectReference`…), `label` its name or words, `scope` the
    sub-process it stands in.
    """

    id: str
    kind: str
    label: Label
    line: int
    scope: str = ROOT


@dataclass(frozen=True, slots=True)
class Box:
    """A drawn shape: where it is, what it is about, how it reads, and where its label stands beside it."""

    element: str
    kind: str
    label: Label
    x: float
    y: float
    width: float
    height: float
    label_at: tuple[float, float, float, float] | None = None
    horizontal: bool = True
    expanded: bool = True
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A drawn edge with its way points."""

    element: str
    kind: str
    label: Label
    points: tuple[tuple[float, float], ...]
    label_at: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Drawing:
    """The diagram of the file; empty when the file has none."""

    boxes: tuple[Box, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Process:
    """A process that can be executed. Immutable: read once per content hash and shared.

    `lanes`, `artifacts` and `links` (which artifact belongs to which element) are kept to be shown.
    """

    id: str
    label: Label
    line: int
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    scopes: Mapping[str, ScopeDef]
    documentation: str = ""
    drawing: Drawing = Drawing()
    lanes: tuple[Lane, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    links: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The name in the file."""
        return self.label.get("es", "")

    def node(self, id: str) -> Node:
        """Return the node with this id. Raises KeyError for an unknown one."""
        return self.nodes[id]

    @cached_property
    def compensable(self) -> frozenset[str]:
        """The activities whose being done is remembered: something undoes them, or something inside them."""
        found = {node.attached_to for node in self.nodes.values() if node.handler} & self.nodes.keys()
        undone = [
            start
            for scope in self.scopes.values()
            for start in scope.event_starts
            if _undoes(self.nodes[start])
        ]
        todo = [self.nodes[self.nodes[start].parent].parent for start in undone]
        found.update(todo)
        todo += [self.nodes[id].parent for id in found]
        while todo:
            scope = todo.pop()
            if scope and scope not in found:
                found.add(scope)
                todo.append(self.nodes[scope].parent)
        return frozenset(found)

    @cached_property
    def before_inclusive(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """For each inclusive gateway and each flow into it: the nodes from which that flow can be reached.

        Only ways that do not visit the gateway itself count (BPMN 2.0.2, 13.4.3).
        """
        return {
            node.id: {flow: self._behind(flow, node.id) for flow in node.incoming}
            for node in self.nodes.values()
            if node.kind == "inclusiveGateway" and len(node.incoming) > 1
        }

    def _behind(self, flow: str, gateway: str) -> frozenset[str]:
        found: set[str] = set()
        waiting = [self.flows[flow].source]
        while waiting:
            at = waiting.pop()
            if at == gateway or at in found:
                continue
            found.add(at)
            node = self.nodes[at]
            waiting.extend(self.flows[each].source for each in node.incoming)
            if node.attached_to:
                waiting.append(node.attached_to)
        return frozenset(found)


def _undoes(start: Node) -> bool:
    return start.event is not None and start.event.kind == "compensate"
