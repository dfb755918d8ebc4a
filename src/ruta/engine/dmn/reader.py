"""XML to elements: DMN 1.1 to 1.5, any prefix; entities and document types are refused."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from ruta.engine.dmn import elements
from ruta.engine.dmn.elements import Entry, Expression, Place
from ruta.engine.dmn.errors import DmnError, fault

_LARGEST = 20_000_000
LABEL_EN = "{urn:ruta:schema}label-en"
"""The attribute of an input column that holds its label in English; `label` is Spanish."""
_DMN = ("http://www.omg.org/spec/DMN/", "https://www.omg.org/spec/DMN/")


def read(xml: bytes) -> elements.Definitions:
    """The model of a file. Raises DmnError when it is not XML, not DMN, or brings its own entities."""
    if len(xml) > _LARGEST:
        raise DmnError((fault("El archivo es demasiado grande.", "The file is too large."),))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 1
        raise DmnError((fault(f"No es XML: {error.msg}", f"Not XML: {error.msg}", line=line),)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DmnError(
            (fault("El archivo trae un DOCTYPE; quítelo.", "The file has a DOCTYPE; remove it.", line=1),)
        )
    if (
        not isinstance(root.tag, str)
        or _local(root) != "definitions"
        or not _namespace(root).startswith(_DMN)
    ):
        line = int(str(root.sourceline or 1))
        raise DmnError(
            (fault("El archivo no es DMN.", "The file is not DMN.", name=str(root.tag), line=line),)
        )
    items = tuple(_item(node) for node in _all(root, "itemDefinition"))
    found = [_ELEMENTS[_local(node)](node) for node in _children(root) if _local(node) in _ELEMENTS]
    imports = tuple(
        elements.Import(
            _name(node),
            node.get("namespace", ""),
            node.get("locationURI", ""),
            node.get("importType", ""),
            _place(node),
        )
        for node in _all(root, "import")
    )
    return elements.Definitions(root.get("name", ""), root.get("namespace", ""), items, tuple(found), imports)


# Steps over the tree


def _namespace(node: Any) -> str:
    return str(etree.QName(node).namespace or "")


def _local(node: Any) -> str:
    return str(etree.QName(node).localname)


def _children(node: Any) -> Iterator[Any]:
    for child in node:
        if (
            isinstance(child.tag, str)
            and _namespace(child).startswith(_DMN)
            and not _namespace(child).endswith("/DMNDI/")
        ):
            yield child


def _all(node: Any, name: str) -> Iterator[Any]:
    return (child for child in _children(node) if _local(child) == name)


def _one(node: Any, name: str) -> Any:
    return None if node is None else next(_all(node, name), None)


def _name(node: Any) -> str:
    return " ".join((node.get("name") or "").split())


def _place(node: Any) -> Place:
    return Place(node.get("id") or "", _name(node) or (node.get("label") or ""), node.sourceline or 0)


def _text(node: Any) -> str:
    found = _one(node, "text")
    return "" if found is None else "".join(found.itertext()).strip()


def _type(node: Any) -> str:
    """The type reference of an element: attribute, or child element in old files; without the prefix of FEEL's own."""
    if node is None:
        return ""
    child = _one(node, "typeRef")
    name = node.get("typeRef") or ("" if child is None else "".join(child.itertext()))
    name = " ".join(name.split())
    prefix, separator, rest = name.partition(":")
    return rest if separator and prefix in ("feel", *(node.nsmap or {})) else name


def _hrefs(node: Any, *names: str) -> tuple[str, ...]:
    return tuple(child.get("href", "") for name in names for child in _all(node, name))


# Item definitions and elements of the graph


def _item(node: Any) -> elements.ItemDefinition:
    function = _one(node, "functionItem")
    signature = None
    if function is not None:
        parameters = tuple(_type(parameter) for parameter in _all(function, "parameters"))
        signature = parameters, function.get("outputTypeRef") or ""
    return elements.ItemDefinition(
        place=_place(node),
        name=_name(node),
        type_ref=_type(node),
        allowed=_text(_one(node, "allowedValues")) if _one(node, "allowedValues") is not None else "",
        constraint=_text(_one(node, "typeConstraint")) if _one(node, "typeConstraint") is not None else "",
        collection=node.get("isCollection") == "true",
        components=tuple(_item(child) for child in _all(node, "itemComponent")),
        function=signature,
    )


def _requirements(node: Any) -> tuple[str, ...]:
    hrefs: list[str] = []
    for requirement in _all(node, "informationRequirement"):
        hrefs += _hrefs(requirement, "requiredInput", "requiredDecision")
    for requirement in _all(node, "knowledgeRequirement"):
        hrefs += _hrefs(requirement, "requiredKnowledge")
    return tuple(hrefs)


def _named(node: Any) -> dict[str, Any]:
    variable = _one(node, "variable")
    name = _name(node) if variable is None else (_name(variable) or _name(node))
    return {"place": _place(node), "name": name, "type_ref": _type(variable), "requires": _requirements(node)}


def _input_data(node: Any) -> elements.Element:
    return elements.InputData(**_named(node))


def _decision(node: Any) -> elements.Element:
    return elements.Decision(**_named(node), expression=_inner(node))


