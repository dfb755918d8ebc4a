"""Small processes for tests, written as BPMN text, and a case that runs them with real FEEL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from ruta.engine import feel
from ruta.engine.bpmn import (
    CaseEnded,
    Command,
    Complete,
    Effect,
    Entered,
    JobDone,
    Process,
    Receive,
    Start,
    State,
    Token,
    read,
    step,
)
from ruta.engine.rules import FeelRules as EngineRules
from ruta.engine.terms import Calendar

NOW = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)
CALENDAR = Calendar.colombia(range(2025, 2029))

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:test">\n'
)

MESSAGES = ("go", "other", "news")
SIGNALS = ("alarm",)
ERRORS = ("broken", "lost")
ESCALATIONS = ("late",)


def document(*parts: str, more: str = "") -> bytes:
    """A file with one executable process and the messages, signals, errors and escalations of these tests."""
    shared = "".join(
        f'<bpmn:message id="m_{name}" name="{name}"><bpmn:extensionElements>'
        '<zeebe:subscription correlationKey="=key"/></bpmn:extensionElements></bpmn:message>\n'
        for name in MESSAGES
    )
    shared += "".join(f'<bpmn:signal id="s_{name}" name="{name}"/>\n' for name in SIGNALS)
    shared += "".join(f'<bpmn:error id="e_{name}" errorCode="{name}"/>\n' for name in ERRORS)
    shared += "".join(f'<bpmn:escalation id="x_{name}" escalationCode="{name}"/>\n' for name in ESCALATIONS)
    body = "\n".join(parts)
    return (
        f'{HEAD}{shared}{more}<bpmn:process id="p" name="Proceso" isExecutable="true">\n{body}\n'
        "</bpmn:process>\n</bpmn:definitions>"
    ).encode()


def el(kind: str, id: str, *inner: str, **attributes: str) -> str:
    """One element; `name` defaults to its id."""
    attributes.setdefault("name", id)
    written = " ".join(f"{key}={quoteattr(value)}" for key, value in attributes.items() if value)
    return f"<bpmn:{kind} id={quoteattr(id)} {written}>{''.join(inner)}</bpmn:{kind}>"


def ext(*inner: str) -> str:
    return f"<bpmn:extensionElements>{''.join(inner)}</bpmn:extensionElements>"


def io(inputs: Mapping[str, str] | None = None, outputs: Mapping[str, str] | None = None) -> str:
    pairs = [("input", target, source) for target, source in (inputs or {}).items()]
    pairs += [("output", target, source) for target, source in (outputs or {}).items()]
    rows = "".join(
        f"<zeebe:{way} source={quoteattr(source)} target={quoteattr(target)}/>"
        for way, target, source in pairs
    )
    return f"<zeebe:ioMapping>{rows}</zeebe:ioMapping>"


def start(id: str = "s", *inner: str, **attributes: str) -> str:
    return el("startEvent", id, *inner, **attributes)


def end(id: str = "e", *inner: str, outcome: str = "") -> str:
    if outcome:
        inner = (prop("ruta:outcome", outcome), *inner)
    return el("endEvent", id, *inner)


def prop(name: str, value: str) -> str:
    return ext(f'<zeebe:properties><zeebe:property name="{name}" value="{value}"/></zeebe:properties>')


def user(id: str, *inner: str, **attributes: str) -> str:
    return el("userTask", id, *inner, **attributes)


def service(id: str, type: str = "ruta.send", *more: str, loop: str = "") -> str:
    return el("serviceTask", id, ext(f'<zeebe:taskDefinition type="{type}"/>', *more), loop)


def script(id: str, variable: str, expression: str, *inner: str) -> str:
    written = f"<zeebe:script expression={quoteattr('=' + expression)} resultVariable={quoteattr(variable)}/>"
    return el("scriptTask", id, ext(written), *inner)


def gate(kind: str, id: str, default: str = "") -> str:
    return el(f"{kind}Gateway", id, default=default)


def sub(id: str, *inner: str, **attributes: str) -> str:
    return el("subProcess", id, *inner, **attributes)


def boundary(id: str, host: str, event: str, *, interrupting: bool = True) -> str:
    return el(
        "boundaryEvent", id, event, attachedToRef=host, cancelActivity="true" if interrupting else "false"
    )


def timer(text: str, tag: str = "timeDuration") -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{tag}>{escape(text)}</bpmn:{tag}></bpmn:timerEventDefinition>"


def message(name: str = "go") -> str:
    return f'<bpmn:messageEventDefinition messageRef="m_{name}"/>'


def signal(name: str = "alarm") -> str:
    return f'<bpmn:signalEventDefinition signalRef="s_{name}"/>'


def error(name: str = "broken") -> str:
    return f'<bpmn:errorEventDefinition errorRef="e_{name}"/>' if name else "<bpmn:errorEventDefinition/>"


def escalation(name: str = "late") -> str:
    return f'<bpmn:escalationEventDefinition escalationRef="x_{name}"/>'


def conditional(text: str) -> str:
    return (
        f"<bpmn:conditionalEventDefinition><bpmn:condition>{escape(text)}</bpmn:condition>"
        "</bpmn:conditionalEventDefinition>"
    )


def compensate(activity: str = "", *, wait: bool = True) -> str:
    about = f' activityRef="{activity}"' if activity else ""
    waits = "" if wait else ' waitForCompletion="false"'
    return f"<bpmn:compensateEventDefinition{about}{waits}/>"


def undoes(host: str, handler: str, id: str = "") -> str:
    """The compensation event on the border of an activity, with the association to its handler."""
    id = id or f"undo.{host}"
    return (
        boundary(id, host, compensate())
        + f'<bpmn:association id="{id}_to" sourceRef="{id}" targetRef="{handler}"/>'
    )


def handler(id: str) -> str:
    """A user task that undoes something."""
    return user(id, isForCompensation="true")


TERMINATE = "<bpmn:terminateEventDefinition/>"


def multi(
    collection: str,
    *,
    element: str = "item",
    sequential: bool = False,
    gather: tuple[str, str] | None = None,
    until: str = "",
) -> str:
    gathered = (
        f" outputCollection={quoteattr(gather[0])} outputElement={quoteattr(gather[1])}" if gather else ""
    )
    condition = f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>" if until else ""
    over = f"inputCollection={quoteattr(collection)} inputElement={quoteattr(element)}"
    loop = f"<zeebe:loopCharacteristics {over}{gathered}/>"
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"{ext(loop)}{condition}</bpmn:multiInstanceLoopCharacteristics>"
    )


def standard(condition: str, *, before: bool = False, most: int | None = None) -> str:
    limit = f' loopMaximum="{most}"' if most is not None else ""
    return (
        f'<bpmn:standardLoopCharacteristics testBefore="{str(before).lower()}"{limit}>'
        f"<bpmn:loopCondition>{escape(condition)}</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
    )


def flow(source: str, target: str, condition: str = "", id: str = "") -> str:
    inner = f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>" if condition else ""
    id = id or f"{source}_{target}"
    return (
        f'<bpmn:sequenceFlow id="{id}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'
    )


def line(*ids: str) -> str:
    """Flows through these nodes one after the other."""
    return "".join(flow(a, b) for a, b in pairwise(ids))


class FeelRules(EngineRules):
    """`Rules` on real FEEL; decisions are looked up in a table."""

    programs: dict[str, feel.Program] = {}

    def __init__(self, now: datetime, decisions: Mapping[str, Any] | None = None) -> None:
        super().__init__(now, calendar=CALENDAR, known=decisions)
        self._programs = self.programs


class Case:
    """A case that keeps its state as JSON between steps, as its holder would."""

    def __init__(
        self, process: Process, *, decisions: Mapping[str, Any] | None = None, **variables: Any
    ) -> None:
        self.process = process
        self.decisions = decisions
        self.now = NOW
        self.effects: list[Effect] = []
        self.log: list[Command] = []
        self.stored: dict[str, Any] | None = None
        self.do(Start({"key": "K", **variables}))

    def do(self, command: Command) -> tuple[Effect, ...]:
        state = None if self.stored is None else State.from_json(self.stored)
        done = step(
            self.process,
            state,
            command,
            now=self.now,
            rules=FeelRules(self.now, self.decisions),
            calendar=CALENDAR,
        )
        self.stored = done.state.to_json()
        self.effects.extend(done.effects)
        self.log.append(command)
        return done.effects

    @property
    def state(self) -> State:
        assert self.stored is not None
        return State.from_json(self.stored)

    @property
    def variables(self) -> dict[str, Any]:
        return self.state.variables

    @property
    def waiting(self) -> list[str]:
        """Nodes where somebody is waited for, in the order of their tokens."""
        return [token.node for token in self.state.tokens if token.status == "waiting"]

    def token(self, node: str) -> Token:
        """The oldest token at a node."""
        return next(token for token in self.state.tokens if token.node == node)

    def complete(self, node: str, **result: Any) -> tuple[Effect, ...]:
        """Finish the oldest open work at a node."""
        open_here = next(
            token for token in self.state.tokens if token.node == node and token.status == "waiting"
        )
        kind = self.process.node(node).kind
        return self.do(
            Complete(open_here.id, result) if kind == "userTask" else JobDone(open_here.id, result)
        )

    def receive(self, name: str = "go", **payload: Any) -> tuple[Effect, ...]:
        return self.do(Receive(name, "K", payload))

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def entered(self, node: str) -> int:
        """How often a token came to a node."""
        return sum(1 for effect in self.effects if isinstance(effect, Entered) and effect.node == node)

    @property
    def ended(self) -> CaseEnded | None:
        found = [effect for effect in self.effects if isinstance(effect, CaseEnded)]
        assert len(found) <= 1, "a case ends once"
        return found[0] if found else None


def run(*parts: str, decisions: Mapping[str, Any] | None = None, **variables: Any) -> Case:
    """Read a process and start a case of it."""
    return Case(read(document(*parts)), decisions=decisions, **variables)
