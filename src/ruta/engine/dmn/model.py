"""A model ready to decide: its graph of decisions, knowledge and services, compiled once (DMN 1.5, chapter 6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruta.engine.dmn import elements
from ruta.engine.dmn.boxed import Boxes
from ruta.engine.dmn.elements import Definitions
from ruta.engine.dmn.errors import DmnError, fault
from ruta.engine.dmn.library import Library
from ruta.engine.dmn.outcome import Finding, Hit, Outcome
from ruta.engine.dmn.reader import read
from ruta.engine.feel import types, values
from ruta.engine.feel.calls import Closure, user_function
from ruta.engine.feel.context import Context, Run, over
from ruta.engine.feel.reasons import told
from ruta.engine.feel.types import Type
from ruta.engine.feel.values import Function

Resolve = Callable[[elements.Import], bytes | None]
_DEEPEST_IMPORT = 10


@dataclass(slots=True)
class Node:
    """An element of the graph, compiled. `reads` are the variables it sees: (import name or "", name, node)."""

    element: elements.Element
    type: Type
    namespace: str = ""
    reads: tuple[tuple[str, str, "Node"], ...] = ()
    logic: Closure | None = None
    members: tuple[tuple["Node", ...], ...] = ()  # of a service: input data, input decisions, outputs


class Model:
    """One DMN file, compiled with what it imports. `faults` is empty unless it was loaded bearing them."""

    def __init__(
        self,
        definitions: Definitions,
        nodes: dict[str, Node],
        library: Library,
        paths: dict[str, tuple[str, ...]],
    ) -> None:
        self.definitions = definitions
        self.name = definitions.name
        self.library = library
        self.nodes = nodes
        self.paths = paths  # import names that lead from here to each imported namespace
        own = [nodes[f"{definitions.namespace}#{element.place.id}"] for element in definitions.elements]
        self._by_name: dict[str, Node] = {}
        for node in own:
            self._by_name.setdefault(node.element.name, node)
        self.decisions = tuple(n.element.name for n in own if isinstance(n.element, elements.Decision))
        self.inputs = tuple(n.element.name for n in own if isinstance(n.element, elements.InputData))
        self.services = tuple(n.element.name for n in own if isinstance(n.element, elements.Service))

    @property
    def faults(self) -> tuple[Any, ...]:
        """What could not be compiled."""
        return tuple(self.library.faults)

    def evaluate(self, decision: str, inputs: Mapping[str, Any], ctx: Context) -> Outcome:
        """The value of a decision (or of a service or knowledge model, its parameters among `inputs`), explained.

        `inputs` are plain Python or FEEL values by name of the input data; one that is missing is null. Raises
        DmnError for an unknown name and OverBudget; passes on `Stop`.
        """
        node = self._by_name.get(decision)
        if node is None or isinstance(node.element, elements.InputData):
            near = ", ".join(self.decisions)
            raise DmnError(
                (
                    fault(
                        f"No hay decisión {decision}; hay: {near}.",
                        f"No decision {decision}; there are: {near}.",
                    ),
                )
            )
        run = Run(ctx)
        trace: list[Any] = []
        run.trace = trace
        evaluation = _Evaluation(inputs, run, self.paths)
        try:
            if isinstance(node.element, elements.Decision):
                value = evaluation.value(node)
            else:
                function = evaluation.value(node)
                given = [values.to_feel(inputs.get(name)) for name in function.params]
                value = function.call(run, *given)
        except RecursionError:
            raise over("nested calls", ctx.budget.depth) from None
        hits = tuple(item for item in trace if isinstance(item, Hit))
        findings = [item for item in trace if isinstance(item, Finding)]
        findings += (Finding("null", decision, say) for say in told(run.notes or ()))
        return Outcome(value, hits, tuple(findings))


class _Evaluation:
    """One evaluation of a graph: each element is computed once; `given` replaces elements by values."""

    def __init__(
        self,
        inputs: Mapping[str, Any],
        run: Run,
        paths: Mapping[str, tuple[str, ...]],
        given: dict[int, Any] | None = None,
    ) -> None:
        self._inputs = inputs
        self._run = run
        self._paths = paths
        self._known: dict[int, Any] = given or {}

    def value(self, node: Node) -> Any:
        """The value of an element: of a decision its result, of knowledge and services a function."""
        key = id(node)
        if key not in self._known:
            self._known[key] = None  # a cycle reads null; loading refuses it
            self._known[key] = self._compute(node)
        return self._known[key]

    def _compute(self, node: Node) -> Any:
        element = node.element
        if isinstance(element, elements.InputData):
            return self._fit(self._input(node), node)
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
        result = node.logic(env, self._run)
        if isinstance(element, elements.Knowledge):
            env.setdefault(element.name, result)  # it may call itself
            return result
        return self._fit(result, node)

    def _input(self, node: Node) -> Any:
        """The value given for an input; one of an imported model may be nested under the names of the imports."""
        name, space = node.element.name, self._inputs
        for imported in self._paths.get(node.namespace, ()):
            inner = space.get(imported)
            if not isinstance(inner, Mapping):
                space = self._inputs
                break
            space = inner
        return values.to_feel(space.get(name))

    def _fit(self, value: Any, node: Node) -> Any:
        fitted = types.coerce(value, node.type, self._run)
        if fitted is None and value is not None:
            self._run.note("type", node.element.name, node.type.name)
        return fitted

    def _service(self, node: Node) -> Function:
        data, decisions, outputs = node.members
        parameters = (*data, *decisions)

        def call(env: Any, run: Run) -> Any:
            given = {id(parameter): env[parameter.element.name] for parameter in parameters}
            inner = _Evaluation(self._inputs, run, self._paths, given)
            results = {output.element.name: inner.value(output) for output in outputs}
            result = next(iter(results.values())) if len(results) == 1 else results
            wanted = node.type.result if node.type.name == "function" else node.type
            return types.coerce(result, wanted or types.ANY, run)

        names = tuple(parameter.element.name for parameter in parameters)
        checks = tuple(parameter.type for parameter in parameters)
        return user_function(names, checks, call, {}, (checks, None))


def load(source: Path | str | bytes, *, resolve: Resolve | None = None, strict: bool = True) -> Model:
    """The model of a DMN file, or of its bytes.

    Imports are found by `resolve`; for a file, by default, beside it. Raises DmnError with every fault of the file;
    with `strict=False` an expression that is not FEEL is null instead, and `Model.faults` says which.
    """
    if isinstance(source, bytes):
        return _load(source, resolve or (lambda _: None), strict, 0)
    path = Path(source)
    return _load(path.read_bytes(), resolve or _beside(path), strict, 0)


def _beside(path: Path) -> Resolve:
    def resolve(wanted: elements.Import) -> bytes | None:
        folder = path.parent
        named = folder / wanted.location if wanted.location else None
        if named is not None and named.is_file() and named.resolve().parent == folder.resolve():
            return named.read_bytes()
        for other in sorted(folder.glob("*.dmn")):
            content = other.read_bytes()
            if (
                other != path
                and wanted.namespace.encode() in content
                and read(content).namespace == wanted.namespace
            ):
                return content
        return None

    return resolve


def _load(xml: bytes, resolve: Resolve, strict: bool, depth: int) -> Model:
    definitions = read(xml)
    nodes: dict[str, Node] = {}
    imported: dict[str, Type] = {}
    paths: dict[str, tuple[str, ...]] = {}
    missing = []
    for wanted in definitions.imports:
        if wanted.kind and "/DMN/" not in wanted.kind:
            continue
        content = resolve(wanted) if depth < _DEEPEST_IMPORT else None
        if content is None:
            missing.append(
                fault(
                    f"No se encuentra el modelo importado {wanted.namespace}.",
                    f"The imported model {wanted.namespace} is not found.",
                    name=wanted.name,
                )
            )
            continue
        other = _load(content, resolve, strict, depth + 1)
        nodes |= other.nodes
        paths |= {namespace: (wanted.name, *path) for namespace, path in other.paths.items()}
        paths[other.definitions.namespace] = (wanted.name,)
        prefix = f"{wanted.name}." if wanted.name else ""
        imported |= {prefix + name: of for name, of in other.library.types.known.items()}
    library = Library(definitions, imported, (node.element.name for node in nodes.values()))
    library.faults += missing
    _compile(definitions, nodes, {space: path[0] for space, path in paths.items() if len(path) == 1}, library)
    if strict and library.faults:
        raise DmnError(tuple(library.faults))
    return Model(definitions, nodes, library, paths)


def _compile(
    definitions: Definitions, nodes: dict[str, Node], spaces: dict[str, str], library: Library
) -> None:
    space = definitions.namespace
    own = {element.place.id: element for element in definitions.elements}
    for identifier, element in own.items():
        nodes[f"{space}#{identifier}"] = Node(element, library.types.of(element.type_ref), space)

    def find(href: str, element: elements.Element) -> Node | None:
        namespace, _, identifier = href.rpartition("#")
        node = nodes.get(f"{namespace or space}#{identifier}")
        if node is None:
            library.fault(
                element.place, f"La referencia {href} no existe.", f"The reference {href} does not exist."
            )
        return node

    for identifier, element in own.items():
        node = nodes[f"{space}#{identifier}"]
        reads = []
        for href in element.requires:
            target = find(href, element)
            if target is not None:
                namespace = href.rpartition("#")[0]
                reads.append((spaces.get(namespace, ""), target.element.name, target))
        node.reads = tuple(reads)
        if isinstance(element, elements.Service):
            groups = (element.input_data, element.input_decisions, element.outputs)
            node.members = tuple(tuple(n for href in group if (n := find(href, element))) for group in groups)
        bound = frozenset(imported or name for imported, name, _ in reads)
        boxes = Boxes(element.name, library)
        if isinstance(element, elements.Decision) and element.expression is not None:
            node.logic = boxes.closure(element.expression, bound)
        elif isinstance(element, elements.Knowledge) and element.function is not None:
            node.logic = boxes.closure(element.function, bound | {element.name})
    for reference in sorted(library.types.unknown):
        library.fault(
            elements.Place(name=reference),
            f"El tipo {reference} no existe; declare un itemDefinition o use un tipo de FEEL.",
            f"The type {reference} does not exist; declare an itemDefinition or use a type of FEEL.",
        )
    _refuse_cycles(nodes, library)


def _refuse_cycles(nodes: dict[str, Node], library: Library) -> None:
    done: set[int] = set()
    open_nodes: set[int] = set()

    def visit(node: Node) -> None:
        if id(node) in done:
            return
        if id(node) in open_nodes:
            name = node.element.name
            library.fault(node.element.place, f"{name} depende de sí misma.", f"{name} depends on itself.")
            return
        open_nodes.add(id(node))
        for _, _, target in node.reads:
            visit(target)
        done.add(id(node))

    for node in nodes.values():
        visit(node)
