"""The tree of an expression: one frozen class per construct of the grammar (DMN 1.5, 10.3.1.2), with its place."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """Any construct; `at` is the offset of its first character in the text."""

    at: int


@dataclass(frozen=True, slots=True)
class Constant(Node):
    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, or a built-in function when no variable has the name."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Interval(Node):
    """`[a..b]`, or a unary comparison as a range: then one end is None and `op` holds the operator."""

    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool
    op: str = ""


@dataclass(frozen=True, slots=True)
class Negative(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Arithmetic, comparison, `and`, `or`."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in tests`: one test, or several in parentheses."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    type: "TypeName"


@dataclass(frozen=True, slots=True)
class Path(Node):
    value: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    value: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """`names` is empty for positional arguments, else one name per argument."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for` over a product of domains; `partial` is visible in the body."""

    domains: tuple[tuple[str, Node], ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    every: bool
    domains: tuple[tuple[str, Node], ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    params: tuple[tuple[str, "TypeName | None"], ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests of a cell: any of `tests` holds (none of them when `negated`); no tests is `-`."""

    tests: tuple[Node, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class TypeName(Node):
    """A type as written: its name, `arguments` of list, range and function, `fields` of a context."""

    name: str
    arguments: tuple["TypeName", ...] = ()
    fields: tuple[tuple[str, "TypeName"], ...] = ()
