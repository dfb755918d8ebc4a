"""One decision for many rows, column by column: the same closures as for one row, run once for each distinct input.

A column is dictionary-encoded: its distinct values and, for each row, which of them it has. What reads several columns
is run once for each combination that occurs. So a table costs as much as its inputs vary, and the answers cannot differ
from those of `Model.evaluate`: where they could (a budget that is nearly spent, a host function that stops, a decision
service), the row is answered by it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ruta.engine.dmn import elements
from ruta.engine.dmn.coding import Coded, combine, dense, encode, places, renumber, spread
from ruta.engine.dmn.graph import Node, fitted, input_of
from ruta.engine.dmn.model import Model, Rows
from ruta.engine.dmn.outcome import Hit, Outcome
from ruta.engine.dmn.table import Column, Row, Table
from ruta.engine.feel import types
from ruta.engine.feel.calls import Scope
from ruta.engine.feel.context import Context, Run
from ruta.engine.feel.errors import OverBudget, Stop

Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
_REFUSED = -1  # the mask of rules when a column does not allow the value, or the row is slow


class Answers(Sequence[Any]):
    """The values of one decision, row by row. `rules` are the ids of the rules of its own table that gave each value."""

    def __init__(
        self, values: list[Any], rules: list[tuple[str, ...]], explain: Callable[[int], Outcome]
    ) -> None:
        self.values = values
        self.rules = rules
        self._explain = explain

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, at: Any) -> Any:
        return self.values[at]

    def outcome(self, at: int) -> Outcome:
        """The whole outcome of one row, as `Model.evaluate` gives it."""
        return self._explain(at)


def answer_many(model: Model, decision: str, rows: Rows, ctx: Context) -> Answers:
    """`Model.evaluate_many`."""
    asked = model.asked(decision)
    if isinstance(rows, Mapping):
        rows = {name: _plain(column) for name, column in rows.items()}
    by_row = _by_row(rows)

    def explain(at: int) -> Outcome:
        return model.evaluate(decision, by_row(at), ctx)

    length = _length(rows)
    batch = _Batch(rows, length, by_row, ctx, _size(asked))
    if not length:
        return Answers([], [], explain)
    if type(asked.element) is not elements.Decision or batch.has_service(asked):
        batch.slow[:] = True
    else:
        batch.column(asked)
    values, rules = batch.answers(asked)
    for at in np.flatnonzero(batch.slow).tolist():
        outcome = explain(at)
        values[at] = outcome.value
        rules[at] = tuple(hit.rule_id for hit in outcome.hits if hit.decision == asked.element.name)
    return Answers(values, rules, explain)


def _length(rows: Rows) -> int:
    if not isinstance(rows, Mapping):
        return len(rows)
    lengths = {name: len(column) for name, column in rows.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"the columns have different lengths: {lengths}")
    return next(iter(lengths.values()), 0)


def _plain(column: Any) -> Sequence[Any]:
    """A column of numpy or polars as a list of Python's values."""
    listed = getattr(column, "tolist", None) or getattr(column, "to_list", None)
    return list(listed()) if listed else column


def _by_row(rows: Rows) -> Callable[[int], Mapping[str, Any]]:
    if isinstance(rows, Mapping):
        columns = rows
        return lambda at: {name: column[at] for name, column in columns.items()}
    return rows.__getitem__


def _size(asked: Node) -> int:
    """How many pieces the evaluation of a decision is cut into at most."""
    seen: dict[int, Node] = {}
    waiting = [asked]
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen[id(node)] = node
            waiting += (read for _, _, read in node.reads)
    return sum(2 + len(node.table.columns) if node.table else 1 for node in seen.values())


