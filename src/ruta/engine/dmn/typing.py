"""The types of a model's decisions before any runs, and the expressions in it that give null for certain."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

from ruta.engine.dmn import elements
from ruta.engine.dmn.elements import Expression, Place
from ruta.engine.dmn.graph import Node
from ruta.engine.dmn.model import Model
from ruta.engine.dmn.outcome import Finding
from ruta.engine.feel.types import ANY, SIMPLE, Type, join, shown

Scope = Mapping[str, Type]
_COLLECTS = ("COLLECT", "RULE ORDER", "OUTPUT ORDER")


def check_types(model: Model, types: Scope | None = None) -> tuple[Finding, ...]:
    """Expressions that give null for certain, each with its line: findings with the checks of `feel.remarks`, and
    "result-type" where a decision's value is not of the type that it declares.

    `types` are those of input data by name (from a form's schema, say) where the model itself declares none.
    """
    check = _Check(model, types or {})
    for name in model.decisions:
        check.of(model.named[name])
    for node in model.named.values():
        check.of(node)
    return tuple(check.findings)


def type_of(model: Model, decision: str, types: Scope | None = None) -> Type:
    """The type of a decision's value, as far as it is known before it runs. Raises DmnError for an unknown name."""
    return _Check(model, types or {}).of(model.asked(decision))


class _Check:
    def __init__(self, model: Model, given: Scope) -> None:
        self.findings: list[Finding] = []
        self._library = model.library
        self._given = given
        self._own = {id(node) for node in model.named.values()}
        self._known: dict[int, Type] = {}
        self._methods: dict[type[Expression], Callable[[Any, Scope], Type]] = {
            elements.Literal: lambda box, scope: self._text(box.text, scope, box.place),
            elements.DecisionTable: self._table,
            elements.BoxedContext: self._context,
            elements.Invocation: self._invocation,
            elements.BoxedList: lambda box, scope: Type("list", self._joined(box.items, scope)),
            elements.Relation: self._relation,
            elements.FunctionDefinition: self._function,
            elements.Conditional: self._conditional,
            elements.BoxedFilter: self._filter,
            elements.Iterator: self._iterator,
        }

    def of(self, node: Node) -> Type:
        """The type of an element's value; it is looked at once."""
        found = self._known.get(id(node))
        if found is None:
            self._known[id(node)] = node.type  # while it is being looked at
            found = self._known[id(node)] = self._element(node)
        return found

    def _element(self, node: Node) -> Type:
        element = node.element
        if isinstance(element, elements.InputData):
            return self._given.get(element.name, ANY) if node.type is ANY else node.type
        if isinstance(element, elements.Service) or id(node) not in self._own:
            return node.type
        scope: dict[str, Type] = {}
        for space, name, read in node.reads:
            if space:
                fields = dict(scope[space].fields or {}) if space in scope else {}
                scope[space] = Type("context", fields=fields | {name: self.of(read)})
            else:
                scope[name] = self.of(read)
        if isinstance(element, elements.Knowledge):
            return self._box(element.function, scope | {element.name: ANY})
        assert isinstance(element, elements.Decision)
        found = self._box(element.expression, scope)
        self._declared(node, found)
        return found if node.type is ANY else node.type

    def _declared(self, node: Node, found: Type) -> None:
        if not _may_be(found, node.type):
            name = node.element.name
            self._find(
                "result-type",
                node.element.place,
                f"{name} declara {shown(node.type)} y su valor es de tipo {shown(found)}.",
                f"{name} declares {shown(node.type)} and its value is a {shown(found)}.",
            )

    def _find(self, check: str, place: Place, es: str, en: str) -> None:
        say = {"es": f"Línea {place.line}: {es}", "en": f"Line {place.line}: {en}"}
        self.findings.append(Finding(check, place.name or place.id, say, (place.id,) if place.id else ()))

    def _text(self, text: str, scope: Scope, place: Place, *, unary: bool = False) -> Type:
        program = self._library.program(text, scope, unary=unary) if text else None
        if program is None:
            return ANY
        for remark in program.remarks:
            quoted = " ".join(text.split())
            self._find(
                remark.check, place, f"«{quoted}»: {remark.say['es']}", f"“{quoted}”: {remark.say['en']}"
            )
        return program.type

    # Boxed expressions

    def _box(self, box: Expression | None, scope: Scope) -> Type:
        if box is None:
            return ANY
        found = self._methods[type(box)](box, scope)
        declared = self._library.types.of(box.type_ref, box.place)
        return found if declared is ANY else declared

    def _joined(self, boxes: tuple[Expression | None, ...], scope: Scope) -> Type:
        return _join_all([self._box(box, scope) for box in boxes])

    def _entry(self, entry: elements.Entry, scope: Scope) -> Type:
        found = self._box(entry.value, scope)
        place = entry.value.place if entry.value else elements.Place()
        declared = self._library.types.of(entry.type_ref, place)
        return found if declared is ANY else declared

    def _table(self, table: elements.DecisionTable, scope: Scope) -> Type:
        for at, clause in enumerate(table.inputs):
            found = self._text(clause.text, scope, clause.place)
            declared = self._library.types.of(clause.type_ref, clause.place)
            inner = {**scope, "?": found if declared is ANY else declared}
            for rule in table.rules:
                if at < len(rule.inputs) and rule.inputs[at] != "-":
                    self._text(rule.inputs[at], inner, rule.place, unary=True)
        outputs = {}
        for at, output in enumerate(table.outputs):
            cells = [(rule.outputs[at], rule.place) for rule in table.rules if at < len(rule.outputs)]
            texts = cells + ([(output.default, output.place)] if output.default else [])
            joined = _join_all([self._text(text, scope, place) for text, place in texts])
            declared = self._library.types.of(output.type_ref, output.place)
            outputs[output.name] = joined if declared is ANY else declared
        one = (
            next(iter(outputs.values()), ANY) if len(table.outputs) == 1 else Type("context", fields=outputs)
        )
        if table.policy not in _COLLECTS:
            return one
        return (
            (SIMPLE["number"] if table.aggregation == "COUNT" else one)
            if table.aggregation
            else Type("list", one)
        )

    def _context(self, box: elements.BoxedContext, scope: Scope) -> Type:
        inner = dict(scope)
        fields: dict[str, Type] = {}
        for entry in box.entries:
            found = self._entry(entry, {**inner, entry.name: ANY} if entry.name else inner)
            if not entry.name:
                return found
            inner[entry.name] = fields[entry.name] = found
        return Type("context", fields=fields)

    def _invocation(self, box: elements.Invocation, scope: Scope) -> Type:
        called = self._box(box.function, scope)
        for binding in box.bindings:
            self._entry(binding, scope)
        return called.result or ANY

    def _relation(self, box: elements.Relation, scope: Scope) -> Type:
        fields: dict[str, Type] = {}
        for at, column in enumerate(box.columns):
            cells = self._joined(tuple(row[at] for row in box.rows if at < len(row)), scope)
            declared = self._library.types.of(column.type_ref, box.place)
            fields[column.name] = cells if declared is ANY else declared
        return Type("list", Type("context", fields=fields))

    def _function(self, box: elements.FunctionDefinition, scope: Scope) -> Type:
        params = {param.name: self._library.types.of(param.type_ref, box.place) for param in box.params}
        return Type(
            "function", params=tuple(params.values()), result=self._box(box.body, {**scope, **params})
        )

    def _conditional(self, box: elements.Conditional, scope: Scope) -> Type:
        self._box(box.condition, scope)
        return join(self._box(box.then, scope), self._box(box.otherwise, scope))

    def _filter(self, box: elements.BoxedFilter, scope: Scope) -> Type:
        source = self._box(box.source, scope)
        element = (source.element or ANY) if source.name == "list" else source
        if element.name == "context" and element.fields:
            self._box(box.match, {**scope, **element.fields, "item": element})
        return source if source.name == "list" else ANY

    def _iterator(self, box: elements.Iterator, scope: Scope) -> Type:
        source = self._box(box.source, scope)
        item = (source.element or ANY) if source.name in ("list", "range") else ANY
        body = self._box(box.body, {**scope, box.variable: item, "partial": Type("list", ANY)})
        return Type("list", body) if box.kind == "for" else SIMPLE["boolean"]


def _join_all(found: list[Type]) -> Type:
    return functools.reduce(join, found) if found else ANY


def _may_be(found: Type, declared: Type) -> bool:
    """Whether a value of one type can be brought into another (10.3.2.9.4)."""
    if {"Any", "Null"} & {found.name, declared.name} or declared.name == "function":
        return True
    if found.name == declared.name:
        return found.name != "list" or _may_be(found.element or ANY, declared.element or ANY)
    if found.name == "list":
        return _may_be(found.element or ANY, declared)
    if declared.name == "list":
        return _may_be(found, declared.element or ANY)
    return (found.name, declared.name) == ("date", "date and time")
