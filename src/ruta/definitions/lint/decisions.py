"""Checks of decision models: what cannot be used, gaps and overlaps, laws and words of rules, names in expressions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from ruta.engine import dmn

from ..findings import did_you_mean
from .draft import Draft
from .expressions import TYPE_CURE, Scope, check_expression

_TABLE = {
    "policy": "decision-policy",
    "gap": "decision-gap",
    "overlap": "decision-overlap",
    "never": "decision-never",
    "undecided": "decision-undecided",
}
_CURES = {
    "policy": {
        "es": "Liste en la salida los valores que da, el más importante primero, o cambie la política.",
        "en": "List in the output the values that it gives, the most important first, or change the policy.",
    },
    "gap": {
        "es": "Agregue una regla para ese caso, o quite el valor de los posibles.",
        "en": "Add a rule for that case, or take the value out of the possible ones.",
    },
    "overlap": {
        "es": "Haga que una de las reglas no aplique a ese caso.",
        "en": "Keep one of the rules from applying to that case.",
    },
    "never": {"es": "Quítela o póngala antes.", "en": "Remove it or move it up."},
    "undecided": {"es": "Divida la tabla.", "en": "Split the table."},
}
_EXPRESSIONS = frozenset({"inputExpression", "literalExpression", "outputEntry", "defaultOutputEntry"})
_UNARY = frozenset({"inputEntry", "inputValues", "outputValues", "allowedValues"})
_ELEMENTS = frozenset({"decision", "businessKnowledgeModel"})


def names(draft: Draft) -> frozenset[str]:
    """The decisions that the models of the folder hold, as far as they can be read."""
    found: set[str] = set()
    for path in draft.decision_files:
        root = _parse(draft.folder.files[path])
        if root is not None:
            found |= {str(node.get("name")) for node in root if _local(node) == "decision"}
    return frozenset(found)


def check(draft: Draft, scope: Scope, variables: frozenset[str]) -> None:
    """Every model; `scope` are the names of any act, `variables` those that processes add."""
    for path in draft.decision_files:
        _model(draft, path, scope, variables)


def _model(draft: Draft, path: str, scope: Scope, variables: frozenset[str]) -> None:
    xml = draft.folder.files[path]
    root = _parse(xml)
    lines = _lines(root)
    try:
        model = dmn.load(xml)
    except dmn.DmnError as wrong:
        before = len(draft.found)
        if root is not None:
            _expressions(draft, path, root, scope)
        if any(one.check == "feel-syntax" for one in draft.found[before:]):
            return  # the expressions at fault are told by themselves, with their places
        for fault in wrong.faults:
            draft.add(
                "decision-invalid",
                path,
                fault.line or lines.get(fault.element, 1),
                say={lang: f"{fault.name or fault.element}: {text}" for lang, text in fault.say.items()},
                cure={"es": "Corrija el modelo en ese lugar.", "en": "Mend the model at that place."},
            )
        return
    assert root is not None
    for finding in dmn.check_tables(model):
        line = lines.get(finding.rules[-1], 0) if finding.rules else 0
        draft.add(
            _TABLE[finding.check],
            path,
            line or lines.get(f"name:{finding.decision}", 1),
            say=finding.say,
            cure=_CURES[finding.check],
        )
    for finding in dmn.check_types(model, scope.types):
        if finding.check not in ("unknown-name", "unknown-entry"):
            draft.add(
                "feel-type",
                path,
                lines.get(finding.rules[0] if finding.rules else "", 0)
                or lines.get(f"name:{finding.decision}", 1),
                say=finding.say,
                cure=TYPE_CURE,
            )
    for rule in _annotated(root):
        _law(draft, path, rule)
        _words(draft, path, rule)
    _labels(draft, path, root)
    _inputs(draft, path, root, scope.names | variables)
    _expressions(draft, path, root, scope)


@dataclass(frozen=True)
class _Annotated:
    """One rule of a table: its line, and what stands in each of its annotation columns."""

    line: int
    entries: Mapping[str, Any]

    def text(self, column: str) -> str:
        return _text(self.entries[column]) if column in self.entries else ""

    def line_of(self, column: str) -> int:
        return self.entries[column].sourceline or self.line


def _annotated(root: Any) -> Iterator[_Annotated]:
    for table in root.iter():
        if _local(table) != "decisionTable":
            continue
        columns = [str(child.get("name")) for child in table if _local(child) == "annotation"]
        for rule in (child for child in table if _local(child) == "rule"):
            entries = [child for child in rule if _local(child) == "annotationEntry"]
            yield _Annotated(rule.sourceline or 1, dict(zip(columns, entries, strict=False)))


def _law(draft: Draft, path: str, rule: _Annotated) -> None:
    if "law" in rule.entries and not path.startswith("shared/"):
        draft.law(rule.text("law"), path, rule.line_of("law"))


def _words(draft: Draft, path: str, rule: _Annotated) -> None:
    """The words of a rule are in both languages."""
    for has, lacks, es, en in (
        ("words", "words_en", "inglés", "English"),
        ("words_en", "words", "español", "Spanish"),
    ):
        if rule.text(has) and not rule.text(lacks):
            draft.add(
                "words-language",
                path,
                rule.line_of(has),
                say={
                    "es": f"La regla que dice «{rule.text(has)}» no lo dice en {es}.",
                    "en": f'The rule that says "{rule.text(has)}" does not say it in {en}.',
                },
                cure={
                    "es": f"Escríbalo en la columna de anotación {lacks}.",
                    "en": f"Write it in the annotation column {lacks}.",
                },
            )


def _labels(draft: Draft, path: str, root: Any) -> None:
    """The label of an input column is in both languages; one without label shows its expression."""
    for clause in root.iter("{*}input"):
        label, english = clause.get("label"), clause.get(dmn.LABEL_EN)
        if bool(label) == bool(english):
            continue
        es, en, cure = (
            ("inglés", "English", 'ruta:label-en="…" xmlns:ruta="urn:ruta:schema"')
            if label
            else ("español", "Spanish", 'label="…"')
        )
        draft.add(
            "label-language",
            path,
            clause.sourceline or 1,
            say={
                "es": f"La columna «{label or english}» no tiene título en {es}.",
                "en": f'The column "{label or english}" has no label in {en}.',
            },
            cure={"es": f"Agréguele el atributo {cure}.", "en": f"Give it the attribute {cure}."},
        )


def _inputs(draft: Draft, path: str, root: Any, known: frozenset[str]) -> None:
    for node in root:
        if _local(node) == "inputData" and node.get("name") not in known:
            name = str(node.get("name"))
            draft.add(
                "feel-unknown-name",
                path,
                node.sourceline or 1,
                say={
                    "es": f"La entrada {name} no es un nombre que vean las decisiones.",
                    "en": f"The input {name} is not a name that decisions see.",
                },
                cure=did_you_mean(name, known),
            )


def _expressions(draft: Draft, path: str, root: Any, scope: Scope) -> None:
    titles = {node.get("id"): str(node.get("name")) for node in root if node.get("name")}
    for element in root:
        if _local(element) not in _ELEMENTS:
            continue
        local = set(_required(element, titles)) | set(_declared(element))
        inside = Scope(
            frozenset(local),
            {name: part for name, part in scope.members.items() if name in local or name == "decisions"},
        )
        if "decisions" in scope.names:
            inside = Scope(inside.names | {"decisions"}, inside.members)
        for node in element.iter():
            kind = _local(node)
            text_node = next((child for child in node if _local(child) == "text"), None)
            if text_node is None or kind not in _EXPRESSIONS | _UNARY:
                continue
            text = "".join(text_node.itertext())
            line = int(text_node.sourceline or 1)
            if text.strip():
                check_expression(draft, text, inside, path, line, unary=kind in _UNARY)


def _required(element: Any, titles: Mapping[str, str]) -> Iterator[str]:
    """The names of what a decision requires."""
    for node in element.iter():
        if _local(node) in ("requiredInput", "requiredDecision", "requiredKnowledge"):
            target = str(node.get("href", "")).removeprefix("#")
            if target in titles:
                yield titles[target]


def _declared(element: Any) -> Iterator[str]:
    """The names that boxes inside a decision give: context entries, parameters, iterators."""
    for node in element.iter():
        if _local(node) in ("variable", "formalParameter") and node.get("name"):
            yield str(node.get("name"))
        if node.get("iteratorVariable"):
            yield str(node.get("iteratorVariable"))
    yield from ("item", "partial")


def _lines(root: Any) -> dict[str, int]:
    """The line of each element by its id, and of each decision by `name:` and its name."""
    lines: dict[str, int] = {}
    for node in root.iter() if root is not None else ():
        if isinstance(node.tag, str):
            if node.get("id"):
                lines[node.get("id")] = node.sourceline or 1
            if _local(node) in _ELEMENTS:
                lines[f"name:{node.get('name')}"] = node.sourceline or 1
    return lines


def _parse(xml: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        return etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _local(node: Any) -> str:
    return str(etree.QName(node).localname) if isinstance(node.tag, str) else ""


def _text(node: Any) -> str:
    return "".join(node.itertext()).strip()
