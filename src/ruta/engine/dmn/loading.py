"""From a DMN file and what it imports to a model: references resolved, expressions compiled, cycles refused."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ruta.engine.dmn import elements
from ruta.engine.dmn.boxed import Boxes, turn_cost
from ruta.engine.dmn.elements import Definitions
from ruta.engine.dmn.errors import DmnError, Fault, did_you_mean, fault
from ruta.engine.dmn.graph import Node
from ruta.engine.dmn.library import Library
from ruta.engine.dmn.lone import with_inputs
from ruta.engine.dmn.model import Model
from ruta.engine.dmn.reader import read
from ruta.engine.dmn.table import Table
from ruta.engine.feel.types import Type
from ruta.engine.nearest import nearest

if TYPE_CHECKING:
    from pathlib import Path

Resolve = Callable[[elements.Import], bytes | None]
_DEEPEST_IMPORT = 10


def load(source: "Path | str | bytes", *, resolve: Resolve | None = None, strict: bool = True) -> Model:
    """The model of a DMN file, or of its bytes.

    Imports are found by `resolve`; for a file, by default, beside it. Raises DmnError with every fault of the file;
    with `strict=False` an expression that is not FEEL is null instead, and `Model.faults` says which.
    """
    if isinstance(source, bytes):
        return _load(source, resolve or (lambda _: None), strict, 0)
    from ruta.engine.dmn.beside import Beside  # a model that comes as bytes needs no folders

    beside = Beside(source)
    return _load(beside.read_bytes(), resolve or beside, strict, 0)


def _load(xml: bytes, resolve: Resolve, strict: bool, depth: int) -> Model:
    definitions = read(xml)
    nodes: dict[str, Node] = {}
    imported: dict[str, Type] = {}
    spaces: dict[str, str] = {}  # name of the import by namespace
    missing = []
    for wanted in definitions.imports:
        if wanted.kind and "/DMN/" not in wanted.kind:
            continue
        content = resolve(wanted) if depth < _DEEPEST_IMPORT else None
        if content is None:
            missing.append(_missing(wanted, resolve))
            continue
        other = _load(content, resolve, strict, depth + 1)
        nodes |= other.nodes
        prefix = f"{wanted.name}." if wanted.name else ""
        for node in other.nodes.values():
            node.title = prefix + node.title
            node.path = (wanted.name, *node.path)
        spaces[other.definitions.namespace] = wanted.name
        imported |= {prefix + name: of for name, of in other.library.types.known.items()}
    library = Library(definitions, imported, (node.element.name for node in nodes.values()))
    reads = _compile(definitions, nodes, spaces, library)
    if reads and not definitions.imports and not _declares_inputs(definitions):
        definitions, unknown = with_inputs(definitions, reads), library.unknown
        library = Library(definitions, {}, ())
        nodes = {}
        _compile(definitions, nodes, spaces, library)
        library.unknown = unknown  # who checks names asks for a declaration all the same
    library.faults += missing
    if strict and library.faults:
        raise DmnError(tuple(library.faults))
    return Model(definitions, nodes, library)


def _declares_inputs(definitions: Definitions) -> bool:
    return any(isinstance(element, elements.InputData) for element in definitions.elements)


def _missing(wanted: elements.Import, resolve: Resolve) -> Fault:
    name = wanted.location or wanted.namespace
    known: Callable[[], list[str]] = getattr(resolve, "known", list)
    near = nearest(name, known())
    return fault(
        f"No se encuentra el modelo importado {name}.{did_you_mean(near)['es']}",
        f"The imported model {name} is not found.{did_you_mean(near)['en']}",
        element=wanted.place.id,
        name=wanted.name,
        line=wanted.place.line,
    )


def _compile(
    definitions: Definitions, nodes: dict[str, Node], spaces: dict[str, str], library: Library
) -> dict[str, list[str]]:
    """Fill `nodes`; returns the names that a decision reads and nothing gives, by its id."""
    unknown: dict[str, list[str]] = {}
    space = definitions.namespace
    own = {element.place.id: element for element in definitions.elements}
    for identifier, element in own.items():
        nodes[f"{space}#{identifier}"] = Node(
            element, library.types.of(element.type_ref, element.place), element.name
        )

    def find(href: str, element: elements.Element) -> Node | None:
        namespace, _, identifier = href.rpartition("#")
        node = nodes.get(f"{namespace or space}#{identifier}")
        if node is None:
            hint = did_you_mean(_near(href, element.place, nodes, space))
            library.fault(
                element.place,
                f"La referencia {href} no existe.{hint['es']}",
                f"The reference {href} does not exist.{hint['en']}",
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
        boxes, before = Boxes(element.name, library), len(library.unknown)
        if isinstance(element, elements.Decision) and element.expression is not None:
            node.logic, node.cost = boxes.closure(element.expression, bound), turn_cost(element.expression)
            node.table = node.logic if isinstance(node.logic, Table) else None
            if names := [name for _, name in library.unknown[before:]]:
                unknown[identifier] = names
        elif isinstance(element, elements.Knowledge) and element.function is not None:
            node.logic = boxes.closure(element.function, bound | {element.name})
    _refuse_unknown_types(library)
    _refuse_cycles(nodes, library)
    return unknown


def _near(href: str, place: elements.Place, nodes: Mapping[str, Node], space: str) -> str:
    """The reference that was meant: the nearest id, or the element of that name."""
    namespace, _, identifier = href.rpartition("#")
    others = {
        key.rpartition("#")[2]: node for key, node in nodes.items() if node.element.place.id != place.id
    }
    named = {node.element.name: id for id, node in others.items()}
    found = nearest(identifier, others) or named.get(nearest(identifier, named), "")
    own = f"{space}#{found}" in nodes
    return f"{'' if own else namespace}#{found} ({others[found].element.name})" if found else ""


def _refuse_unknown_types(library: Library) -> None:
    for reference, place in sorted(library.types.unknown.items()):
        hint = did_you_mean(nearest(reference, library.types.names()))
        library.fault(
            place,
            f"El tipo {reference} no existe; declare un itemDefinition o use un tipo de FEEL.{hint['es']}",
            f"The type {reference} does not exist; declare an itemDefinition or use a type of FEEL.{hint['en']}",
        )


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
