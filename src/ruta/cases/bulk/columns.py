"""The columns of a file: those of the act's form, one for each answer, and the sender's own key. Pure.

A group has a column for each of its parts (`mother.number`); a list has one, its values parted by `|`; a list of objects
has one that holds JSON.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ruta.engine import forms

KEY = "_key"
"""The column in which a sender may name each line; a line sent again under its name files nothing twice."""
PART = "|"


@dataclass(frozen=True)
class Column:
    """One column: `path` leads to the answer (`("mother", "number")`), `field` is what it is."""

    name: str
    path: tuple[str, ...]
    field: forms.Field


def of_form(form: forms.Form) -> tuple[Column, ...]:
    """Every column that a file of this form may have, in the order of its pages; the key is not among them."""
    return tuple(
        column for page in form.pages for name in page.fields for column in _of(form.fields[name], (name,))
    )


def _of(field: forms.Field, path: tuple[str, ...]) -> Iterator[Column]:
    if field.kind == "group":
        for child in field.children:
            yield from _of(child, (*path, child.name))
    else:
        yield Column(".".join(path), path, field)


def needed(form: forms.Form) -> tuple[str, ...]:
    """The columns without which no line can be right: answers that are asked of everybody."""
    return tuple(
        name
        for page in form.pages
        if page.when is None
        for name in page.fields
        if form.fields[name].required and form.fields[name].when is None and form.fields[name].kind != "group"
    )


def typed_of(columns: Sequence[Column | None], cells: Sequence[str]) -> dict[str, Any]:
    """The answers of one line, as typed; blank cells are no answers, and a column that is None is none of the form's."""
    typed: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column is None or not (text := cell.strip()):
            continue
        place = typed
        for step in column.path[:-1]:
            place = place.setdefault(step, {})
        place[column.path[-1]] = _given(column.field, text)
    return typed


def _given(field: forms.Field, text: str) -> Any:
    if field.kind == "list":
        return [part.strip() for part in text.split(PART) if part.strip()]
    if field.kind == "rows":
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text  # the form says what is wrong with it
    return _without_guard(text)


def _without_guard(text: str) -> str:
    """A cell that a spreadsheet was kept from reading as a formula (`'=…`, `'-3`), as it was meant."""
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA else text


_FORMULA = tuple("=+-@\t\r")


def safe(text: str) -> str:
    """A cell of a CSV that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def column_at(pointer: str) -> str:
    """The column of a problem's pointer: `/mother/number` is `mother.number`, `/list/0` is `list`."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    return ".".join(step for step in steps if not step.isdigit())
