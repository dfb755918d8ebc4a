"""The parts of a DMN model as read from its file, before anything is compiled (DMN 1.5, chapters 6 to 8 and 10.2).

They are not changed once they are read, and compared by identity (as the nodes of `feel.syntax`, and why).
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """Which element of which line something comes from."""

    id: str = ""
    name: str = ""
    line: int = 0


@dataclass(slots=True, eq=False, repr=False)
class Expression:
    """Any boxed expression."""

    place: Place
    type_ref: str = ""


@dataclass(slots=True, eq=False, repr=False)
class Literal(Expression):
    text: str = ""


@dataclass(slots=True, eq=False, repr=False)
class Entry:
    """A named part: context entry, binding, column; an empty name is the result of a context."""

    name: str
    type_ref: str
    value: Expression | None


@dataclass(slots=True, eq=False, repr=False)
class BoxedContext(Expression):
    entries: tuple[Entry, ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class Invocation(Expression):
    function: Expression | None = None
    bindings: tuple[Entry, ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class BoxedList(Expression):
    items: tuple[Expression | None, ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class Relation(Expression):
    columns: tuple[Entry, ...] = ()
    rows: tuple[tuple[Expression | None, ...], ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class FunctionDefinition(Expression):
    kind: str = "FEEL"
    params: tuple[Entry, ...] = ()
    body: Expression | None = None


@dataclass(slots=True, eq=False, repr=False)
class Conditional(Expression):
    condition: Expression | None = None
    then: Expression | None = None
    otherwise: Expression | None = None


@dataclass(slots=True, eq=False, repr=False)
class BoxedFilter(Expression):
    source: Expression | None = None
    match: Expression | None = None


@dataclass(slots=True, eq=False, repr=False)
class Iterator(Expression):
    """`kind` is for, some or every."""

    kind: str = "for"
    variable: str = ""
    source: Expression | None = None
    body: Expression | None = None


@dataclass(slots=True, eq=False, repr=False)
class InputClause:
    """A column of what a table reads; `label_en` is its label in English where the file has it."""

    place: Place
    label: str
    text: str
    type_ref: str
    allowed: str
    label_en: str = ""


@dataclass(slots=True, eq=False, repr=False)
class OutputClause:
    place: Place
    name: str
    type_ref: str
    allowed: str
    default: str


@dataclass(slots=True, eq=False, repr=False)
class Rule:
    place: Place
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    annotations: tuple[str, ...]


@dataclass(slots=True, eq=False, repr=False)
class DecisionTable(Expression):
    """`policy` is one of UNIQUE, ANY, PRIORITY, FIRST, RULE ORDER, OUTPUT ORDER, COLLECT."""

    policy: str = "UNIQUE"
    aggregation: str = ""
    inputs: tuple[InputClause, ...] = ()
    outputs: tuple[OutputClause, ...] = ()
    rules: tuple[Rule, ...] = ()
    annotations: tuple[str, ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class ItemDefinition:
    place: Place
    name: str
    type_ref: str = ""
    allowed: str = ""
    constraint: str = ""
    collection: bool = False
    components: tuple["ItemDefinition", ...] = ()
    function: tuple[tuple[str, ...], str] | None = None


@dataclass(slots=True, eq=False, repr=False)
class Element:
    """A node of the requirements graph; `requires` are hrefs of what it reads."""

    place: Place
    name: str
    type_ref: str = ""
    requires: tuple[str, ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class InputData(Element):
    pass


@dataclass(slots=True, eq=False, repr=False)
class Decision(Element):
    expression: Expression | None = None


@dataclass(slots=True, eq=False, repr=False)
class Knowledge(Element):
    """A business knowledge model: a named function."""

    function: FunctionDefinition | None = None


@dataclass(slots=True, eq=False, repr=False)
class Service(Element):
    outputs: tuple[str, ...] = ()
    encapsulated: tuple[str, ...] = ()
    input_decisions: tuple[str, ...] = ()
    input_data: tuple[str, ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class Import:
    name: str
    namespace: str
    location: str
    kind: str
    place: Place = Place()


@dataclass(slots=True, eq=False, repr=False)
class Definitions:
    """One file."""

    name: str
    namespace: str
    items: tuple[ItemDefinition, ...] = ()
    elements: tuple[Element, ...] = ()
    imports: tuple[Import, ...] = field(default=())
