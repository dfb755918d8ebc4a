"""What an expression may know of the world, what it may spend, and what one run has spent so far."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ruta.engine.feel.errors import OverBudget
from ruta.engine.feel.reasons import Reason
from ruta.engine.terms import Calendar

BOGOTA = ZoneInfo("America/Bogota")
DEEPEST_VALUE = 150
_NOTES = 20
_NO_PATTERNS: Mapping[tuple[str, str], Any] = {}


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of one run: `steps` of loops and calls, `depth` of nested calls, `size` of a text or list in items.

    A step is about a microsecond: the default stops an expression in about 50 ms.
    """

    steps: int = 50_000
    depth: int = 100
    size: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Context:
    """The world as an expression sees it; two runs with equal contexts and inputs give equal values.

    `now` is an aware instant; `today()` is its date in `zone`. `functions` are host functions by name: they take FEEL
    values by position (or by keyword, blanks as underscores) and may raise `Stop`.
    """

    now: datetime
    calendar: Calendar | None = None
    zone: ZoneInfo = BOGOTA
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    budget: Budget = Budget()
    lang: str = "es"


class Run:
    """The account of one evaluation: steps left, depth of calls, and why some values became null.

    A run `within` another has its own notes and spends what that one has left; see `part`.
    """

    __slots__ = ("ctx", "depth", "left", "notes", "patterns", "trace")

    def __init__(self, ctx: Context, within: "Run | None" = None) -> None:
        self.ctx = ctx
        self.left: int = ctx.budget.steps if within is None else within.left
        self.depth: int = 0 if within is None else within.depth
        self.notes: list[Reason] | None = None
        self.patterns: Mapping[tuple[str, str], Any] = _NO_PATTERNS  # regular expressions that are paid for
        self.trace: list[Any] | None = None  # what a decision wants remembered: hits of tables, findings

    @contextmanager
    def part(self, ctx: Context | None = None) -> Iterator["Run"]:
        """A run that this one pays for, in its own context or another."""
        inner = Run(ctx or self.ctx, self)
        try:
            yield inner
        finally:
            self.left = inner.left

    def spend(self, steps: int = 1) -> None:
        """Pay for work done; raises OverBudget when nothing is left."""
        self.left -= steps
        if self.left < 0:
            raise over("steps", self.ctx.budget.steps)

    def walk(self, items: int) -> None:
        """Pay for looking at so many items one by one."""
        self.left -= 1 + (items >> 2)
        if self.left < 0:
            raise over("steps", self.ctx.budget.steps)

    def step(self, depth: int) -> None:
        """Pay for one part of a nested value, `depth` levels down."""
        self.left -= 1
        if self.left < 0:
            raise over("steps", self.ctx.budget.steps)
        if depth > DEEPEST_VALUE:
            raise over("levels", DEEPEST_VALUE)

    def fits(self, length: int) -> None:
        """Refuse a text of more characters than the budget allows."""
        if length > self.ctx.budget.size:
            raise over("characters", self.ctx.budget.size)

    def text(self, length: int) -> None:
        """Pay for building a text of `length` characters."""
        self.fits(length)
        self.left -= length >> 8
        if self.left < 0:
            raise over("steps", self.ctx.budget.steps)

    def items(self, count: int) -> None:
        """Pay for building or walking a list of `count` items."""
        size = self.ctx.budget.size
        if count > size:
            raise over("items", size)
        self.left -= count >> 3
        if self.left < 0:
            raise over("steps", self.ctx.budget.steps)

    def enter(self) -> None:
        """Go one call deeper; a call costs as much as five turns of a loop."""
        self.left -= 5
        self.depth += 1
        if self.left < 0:
            raise over("steps", self.ctx.budget.steps)
        if self.depth > self.ctx.budget.depth:
            raise over("nested calls", self.ctx.budget.depth)

    def note(self, reason: str, *parts: Any) -> None:
        """Remember why a value is null (an id of `reasons`); the first twenty are kept."""
        if self.notes is None:
            self.notes = []
        if len(self.notes) < _NOTES:
            self.notes.append((reason, parts))


_SPANISH = {
    "levels": "niveles",
    "digits": "cifras",
    "steps": "pasos",
    "characters": "caracteres",
    "items": "elementos",
    "nested calls": "llamadas anidadas",
}


def over(what: str, limit: int) -> OverBudget:
    """The error for a limit that was passed."""
    return OverBudget(
        f"The expression needs more than {limit:,} {what}; it was stopped.",
        message_es=f"La expresión necesita más de {limit:,} {_SPANISH.get(what, what)}; se detuvo.",
    )
