"""From what was typed to JSON values; what cannot be read stays as typed, with the reason."""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ruta.engine.nearest import nearest
from ruta.engine.problems import Problem

from . import words
from .dates import DateUnreadableError, read_date
from .model import Field, Form, Text

MISSING: Any = object()
_INTEGER = r"-?[0-9]{1,24}"
_GROUPED = r"-?[0-9]{1,3}([. ][0-9]{3})+"
_DECIMAL = r"-?[0-9]{1,18}([.,][0-9]{1,12})?"
_GROUPED_DECIMAL = r"-?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]{1,12})?"
_YES = {"true", "on", "1", "sí", "si", "yes"}
_NO = {"false", "off", "0", "no"}


@dataclass(frozen=True)
class Parsed:
    """`values` that could be read, as JSON; `problems` of what could not."""

    values: Mapping[str, Any]
    problems: tuple[Problem, ...]


class _UnreadableError(ValueError):
    def __init__(self, check: str, say: Text) -> None:
        self.check, self.say = check, say
        super().__init__(check)


def parse(form: Form, typed: Mapping[str, Any]) -> Parsed:
    """Read what was typed: texts, lists of texts, or JSON values as an API sends them. Never raises.

    Blanks around are dropped and a blank answer is no answer. Names that the form does not have are problems.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, given in typed.items():
        field = form.fields.get(name)
        if field is None:
            problems.append(_no_such_field(form, name))
            continue
        value = _read(field, given, f"/{name}", problems)
        if value is not MISSING:
            values[name] = value
    return Parsed(values, tuple(problems))


def _no_such_field(form: Form, name: str) -> Problem:
    near = nearest(name, form.fields, cutoff=0.6)
    es, en = f"El formulario no tiene el campo «{name[:60]}»", f"The form has no field “{name[:60]}”"
    return Problem(
        f"/{escape(name)}",
        "additionalProperties",
        {
            "es": es + (f"; ¿quiso decir «{near}»?" if near else ". Quítelo."),
            "en": en + (f"; did you mean “{near}”?" if near else ". Remove it."),
        },
    )


def escape(name: str) -> str:
    """`name` as one step of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _read(field: Field, given: Any, at: str, problems: list[Problem], *, kind: str = "") -> Any:
    """The value of one answer, read as `kind` where it is not the field's own: a row is read as a group."""
    if isinstance(given, str):
        given = unicodedata.normalize("NFC", given.replace("\r\n", "\n")).strip()
    if given is None or given in ("", [], {}):
        return MISSING
    try:
        match kind or field.kind:
            case "list":
                return _read_list(field, given, at, problems)
            case "group":
                return _read_group(field, given, at, problems)
            case "rows":
                return _read_rows(field, given, at, problems)
            case _:
                return _READERS[field.kind](field, given)
    except _UnreadableError as wrong:
        problems.append(Problem(at, wrong.check, field.say.get(wrong.check) or wrong.say))
        return MISSING


def _read_list(field: Field, given: Any, at: str, problems: list[Problem]) -> Any:
    if isinstance(given, str):
        given = given.splitlines() if field.widget != "checkboxes" else [given]
    if not isinstance(given, list | tuple):
        raise _UnreadableError("type", words.LIST)
    items: list[Any] = []
    broken = False
    for part in given:
        before = len(problems)
        value = _read(field.item, part, f"{at}/{len(items)}", problems)
        broken = broken or len(problems) > before
        if value is not MISSING:
            items.append(value)
    return MISSING if broken or not items else items


def _read_group(field: Field, given: Any, at: str, problems: list[Problem]) -> Any:
    if not isinstance(given, Mapping):
        raise _UnreadableError("type", words.GROUP)
    children = {child.name: child for child in field.children}
    group: dict[str, Any] = {}
    for name, part in given.items():
        if name not in children:
            problems.append(
                Problem(
                    f"{at}/{escape(str(name))}", "additionalProperties", words.no_field(str(name), children)
                )
            )
            continue
        value = _read(children[name], part, f"{at}/{name}", problems)
        if value is not MISSING:
            group[name] = value
    return group or MISSING


def _read_rows(field: Field, given: Any, at: str, problems: list[Problem]) -> Any:
    if not isinstance(given, list | tuple):
        raise _UnreadableError("type", words.LIST)
    rows = [_read(field, row, f"{at}/{number}", problems, kind="group") for number, row in enumerate(given)]
    kept = [row for row in rows if row is not MISSING]
    return kept or MISSING


def _text(field: Field, given: Any) -> str:
    if not isinstance(given, str):
        raise _UnreadableError("type", words.TEXT)
    return field.format.stored(given) if field.format else given


def _date(field: Field, given: Any) -> str:
    if isinstance(given, date):
        return given.isoformat()[:10]
    try:
        return read_date(_text(field, given)).isoformat()
    except DateUnreadableError as wrong:
        raise _UnreadableError("format", wrong.say) from None


def _integer(field: Field, given: Any) -> int:
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if isinstance(given, float) and given.is_integer():
        return int(given)
    text = given.removeprefix("$").strip() if isinstance(given, str) else ""
    if re.fullmatch(_GROUPED, text):
        text = text.replace(".", "").replace(" ", "")
    if not re.fullmatch(_INTEGER, text):
        raise _UnreadableError("type", words.PESOS if field.widget == "money" else words.INTEGER)
    return int(text)


def _number(field: Field, given: Any) -> int | float:
    if isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given):
        return given
    text = given.removeprefix("$").strip() if isinstance(given, str) else ""
    if re.fullmatch(_GROUPED_DECIMAL, text):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(_DECIMAL, text):
        text = text.replace(",", ".")
    else:
        raise _UnreadableError("type", words.NUMBER)
    return float(text) if "." in text else int(text)


def _boolean(field: Field, given: Any) -> bool:
    if isinstance(given, bool):
        return given
    text = given.lower() if isinstance(given, str) else ""
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise _UnreadableError("type", words.BOOLEAN)


def _choice(field: Field, given: Any) -> Any:
    for value in field.schema["enum"]:
        if given == value and isinstance(given, bool) == isinstance(value, bool):
            return value
    if isinstance(given, str):
        for value in field.schema["enum"]:
            if given == str(value):
                return value
    raise _UnreadableError("enum", words.one_of(field))


_READERS = {
    "text": _text,
    "date": _date,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "choice": _choice,
}
