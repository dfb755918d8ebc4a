"""The parts of a DMN model as read from its file, before anything is compiled (DMN 1.5, chapters 6 to 8 and 10.2)."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Place:
    """Which element of which line something comes from."""

    id: str = ""
    name: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Expression:
    """Any boxed expression."""

    place: Place
    type_ref: str = ""


@dataclass(frozen=True, slots=True)
class Literal(Expression):
    text: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A named part: context entry, binding, column; an empty name is the result of a context."""

    name: str
    type_ref: str
    value: Expression | None


@dataclass(frozen=True, slots=True)
class BoxedContext(Expression):
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Invocation(Expression):
    function: Expression | None = None
    bindings: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class BoxedList(Expression):
    items: tuple[Expression | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation(Expression):
    columns: tuple[Entry, ...] = ()
    rows: tuple[tuple[Expression | None, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Expression):
    kind: str = "FEEL"
    params: tuple[Entry, ...] = ()
    body: Expression | None = None


@dataclass(frozen=True, slots=True)
class Conditional(Expression):
    condition: Expression | None = None
    then: Expression | None = None
    otherwise: Expression | None = None


@dataclass(frozen=True, slots=True)
class BoxedFilter(Expression):
    source: Expression | None = None
    match: Expression | None = None


@dataclass(frozen=True, slots=True)
class Iterator(Expression):
    """`kind` is for, some or every."""

    kind: str = "for"
    variable: str = ""
    source: Expression | None = None
    body: Expression | None = None


@dataclass(frozen=True, slots=True)
class InputClause:
    """A column of what a table reads; `label_en` is its label in English where the file has it."""

    place: Place
    label: str
    text: str
    type_ref: str
    allowed: str
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class OutputClause:
    place: Place
    name: str
    type_ref: str
    allowed: str
    default: str


@dataclass(frozen=True, slots=True)
class Rule:
    place: Place
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    annotations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionTable(Expression):
    """`policy` is one of UNIQUE, ANY, PRIORITY, FIRST, RULE ORDER, OUTPUT ORDER, COLLECT."""

    policy: str = "UNIQUE"
    aggregation: str = ""
    inputs: tuple[InputClause, ...] = ()
    outputs: tuple[OutputClause, ...] = ()
    rules: tuple[Rule, ...] = ()
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    place: Place
    name: str
    type_ref: str = ""
    allowed: str = ""
    constraint: str = ""
    collection: bool = False
    components: tuple["ItemDefinition", ...] = ()
    function: tuple[tuple[str, ...], str] | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """A node of the requirements graph; `requires` are hrefs of what it reads."""

    place: Place
    name: str
    type_ref: str = ""
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InputData(Element):
    pass


@dataclass(frozen=True, slots=True)
class Decision(Element):
    expression: Expression | None = None


@dataclass(frozen=True, slots=True)
class Knowledge(Element):
    """A business knowledge model: a named function."""

    function: FunctionDefinition | None = None


@dataclass(frozen=True, slots=True)
class Service(Element):
    outputs: tuple[str, ...] = ()
    encapsulated: tuple[str, ...] = ()
    input_decisions: tuple[str, ...] = ()
    input_data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Import:
    name: str
    namespace: str
    location: str
    kind: str
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class Definitions:
    """One file."""

    name: str
    namespace: str
    items: tuple[ItemDefinition, ...] = ()
    elements: tuple[Element, ...] = ()
    imports: tuple[Import, ...] = field(default=())
