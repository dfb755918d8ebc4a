"""Extensions and attributes of other tools: understood, harmless, or refused by name; never quietly dropped."""

from __future__ import annotations

from lxml import etree

from ruta.engine.bpmn.refusals import Findings
from ruta.engine.bpmn.xml import BPMN, CAMUNDA, ZEEBE, Element, attribute, extension, local

_ZEEBE = frozenset(
    {
        "taskDefinition",
        "ioMapping",
        "formDefinition",
        "assignmentDefinition",
        "taskSchedule",
        "calledDecision",
        "calledElement",
        "properties",
        "subscription",
        "script",
        "loopCharacteristics",
        "taskHeaders",
        # Say nothing about what is executed.
        "userTask",
        "versionTag",
        "priorityDefinition",
    }
)
_CAMUNDA_ELEMENTS = frozenset({"properties", "failedJobRetryTimeCycle"})
_CAMUNDA_ATTRIBUTES = frozenset(
    {
        "formKey",
        "candidateGroups",
        "assignee",
        "dueDate",
        "topic",
        "decisionRef",
        "resultVariable",
        # Say how another engine runs it, not what is done.
        "type",
        "asyncBefore",
        "asyncAfter",
        "exclusive",
        "jobPriority",
        "taskPriority",
        "priority",
        "initiator",
        "mapDecisionResult",
        "decisionRefBinding",
        "calledElementBinding",
        "formRefBinding",
    }
)
_QUIET_ATTRIBUTES = (("assignmentDefinition", "candidateUsers"), ("taskSchedule", "followUpDate"))


def refuse_unknown(element: Element, findings: Findings) -> None:
    """Add what a node asks for that is not executed here."""
    for name in ("startQuantity", "completionQuantity"):
        if attribute(element, name) not in ("", "1"):
            findings.cannot(element, name, es=f"«{name}» distinto de 1", en=f'"{name}" other than 1')
    if attribute(element, "instantiate") == "true":
        findings.cannot(
            element,
            "instantiate",
            es="empezar el proceso con este elemento",
            en="starting the process with this element",
        )
    for inner in element.iterfind(f"{{{BPMN}}}extensionElements/*"):
        space, name = etree.QName(inner).namespace, local(inner)
        if (space == ZEEBE and name not in _ZEEBE) or (space == CAMUNDA and name not in _CAMUNDA_ELEMENTS):
            _extension(element, name, findings)
    for tag, name in _QUIET_ATTRIBUTES:
        if attribute(extension(element, tag), name):
            _extension(element, name, findings)
    for key, value in element.attrib.items():
        qualified = etree.QName(key)
        if qualified.namespace != CAMUNDA:
            continue
        if qualified.localname not in _CAMUNDA_ATTRIBUTES or "{" in str(value):
            _extension(element, qualified.localname, findings)


def _extension(element: Element, name: str, findings: Findings) -> None:
    findings.cannot(element, "extension", es=f"la extensión «{name}»", en=f'the extension "{name}"')
