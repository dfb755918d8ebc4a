"""Texts with `{{ FEEL }}` in them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ruta.engine.feel import values
from ruta.engine.feel.context import Context, Run
from ruta.engine.feel.errors import FeelError
from ruta.engine.feel.program import Program, compile

_STRING = r'"(?:[^"\\]|\\.)*"'
_HOLE = re.compile(rf'\{{\{{((?:[^"{{}}]|{_STRING}|\{{(?:[^"{{}}]|{_STRING})*\}})*)\}}\}}', re.DOTALL)


def holes(text: str) -> Iterator[re.Match[str]]:
    """Each `{{ FEEL }}` of a text, in order; group 1 is the expression."""
    return _HOLE.finditer(text)


class Template:
    """A text with holes, compiled once. Raises FeelError, with the line in the text, for a hole that is not FEEL.

    null is written as nothing; or, when `null` is given, null and an empty text as that, with `{}` for the hole's
    expression. A text is written as it is, any other value as `string()` writes it.
    """

    __slots__ = ("_null", "_pieces", "names", "text")

    def __init__(self, text: str, *, names: Iterable[str] = (), null: str = "") -> None:
        self.text = text
        self._null = null
        self._pieces: list[str | Program] = []
        known = tuple(names)
        last = 0
        for hole in holes(text):
            self._pieces += (text[last : hole.start()], _hole(text, hole, known))
            last = hole.end()
        rest = text[last:]
        if "{{" in rest:
            raise _unclosed(text, last + rest.index("{{"))
        self._pieces.append(rest)
        programs = [piece for piece in self._pieces if isinstance(piece, Program)]
        self.names = frozenset().union(*(program.names for program in programs))

    def render(self, env: Mapping[str, Any], ctx: Context, *, run: Run | None = None) -> str:
        """The text with every hole filled; `run` pays for it, if given. Raises OverBudget; passes on `Stop`."""
        run = run or Run(ctx)
        filled = []
        for piece in self._pieces:
            filled.append(piece if isinstance(piece, str) else self._written(piece, piece.run(env, run), run))
            run.text(len(filled[-1]))
        return "".join(filled)

    def _written(self, hole: Program, value: Any, run: Run) -> str:
        if value is None or (self._null and value == ""):
            return self._null.replace("{}", hole.text.strip())
        return values.text(value, run)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _hole(text: str, hole: re.Match[str], names: tuple[str, ...]) -> Program:
    try:
        return compile(hole[1], names=names)
    except FeelError as error:
        before = _line(text, hole.start(1))
        column = error.column
        if error.line == 1:
            column += hole.start(1) - (text.rfind("\n", 0, hole.start(1)) + 1)
        raise FeelError(
            error.message,
            message_es=error.message_es,
            line=before + error.line - 1,
            column=column,
            expected=error.expected,
            nearest=error.nearest,
        ) from None


def _unclosed(text: str, at: int) -> FeelError:
    return FeelError(
        "“{{” has no “}}”.",
        message_es="A «{{» le falta «}}».",
        line=_line(text, at),
        column=at - (text.rfind("\n", 0, at) + 1) + 1,
        expected="}}",
    )
