"""From the file to a Process, or to the list of what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ruta.engine.bpmn.artifacts import SHOWN, read_artifacts, read_lanes, read_links
from ruta.engine.bpmn.compensation import is_undoing
from ruta.engine.bpmn.details import Details
from ruta.engine.bpmn.diagram import read_drawing
from ruta.engine.bpmn.extensions import refuse_unknown
from ruta.engine.bpmn.model import (
    ACTIVITIES,
    CONTAINERS,
    ROOT,
    BpmnError,
    BpmnProblem,
    Flow,
    Node,
    Process,
    ScopeDef,
)
from ruta.engine.bpmn.refusals import Findings, refuse
from ruta.engine.bpmn.xml import (
    BPMN,
    Element,
    attribute,
    by_id,
    child,
    children,
    in_bpmn,
    label,
    line_of,
    local,
    parse,
    reference,
    text,
)

NODES = ACTIVITIES | {
    "startEvent",
    "endEvent",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "boundaryEvent",
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "eventBasedGateway",
}

# Shown or ignored; none of them changes what is executed.
_PASSIVE = frozenset(
    {
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "laneSet",
        "dataObject",
        "association",
        *SHOWN,
        "property",
        "ioSpecification",
        "ioBinding",
        "auditing",
        "monitoring",
        "resourceRole",
        "performer",
        "humanPerformer",
        "potentialOwner",
        "correlationSubscription",
        "supportedInterfaceRef",
        "categoryValueRef",
        "multiInstanceLoopCharacteristics",
        "standardLoopCharacteristics",
        "dataInputAssociation",
        "dataOutputAssociation",
        "inputSet",
        "outputSet",
        "supports",
    }
)


@dataclass(frozen=True)
class Reading:
    """What a file holds: the process as far as it can be understood, and what cannot be executed in it."""

    process: Process
    problems: tuple[BpmnProblem, ...]


def read(xml: bytes, *, process_id: str | None = None) -> Process:
    """Return the executable process of a BPMN 2.0 file (Camunda 8 profile).

    `process_id` chooses among several. Raises BpmnError with everything that cannot be executed, by name, id
    and line; a process is never half understood.
    """
    reading = survey(xml, process_id=process_id)
    if reading.problems:
        raise BpmnError(reading.problems)
    return reading.process


def survey(xml: bytes, *, process_id: str | None = None) -> Reading:
    """Return the process with its problems instead of raising, for showing a file that cannot run yet.

    Raises BpmnError only when the file is no BPMN or holds no single process to read.
    """
    root = parse(xml)
    elements = by_id(root)
    element = _choose(root, process_id)
    findings = Findings()
    reader = _Reader(elements, findings)
    process = reader.process(element, attribute(root, "expressionLanguage"))
    shown = read_artifacts(root, element, elements)
    known = frozenset(process.nodes) | {each.id for each in shown}
    process = replace(
        process,
        drawing=read_drawing(root, elements),
        lanes=read_lanes(element),
        artifacts=shown,
        links=read_links(root, known),
    )
    refuse(process, findings, damaged=reader.damaged)
    return Reading(process, findings.found())


def process_ids(xml: bytes) -> tuple[str, ...]:
    """Return the ids of all processes of a file that hold something. Raises BpmnError for what is no BPMN."""
    return tuple(attribute(each, "id") for each in children(parse(xml), "process") if _holds(each))


def _holds(process: Element) -> bool:
    return any(True for _ in _flow_elements(process))


def _choose(root: Element, process_id: str | None) -> Element:
    """The process asked for; else the executable one, the only one that holds something, the only one at all."""
    processes = list(children(root, "process"))
    if process_id is not None:
        chosen = [each for each in processes if attribute(each, "id") == process_id]
    else:
        chosen = [each for each in processes if attribute(each, "isExecutable") == "true"]
        chosen = chosen or [each for each in processes if _holds(each)] or processes
    if len(chosen) == 1:
        return chosen[0]
    names = ", ".join(attribute(each, "id") for each in chosen)
    es = (
        f"El archivo tiene varios procesos ({names}): diga cuál, o marque uno solo como ejecutable."
        if chosen
        else "El archivo no tiene ningún proceso que se pueda ejecutar."
    )
    en = (
        f"The file has several processes ({names}): name the one, or mark only one as executable."
        if chosen
        else "The file has no process that can be executed."
    )
    line = line_of(chosen[0]) if chosen else line_of(root)
    raise BpmnError((BpmnProblem("definitions", "", line, {"es": es, "en": en}, "which-process"),))


class _Reader:
    def __init__(self, elements: dict[str, Element], findings: Findings) -> None:
        self.elements = elements
        self.findings = findings
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, Flow] = {}
        self.flow_scope: dict[str, str] = {}
        self.scopes: dict[str, ScopeDef] = {}
        self.order: dict[str, list[str]] = {}
        self.seen: set[str] = set()
        self.damaged: set[str] = set()

    def process(self, element: Element, language: str) -> Process:
        self.details = Details(self.elements, self.findings, feel="feel" in language.lower())
        if not attribute(element, "id"):
            es, en = "El proceso no tiene «id».", 'The process has no "id".'
            self.findings.add(element, "no-id", es=es, en=en)
        refuse_unknown(element, self.findings)
        self._collect(element, ROOT)
        self._connect()
        self._link()
        self._handlers(element)
        for scope in list(self.order):
            self.scopes[scope] = self._scope(scope)
        return Process(
            attribute(element, "id"),
            label(element),
            line_of(element),
            self.nodes,
            self.flows,
            self.scopes,
            text(child(element, "documentation")),
        )

    def _collect(self, container: Element, scope: str) -> None:
        """Read what is in a process or sub-process.

        What is refused is kept in its place, so that what stands around it is judged as it was drawn.
        """
        self.order[scope] = []
        for element in _flow_elements(container):
            kind = local(element)
            id = self._id(element, kind, scope)
            if not id:
                continue
            if kind == "sequenceFlow":
                self._flow(element, id, scope)
                continue
            if kind not in NODES:
                self.findings.add(
                    element,
                    "unsupported",
                    es=f"El elemento «{kind}» no se puede ejecutar.",
                    en=f'The element "{kind}" cannot be executed.',
                )
            self.order[scope].append(id)
            self.nodes[id] = self.details.node(element, id, scope)
            if kind in CONTAINERS:
                self._collect(element, id)

    def _id(self, element: Element, kind: str, scope: str) -> str:
        """The id of an element; one of our own where it has none, "" where another has the same."""
        id = attribute(element, "id")
        if not id:
            self.findings.add(
                element,
                "no-id",
                es=f"El elemento {kind} no tiene «id».",
                en=f'The element {kind} has no "id".',
            )
            id = f"{kind} {len(self.seen)}"
        elif id in self.seen:
            self.findings.add(
                element, "same-id", es=f"El id «{id}» está repetido.", en=f'The id "{id}" is used twice.'
            )
            self.damaged.add(scope)
            return ""
        self.seen.add(id)
        return id

    def _flow(self, element: Element, id: str, scope: str) -> None:
        condition = child(element, "conditionExpression")
        refuse_unknown(element, self.findings)
        self.flow_scope[id] = scope
        self.flows[id] = Flow(
            id,
            reference(attribute(element, "sourceRef")),
            reference(attribute(element, "targetRef")),
            label(element),
            None if condition is None else self.details.condition(element, condition),
            line_of(element),
        )

    def _connect(self) -> None:
        """Give each node its flows; a flow to nowhere or across a border is a problem and is dropped."""
        incoming: dict[str, list[str]] = {}
        outgoing: dict[str, list[Flow]] = {}
        for flow in list(self.flows.values()):
            source, target = self.nodes.get(flow.source), self.nodes.get(flow.target)
            scope = self.flow_scope[flow.id]
            if source is None or target is None or source.parent != scope or target.parent != scope:
                ends = f"{flow.source or '-'} → {flow.target or '-'}"
                self.findings.put(
                    flow.id,
                    flow.name,
                    flow.line,
                    "loose-flow",
                    es=f"La flecha no une dos elementos del mismo proceso o subproceso ({ends}).",
                    en=f"The flow does not join two elements of the same process or sub-process ({ends}).",
                )
                del self.flows[flow.id]
                continue
            outgoing.setdefault(flow.source, []).append(flow)
            incoming.setdefault(flow.target, []).append(flow.id)
        boundaries: dict[str, list[str]] = {}
        for node in self.nodes.values():
            if node.attached_to:
                boundaries.setdefault(node.attached_to, []).append(node.id)
        for id, node in self.nodes.items():
            self.nodes[id] = replace(
                node,
                incoming=tuple(incoming.get(id, ())),
                outgoing=tuple(outgoing.get(id, ())),
                boundaries=tuple(boundaries.get(id, ())),
            )

    def _link(self) -> None:
        """A throwing link event goes on at the catching one of its name: the same as a flow."""
        catches: dict[tuple[str, str], list[Node]] = {}
        for node in self.nodes.values():
            if node.kind == "intermediateCatchEvent" and node.event is not None and node.event.kind == "link":
                catches.setdefault((node.parent, node.event.name), []).append(node)
        for node in list(self.nodes.values()):
            if node.kind != "intermediateThrowEvent" or node.event is None or node.event.kind != "link":
                continue
            found = catches.get((node.parent, node.event.name), [])
            if len(found) != 1 or node.outgoing:
                self.findings.put(
                    node.id,
                    node.name,
                    node.line,
                    "loose-link",
                    es=f"El enlace «{node.event.name}» debe tener exactamente un destino con ese nombre.",
                    en=f'The link "{node.event.name}" must have exactly one target of that name.',
                )
                continue
            flow = Flow(f"{node.id}->{found[0].id}", node.id, found[0].id, line=node.line)
            self.flows[flow.id] = flow
            self.nodes[node.id] = replace(node, outgoing=(flow,))
            target = self.nodes[found[0].id]
            self.nodes[target.id] = replace(target, incoming=(*target.incoming, flow.id))

    def _handlers(self, process: Element) -> None:
        """A compensation event on a border names its handler by an association."""
        for element in process.iter(f"{{{BPMN}}}association"):
            source = self.nodes.get(reference(attribute(element, "sourceRef")))
            target = self.nodes.get(reference(attribute(element, "targetRef")))
            if source is None or target is None:
                continue
            if source.compensation and is_undoing(target):
                source, target = target, source
            if is_undoing(source) and source.kind == "boundaryEvent" and target.compensation:
                self.nodes[source.id] = replace(source, handler=target.id)

    def _scope(self, scope: str) -> ScopeDef:
        ids = self.order[scope]
        nodes = [self.nodes[id] for id in ids]
        starts = [node.id for node in nodes if node.kind == "startEvent"]
        if not starts:
            # Without start event every element that no flow leads to begins (BPMN 2.0.2, 13.2).
            starts = [
                node.id
                for node in nodes
                if not node.incoming
                and node.kind != "boundaryEvent"
                and not node.event_subprocess
                and not node.compensation
            ]
        event_starts = [
            inner.id
            for node in nodes
            if node.event_subprocess
            for inner in self.nodes.values()
            if inner.parent == node.id and inner.kind == "startEvent"
        ]
        return ScopeDef(scope, tuple(ids), tuple(starts), tuple(event_starts))


def _flow_elements(container: Element) -> Iterator[Element]:
    for element in container.iterchildren():
        if in_bpmn(element) and local(element) not in _PASSIVE:
            yield element
