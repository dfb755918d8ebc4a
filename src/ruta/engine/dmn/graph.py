"""The graph of a model and one evaluation of it: each element is computed once (DMN 1.5, chapter 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruta.engine.dmn import elements
from ruta.engine.dmn.outcome import Explanation, Hit
from ruta.engine.dmn.table import Table
from ruta.engine.feel import types, values
from ruta.engine.feel.calls import Closure, user_function
from ruta.engine.feel.context import Run
from ruta.engine.feel.types import Type
from ruta.engine.feel.values import Function


@dataclass(slots=True, eq=False, repr=False)
class Node:
    """An element of the graph, compiled. `reads` are the variables it sees: (import name or "", name, node)."""

    element: elements.Element
    type: Type
    title: str  # its name; of an imported one behind the names of the imports
    reads: tuple[tuple[str, str, "Node"], ...] = ()
    logic: Closure | None = None
    table: Table | None = None  # the logic, when it is a table
    path: tuple[str, ...] = ()  # names of the imports that lead to its model
    cost: int = 1  # steps, besides what its parts cost
    members: tuple[tuple["Node", ...], ...] = ()  # of a service: input data, input decisions, outputs


class Evaluation:
    """One evaluation of a graph: each element is computed once; `given` replaces elements by values."""

    def __init__(
        self,
        inputs: Mapping[str, Any],
        run: Run,
        given: dict[int, Any] | None = None,
    ) -> None:
        self._inputs = inputs
        self._run = run
        self._known: dict[int, Any] = given or {}
        self._inputs_read: dict[str, Any] = {}
        self._decided: list[tuple[Node, Any]] = []

    def answer(self, node: Node) -> Any:
        """The value of a decision; knowledge and services are called with the inputs that have their parameters' names."""
        value = self.value(node)
        if isinstance(node.element, elements.Decision):
            return value
        given = [values.to_feel(self._inputs.get(name), self._run) for name in value.params]
        return value.call(self._run, *given)

    def explanation(self, asked: Node) -> Explanation:
        """What was read and decided on the way to `asked`."""
        hits = tuple(item for item in self._run.trace or () if isinstance(item, Hit))
        decisions = {node.title: value for node, value in self._decided if node is not asked}
        return Explanation(hits, self._inputs_read, decisions)

    def value(self, node: Node) -> Any:
        """The value of an element: of a decision its result, of knowledge and services a function."""
        key, known = id(node), self._known
        if key in known:
            return known[key]
        if type(node.element) is elements.InputData:
            value = self._inputs_read[node.title] = self._fit(input_of(node, self._inputs, self._run), node)
        else:
            known[key] = None  # a cycle reads null; loading refuses it
            value = self._compute(node)
            if type(node.element) is elements.Decision:
                self._decided.append((node, value))
        known[key] = value
        return value

    def _compute(self, node: Node) -> Any:
        element = node.element
        if isinstance(element, elements.Service):
            return self._service(node)
        env: dict[str, Any] = {}
        for space, name, read_node in node.reads:
            if space:
                env.setdefault(space, {})[name] = self.value(read_node)
            else:
                env[name] = self.value(read_node)
        if node.logic is None:
            return None
        self._run.spend(node.cost)
        result = node.logic(env, self._run)
        if isinstance(element, elements.Knowledge):
            env.setdefault(element.name, result)  # it may call itself
            return result
        return self._fit(result, node)

    def _fit(self, value: Any, node: Node) -> Any:
        return value if node.type is types.ANY else fitted(value, node, self._run)

    def _service(self, node: Node) -> Function:
        data, decisions, outputs = node.members
        parameters = (*data, *decisions)

        def call(env: Any, run: Run) -> Any:
            given = {id(parameter): env[parameter.element.name] for parameter in parameters}
            inner = Evaluation(self._inputs, run, given)
            inner._decided = self._decided
            results = {output.element.name: inner.value(output) for output in outputs}
            result = next(iter(results.values())) if len(results) == 1 else results
            wanted = node.type.result if node.type.name == "function" else node.type
            return types.coerce(result, wanted or types.ANY, run)

        names = tuple(parameter.element.name for parameter in parameters)
        checks = tuple(parameter.type for parameter in parameters)
        return user_function(names, checks, call, {}, (checks, None))


def input_of(node: Node, inputs: Mapping[str, Any], run: Run) -> Any:
    """The value given for an input; one of an imported model may be nested under the names of the imports."""
    space = inputs
    for imported in node.path:
        inner = space.get(imported)
        if not isinstance(inner, Mapping):
            space = inputs
            break
        space = inner
    return values.to_feel(space.get(node.element.name), run)


def fitted(value: Any, node: Node, run: Run) -> Any:
    """The value in the type of its element, else null with the reason noted."""
    found = types.coerce(value, node.type, run)
    if found is None and value is not None:
        run.note("type", node.element.name, node.type.name)
    return found
