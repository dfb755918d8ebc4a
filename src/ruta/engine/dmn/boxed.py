"""Boxed expressions (DMN 1.5, 10.2) to closures of (variables, run)."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

from ruta.engine.dmn import elements
from ruta.engine.dmn.elements import Expression, Place
from ruta.engine.dmn.library import Library
from ruta.engine.dmn.table import Table
from ruta.engine.feel import types
from ruta.engine.feel.calls import Closure, Scope, invoke, user_function
from ruta.engine.feel.context import Run
from ruta.engine.feel.iteration import items_of, sift
from ruta.engine.feel.values import Function

_COST_OF_CONTEXT = 3


class Boxes:
    """Compiles the boxed expressions of one decision or business knowledge model."""

    def __init__(self, decision: str, library: Library) -> None:
        self._decision = decision
        self._library = library
        self._methods: dict[type[Expression], Callable[[Any, frozenset[str]], Closure]] = {
            elements.Literal: self._literal,
            elements.BoxedContext: self._context,
            elements.Invocation: self._invocation,
            elements.BoxedList: self._list,
            elements.Relation: self._relation,
            elements.FunctionDefinition: self._function,
            elements.Conditional: self._conditional,
            elements.BoxedFilter: self._filter,
            elements.Iterator: self._iterator,
        }

    def closure(self, box: Expression | None, bound: frozenset[str]) -> Closure:
        """The closure of a box whose variables are `bound`; a missing box is null."""
        if box is None:
            return _nothing
        if isinstance(box, elements.DecisionTable):
            return self.table(box, bound)
        return self._typed(self._methods[type(box)](box, bound), box.type_ref, box.place)

    def table(self, box: elements.DecisionTable, bound: frozenset[str]) -> Table:
        """The compiled table, which brings its value into its type itself."""
        return Table(box, self._decision, self._library, bound)

    def _typed(self, closure: Closure, type_ref: str, place: Place) -> Closure:
        wanted = self._library.types.of(type_ref, place)
        if wanted is types.ANY or wanted.name == "function":
            return closure
        return lambda env, run: types.coerce(closure(env, run), wanted, run)

    def _literal(self, box: elements.Literal, bound: frozenset[str]) -> Closure:
        return self._library.expression(box.text, bound, box.place)

    def _context(self, box: elements.BoxedContext, bound: frozenset[str]) -> Closure:
        entries: list[tuple[str, Closure]] = []
        for entry in box.entries:
            # A function may call itself by the name of its entry.
            inner = bound | {entry.name} if isinstance(entry.value, elements.FunctionDefinition) else bound
            entries.append(
                (entry.name, self._typed(self.closure(entry.value, inner), entry.type_ref, box.place))
            )
            bound = bound | {entry.name} if entry.name else bound

        def context(env: Any, run: Run) -> Any:
            run.left -= _COST_OF_CONTEXT
            scope = Scope({}, env)
            for name, value in entries:
                found = value(scope, run)
                if not name:
                    return found
                scope[name] = found
            return dict(scope)

        return context

    def _invocation(self, box: elements.Invocation, bound: frozenset[str]) -> Closure:
        function = self.closure(box.function, bound)
        labels = tuple(binding.name for binding in box.bindings)
        bindings = [
            self._typed(self.closure(binding.value, bound), binding.type_ref, box.place)
            for binding in box.bindings
        ]

        def invocation(env: Any, run: Run) -> Any:
            called = function(env, run)
            if type(called) is not Function:
                run.note("not-function")
                return None
            return invoke(called, [binding(env, run) for binding in bindings], labels, run)

        return invocation

    def _list(self, box: elements.BoxedList, bound: frozenset[str]) -> Closure:
        items = [self.closure(item, bound) for item in box.items]
        return lambda env, run: [item(env, run) for item in items]

    def _relation(self, box: elements.Relation, bound: frozenset[str]) -> Closure:
        columns = [(column.name, column.type_ref) for column in box.columns]
        rows = [
            [
                (name, self._typed(self.closure(cell, bound), of, box.place))
                for (name, of), cell in zip(columns, row, strict=False)
            ]
            for row in box.rows
        ]
        return lambda env, run: [{name: cell(env, run) for name, cell in row} for row in rows]

    def _function(self, box: elements.FunctionDefinition, bound: frozenset[str]) -> Closure:
        names = tuple(param.name for param in box.params)
        checks = tuple(self._library.types.of(param.type_ref, box.place) for param in box.params)
        if box.kind != "FEEL":
            self._library.fault(
                box.place,
                f"Una función de clase {box.kind} no se ejecuta; escríbala en FEEL.",
                f"A function of kind {box.kind} is not executed; write it in FEEL.",
            )
            return _nothing
        body = self.closure(box.body, bound.union(names))
        cost = turn_cost(box.body)
        return lambda env, run: user_function(names, checks, body, env, (checks, None), cost)

    def _conditional(self, box: elements.Conditional, bound: frozenset[str]) -> Closure:
        condition, then, otherwise = (
            self.closure(part, bound) for part in (box.condition, box.then, box.otherwise)
        )
        return lambda env, run: then(env, run) if condition(env, run) is True else otherwise(env, run)

    def _filter(self, box: elements.BoxedFilter, bound: frozenset[str]) -> Closure:
        source = self.closure(box.source, bound)
        match, cost = self.closure(box.match, bound | {"item"}), turn_cost(box.match)

        def filtered(env: Any, run: Run) -> Any:
            found = source(env, run)
            if found is None:
                return None
            return sift(found if type(found) is list else [found], match, env, run, cost)

        return filtered

    def _iterator(self, box: elements.Iterator, bound: frozenset[str]) -> Closure:
        source = self.closure(box.source, bound)
        body = self.closure(box.body, bound | {box.variable, "partial"})
        iterate, cost = _ITERATE[box.kind], turn_cost(box.body)

        def iterator(env: Any, run: Run) -> Any:
            items = items_of(source(env, run))
            if items is None:
                return None
            partial: list[Any] = []
            for item in items:
                run.spend(cost)
                run.items(len(partial))
                own = (
                    {box.variable: item, "partial": list(partial)}
                    if box.kind == "for"
                    else {box.variable: item}
                )
                partial.append(body(Scope(own, env), run))
            return iterate(partial)

        return iterator


def turn_cost(box: Any) -> int:
    """Steps that one turn of a loop over this box costs: by the length of its texts."""
    return 2 + sum(2 + len(text) for text in _texts(box)) // 6


def _texts(box: Any) -> Iterator[str]:
    if isinstance(box, elements.Literal):
        yield box.text
    elif isinstance(box, tuple):
        for part in box:
            yield from _texts(part)
    elif isinstance(box, Expression | elements.Entry) and not isinstance(box, elements.DecisionTable):
        for field in fields(box):
            yield from _texts(getattr(box, field.name))


def _nothing(env: Any, run: Run) -> Any:
    return None


def _judged(verdicts: list[Any], decisive: bool) -> Any:
    if any(verdict is not None and type(verdict) is not bool for verdict in verdicts):
        return None
    if decisive in verdicts:
        return decisive
    return None if None in verdicts else not decisive


_ITERATE: dict[str, Callable[[list[Any]], Any]] = {
    "for": lambda results: results,
    "some": lambda verdicts: _judged(verdicts, True),
    "every": lambda verdicts: _judged(verdicts, False),
}
