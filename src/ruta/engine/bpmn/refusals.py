"""What cannot be executed, said by name, id and line with its cure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from ruta.engine.bpmn.model import ACTIVITIES, CONTAINERS, ROOT, BpmnProblem, Node, Process
from ruta.engine.bpmn.timers import is_timer
from ruta.engine.bpmn.xml import Element, attribute, line_of, local

_CATCHES = frozenset({"message", "timer", "signal", "conditional"})
_ALLOWED: dict[str, frozenset[str]] = {
    "startEvent": _CATCHES | {"none", "error", "escalation", "compensate"},
    "endEvent": frozenset({"none", "message", "error", "escalation", "signal", "terminate", "compensate"}),
    "intermediateCatchEvent": _CATCHES | {"link"},
    "intermediateThrowEvent": frozenset({"none", "message", "escalation", "signal", "link", "compensate"}),
    "boundaryEvent": _CATCHES | {"error", "escalation", "compensate"},
}

_UNCONDITIONAL = frozenset({"parallelGateway", "eventBasedGateway", "startEvent", "boundaryEvent"})

Complaint = tuple[str, str, str]


class Findings:
    """Problems as they are found; each element says a thing once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], BpmnProblem] = {}

    def put(self, id: str, name: str, line: int, check: str, *, es: str, en: str) -> None:
        """Add a problem of an element by its id, name and line."""
        self._found.setdefault((id, check, en), BpmnProblem(id, name, line, {"es": es, "en": en}, check))

    def add(self, element: Element, check: str, *, es: str, en: str) -> None:
        """Add a problem of an XML element."""
        name = " ".join(attribute(element, "name").split())
        self.put(attribute(element, "id") or local(element), name, line_of(element), check, es=es, en=en)

    def cannot(self, element: Element, check: str, *, es: str, en: str) -> None:
        """Add that something of an XML element cannot be executed."""
        self.add(element, check, es=f"No se puede ejecutar: {es}.", en=f"Cannot be executed: {en}.")

    def found(self) -> tuple[BpmnProblem, ...]:
        """Return all problems in the order of the file."""
        return tuple(sorted(self._found.values(), key=lambda each: each.line))


def refuse(process: Process, findings: Findings, *, damaged: Collection[str] = ()) -> None:
    """Add what makes a process not executable although each element alone can be read.

    `damaged` are the scopes of which an element could not even be kept: of these nothing more is said.
    """
    for node in process.nodes.values():
        for rule in _RULES:
            for check, es, en in rule(process, node):
                findings.put(node.id, node.name, node.line, check, es=es, en=en)
    for scope in process.scopes.values():
        owner = process.nodes.get(scope.id)
        if scope.id in damaged or (owner is not None and owner.kind != "subProcess"):
            continue
        id, name, line = process.id or "process", process.name, process.line
        if owner is not None:
            id, name, line = owner.id, owner.name, owner.line
        for check, es, en in _starts(process, scope.id):
            findings.put(id, name, line, check, es=es, en=en)


def _starts(process: Process, scope: str) -> Iterator[Complaint]:
    definition = process.scopes[scope]
    owner = process.nodes.get(scope)
    kinds = [process.nodes[id] for id in definition.starts if process.nodes[id].kind == "startEvent"]
    plain = [node for node in kinds if node.event is None or node.event.kind == "none"]
    if not definition.nodes:
        yield "empty", "No tiene ningún elemento.", "It has no element."
    elif not definition.starts:
        yield "no-start", "No tiene por dónde empezar.", "It has nowhere to begin."
    elif len(plain if scope == ROOT else kinds) > 1:
        yield (
            "many-starts",
            "Tiene varios sucesos de inicio simples; debe tener uno.",
            "It has several plain start events; it must have one.",
        )
    if owner is not None and owner.event_subprocess and len(kinds) != 1:
        yield (
            "event-start",
            "Un subproceso de suceso empieza con un suceso de inicio.",
            "An event sub-process begins with one start event.",
        )


