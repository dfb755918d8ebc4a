"""An expression ready to run: `compile` once per text, call often."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ruta.engine.feel import syntax
from ruta.engine.feel.builtins import TABLE
from ruta.engine.feel.calls import Closure
from ruta.engine.feel.compiler import Compiler
from ruta.engine.feel.context import Context, Run, over
from ruta.engine.feel.errors import FeelError
from ruta.engine.feel.names import Names
from ruta.engine.feel.parser import Parser
from ruta.engine.feel.reads import free
from ruta.engine.feel.remarks import Remark
from ruta.engine.feel.types import ANY, Type
from ruta.engine.feel.values import Range, compare

_WORDS = ("days and time duration", "start included", "end included", "time offset")
STANDARD = Names([*TABLE, *_WORDS])
_RANGE_NAMES = frozenset(("date", "time", "date and time", "duration"))


class Program:
    """A compiled expression. `names` are the variables it reads from outside, `tree` its syntax tree.

    `type` and `remarks` are what is known before it runs (see `inference`), from the types given to `compile`.

    Names that appear only inside a filter are left out of `names` unless they were given as known: they may be
    entries of the filtered items.
    """

    __slots__ = ("_inferred", "_known", "_named", "evaluate", "names", "text", "tree")

    def __init__(
        self,
        text: str,
        tree: syntax.Node,
        evaluate: Closure,
        names: frozenset[str],
        named: Mapping[str, Type],
    ) -> None:
        self.text = text
        self.tree = tree
        self.evaluate = evaluate
        self.names = names
        self._known: Mapping[str, Type] = {}
        self._named = named
        self._inferred: tuple[Type, tuple[Remark, ...]] | None = None

    @property
    def type(self) -> Type:
        """The type of its value, as far as it is known before it runs."""
        return self._infer()[0]

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What in it gives null for certain: unknown names and entries, operands and arguments that do not fit."""
        return self._infer()[1]

    def _infer(self) -> tuple[Type, tuple[Remark, ...]]:
        if self._inferred is None:
            from ruta.engine.feel.inference import infer

            self._inferred = infer(self.tree, self._known, self._named)
        return self._inferred

    def know(self, types: Mapping[str, Type]) -> None:
        """Say which variables there are, with their types."""
        self._known, self._inferred = types, None

    def place(self, at: int) -> tuple[int, int]:
        """Line and column, from 1, of an offset in the text."""
        return self.text.count("\n", 0, at) + 1, at - (self.text.rfind("\n", 0, at) + 1) + 1

    def __call__(self, env: Mapping[str, Any], ctx: Context) -> Any:
        """The value with these variables (FEEL values by name: see `to_feel`); a unary test reads its input as `?`.

        Errors of FEEL give null. Raises OverBudget when the budget is spent, and passes on `Stop`.
        """
        try:
            return self.evaluate(env, Run(ctx))
        except RecursionError:
            raise over("nested calls", ctx.budget.depth) from None

    def run(self, env: Mapping[str, Any], run: Run) -> Any:
        """The value as part of a larger run, which pays for it."""
        try:
            return self.evaluate(env, run)
        except RecursionError:
            raise over("nested calls", run.ctx.budget.depth) from None

    def __repr__(self) -> str:
        return f"Program({self.text!r})"


def compile(text: str, *, names: Iterable[str] = (), types: Mapping[str, Type] | None = None) -> Program:
    """The expression of `text`.

    `names` are the variables that will be given (needed for names with blanks or operators, and for a variable that
    hides a built-in function). `types` says more of names: the type of a variable, or a type that `instance of` and
    parameters may name; `Program.type` and `Program.remarks` follow from them. Raises FeelError.
    """
    return _program(text, names, types, unary=False)


def compile_unary(
    text: str, *, names: Iterable[str] = (), types: Mapping[str, Type] | None = None
) -> Program:
    """The unary tests of `text` (a cell of a decision table); the program answers true or false. Raises FeelError.

    The type of its input is that of "?" in `types`.
    """
    return _program(text, names, types, unary=True)


def _program(text: str, names: Iterable[str], types: Mapping[str, Type] | None, *, unary: bool) -> Program:
    given = frozenset(names).union(types or ())
    known = STANDARD
    if given:
        known = STANDARD.child()
        for name in given:
            known.add(name)
    program = compile_in(text, known, given, types or {}, unary=unary)
    program.know(dict.fromkeys(given, ANY) | dict(types or {}))
    return program


def compile_in(
    text: str, known: Names, bound: frozenset[str], types: Mapping[str, Type], *, unary: bool = False
) -> Program:
    """The program of `text` where `known` are the names to tell apart and `bound` the variables that will be given."""
    try:
        parser = Parser(text, known)
        tree = parser.unary_tests() if unary else parser.expression()
        closure = Compiler(bound, types).closure(tree)
        certain, possible = free(tree)
    except RecursionError:
        raise FeelError(
            "The expression is nested too deep.", message_es="La expresión está anidada demasiado."
        ) from None
    read = certain | (possible & bound)
    outside = {name for name in read if name in bound or name not in TABLE} - {"?"}
    return Program(text, tree, closure, frozenset(outside), types)


_RANGE = r"\s*([\[\](])(.*?)\.\.(?!\.)(.*)([\])\[])\s*"


def read_range(text: str, run: Run) -> Range | None:
    """The range that a text spells with literal ends, one of which may be left out beside an open bracket; or None."""
    found = re.fullmatch(_RANGE, text, re.DOTALL)
    if not found:
        return None
    low_included, high_included = found[1] == "[", found[4] == "]"
    low, high = (_literal(end.strip(), run) for end in (found[2], found[3]))
    if not found[2].strip() and not low_included and high is not None:
        return Range(None, high, False, high_included, "<=" if high_included else "<")
    if not found[3].strip() and not high_included and low is not None:
        return Range(low, None, low_included, False, ">=" if low_included else ">")
    if compare(low, high) not in (-1, 0):
        return None
    return Range(low, high, low_included, high_included)


def _literal(text: str, run: Run) -> Any:
    try:
        program = compile(text)
    except FeelError:
        return None
    return program.run({}, run) if _is_literal(program.tree) else None


def _is_literal(node: syntax.Node) -> bool:
    if isinstance(node, syntax.Call):
        named = isinstance(node.function, syntax.Name) and node.function.name in _RANGE_NAMES
        return named and all(map(_is_literal, node.arguments))
    return isinstance(node, syntax.Constant)
