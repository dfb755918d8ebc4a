"""From a form's fields and what was typed to the questions that a page shows."""

import dataclasses
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from ruta.cases.drafts.conflicts import FieldConflict
from ruta.cases.models import Draft
from ruta.definitions.runtime import CompiledAct, CompiledService
from ruta.documents.previews import PICTURED
from ruta.documents.uploads import weight
from ruta.engine.forms import Field, Form, Page, Text, parse
from ruta.engine.problems import Problem
from ruta.kernel.texts import current_language, pick
from ruta.web.site import parts

from . import evidence, lists, sides

_KINDS = {
    "text": "text", "email": "text", "tel": "text", "number": "text", "money": "text", "textarea": "textarea",
    "lines": "textarea", "radio": "radio", "select": "select", "search": "search", "date": "date",
    "evidence": "file", "checkbox": "checkbox", "checkboxes": "checkboxes",
}  # fmt: skip
_SHORT_TEXT = 20
# The example of a hint: nobody types slashes into boxes.
_SLASHED_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")


@dataclass(frozen=True)
class Clash:
    """The two answers of two tabs, in words; the inputs of this tab's answer stay hidden beside the choice."""

    mine: str
    theirs: str
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Question:
    """One question of the page: a single `part`, or a group of them (`rows` of parts under one label).

    Of a file: what it may weigh, the address that takes it in pieces, a picture and the weight of the one that is kept.
    """

    name: str
    part: parts.Field
    rows: tuple[tuple[parts.Field, ...], ...] = ()
    max_bytes: int = 0
    max_mb: int = 0
    upload: str = ""
    preview: str = ""
    weight: str = ""
    candidates: tuple[lists.Candidate, ...] = ()
    clash: Clash | None = None

    @property
    def template(self) -> str:
        """The include that draws it."""
        if self.clash:
            return "forms/clash.html"
        if self.rows:
            return "forms/group.html"
        kind = self.part.kind
        return f"forms/{kind}.html" if kind in ("file", "search") else "site/components/field.html"

    def focused(self) -> "Question":
        """The same question, which takes the focus when the page opens."""
        if self.rows:
            first, *others = self.rows[0]
            rows = ((replace(first, focused=True), *others), *self.rows[1:])
            return replace(self, rows=rows)
        return replace(self, part=replace(self.part, focused=True))

    @property
    def target(self) -> str:
        """The id that the error summary links to."""
        return f"{self.part.dom_id}-theirs" if self.clash else self.part.first_id


@dataclass(frozen=True)
class Asking:
    """What the questions of a page are made of; `asked` is what the office wants corrected in a field, `say` fills the
    `{{ FEEL }}` of a hint."""

    compiled: CompiledService
    act: CompiledAct
    form: Form
    typed: Mapping[str, Any]
    files: Mapping[str, Mapping[str, Any]]
    problems: Sequence[Problem] = ()
    conflict: Sequence[FieldConflict] = ()
    place: tuple[Draft, str] | None = (
        None  # draft and page, for addresses of files; None: no file is asked for
    )
    asked: Mapping[str, str] = dataclasses.field(default_factory=dict)
    say: Callable[[Text], Text] | None = None


def questions(asking: Asking, page: Page, shown: Collection[str]) -> list[Question]:
    """The questions of the page that are shown, in order, as typed and with what is wrong."""
    return [_question(asking, asking.form.fields[name]) for name in page.fields if name in shown]


def first_problem(problems: Sequence[Problem], name: str) -> Problem | None:
    """What is said of a field: one thing at a time."""
    return next((each for each in problems if each.at == f"/{name}" or each.at.startswith(f"/{name}/")), None)


def controls(form: Form, page: Page) -> list[str]:
    """The fields of the page whose answer may show or hide another, or change what is told: those that a `when` names.

    Where a `when` asks a decision, any choice of the page may count.
    """
    whens = [form.fields[name].when or "" for name in page.fields]
    whens += [text for tell in page.tells for text in (tell.when or "", *tell.say.values())]
    named = set(re.findall(r"\bform\.([a-z0-9_]+)", " ".join(whens)))
    chosen = {"choice", "boolean"} if any("decisions" in when for when in whens) else set()
    return [name for name in page.fields if name in named or form.fields[name].kind in chosen]


def _question(asking: Asking, field: Field) -> Question:
    typed = asking.typed.get(field.name)
    problem = first_problem(asking.problems, field.name)
    error = pick(problem.say) if problem else ""
    clash = next((each for each in asking.conflict if each.field == field.name), None)
    question = _plain(asking, field, typed, error)
    if clash is not None:
        return replace(question, clash=_clash(asking, field, clash))
    return question


def _spoken(asking: Asking, field: Field) -> Field:
    """The field with its hint and its reason filled in."""
    if asking.say is None or not any(
        "{{" in said for each in (field.hint, field.why) if each for said in each.values()
    ):
        return field
    hint, why = (asking.say(each) if each else each for each in (field.hint, field.why))
    return replace(field, hint=hint, why=why)


def _plain(asking: Asking, field: Field, typed: Any, error: str) -> Question:
    field = _spoken(asking, field)
    if field.kind in ("group", "rows"):
        return Question(field.name, replace(_part(field, "", error), kind="group"), rows=_rows(field, typed))
    part = _part(field, typed, error)
    if say := asking.asked.get(field.name):
        part = replace(
            part, hint=" ".join(filter(None, [_("La entidad dice: %(say)s") % {"say": say}, part.hint]))
        )
    if field.widget == "evidence":
        return _file(asking, field, part)
    if field.widget == "search" and field.list:
        return _search(asking, field, part, error)
    return Question(field.name, part)


