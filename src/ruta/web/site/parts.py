"""Values that the components show. A page fills them; a component reads every attribute, so each has a default."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ruta.engine.problems import Problem
from ruta.kernel.texts import pick

StageState = Literal["done", "current", "waiting", "stopped"]


@dataclass(frozen=True)
class Option:
    """One choice of a radio group, a list of checkboxes, a select or a datalist."""

    value: str
    label: str
    hint: str = ""
    checked: bool = False


@dataclass(frozen=True)
class Field:
    """One question. `kind`: text, textarea, date, radio, checkboxes, checkbox, select, search, file, hidden.

    `value` is what was typed, as typed. A date is asked in three boxes `<name>.day`, `.month`, `.year`; when what
    was typed is not three numbers it stays in one box, `value`. `shown` is a file or fact already given.
    """

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    id: str = ""
    hint: str = ""
    why: str = ""
    error: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    day: str = ""
    month: str = ""
    year: str = ""
    input_type: str = "text"
    input_mode: str = ""
    autocomplete: str = ""
    max_length: int = 0
    rows: int = 5
    accept: str = ""
    shown: str = ""
    short: bool = False
    label_is_heading: bool = False
    focused: bool = False  # takes the focus when the page opens

    @property
    def dom_id(self) -> str:
        """The id of the input, which the error summary links to."""
        return self.id or f"f-{self.name}"

    @property
    def first_id(self) -> str:
        """The id that gets the focus: of the first box or choice."""
        if self.kind == "date" and not self.one_box:
            return f"{self.dom_id}-day"
        if self.kind in ("radio", "checkboxes"):
            return f"{self.dom_id}-0"
        return self.dom_id

    @property
    def one_box(self) -> bool:
        """Whether the date was typed in a way that three boxes cannot hold."""
        return bool(self.value) and not (self.day or self.month or self.year)

    @property
    def described_by(self) -> str:
        """Ids of hint and error, for `aria-describedby`."""
        ids = [f"{self.dom_id}-hint"] if self.hint else []
        return " ".join([*ids, f"{self.dom_id}-error"] if self.error else ids)

    @property
    def grouped(self) -> bool:
        """Whether the question has several inputs, under a legend."""
        return self.kind in ("radio", "checkboxes") or (self.kind == "date" and not self.one_box)


@dataclass(frozen=True)
class ErrorLink:
    """One line of the error summary: the text, and the id of the input that it concerns (may be empty)."""

    text: str
    target: str = ""


def error_links(fields: Iterable[Field]) -> list[ErrorLink]:
    """The error summary of a page whose faults name their field themselves."""
    return [ErrorLink(each.error, each.first_id) for each in fields if each.error]


def by_field(problems: Iterable[Problem]) -> dict[str, str]:
    """What is wrong with each field, in the page's language; a part of a field is named as `mother.names`."""
    return {each.at.removeprefix("/").replace("/", "."): pick(each.say) for each in problems}


@dataclass(frozen=True)
class Stage:
    """One stage of a progress line."""

    title: str
    state: StageState = "waiting"
    text: str = ""


@dataclass(frozen=True)
class LegalClock:
    """A legal term in words. `state`: running, soon, today, overdue, paused, met, none."""

    state: str
    title: str
    text: str = ""
    due: date | None = None

    @property
    def icon(self) -> str:
        """The icon that says the state, so that colour is never alone."""
        return {
            "soon": "clock-exclamation",
            "today": "clock-exclamation",
            "overdue": "alert-triangle",
            "paused": "player-pause",
            "met": "circle-check",
        }.get(self.state, "clock")

    @property
    def color(self) -> str:
        """The colour role of the design system."""
        return {
            "soon": "warning",
            "today": "warning",
            "overdue": "danger",
            "paused": "neutral",
            "met": "success",
        }.get(self.state, "info")


@dataclass(frozen=True)
class Figure:
    """A key figure: the number as text, and what it counts."""

    value: str
    label: str


@dataclass(frozen=True)
class Fact:
    """One line of a summary list."""

    label: str
    value: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Cell:
    """One cell of a table; `kind` amount sets digits to the right."""

    text: str
    url: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Table:
    """A table with a caption. On a phone each row becomes a card, whose lines carry the column's title."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()

    @property
    def labelled_rows(self) -> Sequence[Sequence[tuple[str, Cell]]]:
        """Each row as pairs (column, cell)."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]

    @property
    def labelled_total(self) -> Sequence[tuple[str, Cell]]:
        """The last line as pairs."""
        return list(zip(self.columns, self.total, strict=True)) if self.total else []


@dataclass(frozen=True)
class Moment:
    """One line of a timeline; `at` is an aware instant or a text."""

    at: object
    title: str
    text: str = ""
    color: str = ""


@dataclass(frozen=True)
class Step:
    """One numbered step of an instruction."""

    title: str
    text: str = ""


@dataclass(frozen=True)
class Tab:
    """One tab; it is a link to a page of its own."""

    title: str
    url: str
    current: bool = False
    count: str = ""
