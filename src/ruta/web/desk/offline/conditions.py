"""The part of FEEL that a browser judges without the server: comparisons of answers with texts, numbers, days and today.

What is beyond it (look-ups, decisions, functions) is said to be judged on return: nothing is guessed. `offline-rules.js`
reads what this writes.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ruta.engine.feel import syntax
from ruta.engine.forms import Field

Rule = list[Any]
"""`["and", rule, rule]`, `["=", rule, rule]`, `["not", rule]`, `["form", name]`, `["is", constant]`, `["today"]`."""
_EQUAL, _ORDER = ("=", "!="), ("<", "<=", ">", ">=")
_SINGLE = ("text", "choice", "boolean", "date", "integer", "number")


def translated(node: syntax.Node, fields: Mapping[str, Field]) -> Rule | None:
    """The rule for the browser; None where only the server can judge it."""
    rule: Rule | None = None
    match node:
        case syntax.Constant(value=value):
            rule = _constant(value)
        case syntax.Name(name="today"):
            rule = ["today"]
        case syntax.Path(value=syntax.Name(name="form"), name=name):
            rule = ["form", name] if name in fields and fields[name].kind in _SINGLE else None
        case syntax.Binary(op=op, left=left, right=right) if op in ("and", "or", *_EQUAL, *_ORDER):
            if op not in _ORDER or _ordered(left, fields) == _ordered(right, fields):
                rule = _both(op, translated(left, fields), translated(right, fields))
        case syntax.Call(function=syntax.Name(name="not"), arguments=(only,)):
            inner = translated(only, fields)
            rule = ["not", inner] if inner else None
    return rule


def _constant(value: Any) -> Rule | None:
    if value is None or isinstance(value, str | bool):
        return ["is", value]
    whole = isinstance(value, int | Decimal) and value == int(value)
    return ["is", int(value)] if whole else None


def _both(op: str, left: Rule | None, right: Rule | None) -> Rule | None:
    return [op, left, right] if left and right else None


def _ordered(node: syntax.Node, fields: Mapping[str, Field]) -> str:
    """What kind of order a side has: days are compared with days, numbers with numbers, and nothing else here."""
    match node:
        case syntax.Name(name="today"):
            return "date"
        case syntax.Path(value=syntax.Name(name="form"), name=name) if name in fields:
            kind = fields[name].kind
            return {"date": "date", "integer": "number", "number": "number"}.get(kind, f"no order: {kind}")
        case syntax.Constant(value=value) if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return "number"
    return f"no order: {node.at}"
