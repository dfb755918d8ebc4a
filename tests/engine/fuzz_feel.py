"""Coverage-led fuzzing of FEEL: bytes become expressions, cells and templates; only FEEL's own errors may come out.

Run by `make test-all` (`tests/engine/test_feel_guided.py`) for some seconds, or by hand as long as wanted:
`.venv/bin/python -m tests.engine.fuzz_feel -max_total_time=600`.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from typing import Any

import atheris

with atheris.instrument_imports(include=["ruta.engine.feel"]):
    from ruta.engine import feel
    from ruta.engine.feel.builtins import TABLE

WORDS = [
    *(name for name, entry in TABLE.items() if not entry.host),
    *(
        "for ",
        " in ",
        " return ",
        "some ",
        " satisfies ",
        "every ",
        "if ",
        " then ",
        " else ",
        "function(",
        "external",
    ),
    *(
        " between ",
        " and ",
        " or ",
        "not(",
        " instance of ",
        "list<",
        "context<",
        "range<",
        "null",
        "true",
        "item",
    ),
    *(
        "partial",
        "..",
        "**",
        "!=",
        "<=",
        ">=",
        "->",
        '@"',
        "P1Y2M",
        "PT1H",
        "2026-01-31",
        "10:00:00@Europe/Paris",
    ),
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ".",
        "?",
        '"',
        "+",
        "-",
        "*",
        "/",
        "=",
        "<",
        ">",
        "n",
        "c.a",
        "l",
        "b b",
    ),
    *("1", "0", "-2.5", "1e6000", "1e-6000", "(a+)+$", "[a-z-[aeiou]]", "\\", "\n", " ", "//", "/*", "*/"),
]
ENV = feel.to_feel(
    {"n": 3, "t": "áb", "l": [1, None, "x", [2]], "c": {"a": 1, "b b": [1]}, "d": date(2024, 2, 29)}
)
TIGHT = feel.Context(
    datetime(2026, 11, 24, 17, tzinfo=UTC), budget=feel.Budget(steps=2_000, depth=20, size=5_000)
)
NAMES = [*ENV, "b b"]


def text_of(data: bytes) -> str:
    """Each byte a word, now and then a character of its own."""
    provider = atheris.FuzzedDataProvider(data)
    parts = []
    while provider.remaining_bytes():
        at = provider.ConsumeIntInRange(0, len(WORDS) + 15)
        parts.append(WORDS[at] if at < len(WORDS) else provider.ConsumeUnicodeNoSurrogates(2))
    return "".join(parts)


def try_one(data: bytes) -> None:
    """One input; an error that is not FEEL's is a crash, and so is a value that cannot be written."""
    text = text_of(data)
    for attempt in (_expression, _cell, _template):
        try:
            attempt(text)
        except (feel.FeelError, feel.Stop):
            continue


def _expression(text: str) -> None:
    program = feel.compile(text, names=NAMES)
    assert program.remarks is not None
    value = program(ENV, TIGHT)
    json.dumps(feel.to_json(value))


def _cell(text: str) -> None:
    answer: Any = feel.compile_unary(text, names=NAMES)({**ENV, "?": ENV["l"]}, TIGHT)
    assert answer is True or answer is False


def _template(text: str) -> None:
    feel.Template("{{" + text + "}}", names=NAMES).render(ENV, TIGHT)


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()