def _knowledge(node: Any) -> elements.Element:
    logic = _one(node, "encapsulatedLogic")
    function = None if logic is None else _function(logic)
    return elements.Knowledge(**_named(node), function=function)


def _service(node: Any) -> elements.Element:
    return elements.Service(
        **_named(node),
        outputs=_hrefs(node, "outputDecision"),
        encapsulated=_hrefs(node, "encapsulatedDecision"),
        input_decisions=_hrefs(node, "inputDecision"),
        input_data=_hrefs(node, "inputData"),
    )


_ELEMENTS = {
    "inputData": _input_data,
    "decision": _decision,
    "businessKnowledgeModel": _knowledge,
    "decisionService": _service,
}


# Boxed expressions


def _inner(node: Any) -> Expression | None:
    """The one boxed expression inside a node."""
    if node is None:
        return None
    return next((_BOXED[_local(child)](child) for child in _children(node) if _local(child) in _BOXED), None)


def _base(node: Any) -> dict[str, Any]:
    return {"place": _place(node), "type_ref": _type(node)}


def _literal(node: Any) -> Expression:
    return elements.Literal(**_base(node), text=_text(node))


def _context(node: Any) -> Expression:
    return elements.BoxedContext(
        **_base(node), entries=tuple(_entry(entry) for entry in _all(node, "contextEntry"))
    )


def _entry(node: Any) -> Entry:
    variable = _one(node, "variable")
    return Entry("" if variable is None else _name(variable), _type(variable), _inner(node))


def _invocation(node: Any) -> Expression:
    bindings = []
    for binding in _all(node, "binding"):
        parameter = _one(binding, "parameter")
        bindings.append(
            Entry("" if parameter is None else _name(parameter), _type(parameter), _inner(binding))
        )
    return elements.Invocation(**_base(node), function=_inner(node), bindings=tuple(bindings))


def _list(node: Any) -> Expression:
    items = tuple(_BOXED[_local(child)](child) for child in _children(node) if _local(child) in _BOXED)
    return elements.BoxedList(**_base(node), items=items)


def _relation(node: Any) -> Expression:
    columns = tuple(Entry(_name(column), _type(column), None) for column in _all(node, "column"))
    rows = tuple(
        tuple(_BOXED[_local(child)](child) for child in _children(row) if _local(child) in _BOXED)
        for row in _all(node, "row")
    )
    return elements.Relation(**_base(node), columns=columns, rows=rows)


def _function(node: Any) -> elements.FunctionDefinition:
    params = tuple(
        Entry(_name(parameter), _type(parameter), None) for parameter in _all(node, "formalParameter")
    )
    return elements.FunctionDefinition(
        **_base(node), kind=node.get("kind") or "FEEL", params=params, body=_inner(node)
    )


def _conditional(node: Any) -> Expression:
    parts = {name: _inner(_one(node, name)) for name in ("if", "then", "else")}
    return elements.Conditional(
        **_base(node), condition=parts["if"], then=parts["then"], otherwise=parts["else"]
    )


def _filter(node: Any) -> Expression:
    return elements.BoxedFilter(
        **_base(node), source=_inner(_one(node, "in")), match=_inner(_one(node, "match"))
    )


def _iterator(node: Any) -> Expression:
    kind = _local(node)
    return elements.Iterator(
        **_base(node),
        kind=kind,
        variable=" ".join((node.get("iteratorVariable") or "").split()),
        source=_inner(_one(node, "in")),
        body=_inner(_one(node, "return" if kind == "for" else "satisfies")),
    )


def _table(node: Any) -> Expression:
    inputs = []
    for clause in _all(node, "input"):
        expression = _one(clause, "inputExpression")
        allowed = _one(clause, "inputValues")
        text = "" if expression is None else _text(expression)
        label = clause.get("label") or text
        inputs.append(
            elements.InputClause(
                _place(clause),
                label,
                text,
                _type(expression),
                "" if allowed is None else _text(allowed),
                (clause.get(LABEL_EN) or "").strip(),
            )
        )
    return elements.DecisionTable(
        **_base(node),
        policy=(node.get("hitPolicy") or "UNIQUE").upper(),
        aggregation=(node.get("aggregation") or "").upper(),
        inputs=tuple(inputs),
        outputs=tuple(_output(clause) for clause in _all(node, "output")),
        rules=tuple(_rule(rule) for rule in _all(node, "rule")),
        annotations=tuple(_name(clause) for clause in _all(node, "annotation")),
    )


def _output(node: Any) -> elements.OutputClause:
    allowed, default = _one(node, "outputValues"), _one(node, "defaultOutputEntry")
    return elements.OutputClause(
        _place(node),
        _name(node),
        _type(node),
        "" if allowed is None else _text(allowed),
        "" if default is None else _text(default),
    )


def _rule(node: Any) -> elements.Rule:
    return elements.Rule(
        _place(node),
        tuple(_text(entry) or "-" for entry in _all(node, "inputEntry")),
        tuple(_text(entry) for entry in _all(node, "outputEntry")),
        tuple(_text(entry) for entry in _all(node, "annotationEntry")),
    )


_BOXED = {
    "literalExpression": _literal,
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "functionDefinition": _function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
    "decisionTable": _table,
}