def _event(process: Process, node: Node) -> Iterator[Complaint]:
    allowed = _ALLOWED.get(node.kind)
    if allowed is None or node.event is None or node.event.kind == "refused":
        return
    kind = node.event.kind
    if node.kind == "startEvent":
        owner = process.nodes.get(node.parent)
        if owner is not None and owner.event_subprocess:
            if kind == "none":
                yield (
                    "event-start",
                    "El inicio de un subproceso de suceso debe decir qué suceso espera.",
                    "The start of an event sub-process must say which event it waits for.",
                )
            if kind == "error" and not node.interrupting:
                yield "error-interrupts", "Un error siempre interrumpe.", "An error always interrupts."
            if kind == "compensate" and not (
                owner.parent and process.nodes[owner.parent].kind == "subProcess"
            ):
                yield (
                    "event-here",
                    "Solo lo que está dentro de un subproceso se puede compensar así.",
                    "Only what is inside a sub-process can be compensated so.",
                )
        elif owner is not None and kind != "none":
            yield (
                "start-by-event",
                f"Un subproceso no empieza por un suceso de tipo «{kind}»: use un inicio simple.",
                f'A sub-process cannot begin with an event of kind "{kind}": use a plain start.',
            )
        elif kind not in _CATCHES | {"none"}:
            yield (
                "start-by-event",
                f"Un proceso no puede empezar por un suceso de tipo «{kind}».",
                f'A process cannot begin with an event of kind "{kind}".',
            )
    elif kind not in allowed:
        yield (
            "event-here",
            f"Un suceso de tipo «{kind}» no se puede ejecutar en este lugar ({node.kind}).",
            f'An event of kind "{kind}" cannot be executed in this place ({node.kind}).',
        )
    if node.kind == "boundaryEvent" and kind == "error" and not node.interrupting:
        yield "error-interrupts", "Un error siempre interrumpe.", "An error always interrupts."
    if kind == "timer" and not node.event.text.startswith("=") and not is_timer(node.event.text):
        yield (
            "timer",
            f"«{node.event.text}» no es una duración, una fecha ni un ciclo (P3D, 2026-03-01, R3/PT1H).",
            f'"{node.event.text}" is no duration, date or cycle (P3D, 2026-03-01, R3/PT1H).',
        )


def _flows(process: Process, node: Node) -> Iterator[Complaint]:
    if node.kind in ("startEvent", "boundaryEvent") and node.incoming:
        yield "flow-in", "Ninguna flecha puede entrar aquí.", "No flow may come in here."
    if node.kind == "endEvent" and node.outgoing:
        yield "flow-out", "Ninguna flecha puede salir de un fin.", "No flow may leave an end event."
    if node.event_subprocess and (node.incoming or node.outgoing):
        yield (
            "flow-event-subprocess",
            "Un subproceso de suceso no lleva flechas.",
            "An event sub-process has no flows.",
        )
    if node.default and node.default not in {flow.id for flow in node.outgoing}:
        yield (
            "default",
            "La flecha por defecto no sale de este elemento.",
            "The default flow does not leave this element.",
        )
    conditional = [flow for flow in node.outgoing if flow.condition is not None]
    if node.kind in _UNCONDITIONAL and conditional:
        yield (
            "condition-here",
            f"La flecha «{conditional[0].id}» no puede llevar una condición.",
            f'The flow "{conditional[0].id}" cannot have a condition here.',
        )
    if node.kind == "exclusiveGateway" and len(node.outgoing) > 1:
        for flow in node.outgoing:
            if flow.condition is None and flow.id != node.default:
                label = flow.name or flow.id
                yield (
                    "no-condition",
                    f"La salida «{label}» no tiene condición ni es la salida por defecto.",
                    f'The way out "{label}" has no condition and is not the default.',
                )


def _work(process: Process, node: Node) -> Iterator[Complaint]:
    if node.job_type:
        return
    if node.kind == "serviceTask":
        yield (
            "no-type",
            "Falta el tipo de trabajo (zeebe:taskDefinition, por ejemplo ruta.charge).",
            "It needs the type of work (zeebe:taskDefinition, for example ruta.charge).",
        )
    elif node.kind in ("sendTask", "receiveTask") and node.event is None:
        yield "no-message", "Falta el mensaje.", "It needs a message."
    elif node.kind == "businessRuleTask" and not node.called_decision:
        yield (
            "no-decision",
            "Falta la decisión (zeebe:calledDecision).",
            "It needs a decision (zeebe:calledDecision).",
        )
    elif node.kind == "scriptTask" and not node.script:
        yield "no-script", "Falta la expresión FEEL.", "It needs a FEEL expression."
    elif node.kind == "callActivity" and not node.called_process:
        yield (
            "no-process",
            "Falta el proceso que se llama (zeebe:calledElement).",
            "It needs the process to call (zeebe:calledElement).",
        )


