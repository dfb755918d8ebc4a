"""Extensions and attributes of other tools: understood, harmless, or refused by name; never quietly dropped."""

from __future__ import annotations

from lxml import etree

from ruta.engine.bpmn.refusals import Findings
from ruta.engine.bpmn.xml import (
    BPMN,
    CAMUNDA,
    ZEEBE,
    Element,
    attribute,
    child,
    children,
    extension,
    local,
    text,
)

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
        "userTaskForm",
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
        "collection",
        "elementVariable",
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
        "modelerTemplate",
        "modelerTemplateVersion",
        "diagramRelationId",
        # Of a process: how long another engine keeps it, where its users find it.
        "historyTimeToLive",
        "isStartableInTasklist",
        "versionTag",
    }
)
# What other engines are told, by their namespaces, that says nothing about what is done; all else of them is refused.
_ELSEWHERE = {
    "http://activiti.org/bpmn": frozenset({"async", "exclusive", "initiator", "formFieldValidation"}),
    "http://flowable.org/bpmn": frozenset(
        {
            "async",
            "exclusive",
            "initiator",
            "formFieldValidation",
            "candidateStarterGroups",
            "candidateStarterUsers",
        }
    ),
    "http://www.jboss.org/drools": frozenset(
        {
            "metaData",
            "import",
            "packageName",
            "version",
            "adHoc",
            "taskName",
            "selectable",
            "priority",
            "dtype",
        }
    ),
}
_KNOWN_ELEMENTS = {ZEEBE: _ZEEBE, CAMUNDA: _CAMUNDA_ELEMENTS, **_ELSEWHERE}
_ROLES = ("resourceRole", "performer", "humanPerformer", "potentialOwner")
_QUIET_ATTRIBUTES = (("assignmentDefinition", "candidateUsers"), ("taskSchedule", "followUpDate"))


def refuse_unknown(element: Element, findings: Findings) -> None:
    """Add what a node, a flow or the process asks for that is not executed here."""
    _refuse_of_bpmn(element, findings)
    for part in (element, *filter(_says_how, element.iterchildren())):
        for inner in part.iterfind(f"{{{BPMN}}}extensionElements/*"):
            space, name = etree.QName(inner).namespace, local(inner)
            if name not in _KNOWN_ELEMENTS.get(space or "", (name,)):
                _extension(element, name, findings)
        for key, value in part.attrib.items():
            qualified = etree.QName(key)
            space, name = qualified.namespace or "", qualified.localname
            known = name in _CAMUNDA_ATTRIBUTES and "{" not in str(value)
            if (space == CAMUNDA and not known) or name not in _ELSEWHERE.get(space, (name,)):
                _extension(element, name, findings)
    for tag, name in _QUIET_ATTRIBUTES:
        if attribute(extension(element, tag), name):
            _extension(element, name, findings)


def _says_how(part: Element) -> bool:
    """Whether a part of an element says how it is executed: an event, a repetition, a condition."""
    return local(part).endswith(("EventDefinition", "LoopCharacteristics", "conditionExpression"))


def _refuse_of_bpmn(element: Element, findings: Findings) -> None:
    """Add what BPMN itself allows and is not executed here."""
    for name in ("startQuantity", "completionQuantity"):
        if attribute(element, name) not in ("", "1"):
            findings.cannot(element, name, es=f"«{name}» distinto de 1", en=f'"{name}" other than 1')
    if attribute(element, "instantiate") == "true" or attribute(element, "eventGatewayType") == "Parallel":
        es, en = "empezar el proceso con este elemento", "starting the process with this element"
        findings.cannot(element, "instantiate", es=es, en=en)
    for role in _ROLES:
        if any(child(each, "resourceAssignmentExpression") is not None for each in children(element, role)):
            es = "quién lo hace, por una expresión de recursos (use zeebe:assignmentDefinition)"
            en = "who does it, by an expression of resources (use zeebe:assignmentDefinition)"
            findings.cannot(element, "resource", es=es, en=en)
    for direction in ("dataInputAssociation", "dataOutputAssociation"):
        for each in children(element, direction):
            if child(each, "assignment") is not None or text(child(each, "transformation")):
                es = "los datos de una asociación (use zeebe:ioMapping)"
                en = "the data of an association (use zeebe:ioMapping)"
                findings.cannot(element, "data-mapping", es=es, en=en)


def _extension(element: Element, name: str, findings: Findings) -> None:
    findings.cannot(element, "extension", es=f"la extensión «{name}»", en=f'the extension "{name}"')
