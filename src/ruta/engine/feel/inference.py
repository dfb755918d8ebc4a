"""The type of every part of an expression before it runs, and what can be told from it: slips that would give null.

Types are those of `types`; Any is "not known" and never doubted, and null belongs to every type. So a remark is never
raised where a value could be right: see `remarks` for the checks.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ruta.engine.feel import syntax, types, values
from ruta.engine.feel.builtins import TABLE, Builtin
from ruta.engine.feel.kinds import (
    BOOLEAN,
    MONTHS,
    NUMBER,
    PROPERTIES,
    SPAN,
    arithmetic,
    result_of,
    takes,
    type_of_value,
)
from ruta.engine.feel.reads import rungs_of
from ruta.engine.feel.remarks import Remark
from ruta.engine.feel.types import ANY, Type, join, shown
from ruta.engine.nearest import nearest


class Scope:
    """The types of the names in scope. An `open` one may hold names that are not listed."""

    def __init__(
        self, own: Mapping[str, Type], outer: "Scope | None" = None, *, is_open: bool = False
    ) -> None:
        self.own = dict(own)
        self.outer = outer
        self.open = is_open

    def find(self, name: str) -> Type | None:
        """The type of a name; Any where it may be one that is not listed, None where it is none."""
        if name in self.own:
            return self.own[name]
        found = self.outer.find(name) if self.outer else None
        return ANY if found is None and self.open else found

    def names(self) -> set[str]:
        """All names listed."""
        return set(self.own) | (self.outer.names() if self.outer else set())


class Inference:
    """Infers one tree; `remarks` grow on the way. `named` are types that `instance of` may name."""

    def __init__(self, named: Mapping[str, Type]) -> None:
        self.remarks: list[Remark] = []
        self._named = named
        self._methods: dict[type[syntax.Node], Callable[[Any, Scope], Type]] = {
            syntax.Constant: lambda node, scope: type_of_value(node.value),
            syntax.Name: self._name,
            syntax.ListOf: lambda node, scope: Type("list", self._join(node.items, scope)),
            syntax.ContextOf: self._context,
            syntax.Interval: self._interval,
            syntax.Negative: self._negative,
            syntax.Binary: self._binary,
            syntax.Between: self._between,
            syntax.In: self._in,
            syntax.InstanceOf: self._instance,
            syntax.Path: self._path,
            syntax.Filter: self._filter,
            syntax.Call: self._call,
            syntax.If: self._if,
            syntax.For: self._for,
            syntax.Quantified: self._quantified,
            syntax.FunctionOf: self._function,
            syntax.Tests: self._tests,
        }

    def type(self, node: syntax.Node, scope: Scope) -> Type:
        """The type of a construct; what is wrong in it is remarked."""
        return self._methods[type(node)](node, scope)

    def _remark(self, check: str, node: syntax.Node, es: str, en: str, nearest: str = "") -> None:
        if nearest:
            es, en = f"{es} ¿Quiso decir {nearest}?", f"{en} Did you mean {nearest}?"
        self.remarks.append(Remark(check, node.at, {"es": es, "en": en}, nearest))

    def _join(self, nodes: Iterable[syntax.Node], scope: Scope) -> Type:
        found = [self.type(node, scope) for node in nodes]
        joined = found[0] if found else ANY
        for each in found[1:]:
            joined = join(joined, each)
        return joined

    # Names and entries

    def _name(self, node: syntax.Name, scope: Scope) -> Type:
        found = scope.find(node.name)
        if found is not None:
            return found
        builtin = TABLE.get(node.name)
        if builtin is not None:
            return Type("function")
        near = nearest(node.name, scope.names() | TABLE.keys())
        self._remark(
            "unknown-name",
            node,
            f"No hay nada que se llame {node.name}.",
            f"Nothing is called {node.name}.",
            near,
        )
        return ANY

    def _context(self, node: syntax.ContextOf, scope: Scope) -> Type:
        inner = Scope({}, scope)
        for name, entry in node.entries:
            if isinstance(entry, syntax.FunctionOf):
                inner.own[name] = ANY  # it may call itself
            inner.own[name] = self.type(entry, inner)
        return Type("context", fields=dict(inner.own))

    def _path(self, node: syntax.Path, scope: Scope) -> Type:
        return self._entry(node, self.type(node.value, scope))

    def _entry(self, node: syntax.Path, of: Type) -> Type:
        if of.name == "list":
            return Type("list", self._entry(node, of.element or ANY))
        if of.name == "range":
            ends = dict.fromkeys(("start", "end"), of.element or ANY)
            known: Mapping[str, Type] = ends | dict.fromkeys(("start included", "end included"), BOOLEAN)
        else:
            known = (of.fields or {}) if of.name == "context" else PROPERTIES.get(of.name, {})
        if node.name in known:
            return known[node.name]
        if of.name in ("Any", "Null") or (of.name == "context" and not known):
            return ANY
        self._remark(
            "unknown-entry",
            node,
            f"Un valor de tipo {of.name} no tiene aquí {node.name}.",
            f"A value of type {of.name} has no {node.name} here.",
            nearest(node.name, known),
        )
        return ANY

    # Operators

    def _negative(self, node: syntax.Negative, scope: Scope) -> Type:
        of = self.type(node.operand, scope)
        if of.name not in ("Any", "Null", NUMBER.name, SPAN.name, MONTHS.name):
            self._remark("operator", node, f"-{of.name} no tiene valor.", f"-{of.name} has no value.")
            return ANY
        return of

    def _binary(self, node: syntax.Binary, scope: Scope) -> Type:
        left, right = self.type(node.left, scope), self.type(node.right, scope)
        if node.op in ("and", "or"):
            for part, of in ((node.left, left), (node.right, right)):
                self._needs_boolean(part, of)
            return BOOLEAN
        if node.op in ("=", "!=", "<", "<=", ">", ">="):
            self._compared(node, node.op, left, right)
            return BOOLEAN
        found = arithmetic(node.op, left, right)
        if found is None:
            a, b = left.name, right.name
            self._remark(
                "operator", node, f"{a} {node.op} {b} no tiene valor.", f"{a} {node.op} {b} has no value."
            )
        return found or ANY

    def _compared(self, node: syntax.Node, op: str, left: Type, right: Type) -> None:
        if {left.name, right.name} & {"Any", "Null"}:
            return
        if left.name == right.name and (op in ("=", "!=") or left.name in values.ORDERED):
            return
        self._remark(
            "comparison",
            node,
            f"{left.name} {op} {right.name} siempre es null: no se comparan.",
            f"{left.name} {op} {right.name} is always null: they do not compare.",
        )

    def _needs_boolean(self, node: syntax.Node, of: Type) -> None:
        if of.name not in ("Any", "Null", "boolean"):
            self._remark(
                "condition",
                node,
                f"Aquí va una condición, y esto es de tipo {of.name}: nunca es true.",
                f"A condition stands here, and this is a {of.name}: it is never true.",
            )

    def _between(self, node: syntax.Between, scope: Scope) -> Type:
        value = self.type(node.value, scope)
        for end in (node.low, node.high):
            self._compared(node, "between", value, self.type(end, scope))
        return BOOLEAN

    def _in(self, node: syntax.In, scope: Scope) -> Type:
        value = self.type(node.value, scope)
        for test in node.tests:
            self._holds(test, value, self.type(test, scope))
        return BOOLEAN

    def _holds(self, node: syntax.Node, value: Type, test: Type) -> None:
        """`value in test`: a range or list of its kind, or a value of its kind."""
        if test.name == "range":
            self._compared(node, "in", value, test.element or ANY)
        elif test.name == "list" and value.name != "list":
            self._holds(node, value, test.element or ANY)
        else:
            self._compared(node, "=", value, test)

    def _instance(self, node: syntax.InstanceOf, scope: Scope) -> Type:
        self.type(node.value, scope)
        return BOOLEAN

    def _interval(self, node: syntax.Interval, scope: Scope) -> Type:
        ends = [self.type(end, scope) for end in (node.start, node.end) if end]
        if len(ends) == 2 and node.start is not node.end:
            self._compared(node, "..", ends[0], ends[1])
        return ends[0] if node.op in ("=", "!=") else Type("range", join(ends[0], ends[-1]))

    def _if(self, node: syntax.If, scope: Scope) -> Type:
        rungs, last = rungs_of(node)
        found: list[Type] = []
        for condition, then in rungs:
            self._needs_boolean(condition, self.type(condition, scope))
            found.append(self.type(then, scope))
        joined = self.type(last, scope)
        for of in reversed(found):
            joined = join(of, joined)
        return joined

    # Lists

    def _filter(self, node: syntax.Filter, scope: Scope) -> Type:
        of = self.type(node.value, scope)
        element = (of.element or ANY) if of.name == "list" else of
        fields = (element.fields or {}) if element.name == "context" else {}
        unknown = element.name in ("Any", "Null") or (element.name == "context" and not fields)
        inner = Scope({"item": element, **fields}, scope, is_open=unknown)
        condition = self.type(node.condition, inner)
        if condition.name in ("number", "Any"):  # a position that turns out null leaves no item: []
            return element if isinstance(node.condition, syntax.Constant) else ANY
        self._needs_boolean(node.condition, condition)
        return Type("list", element)

    def _for(self, node: syntax.For, scope: Scope) -> Type:
        inner = self._domains(node.domains, scope)
        inner.own["partial"] = Type("list", ANY)
        return Type("list", self.type(node.body, inner))

    def _quantified(self, node: syntax.Quantified, scope: Scope) -> Type:
        self._needs_boolean(node.condition, self.type(node.condition, self._domains(node.domains, scope)))
        return BOOLEAN

    def _domains(self, domains: Iterable[tuple[str, syntax.Node]], scope: Scope) -> Scope:
        inner = Scope({}, scope)
        for name, domain in domains:
            of = self.type(domain, inner)
            inner.own[name] = (of.element or ANY) if of.name in ("list", "range") else of
        return inner

    # Functions

    def _function(self, node: syntax.FunctionOf, scope: Scope) -> Type:
        params = {name: (types.named(of, self._named) if of else None) or ANY for name, of in node.params}
        result = ANY if node.external else self.type(node.body, Scope(params, scope))
        return Type("function", params=tuple(params.values()), result=result)

    def _call(self, node: syntax.Call, scope: Scope) -> Type:
        given = [self.type(argument, scope) for argument in node.arguments]
        if isinstance(node.function, syntax.Name) and scope.find(node.function.name) is None:
            builtin = TABLE.get(node.function.name)
            if builtin is not None:
                return self._builtin(node, builtin, given)
        of = self.type(node.function, scope)
        if of.name not in ("Any", "Null", "function"):
            self._remark(
                "arguments",
                node,
                f"Un valor de tipo {of.name} no es una función.",
                f"A value of type {of.name} is not a function.",
            )
        elif of.params is not None and len(of.params) != len(given):
            count = len(of.params)
            self._remark(
                "arguments",
                node,
                f"La función recibe {count} argumentos y aquí hay {len(given)}.",
                f"The function takes {count} arguments and here are {len(given)}.",
            )
        return of.result or ANY

    def _builtin(self, node: syntax.Call, builtin: Builtin, given: list[Type]) -> Type:
        if builtin.host:
            return ANY
        if not any(takes(overload, given, node.names) for overload in builtin.overloads):
            listed = ", ".join(shown(of) for of in given)
            labels = {param.name for overload in builtin.overloads for param in overload.params}
            odd = next((label for label in node.names if label not in labels), "")
            self._remark(
                "arguments",
                node,
                f"La función {builtin.name} no recibe ({listed})"
                + (f" con el nombre {odd}." if odd else "."),
                f"The function {builtin.name} does not take ({listed})"
                + (f" by the name {odd}." if odd else "."),
                nearest(odd, labels) if odd else "",
            )
        return result_of(builtin.name, builtin.result, [] if node.names else given)

    # Cells

    def _tests(self, node: syntax.Tests, scope: Scope) -> Type:
        value = scope.find("?") or ANY
        for test in node.tests:
            of = self.type(test, scope)
            if of.name == "boolean" and not isinstance(test, syntax.Constant):
                continue  # a test written as a condition
            self._holds(test, value, of)
        return BOOLEAN


def infer(
    tree: syntax.Node, known: Mapping[str, Type], named: Mapping[str, Type]
) -> tuple[Type, tuple[Remark, ...]]:
    """(type, remarks) of a tree where `known` are the types of all variables."""
    inference = Inference(named)
    found = inference.type(tree, Scope(known))
    return found, tuple({(remark.check, remark.at): remark for remark in inference.remarks}.values())
