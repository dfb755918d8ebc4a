"""The tree of an expression: one class per construct of the grammar (DMN 1.5, 10.3.1.2), with its place.

Nodes are not changed once they are made, and compared by identity. There are many classes, so each has only the
methods it needs: those that a frozen dataclass generates were a fifth of the time of importing the engine.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(slots=True, eq=False, repr=False)
class Node:
    """Any construct; `at` is the offset of its first character in the text."""

    at: int


@dataclass(slots=True, eq=False, repr=False)
class Constant(Node):
    value: Any


@dataclass(slots=True, eq=False, repr=False)
class Name(Node):
    """A variable, or a built-in function when no variable has the name."""

    name: str


@dataclass(slots=True, eq=False, repr=False)
class ListOf(Node):
    items: tuple[Node, ...]


@dataclass(slots=True, eq=False, repr=False)
class ContextOf(Node):
    entries: tuple[tuple[str, Node], ...]


@dataclass(slots=True, eq=False, repr=False)
class Interval(Node):
    """`[a..b]`, or a unary comparison as a range: then one end is None and `op` holds the operator."""

    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool
    op: str = ""


@dataclass(slots=True, eq=False, repr=False)
class Negative(Node):
    operand: Node


@dataclass(slots=True, eq=False, repr=False)
class Binary(Node):
    """Arithmetic, comparison, `and`, `or`."""

    op: str
    left: Node
    right: Node


@dataclass(slots=True, eq=False, repr=False)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(slots=True, eq=False, repr=False)
class In(Node):
    """`value in tests`: one test, or several in parentheses."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(slots=True, eq=False, repr=False)
class InstanceOf(Node):
    value: Node
    type: "TypeName"


@dataclass(slots=True, eq=False, repr=False)
class Path(Node):
    value: Node
    name: str


@dataclass(slots=True, eq=False, repr=False)
class Filter(Node):
    value: Node
    condition: Node


@dataclass(slots=True, eq=False, repr=False)
class Call(Node):
    """`names` is empty for positional arguments, else one name per argument."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...]


@dataclass(slots=True, eq=False, repr=False)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(slots=True, eq=False, repr=False)
class For(Node):
    """`for` over a product of domains; `partial` is visible in the body."""

    domains: tuple[tuple[str, Node], ...]
    body: Node


@dataclass(slots=True, eq=False, repr=False)
class Quantified(Node):
    every: bool
    domains: tuple[tuple[str, Node], ...]
    condition: Node


@dataclass(slots=True, eq=False, repr=False)
class FunctionOf(Node):
    params: tuple[tuple[str, "TypeName | None"], ...]
    body: Node
    external: bool = False


@dataclass(slots=True, eq=False, repr=False)
class Tests(Node):
    """Unary tests of a cell: any of `tests` holds (none of them when `negated`); no tests is `-`."""

    tests: tuple[Node, ...]
    negated: bool


@dataclass(slots=True, eq=False, repr=False)
class TypeName(Node):
    """A type as written: its name, `arguments` of list, range and function, `fields` of a context."""

    name: str
    arguments: tuple["TypeName", ...] = ()
    fields: tuple[tuple[str, "TypeName"], ...] = ()
