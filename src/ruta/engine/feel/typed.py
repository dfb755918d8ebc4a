"""Values from outside brought to FEEL by the type that is expected: dates out of JSON texts, anything out of a CSV cell."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ruta.engine.feel import notation, numbers, values
from ruta.engine.feel.types import Type

_READERS = {
    "date": notation.read_date,
    "time": notation.read_time,
    "date and time": notation.read_datetime,
    "days and time duration": notation.read_duration,
    "years and months duration": notation.read_duration,
}
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
_BOOLEANS = {"true": True, "false": False}


def from_json(value: Any, wanted: Type) -> Any:
    """A JSON value as FEEL; a text where a date, time or duration is wanted is read as one, else stays a text."""
    if wanted.name == "list" and wanted.element is not None:
        element = wanted.element
        if isinstance(value, list | tuple):
            return [from_json(item, element) for item in value]
        return from_json(value, element)
    if isinstance(value, str):
        return _temporal(value, wanted)
    if wanted.name == "context" and wanted.fields and isinstance(value, Mapping):
        open_fields = {
            name: from_json(value[name], of) for name, of in wanted.fields.items() if name in value
        }
        return values.to_feel(value) | open_fields
    return values.to_feel(value)


def from_text(text: str, wanted: Type) -> Any:
    """What a cell of a CSV holds: nothing is null; where any kind is wanted, what looks like a number, a boolean or a
    date (`2026-11-24`) is one. A text that is not of the kind wanted stays a text."""
    if not text:
        return None
    name = wanted.name
    if name == "Any":
        return _guessed(text)
    if name == "number" and re.fullmatch(_NUMBER, text, re.ASCII):
        return numbers.number(text)
    if name == "boolean":
        return _BOOLEANS.get(text.lower(), text)
    return _temporal(text, wanted)


def _guessed(text: str) -> Any:
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if re.fullmatch(_NUMBER, text, re.ASCII):
        return Decimal(text)
    try:
        return notation.read_date(text)
    except (ValueError, OverflowError):
        return text


def _temporal(text: str, wanted: Type) -> Any:
    reader = _READERS.get(wanted.name)
    if reader is None:
        return text
    try:
        return reader(text)
    except (ValueError, OverflowError):
        return text