def _part(field: Field, typed: Any, error: str, *, name: str = "") -> parts.Field:
    kind = _KINDS.get(field.widget, "text")
    name = name or field.name
    value = _as_text(typed)
    limit = field.schema.get("maxLength", 0)
    numeric = field.kind in ("integer", "number")
    label = pick(field.label)
    part = parts.Field(
        name=name,
        id=f"f-{name.replace('.', '-')}",
        label=label,
        kind=kind,
        value=value,
        hint=pick(field.hint),
        why=pick(field.why),
        error=error,
        required=field.required or label.endswith(")"),  # "(if any)" already says that it is optional
        options=_options(field, typed),
        input_type={"email": "email", "tel": "tel"}.get(field.widget, "text"),
        input_mode="numeric" if numeric or _digits_only(field) else "",
        max_length=limit if kind == "textarea" else 0,
        short=numeric or 0 < limit <= _SHORT_TEXT,
    )
    return _in_boxes(part, value) if kind == "date" else part


def _digits_only(field: Field) -> bool:
    pattern = str(field.schema.get("pattern", ""))
    return bool(pattern) and not re.search(r"[A-Za-z:\-]", re.sub(r"0-9|\\d", "", pattern))


def _as_text(typed: Any) -> str:
    if isinstance(typed, list):
        return "\n".join(str(each) for each in typed)
    if isinstance(typed, bool):
        return "true" if typed else "false"
    return "" if typed is None else str(typed)


def _in_boxes(part: parts.Field, value: str) -> parts.Field:
    pieces = re.split(r"[/\-. ]", value.strip()) if value.strip() else ["", "", ""]
    if len(pieces) != 3:
        return part
    if len(pieces[0]) == 4:
        pieces.reverse()
    hint = _SLASHED_DATE.sub(r"\1 \2 \3", part.hint)
    return replace(part, hint=hint, day=pieces[0], month=pieces[1], year=pieces[2], value="")


def _options(field: Field, typed: Any) -> tuple[parts.Option, ...]:
    chosen = set(typed) if isinstance(typed, list) else set()
    return tuple(
        parts.Option(value, pick(label), checked=value in chosen) for value, label in field.options.items()
    )


def _rows(field: Field, typed: Any) -> tuple[tuple[parts.Field, ...], ...]:
    if field.kind == "group":
        given = typed if isinstance(typed, Mapping) else {}
        return (_row(field, field.name, given),)
    rows = [row for row in typed if isinstance(row, Mapping)] if isinstance(typed, list) else []
    most = field.schema.get("maxItems", 20)
    blank: list[Mapping[str, Any]] = [{}] if len(rows) < most else []
    return tuple(_row(field, f"{field.name}.{number}", row) for number, row in enumerate([*rows, *blank]))


def _row(field: Field, prefix: str, given: Mapping[str, Any]) -> tuple[parts.Field, ...]:
    return tuple(
        _part(child, given.get(child.name), "", name=f"{prefix}.{child.name}") for child in field.children
    )


def _file(asking: Asking, field: Field, part: parts.Field) -> Question:
    spec = evidence.spec_of(asking.act, field)
    told = asking.files.get(field.name) if part.value else None
    part = replace(part, accept=",".join(evidence.accepts(spec)), shown=str(told["name"]) if told else "")
    most = evidence.largest(spec)
    question = Question(field.name, part, max_bytes=most * evidence.MEGABYTE, max_mb=most)
    if asking.place is None:
        return question
    draft, page = asking.place
    pictured = told is not None and told["media_type"] in PICTURED
    return replace(
        question,
        upload=sides.address(draft, "form-upload", page, field.name),
        preview=sides.address(draft, "form-upload-preview", page, field.name) if pictured else "",
        weight=weight(int(told["size"])) if told else "",
    )


def _search(asking: Asking, field: Field, part: parts.Field, error: str) -> Question:
    assert field.list is not None
    found = asking.compiled.list(field.list)
    lang = current_language()
    title = lists.title_of(found, part.value, lang)
    fitting = tuple(lists.candidates(found, part.value, lang)) if error and not title else ()
    return Question(field.name, replace(part, value=title or part.value), candidates=fitting)


def _clash(asking: Asking, field: Field, clash: FieldConflict) -> Clash:
    return Clash(
        mine=_in_words(asking, field, clash.mine),
        theirs=_in_words(asking, field, clash.theirs),
        hidden=tuple(_inputs(field, field.name, clash.mine)),
    )


def _in_words(asking: Asking, field: Field, typed: Any) -> str:
    """A typed answer as a person reads it; as it was typed where it cannot be read."""
    values = parse(asking.form, {field.name: typed}).values
    if field.name in values:
        return asking.compiled.in_words(field, values[field.name], current_language())
    return _as_text(typed)


def _inputs(field: Field, name: str, typed: Any) -> list[tuple[str, str]]:
    if isinstance(typed, Mapping):
        return [pair for key, part in typed.items() for pair in _inputs(field, f"{name}.{key}", part)]
    if isinstance(typed, list) and typed and isinstance(typed[0], Mapping):
        return [pair for row, part in enumerate(typed) for pair in _inputs(field, f"{name}.{row}", part)]
    if isinstance(typed, list):
        return [(name, str(part)) for part in typed]
    return [(name, _as_text(typed))]
