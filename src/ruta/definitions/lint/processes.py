"""Checks of an act's process: what runs, whether it ends, verbs, stages, groups, terms, expressions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from ruta.engine import bpmn

from ..findings import did_you_mean
from ..schema import ActSpec
from . import notices
from .asking import check_ask, literal
from .draft import Draft
from .expressions import Scope, check_expression
from .groups import check_groups
from .verbs import (
    BUILT,
    FORM_KEYS,
    INPUTS_IGNORED,
    INPUTS_NOT_BUILT,
    NOT_BUILT,
    OUTCOMES,
    PROPERTIES,
    PROPERTIES_NOT_BUILT,
    SETTLED,
)

_PREFIX, _OURS = "ruta.", "ruta:"
_EXPIRED = re.compile(r"term\.([a-z0-9_]+)\.expired")

_LANGUAGES = {"es": {"es": "español", "en": "Spanish"}, "en": {"es": "inglés", "en": "English"}}
_CURES = {
    "es": {"es": "Póngale nombre al elemento.", "en": "Name the element."},
    "en": {
        "es": f"Agréguele la propiedad de extensión {bpmn.NAME_EN}.",
        "en": f"Give it the extension property {bpmn.NAME_EN}.",
    },
}


@dataclass(frozen=True)
class _Place:
    """The process being checked."""

    draft: Draft
    act: str
    spec: ActSpec
    path: str
    process: bpmn.Process
    lines: Mapping[tuple[str, str], int]

    def line(self, node: bpmn.Node, part: str) -> int:
        """The line of a part of a node (`taskDefinition`, `input:read`), else of the node."""
        return self.lines.get((node.id, part), node.line)


def variables(process: bpmn.Process) -> frozenset[str]:
    """The names that a process gives its later steps: results of verbs, decisions, tasks, scripts and mappings."""
    found: set[str] = set()
    for node in process.nodes.values():
        found |= {target for _, target in node.outputs}
        if node.called_decision:
            found.add(node.result_variable or node.called_decision)
        elif node.result_variable:
            found.add(node.result_variable)
        if (verb := BUILT.get(node.job_type.removeprefix(_PREFIX))) and verb.result:
            found.add(verb.result)
        if node.job_type == "ruta.record":
            found.add("record")
        if node.form_key in FORM_KEYS:
            found.add(FORM_KEYS[node.form_key])
        if node.loop is not None:
            found |= {node.loop.element, node.loop.output_collection, "loopCounter"} - {""}
    return frozenset(found)


def check(draft: Draft, act: str, spec: ActSpec, scope: Scope, decisions: frozenset[str]) -> None:
    """The process of one act; `scope` are its names of contract §4.1."""
    path = f"acts/{act}/process.bpmn"
    if path not in draft.folder.files:
        return
    try:
        process = bpmn.read(draft.folder.files[path])
    except bpmn.BpmnError as wrong:
        _problems(draft, path, "bpmn-unsupported", wrong.problems)
        return
    unsound = bpmn.check(process)
    _problems(draft, path, "bpmn-unsound", unsound)
    place = _Place(draft, act, spec, path, process, _lines(draft.folder.files[path]))
    _names(place)
    inside = scope.plus(variables(process) - scope.names)
    _properties(place)
    for node in process.nodes.values():
        _not_carried_out(place, node)
        _decision(place, node, decisions)
        _verb(place, node)
        _task(place, node)
        _stage(place, node)
        _ending(place, node)
        _settling(place, node)
        _event(place, node)
        local = inside.plus({target for _, target in node.inputs} - inside.names)
        for part, text in _expressions(node):
            tree = check_expression(draft, text, local, path, place.line(node, part))
            if tree is not None and part == "candidateGroups":
                line = place.line(node, "assignmentDefinition")
                check_groups(draft, act, tree, node.name, path, line, knows_offices=_knows_offices(place))
        for flow in node.outgoing:
            if flow.condition is not None:
                line = place.lines.get((flow.id, "conditionExpression"), flow.line)
                check_expression(draft, flow.condition, inside, path, line)


def _problems(draft: Draft, path: str, check: str, problems: tuple[bpmn.BpmnProblem, ...]) -> None:
    for problem in problems:
        label = f"{problem.element} «{problem.name}»" if problem.name else problem.element
        way = " → ".join(problem.path)
        cure = (
            {"es": f"El camino que lo muestra: {way}.", "en": f"The way that shows it: {way}."}
            if way
            else {"es": "Cambie ese elemento del diagrama.", "en": "Change that element of the diagram."}
        )
        draft.add(
            check,
            path,
            problem.line or 1,
            say={lang: f"{label}: {text}" for lang, text in problem.say.items()},
            cure=cure,
        )


def _names(place: _Place) -> None:
    """Every element that has a name where people see it, drawn or in the history, has it in both languages."""
    process = place.process
    labels = {box.element: box.label for box in process.drawing.boxes}
    labels |= {line.element: line.label for line in process.drawing.lines}
    labels |= {flow.id: flow.label for flow in process.flows.values()}
    labels |= {node.id: node.label for node in process.nodes.values()}
    labels[process.id] = process.label
    for element, label in labels.items():
        missing = {"es", "en"} - label.keys() if label else ()
        for lang in missing:
            name = bpmn.in_language(label, lang)
            language = _LANGUAGES[lang]
            place.draft.add(
                "name-language",
                place.path,
                place.lines.get((element, ""), 1),
                say={
                    "es": f"«{name}» ({element}) no tiene nombre en {language['es']}.",
                    "en": f'"{name}" ({element}) has no name in {language["en"]}.',
                },
                cure=_CURES[lang],
            )


def _decision(place: _Place, node: bpmn.Node, decisions: frozenset[str]) -> None:
    name = node.called_decision
    line = place.line(node, "calledDecision")
    if name and name not in decisions:
        place.draft.unknown(
            "decision-unknown", place.path, line, name, decisions, es="la decisión", en="decision"
        )


def _not_carried_out(place: _Place, node: bpmn.Node) -> None:
    """What the engine executes and the platform does not carry out yet: a case would wait for ever."""
    if node.kind == "callActivity":
        _not_built(place, node, node.line, es="llamar a otro proceso", en="call activity")
    if node.kind == "startEvent" and not node.parent and node.event is not None and node.event.kind != "none":
        kind = node.event.kind
        _not_built(
            place, node, node.line, es=f"empezar por un suceso ({kind})", en=f"start by an event ({kind})"
        )


def _not_built(place: _Place, node: bpmn.Node, line: int, *, es: str, en: str) -> None:
    place.draft.add(
        "not-built",
        place.path,
        line,
        say={
            "es": f"Aún no está construido: {es}, línea {line} («{node.name}»).",
            "en": f'Not built yet: {en}, line {line} ("{node.name}").',
        },
        cure={
            "es": "Espere a que lo esté, o quite esa caja.",
            "en": "Wait until it is, or remove that box.",
        },
    )


def _verb(place: _Place, node: bpmn.Node) -> None:
    if not node.job_type:
        return
    name = node.job_type.removeprefix(_PREFIX)
    line = place.line(node, "taskDefinition")
    if node.job_type.startswith(_PREFIX) and name in NOT_BUILT:
        _not_built(place, node, line, es=f"verbo {name}", en=f"verb {name}")
        return
    if not node.job_type.startswith(_PREFIX) or name not in BUILT:
        known = [_PREFIX + verb for verb in BUILT]
        place.draft.unknown("verb-unknown", place.path, line, node.job_type, known, es="el verbo", en="verb")
        return
    verb = BUILT[name]
    given = {target: source for source, target in node.inputs}
    for missing in sorted(verb.needs - set(given)):
        place.draft.add(
            "verb-input",
            place.path,
            line,
            say={"es": f"Al verbo {name} le falta {missing}.", "en": f"The verb {name} lacks {missing}."},
            cure={
                "es": f'Agregue <zeebe:input target="{missing}"> a «{node.name}».',
                "en": f'Add <zeebe:input target="{missing}"> to "{node.name}".',
            },
        )
    for extra in sorted(set(given) - verb.needs - verb.takes):
        accepted = verb.needs | verb.takes
        there = place.line(node, f"input:{extra}")
        if extra in INPUTS_NOT_BUILT.get(name, ()):
            _unbuilt(place, "not-built", there, f"{name}.{extra}")
            continue
        if extra in INPUTS_IGNORED.get(name, ()):
            _unbuilt(place, "not-built-yet-ignored", there, f"{name}.{extra}")
            continue
        place.draft.unknown("verb-input", place.path, there, extra, accepted, es="el dato", en="input")
    _named(place, node, name, given)
    if name == "tell":
        lines = {target: place.line(node, f"input:{target}") for target in given}
        notices.check_box(place.draft, place.path, node, given, lines)
    if name == "ask":
        lines = {target: place.line(node, f"input:{target}") for target in given}
        check_ask(place.draft, place.act, place.spec, place.path, node, lines)


def _unbuilt(place: _Place, check: str, line: int, what: str) -> None:
    """A part of the contract that is not carried out: an error, or passed over where nobody waits for it."""
    stays = check != "not-built"
    place.draft.add(
        check,
        place.path,
        line,
        say={"es": f"Aún no está construido: {what}.", "en": f"Not built yet: {what}."},
        cure={
            "es": "Puede quedarse; se pasa por alto." if stays else "Espere a que lo esté, o quítelo.",
            "en": "It may stay; it is passed over." if stays else "Wait until it is, or remove it.",
        },
    )


def _properties(place: _Place) -> None:
    """Every extension property of the process, of flows and lanes too: one that nothing reads is refused."""
    for (_, part), line in place.lines.items():
        kind, _, name = part.partition(":")
        if kind != "property":
            continue
        if name in PROPERTIES_NOT_BUILT:
            _unbuilt(place, "not-built", line, name)
        elif name.startswith(_OURS) and name not in PROPERTIES:
            place.draft.unknown(
                "property-unknown", place.path, line, name, PROPERTIES, es="la propiedad", en="property"
            )


def _named(place: _Place, node: bpmn.Node, verb: str, given: Mapping[str, str]) -> None:
    """What an input names by a literal: a message, an output, a register, a read, a term."""
    draft, spec = place.draft, place.spec
    written = (
        "register-unknown",
        draft.service.registers.writes if draft.service else (),
        "el registro que se puede escribir",
        "register that may be written",
    )
    named: dict[tuple[str, str], tuple[str, Any, str, str]] = {
        ("issue", "output"): ("output-unknown", [one.id for one in spec.outputs], "el resultado", "output"),
        ("record", "register"): written,
        ("reserve", "register"): written,
        ("look-up", "read"): ("read-unknown", draft.reads, "la consulta", "look-up"),
        **dict.fromkeys(
            (("start-term", "term"), ("ask", "term")),
            ("term-unknown", [term.id for term in spec.terms], "el término", "term"),
        ),
    }
    for (which, target), (check, known, es, en) in named.items():
        text = literal(given.get(target, ""))
        if which == verb and text is not None and text not in known:
            line = place.line(node, f"input:{target}")
            draft.unknown(check, place.path, line, text, known, es=es, en=en)
    if verb == "start-case" and draft.service and literal(given.get("service", "")) == draft.service.slug:
        act, acts = literal(given.get("act", "")), draft.service.acts
        if act is not None and act not in acts:
            line = place.line(node, "input:act")
            draft.unknown("act-unknown", place.path, line, act, acts, es="el acto", en="act")
    message = literal(given.get("message", "")) if verb == "send" else None
    if message is not None:
        from .messages import known_messages

        known = known_messages(draft, place.act)
        if message not in known:
            line = place.line(node, "input:message")
            draft.unknown("message-unknown", place.path, line, message, known, es="el mensaje", en="message")


def _task(place: _Place, node: bpmn.Node) -> None:
    if node.kind != "userTask":
        return
    line = place.line(node, "formDefinition")
    if node.form_key not in FORM_KEYS:
        own = f"acts/{place.act}/tasks/{node.form_key.removesuffix('.json')}.json" in place.draft.folder.files
        if own:
            place.draft.add(
                "not-built",
                place.path,
                line,
                say={
                    "es": f"Aún no está construido: formulario propio de una tarea, línea {line}.",
                    "en": f"Not built yet: a task's own form, line {line}.",
                },
                cure=did_you_mean(node.form_key, FORM_KEYS),
            )
        else:
            place.draft.unknown(
                "form-key-unknown", place.path, line, node.form_key, FORM_KEYS, es="el formulario", en="form"
            )
    if node.form_key == "ruta.enter":
        schema = literal({target: source for source, target in node.inputs}.get("schema", "")) or ""
        register = schema.removeprefix("registers/")
        if register not in place.draft.register_files:
            there = place.line(node, "input:schema")
            names = place.draft.register_files
            place.draft.unknown(
                "register-unknown", place.path, there, register, names, es="el registro", en="register"
            )
    if not node.groups:
        place.draft.add(
            "group-malformed",
            place.path,
            node.line,
            say={
                "es": f"La tarea «{node.name}» no dice de quién es.",
                "en": f'The task "{node.name}" is nobody\'s.',
            },
            cure={
                "es": 'Escriba candidateGroups =["rol@oficina"].',
                "en": 'Write candidateGroups =["role@office"].',
            },
        )
    for other in re.split(r"[,\s]+", node.properties.get("ruta:not-by", "")):
        if other and other not in place.process.nodes:
            nodes = place.process.nodes
            there = place.line(node, "property:ruta:not-by")
            place.draft.unknown("element-unknown", place.path, there, other, nodes, es="la tarea", en="task")


def _knows_offices(place: _Place) -> bool:
    """Whether the act has to do with more than one office: its form asks for one, or another task names one."""
    form = place.draft.forms.get(place.act)
    asked = form is not None and "office" in form.fields
    return asked or any("@" in node.groups for node in place.process.nodes.values())


def _stage(place: _Place, node: bpmn.Node) -> None:
    stages = [stage.id for stage in place.draft.service.stages] if place.draft.service else []
    stage = node.properties.get("ruta:stage", "")
    verb = BUILT.get(node.job_type.removeprefix(_PREFIX))
    waits = (
        node.kind in ("userTask", "receiveTask")
        or (verb is not None and verb.waits)
        or (node.kind == "intermediateCatchEvent" and node.event is not None and node.event.kind != "link")
    )
    if stage and stage not in stages:
        line = place.line(node, "property:ruta:stage")
        place.draft.unknown("stage-unknown", place.path, line, stage, stages, es="la etapa", en="stage")
    elif not stage and waits:
        place.draft.add(
            "stage-missing",
            place.path,
            node.line,
            say={
                "es": f"Quien pide espera en «{node.name}» y no ve en qué etapa está.",
                "en": f'Whoever asks waits at "{node.name}" and does not see at which stage.',
            },
            cure={
                "es": f"Agregue la propiedad ruta:stage: {', '.join(stages)}.",
                "en": f"Add the property ruta:stage: {', '.join(stages)}.",
            },
        )


def _ending(place: _Place, node: bpmn.Node) -> None:
    if (
        node.kind != "endEvent"
        or node.parent
        or (node.event is not None and node.event.kind not in ("none", "terminate"))
    ):
        return
    outcome = node.properties.get("ruta:outcome", "")
    if outcome not in OUTCOMES:
        line = place.line(node, "property:ruta:outcome")
        place.draft.unknown(
            "outcome-unknown",
            place.path,
            line,
            outcome or "ruta:outcome",
            OUTCOMES,
            es="el resultado",
            en="outcome",
        )


def _settling(place: _Place, node: bpmn.Node) -> None:
    """What `settle` decides, where it is written: an outcome that can be appealed."""
    if node.job_type != "ruta.settle":
        return
    told = next((source for source, target in node.inputs if target == "outcome"), "")
    outcome = told.removeprefix("=").strip().strip('"')
    if outcome.isidentifier() and outcome not in SETTLED:
        place.draft.unknown(
            "outcome-unknown",
            place.path,
            place.line(node, "input:outcome"),
            outcome,
            SETTLED,
            es="el resultado",
            en="outcome",
        )


def _event(place: _Place, node: bpmn.Node) -> None:
    if node.event is None or node.event.kind != "message":
        return
    found = _EXPIRED.fullmatch(node.event.name)
    terms = [term.id for term in place.spec.terms]
    if found and found[1] not in terms:
        place.draft.unknown(
            "term-unknown", place.path, node.line, found[1], terms, es="el término", en="term"
        )


def _expressions(node: bpmn.Node) -> Iterator[tuple[str, str]]:
    """Every FEEL of a node with the part where it stands."""
    always = [("candidateGroups", node.groups), ("taskSchedule", node.due), ("script", node.script)]
    marked = [("assignmentDefinition", node.assignee)]
    marked += [(f"input:{target}", source) for source, target in node.inputs]
    marked += [(f"output:{target}", source) for source, target in node.outputs]
    if node.event is not None:
        marked += [("event", node.event.key or ""), ("event", node.event.text)]
    if node.loop is not None:
        loop = node.loop
        always += [("loop", loop.collection or ""), ("loop", loop.output_element), ("loop", loop.condition)]
    yield from ((part, text) for part, text in always if text)
    yield from ((part, text) for part, text in marked if text.startswith("="))


def _line(part: Any) -> int:
    return int(part.sourceline or 1)


def _lines(xml: bytes) -> dict[tuple[str, str], int]:
    """The line of each element by its id and "", of its extensions by id and `taskDefinition`, `input:<target>`…"""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(xml, parser)
    lines = {(str(each.get("id")), ""): _line(each) for each in root.iter("{*}*") if each.get("id")}
    for extensions in root.iter("{*}extensionElements"):
        owner = extensions.getparent()
        if owner is None or not owner.get("id"):
            continue
        for part in extensions.iter():
            if not isinstance(part.tag, str):
                continue
            kind = str(etree.QName(part).localname)
            name = {
                "input": part.get("target"),
                "output": part.get("target"),
                "property": part.get("name"),
            }.get(kind)
            lines[str(owner.get("id")), f"{kind}:{name}" if name else kind] = _line(part)
    for condition in root.iter("{*}conditionExpression"):
        owner = condition.getparent()
        if owner is not None:
            lines[str(owner.get("id")), "conditionExpression"] = _line(condition)
    assigned = [(owner_id, at) for (owner_id, kind), at in lines.items() if kind == "assignmentDefinition"]
    return lines | {(owner_id, "candidateGroups"): at for owner_id, at in assigned}
