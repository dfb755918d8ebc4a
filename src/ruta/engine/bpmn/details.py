"""The attributes of one node, with the zeebe extensions of the Camunda 8 profile."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from ruta.engine.bpmn.extensions import refuse_unknown
from ruta.engine.bpmn.model import ACTIVITIES, CONTAINERS, Event, EventKind, Loop, Node
from ruta.engine.bpmn.refusals import Findings
from ruta.engine.bpmn.xml import (
    ZEEBE,
    Element,
    attribute,
    camunda,
    child,
    extension,
    in_bpmn,
    label,
    line_of,
    local,
    properties,
    reference,
    text,
)

_EVENTS: dict[str, EventKind] = {
    "messageEventDefinition": "message",
    "timerEventDefinition": "timer",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "signalEventDefinition": "signal",
    "conditionalEventDefinition": "conditional",
    "linkEventDefinition": "link",
    "terminateEventDefinition": "terminate",
    "compensateEventDefinition": "compensate",
}
_TIMERS: tuple[tuple[str, Literal["date", "duration", "cycle"]], ...] = (
    ("timeDate", "date"),
    ("timeDuration", "duration"),
    ("timeCycle", "cycle"),
)


class Details:
    """Reads nodes of one file; `feel` says that its expressions are FEEL even without a leading "="."""

    def __init__(self, elements: dict[str, Element], findings: Findings, *, feel: bool) -> None:
        self.elements = elements
        self.findings = findings
        self.feel = feel

    def node(self, element: Element, id: str, scope: str) -> Node:
        """Return the node that an element describes, under this id and without its flows."""
        kind = local(element)
        assignment = extension(element, "assignmentDefinition")
        decision = extension(element, "calledDecision")
        script = extension(element, "script")
        called = extension(element, "calledElement")
        refuse_unknown(element, self.findings)
        return Node(
            id=id,
            kind=kind,
            label=label(element),
            line=line_of(element),
            parent=scope,
            default=reference(attribute(element, "default")),
            event=self._event(element),
            attached_to=reference(attribute(element, "attachedToRef")) if kind == "boundaryEvent" else "",
            interrupting=self._interrupting(element, kind),
            loop=self._loop(element),
            event_subprocess=kind == "subProcess" and attribute(element, "triggeredByEvent") == "true",
            properties=properties(element),
            documentation=text(child(element, "documentation")),
            form_key=self._form(element),
            groups=attribute(assignment, "candidateGroups") or camunda(element, "candidateGroups"),
            assignee=attribute(assignment, "assignee") or camunda(element, "assignee"),
            due=attribute(extension(element, "taskSchedule"), "dueDate") or camunda(element, "dueDate"),
            job_type=extension_type(element),
            inputs=self._mapping(element, "input"),
            outputs=self._mapping(element, "output"),
            called_decision=attribute(decision, "decisionId") or camunda(element, "decisionRef"),
            called_process=attribute(called, "processId") or attribute(element, "calledElement"),
            script=self._script(element, script),
            result_variable=attribute(decision, "resultVariable")
            or attribute(script, "resultVariable")
            or camunda(element, "resultVariable"),
            headers=self._headers(element),
            compensation=kind in ACTIVITIES | CONTAINERS
            and attribute(element, "isForCompensation") == "true",
            keeps_results=attribute(called, "propagateAllChildVariables") != "false",
            gives_variables=called is not None
            and attribute(called, "propagateAllParentVariables") != "false",
        )

    def condition(self, flow: Element, condition: Element) -> str | None:
        """Return the FEEL of a condition; None for an empty one. Any other language is a problem."""
        written = text(condition)
        if not written:
            return None
        if written.startswith("="):
            return written[1:].strip()
        if self.feel or "feel" in attribute(condition, "language").lower():
            return written
        self._not_feel(flow, written)
        return "false"

    def _not_feel(self, element: Element, written: str) -> None:
        self.findings.add(
            element,
            "not-feel",
            es=f"«{written}» no es FEEL: escríbalo con «=» al comienzo.",
            en=f'"{written}" is not FEEL: write it with a leading "=".',
        )

    def _cannot(self, element: Element, check: str, es: str, en: str) -> None:
        self.findings.cannot(element, check, es=es, en=en)

    def _form(self, element: Element) -> str:
        form = extension(element, "formDefinition")
        for name in ("formKey", "formId", "externalReference"):
            if attribute(form, name):
                return attribute(form, name)
        return camunda(element, "formKey")

    def _interrupting(self, element: Element, kind: str) -> bool:
        name = "cancelActivity" if kind == "boundaryEvent" else "isInterrupting"
        return attribute(element, name) != "false"

    def _headers(self, element: Element) -> dict[str, str]:
        found = extension(element, "taskHeaders")
        if found is None:
            return {}
        return {
            attribute(each, "key"): attribute(each, "value")
            for each in found.iterchildren(f"{{{ZEEBE}}}header")
        }

    def _mapping(self, element: Element, direction: str) -> tuple[tuple[str, str], ...]:
        found = extension(element, "ioMapping")
        if found is None:
            return ()
        pairs = []
        for each in found.iterchildren(f"{{{ZEEBE}}}{direction}"):
            source, target = attribute(each, "source"), attribute(each, "target")
            if not target or not all(target.split(".")):
                self.findings.add(
                    element,
                    "no-target",
                    es=f"La correspondencia de «{source}» no dice a qué variable va.",
                    en=f'The mapping of "{source}" does not say to which variable it goes.',
                )
                continue
            pairs.append((source, target))
        return tuple(pairs)

    def _script(self, element: Element, script: Element | None) -> str:
        if script is not None:
            return attribute(script, "expression").removeprefix("=").strip()
        written = child(element, "script")
        if written is None:
            return ""
        if self.feel or "feel" in attribute(element, "scriptFormat").lower():
            return text(written).removeprefix("=").strip()
        self.findings.add(
            element,
            "not-feel",
            es="El guion no está en FEEL, que es lo único que se ejecuta.",
            en="The script is not in FEEL, which is all that is executed.",
        )
        return ""

    def _event(self, element: Element) -> Event | None:
        kind = local(element)
        if kind in ("receiveTask", "sendTask"):
            return self._message(element, element) if attribute(element, "messageRef") else None
        if not kind.endswith("Event"):
            return None
        definitions = [
            each
            for each in element.iterchildren()
            if in_bpmn(each) and local(each).endswith(("EventDefinition", "eventDefinitionRef"))
        ]
        if not definitions:
            return Event()
        if len(definitions) > 1:
            es, en = "varios sucesos en un mismo elemento", "several events in one element"
            self._cannot(element, "multiple-event", es, en)
            return Event("refused")
        found: Element | None = definitions[0]
        if local(definitions[0]) == "eventDefinitionRef":
            found = self.elements.get(reference(text(found)))
        name = "" if found is None else local(found)
        if found is not None and name in _EVENTS:
            return self._defined(element, found, _EVENTS[name])
        name = name.removesuffix("EventDefinition") or text(definitions[0])
        self._cannot(element, "unsupported", f"el suceso de tipo «{name}»", f'the event of kind "{name}"')
        return Event("refused")

    def _defined(self, element: Element, definition: Element, kind: EventKind) -> Event:
        readers: dict[str, Callable[[Element, Element], Event]] = {
            "message": self._message,
            "timer": self._timer,
            "signal": self._signal,
            "conditional": self._conditional,
            "error": self._error,
            "escalation": self._escalation,
            "compensate": self._compensate,
        }
        reader = readers.get(kind)
        if reader is None:
            return Event(kind, attribute(definition, "name"))
        return reader(element, definition)

    def _signal(self, element: Element, definition: Element) -> Event:
        name = attribute(self.elements.get(reference(attribute(definition, "signalRef"))), "name")
        if not name:
            self._needs(element, "signal", "una señal con nombre", "a signal with a name")
        return Event("signal", name)

    def _conditional(self, element: Element, definition: Element) -> Event:
        condition = child(definition, "condition")
        written = None if condition is None else self.condition(element, condition)
        if written is None:
            self._needs(element, "condition", "una condición", "a condition")
        return Event("conditional", text=f"={written}")

    def _error(self, element: Element, definition: Element) -> Event:
        return Event("error", self._code(element, definition, "error"))

    def _escalation(self, element: Element, definition: Element) -> Event:
        return Event("escalation", self._code(element, definition, "escalation"))

    def _compensate(self, element: Element, definition: Element) -> Event:
        if attribute(definition, "waitForCompletion") == "false":
            es, en = "una compensación que no espera", "a compensation that is not waited for"
            self._cannot(element, "compensation", es, en)
        return Event("compensate", reference(attribute(definition, "activityRef")))

    def _message(self, element: Element, definition: Element) -> Event:
        message = self.elements.get(reference(attribute(definition, "messageRef")))
        name = attribute(message, "name")
        key: str | None = None
        if message is not None:
            key = attribute(extension(message, "subscription"), "correlationKey") or None
        if not name and not extension_type(element):
            self._needs(element, "message", "un mensaje con nombre", "a message with a name")
        return Event("message", name, key)

    def _timer(self, element: Element, definition: Element) -> Event:
        for tag, timer in _TIMERS:
            written = text(child(definition, tag))
            if written:
                if self.feel and not written.startswith(("=", "P", "R")) and not written[0].isdigit():
                    written = f"={written}"
                return Event("timer", text=written, timer=timer)
        self._needs(element, "timer", "una fecha, una duración o un ciclo", "a date, a duration or a cycle")
        return Event("timer", text="P0D", timer="duration")

    def _code(self, element: Element, definition: Element, kind: str) -> str:
        target = self.elements.get(reference(attribute(definition, f"{kind}Ref")))
        code = attribute(target, f"{kind}Code") or attribute(target, "name") or attribute(target, "id")
        if not code and local(element) in ("endEvent", "intermediateThrowEvent"):
            self._needs(element, kind, "un código", "a code")
        return code

    def _needs(self, element: Element, check: str, es: str, en: str) -> None:
        self.findings.add(element, f"no-{check}", es=f"Falta {es}.", en=f"It needs {en}.")

    def _loop(self, element: Element) -> Loop | None:
        standard = child(element, "standardLoopCharacteristics")
        if standard is not None:
            written = child(standard, "loopCondition")
            told = attribute(standard, "loopMaximum")
            most = int(told) if re.fullmatch("[0-9]{1,9}", told) else None
            condition = self.condition(element, written) if written is not None else None
            if told and most is None:
                self._cannot(
                    element, "loop-maximum", f"«{told}» veces como máximo", f'"{told}" times at most'
                )
            elif condition is None and most is None:
                self._needs(element, "loop-condition", "la condición del ciclo", "the condition of the loop")
            return Loop(
                sequential=True,
                condition=condition or "",
                test_before=attribute(standard, "testBefore") == "true",
                maximum=most,
            )
        multi = child(element, "multiInstanceLoopCharacteristics")
        if multi is None:
            return None
        if attribute(multi, "behavior") not in ("", "All"):
            self._cannot(element, "behavior", "un suceso por cada repetición", "an event for each repetition")
        found = extension(multi, "loopCharacteristics")
        collection, item = self._collection(element, multi, found)
        counted = text(child(multi, "loopCardinality")) if not collection else ""
        if counted and not counted.startswith("=") and not counted.isdecimal():
            if self.feel:
                counted = f"={counted}"
            else:
                self._not_feel(element, counted)
        if not collection and not counted:
            self._needs(
                element,
                "collection",
                "la lista por la que se repite (inputCollection)",
                "the list it runs over (inputCollection)",
            )
        written = child(multi, "completionCondition")
        condition = self.condition(element, written) if written is not None else None
        return Loop(
            sequential=attribute(multi, "isSequential") == "true",
            collection=collection or None,
            element=item,
            output_collection=attribute(found, "outputCollection"),
            output_element=attribute(found, "outputElement"),
            condition=condition or "",
            cardinality=counted or ("" if collection else "0"),
        )

    def _collection(self, element: Element, multi: Element, found: Element | None) -> tuple[str, str]:
        """Return what a multi-instance runs over and what it calls one item; Camunda 7 names a variable."""
        if collection := attribute(found, "inputCollection"):
            return collection, attribute(found, "inputElement")
        named = camunda(multi, "collection")
        if named and not named.isidentifier():
            self._not_feel(element, named)
            return "=[]", ""
        return f"={named}" if named else "", camunda(multi, "elementVariable")


def extension_type(element: Element) -> str:
    """Return the type of work that an element asks of the platform."""
    return attribute(extension(element, "taskDefinition"), "type") or camunda(element, "topic")