class _Batch:
    """One run over all rows. `slow` marks the rows that must be answered one by one."""

    def __init__(
        self,
        rows: Rows,
        length: int,
        by_row: Callable[[int], Mapping[str, Any]],
        ctx: Context,
        pieces: int,
    ) -> None:
        self._rows = rows
        self._length = length
        self._by_row = by_row
        self._ctx = ctx
        self._most = ctx.budget.steps // max(
            pieces, 1
        )  # a row's pieces together never spend more than the budget
        self._columns: dict[int, Coded] = {}
        self._hits: dict[int, Coded] = {}
        self._raws: dict[str, Sequence[Any]] = {}
        self.slow: Flags = np.zeros(length, dtype=np.bool_)

    def has_service(self, node: Node) -> bool:
        """Whether a decision service is on the way: it evaluates a part of the graph for itself."""
        return isinstance(node.element, elements.Service) or any(
            self.has_service(read) for _, _, read in node.reads
        )

    def answers(self, asked: Node) -> tuple[list[Any], list[tuple[str, ...]]]:
        """Values and rules by row; of slow rows null and none, for now."""
        found, hits = self._columns.get(id(asked)), self._hits.get(id(asked))
        values = spread(found) if found else [None] * self._length
        return values, spread(hits) if hits else [()] * self._length

    def column(self, node: Node) -> Coded:
        """The values of an element for all rows."""
        found = self._columns.get(id(node))
        if found is None:
            found = self._columns[id(node)] = self._compute(node)
        return found

    def _compute(self, node: Node) -> Coded:
        if type(node.element) is elements.InputData:
            raw = self._given(node)
            return self._each([raw], lambda run, value: fitted(input_of(node, value, run), node, run))
        if node.table is not None:
            found = self._table(node, node.table)
            return self._each([found], lambda run, value: fitted(value, node, run))
        reads = [self.column(read) for _, _, read in node.reads]

        def logic(run: Run, *values: Any) -> Any:
            if node.logic is None:
                return None
            env = _environment(node, values)
            run.spend(node.cost)
            value = node.logic(env, run)
            if isinstance(node.element, elements.Knowledge):
                env.setdefault(node.element.name, value)
                return value
            return fitted(value, node, run)

        return self._each(reads, logic)

    # Inputs

    def _given(self, node: Node) -> Coded:
        """The input as it was given; each distinct value inside a mapping that `input_of` reads."""
        name = node.element.name
        if any(node.path):
            return Coded(np.arange(self._length), [self._by_row(at) for at in range(self._length)])
        codes, distinct = encode(self._raw(name))
        return Coded(codes, [{name: value} for value in distinct])

    # Pieces

    def _each(self, reads: Sequence[Coded], work: Callable[..., Any]) -> Coded:
        """`work` of (run, one value of each column), once for each combination that occurs."""
        codes, combinations = combine(reads, self._length)
        results: list[Any] = []
        bad: list[int] = []
        for at, combination in enumerate(combinations):
            run = Run(self._ctx)
            run.trace = []
            try:
                results.append(work(run, *combination))
            except (OverBudget, Stop, RecursionError, TypeError):
                results.append(None)
                run.left = -1
            if self._ctx.budget.steps - run.left > self._most:
                bad.append(at)
        if bad:
            self.slow |= np.isin(codes, bad)
        return Coded(codes, results)

    def _table(self, node: Node, table: Table) -> Coded:
        masks = [self._mask(node, table, at) for at in range(len(table.columns))]
        rules = self._met(table, masks)
        inputs = self._read(node, table.reads)

        def decide(run: Run, mask: int, *values: Any) -> tuple[Any, tuple[str, ...]]:
            if mask == _REFUSED:
                return None, ()
            run.spend(node.cost + table.cost)
            rows = list(_rows_of(table, mask))
            if table.policy == "FIRST":
                del rows[1:]
            value = table.answer(
                rows, [None] * len(table.columns), _environment(node, values, table.reads), run
            )
            return value, tuple(hit.rule_id for hit in run.trace or () if isinstance(hit, Hit))

        both = self._each([rules, *inputs], decide)
        self._hits[id(node)] = Coded(both.codes, [result[1] if result else () for result in both.values])
        return Coded(both.codes, [result[0] if result else None for result in both.values])

    def _mask(self, node: Node, table: Table, at: int) -> Coded:
        """For each row the rules whose cell in one column holds, as a bit mask."""
        column = table.columns[at]
        cells = [
            (1 << number, accepts, test)
            for number, row in enumerate(table.rows)
            for index, accepts, test in row.cells
            if index == at
        ]
        free = (1 << len(table.rows)) - 1 - sum(bit for bit, _, _ in cells)

        def mask(run: Run, *values: Any) -> int:
            env = _environment(node, values, column.reads)
            value = _clause(column, env, run)
            if not column.admits(value, env, run):
                return _REFUSED
            found = free
            for bit, accepts, test in cells:
                if accepts(value, run) if accepts else test(Scope({"?": value}, env), run):
                    found |= bit
            return found

        stretches = self._stretches(node, column)
        return dense(self._each([stretches] if stretches else self._read(node, column.reads), mask))

    def _stretches(self, node: Node, column: Column) -> Coded | None:
        """An input of plain numbers or dates, one value for each stretch between the column's cuts; or None."""
        read = next((read for _, name, read in node.reads if name == column.variable), None)
        if read is None or column.cuts is None or not _is_plain(read, column):
            return None
        codes = places(self._raw(read.element.name), column.cuts)
        if codes is None:
            return None
        codes, first = renumber(codes, 2 * len(column.cuts) + 2)
        name, raw = read.element.name, self._raw(read.element.name)
        run = Run(self._ctx)
        return Coded(
            codes, [fitted(input_of(read, {name: raw[at]}, run), read, run) for at in first.tolist()]
        )

    def _raw(self, name: str) -> Sequence[Any]:
        found = self._raws.get(name)
        if found is None:
            if isinstance(self._rows, Mapping):
                found = self._rows.get(name) or [None] * self._length
            else:
                found = [row.get(name) for row in self._rows]
            self._raws[name] = found
        return found

    def _met(self, table: Table, masks: Sequence[Coded]) -> Coded:
        """The rules that all columns leave."""
        everything = (1 << len(table.rows)) - 1
        met = Coded(np.zeros(self._length, dtype=np.int64), [everything])
        for mask in masks:
            codes, pairs = combine([met, mask], self._length)
            met = dense(
                Coded(
                    codes,
                    [_REFUSED if _REFUSED in pair or None in pair else pair[0] & pair[1] for pair in pairs],
                )
            )
        return met

    def _read(self, node: Node, names: frozenset[str]) -> list[Coded]:
        return [self.column(read) for space, name, read in node.reads if (space or name) in names]


def _clause(column: Column, env: Any, run: Run) -> Any:
    value = column.value(env, run)
    return value if column.type is types.ANY else types.coerce(value, column.type, run)


def _is_plain(node: Node, column: Column) -> bool:
    """Whether a column's test of an input depends on its kind and its place between cuts alone."""
    limits = (node.type.allowed, column.type.allowed, column.allowed)
    return (
        type(node.element) is elements.InputData
        and not any(node.path)
        and column.reads == {column.variable}
        and limits == (None, None, None)
    )


def _rows_of(table: Table, mask: int) -> Iterator[Row]:
    while mask:
        bit = mask & -mask
        yield table.rows[bit.bit_length() - 1]
        mask ^= bit


def _environment(node: Node, values: Sequence[Any], names: frozenset[str] | None = None) -> dict[str, Any]:
    env: dict[str, Any] = {}
    read = [(space, name) for space, name, _ in node.reads if names is None or (space or name) in names]
    for (space, name), value in zip(read, values, strict=True):
        if space:
            env.setdefault(space, {})[name] = value
        else:
            env[name] = value
    return env
