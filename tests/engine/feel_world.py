"""The world that the tests of expressions and decisions live in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ruta.engine import feel
from ruta.engine.terms import Calendar

NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)  # noon in Bogotá
WORLD = feel.Context(NOON, calendar=Calendar.colombia([2026, 2027]))


def value(text: str, ctx: feel.Context = WORLD, **variables: Any) -> Any:
    """The value of an expression with these variables, as JSON."""
    return feel.to_json(feel.compile(text, names=variables)(feel.to_feel(variables), ctx))


def passes(tests: str, given: Any, **variables: Any) -> bool:
    """Whether a value passes the unary tests of a cell."""
    program = feel.compile_unary(tests, names=variables)
    answer = program(feel.to_feel({"?": given, **variables}), WORLD)
    assert isinstance(answer, bool)
    return answer
