"""Numbers of 34 digits in JSON, whose readers mostly have floats: nothing is lost, and nobody meets a foreign kind."""

import json
import re
from decimal import Decimal
from typing import Any

_LARGEST = 2**53 - 1
_SURELY_A_FLOAT = 16  # characters of a number that a float holds whatever they are
_MARK = "\0exact:"  # no text of ours holds a NUL, and PostgreSQL keeps none
_MARKED = r'"\\u0000exact:([^"]+)"'


class Exact(float):
    """A number of JSON with more digits than a float holds: to everybody the nearest float, to FEEL its `digits`."""

    __slots__ = ("digits",)
    digits: Decimal

    def __new__(cls, digits: Decimal) -> "Exact":
        made = super().__new__(cls, digits)
        made.digits = digits
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Exact, (self.digits,)


def json_number(value: Decimal) -> int | float:
    """The number as JSON has it: an int when it is whole, else a float, which is `Exact` where it alone would lose."""
    if value == value.to_integral_value():
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else Exact(value)


def as_floats(value: Any) -> Any:
    """The JSON value with whole numbers beyond 2^53, which canonical JSON (RFC 8785) refuses, as `Exact`."""
    if isinstance(value, dict):
        return {key: as_floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_floats(item) for item in value]
    return Exact(Decimal(value)) if type(value) is int and abs(value) > _LARGEST else value


def _read(text: str) -> float:
    if len(text) <= _SURELY_A_FLOAT:
        return float(text)
    found = json_number(Decimal(text))
    return float(text) if isinstance(found, int) else found


class ExactEncoder(json.JSONEncoder):
    """Writes every digit of an `Exact`; all else as JSON does."""

    def encode(self, o: Any) -> str:
        """The value as JSON text."""
        return re.sub(_MARKED, r"\1", super().encode(_marked(o)))


class ExactDecoder(json.JSONDecoder):
    """Reads a number that a float would cut as `Exact`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"parse_float": _read} | options)


def _marked(value: Any) -> Any:
    if isinstance(value, Exact):
        return f"{_MARK}{value.digits:E}"
    if isinstance(value, dict):
        return {key: _marked(item) for key, item in value.items()}
    return [_marked(item) for item in value] if isinstance(value, list | tuple) else value


def dumps(value: Any, *, indent: int | None = None) -> str:
    """JSON text of what `to_json` gives, with every digit."""
    return json.dumps(value, cls=ExactEncoder, ensure_ascii=False, indent=indent)


def loads(text: str) -> Any:
    """What a JSON text says, numbers with every digit. Raises ValueError."""
    return json.loads(text, cls=ExactDecoder)