def _attached(process: Process, node: Node) -> Iterator[Complaint]:
    if node.kind != "boundaryEvent":
        return
    host = process.nodes.get(node.attached_to)
    able = host is not None and host.kind in ACTIVITIES | CONTAINERS and not host.event_subprocess
    if host is None or host.parent != node.parent or not able:
        yield (
            "attached-to",
            "No está puesto sobre ninguna actividad de este nivel.",
            "It is not attached to an activity of this level.",
        )


def _compensation(process: Process, node: Node) -> Iterator[Complaint]:
    """Handlers stand beside the flow, and what is to be undone can be."""
    if node.compensation:
        named = [each for each in process.nodes.values() if each.handler == node.id]
        if not named:
            yield (
                "compensation",
                "Ningún suceso de compensación apunta a esta actividad.",
                "No compensation event points to this activity.",
            )
        if node.incoming or node.outgoing or node.boundaries or node.event_subprocess:
            yield (
                "compensation",
                "Una actividad de compensación no lleva flechas ni sucesos en su borde.",
                "An activity of compensation has no flows and no events on its border.",
            )
        if any(each.parent != node.parent for each in named):
            yield (
                "compensation",
                "Una actividad de compensación está en el mismo nivel que lo que deshace.",
                "An activity of compensation is at the level of what it undoes.",
            )
    event = node.event
    if event is None or event.kind != "compensate":
        return
    if node.kind == "boundaryEvent":
        if not node.handler or node.outgoing:
            yield (
                "compensation",
                "Un suceso de compensación en un borde lleva una asociación a su actividad, y ninguna flecha.",
                "A compensation event on a border has an association to its activity, and no flow.",
            )
    elif event.name and (process.nodes.get(event.name) is None or event.name not in process.compensable):
        yield (
            "compensation",
            f"«{event.name}» no tiene con qué deshacerse.",
            f'"{event.name}" has nothing that undoes it.',
        )


def _repeated(process: Process, node: Node) -> Iterator[Complaint]:
    if node.event_subprocess and node.loop is not None:
        yield (
            "event-subprocess",
            "Un subproceso de suceso corre una vez por suceso: no se repite.",
            "An event sub-process runs once for each event: it is not repeated.",
        )


def _computed(process: Process, node: Node) -> Iterator[Complaint]:
    """Names are looked up before a case runs: by the checks, by who waits for a message."""
    event = node.event.name if node.event is not None else ""
    for name in (event, node.job_type, node.called_decision):
        if name.startswith("="):
            yield (
                "computed",
                f"«{name}» es un nombre calculado: escriba el nombre mismo.",
                f'"{name}" is a computed name: write the name itself.',
            )


def _event_gateway(process: Process, node: Node) -> Iterator[Complaint]:
    if node.kind != "eventBasedGateway":
        return
    if not node.outgoing:
        yield "no-events", "No espera ningún suceso.", "It waits for no event."
    for flow in node.outgoing:
        target = process.nodes[flow.target]
        event = target.event.kind if target.event is not None else ""
        catches = target.kind == "intermediateCatchEvent" and event in _CATCHES | {"refused"}
        if not catches and not (target.kind == "receiveTask" and target.loop is None):
            label = target.name or target.id
            yield (
                "event-gateway",
                f"Después de esta compuerta solo puede haber sucesos; «{label}» no lo es.",
                f'Only events may follow this gateway; "{label}" is none.',
            )
        elif len(target.incoming) > 1 or target.boundaries:
            label = target.name or target.id
            yield (
                "event-gateway",
                f"«{label}» espera detrás de una compuerta de sucesos y debe tener una sola entrada.",
                f'"{label}" waits behind an event gateway and must have one way in.',
            )


_RULES: tuple[Callable[[Process, Node], Iterator[Complaint]], ...] = (
    _event,
    _flows,
    _work,
    _attached,
    _compensation,
    _event_gateway,
    _repeated,
    _computed,
)
