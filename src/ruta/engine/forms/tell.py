"""From values back to people and to FEEL: as typed, in words, and as expressions see them."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from .dates import long, short
from .model import Field, Form

TitleOf = Callable[[str, str], str]
"""(name of a code list, code): the title that a person reads."""


def defaults(form: Form) -> dict[str, Any]:
    """What the form answers by itself until somebody answers: the schema's `default`s, as typed."""
    return {
        name: as_typed(field, field.default)
        for name, field in form.fields.items()
        if field.default is not None
    }


def as_typed(field: Field, value: Any) -> Any:
    """The text that a person would have typed to give `value`."""
    match field.kind:
        case "date":
            day = _day(value)
            return short(day) if day else str(value)
        case "boolean":
            return "true" if value is True else "false"
        case "list":
            return [as_typed(field.item, item) for item in value] if isinstance(value, list) else [str(value)]
        case "group" | "rows":
            return value
        case "number":
            return str(value).replace(".", ",")
    return str(value)


def as_feel(form: Form, values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as `form` in FEEL: every field has its name, null when not answered; dates are dates.

    Numbers stay what JSON gives: the caller passes the result through `to_feel`.
    """
    return {name: feel_value(field, values.get(name)) for name, field in form.fields.items()}


def feel_value(field: Field, value: Any) -> Any:
    """One answer as FEEL sees it: a date as a date, a group with all its names."""
    if value is None:
        return None
    if field.kind == "date":
        return _day(value)
    if field.kind == "list" and isinstance(value, list):
        return [feel_value(field.item, item) for item in value]
    if field.kind == "group" and isinstance(value, Mapping):
        return {child.name: feel_value(child, value.get(child.name)) for child in field.children}
    if field.kind == "rows" and isinstance(value, list):
        return [
            {child.name: feel_value(child, row.get(child.name)) for child in field.children} for row in value
        ]
    return value


def in_words(  # noqa: PLR0911  one way for each kind of value
    field: Field, value: Any, lang: str, title_of: TitleOf | None = None
) -> str:
    """`value` as a person reads it where answers are checked; several values stand on lines of their own."""
    if value is None or value == "":
        return ""
    if field.kind == "list" and isinstance(value, list):
        return "\n".join(in_words(field.item, item, lang, title_of) for item in value)
    if field.kind == "group" and isinstance(value, Mapping):
        return _group_words(field, value, lang, title_of)
    if field.kind == "rows" and isinstance(value, list):
        return "\n".join(_group_words(field, row, lang, title_of) for row in value)
    if field.kind == "date":
        day = _day(value)
        return long(day, lang) if day else str(value)
    if field.options:
        told = field.options.get(as_typed(field, value)) or {}
        return told.get(lang) or told.get("es") or str(value)
    if field.list and title_of:
        return title_of(field.list, str(value)) or str(value)
    if field.kind == "integer" and isinstance(value, int):
        grouped = f"{value:,}".replace(",", ".")
        return f"$ {grouped}" if field.widget == "money" else grouped
    return as_typed(field, value) if field.kind == "number" else str(value)


def _group_words(field: Field, group: Mapping[str, Any], lang: str, title_of: TitleOf | None) -> str:
    parts: list[str] = []
    for child in field.children:
        if (value := group.get(child.name)) is not None:
            label = child.label.get(lang) or child.label.get("es", "")
            parts.append(f"{label}: {in_words(child, value, lang, title_of)}")
    return ", ".join(parts)


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
