"""Regions of a table's input space: each column cut at all end points into atoms, each cell a bit mask of atoms.

After Calvanese, Dumas, Laurson, Maggi, Montali and Teinemaa, "Semantics and analysis of DMN decision tables" (2016),
and Laurson and Maggi, "A tool for the analysis of DMN decision tables" (2016). A cell that is computed (not only
constants) is bounded by two masks: what it must and what it may accept.
"""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ruta.engine.feel import syntax, temporal, values
from ruta.engine.feel.builtins import TABLE
from ruta.engine.feel.compiler import Compiler
from ruta.engine.feel.context import Context, Run
from ruta.engine.feel.reads import every_name

_TIMELESS = Context(datetime(2000, 1, 1, tzinfo=UTC))
_CLOCKS = frozenset(("now", "today"))
_UNKNOWN = object()


@dataclass(frozen=True, slots=True)
class Atom:
    """A smallest piece of a column: one value, an open stretch between two (None: without end), or any other value."""

    low: Any
    high: Any
    point: bool = False
    other: bool = False


@dataclass(frozen=True, slots=True)
class Mask:
    """The atoms that a cell accepts: for certain, and at most."""

    must: int
    may: int


@dataclass(frozen=True, slots=True)
class Column:
    """One input cut into atoms; `domain` are the atoms that can occur."""

    label: str
    atoms: tuple[Atom, ...]
    domain: int
    ordered: bool

    @property
    def everything(self) -> int:
        """The mask of all atoms."""
        return (1 << len(self.atoms)) - 1


class Cut:
    """Cuts one column and reads its cells. `whole`: its numbers are whole, so that nothing lies between 5 and 6."""

    def __init__(
        self, label: str, cells: Sequence[syntax.Tests | None], allowed: syntax.Tests | None, *, whole: bool
    ) -> None:
        constants = [value for tests in (*cells, allowed) if tests for value in _constants(tests)]
        ranges = any(
            isinstance(test, syntax.Interval) for tests in (*cells, allowed) if tests for test in tests.tests
        )
        kinds = {values.kind(value) for value in constants}
        self._whole = whole
        self._ordered = len(kinds) == 1 and kinds <= values.ORDERED and (ranges or "string" not in kinds)
        self._points = _distinct(constants, self._ordered)
        if kinds == {"boolean"}:
            self._points = [True, False]
        self._places = {_mark(point): at for at, point in enumerate(self._points)}
        atoms = self._atoms(kinds)
        full = (1 << len(atoms)) - 1
        domain = sum(1 << at for at, atom in enumerate(atoms) if not self._empty(atom))
        self.column = Column(label, atoms, domain, self._ordered)
        if allowed is not None:
            domain &= self.mask(allowed).may
            self.column = Column(label, atoms, domain or full, self._ordered)

    def _atoms(self, kinds: set[str]) -> tuple[Atom, ...]:
        if not self._ordered:
            points = [Atom(point, point, True) for point in self._points]
            return (*points,) if kinds == {"boolean"} else (*points, Atom(None, None, other=True))
        atoms = []
        for low, high in zip([None, *self._points], [*self._points, None], strict=True):
            atoms.append(Atom(low, high))
            if high is not None:
                atoms.append(Atom(high, high, True))
        return tuple(atoms)

    def _empty(self, atom: Atom) -> bool:
        if atom.point or atom.low is None or atom.high is None:
            return False
        if type(atom.low) is date and type(atom.high) is date:
            return atom.high - atom.low <= timedelta(days=1)
        return self._whole and values.kind(atom.low) == "number" and atom.high - atom.low <= 1

    def mask(self, tests: syntax.Tests | None) -> Mask:
        """The atoms that a cell accepts."""
        full = self.column.everything
        if tests is None:
            return Mask(0, full)
        if not tests.tests:
            return Mask(full, full)
        masks = [self._test(test) for test in tests.tests]
        must = functools.reduce(int.__or__, (mask.must for mask in masks))
        may = functools.reduce(int.__or__, (mask.may for mask in masks))
        return Mask(full & ~may, full & ~must) if tests.negated else Mask(must, may)

    def _test(self, test: syntax.Node) -> Mask:
        full = self.column.everything
        if not isinstance(test, syntax.Interval):
            value = constant(test)
            at = self._find(value)
            return (
                Mask(0, full) if value is _UNKNOWN or value is None or at is None else Mask(1 << at, 1 << at)
            )
        start = constant(test.start) if test.start else None
        end = constant(test.end) if test.end else None
        if start is _UNKNOWN or end is _UNKNOWN:
            return Mask(0, full)
        exact = self._find(start)
        if test.op in ("=", "!=") and exact is not None:
            mask = 1 << exact if test.op == "=" else full & ~(1 << exact)
            return Mask(mask, mask)
        if not self._ordered:
            return Mask(0, full)
        first, last = exact, self._find(end)
        low = 0 if first is None else first + (not test.start_included)
        high = len(self.column.atoms) - 1 if last is None else last - (not test.end_included)
        mask = ((1 << (high + 1)) - 1) & ~((1 << low) - 1) if high >= low else 0
        return Mask(mask, mask)

    def _find(self, value: Any) -> int | None:
        if value is None or value is _UNKNOWN:
            return None
        at = self._places.get(_mark(value))
        return None if at is None else 2 * at + 1 if self._ordered else at


def constant(node: syntax.Node) -> Any:
    """The value of an expression that reads nothing and no clock, else a marker."""
    if isinstance(node, syntax.Constant):
        return node.value
    names = every_name(node)
    if not names <= TABLE.keys() or names & _CLOCKS or any(TABLE[name].host for name in names):
        return _UNKNOWN
    value = Compiler(frozenset(), {}).closure(node)({}, Run(_TIMELESS))
    return _UNKNOWN if isinstance(value, list | dict | values.Range | values.Function) else value


def _constants(tests: syntax.Tests) -> Iterator[Any]:
    for test in tests.tests:
        parts = (test.start, test.end) if isinstance(test, syntax.Interval) else (test,)
        for part in parts:
            value = constant(part) if part else None
            if value is not None and value is not _UNKNOWN:
                yield value


def _distinct(found: list[Any], ordered: bool) -> list[Any]:
    if ordered:
        found = sorted(found, key=functools.cmp_to_key(lambda a, b: values.compare(a, b) or 0))
    return list({_mark(value): value for value in reversed(found)}.values())[::-1]


def _mark(value: Any) -> tuple[str, Any]:
    """Equal for equal values of one kind."""
    kind = values.kind(value)
    return kind, temporal.key(value) if kind in values.TEMPORAL else value
