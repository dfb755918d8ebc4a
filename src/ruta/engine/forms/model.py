"""What a form is once read: immutable, made once per version and shared by all who fill it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Text = Mapping[str, str]
Kind = Literal["text", "date", "integer", "number", "boolean", "choice", "list", "group", "rows"]


class FormError(ValueError):
    """The form's file cannot be used; `problems` name place (JSON pointer), fault and cure, in es and en."""

    def __init__(self, problems: list[tuple[str, Text]]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{at or '/'}: {say['en']}" for at, say in problems))


@dataclass(frozen=True)
class Format:
    """A `format` of texts beyond JSON Schema's own; the caller of `load` says which there are.

    `fault` tells of (text, kind) what is wrong and what would be right, in words that follow the field's label; None
    where nothing is. `kind` is the value of the field that `x-ui.type_in` names, empty without one. `stored` gives a
    right text as it is kept, and leaves a wrong one readable.
    """

    fault: Callable[[str, str], Text | None]
    stored: Callable[[str], str]


@dataclass(frozen=True)
class Field:
    """One property of the schema, with what its `x-ui` says.

    `kind` is the shape of the value: `text`, `date`, `integer`, `number`, `boolean`, `choice` (an `enum`),
    `list` (an array of single values), `group` (an object) or `rows` (an array of objects); the last three
    have `children`. `when`, `rows` and `prefill` are FEEL without the leading `=`; `hint` and `why` may hold
    `{{ FEEL }}`. `required` counts that of the schema and that of `x-ui`: in both cases it holds only while the field is
    shown. `format` is one of those that `load` was given.
    """

    name: str
    kind: Kind
    widget: str
    label: Text
    hint: Text | None = None
    why: Text | None = None
    when: str | None = None
    required: bool = False
    options: Mapping[str, Text] = field(default_factory=dict)
    list: str | None = None
    prefill: str | None = None
    evidence: str | None = None
    rows: str | None = None
    say: Mapping[str, Text] = field(default_factory=dict)
    schema: Mapping[str, Any] = field(default_factory=dict)
    children: tuple["Field", ...] = ()
    default: Any = None
    format: Format | None = None

    @property
    def item(self) -> "Field":
        """The field of one value of a `list`."""
        return self.children[0]


@dataclass(frozen=True)
class Tell:
    """What a page tells while its questions are answered: `say`, with `{{ FEEL }}`, while `when` (FEEL) is true."""

    say: Text
    when: str | None = None


@dataclass(frozen=True)
class Page:
    """One subject: `fields` by name, `when` it is shown, `shows` the look-ups whose result it shows, what it `tells`."""

    id: str
    title: Text
    fields: tuple[str, ...]
    when: str | None = None
    shows: tuple[str, ...] = ()
    tells: tuple[Tell, ...] = ()


@dataclass(frozen=True)
class Check:
    """A rule over several answers: wrong when `wrong_when` (FEEL) is true.

    `weighs_facts` is true when it looks beyond the answers (a look-up, a decision): it then means nothing
    while an answer that the look-up needs is itself wrong.
    """

    id: str
    at: str
    wrong_when: str
    say: Text
    law: str | None = None
    weighs_facts: bool = False

    @property
    def field(self) -> str:
        """The name of the field that it speaks of; empty when it speaks of the whole."""
        return self.at.split("/")[1] if self.at.count("/") else ""


@dataclass(frozen=True)
class Form:
    """A form: `pages` in order, `fields` by name, `checks`, and the compiled `validator` of its schema.

    `validator` does not ask for required properties of the top level: what is due depends on what is shown.
    """

    title: str
    pages: tuple[Page, ...]
    fields: Mapping[str, Field]
    checks: tuple[Check, ...]
    schema: Mapping[str, Any]
    validator: Any = field(repr=False, compare=False)
    formats: Mapping[str, Format] = field(default_factory=dict, repr=False, compare=False)

    def page(self, page_id: str) -> Page | None:
        """The page of that id, None when the form has none."""
        return next((page for page in self.pages if page.id == page_id), None)

    def answered(self, values: Mapping[str, Any]) -> Iterator[Field]:
        """The fields that `values` answer, in the order in which the pages ask them."""
        return (self.fields[name] for page in self.pages for name in page.fields if name in values)

    def page_of(self, name: str) -> Page | None:
        """The page that holds the field `name`."""
        return next((page for page in self.pages if name in page.fields), None)
