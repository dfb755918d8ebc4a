"""Decision tables (DMN 1.5, chapter 8): cells to closures, rules to hits, hit policies to a value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ruta.engine.dmn.elements import DecisionTable, Rule
from ruta.engine.dmn.library import Library
from ruta.engine.dmn.outcome import Finding, Hit
from ruta.engine.feel import types, values
from ruta.engine.feel.builtins import TABLE
from ruta.engine.feel.calls import Closure, Scope
from ruta.engine.feel.cells import Fixed
from ruta.engine.feel.context import Run

POLICIES = ("UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT")
Accepts = Callable[[Any, Run], bool]
AGGREGATIONS = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}


@dataclass(slots=True, eq=False, repr=False)
class Column:
    """An input of a table; `reads` are the variables that its expression and its cells read.

    `variable`: the name of the variable that the expression is, else "". `cuts`: the values at which its cells change
    their mind (`Fixed.cuts`), ascending; None when they read more than their input.
    """

    label: str
    value: Closure
    type: types.Type
    allowed: Closure | None
    reads: frozenset[str]
    variable: str
    cuts: tuple[Any, ...] | None

    def admits(self, value: Any, env: Any, run: Run) -> bool:
        """Whether the value is null or among those that the column allows."""
        return value is None or self.allowed is None or self.allowed(Scope({"?": value}, env), run)


@dataclass(slots=True, eq=False, repr=False)
class _Output:
    name: str
    type: types.Type
    default: Closure | None
    order: Closure | None  # the allowed values, most important first


@dataclass(slots=True, eq=False, repr=False)
class Row:
    """A rule of a table."""

    id: str
    cells: tuple[
        tuple[int, Accepts | None, Closure], ...
    ]  # (column, test of its value, test); "-" is left out
    outputs: tuple[Closure, ...]
    annotations: Mapping[str, str]


class Table:
    """A compiled table: call it with (variables, run) for its value; the run's trace gets the hits.

    `reads` are the variables that its outputs read; those of the inputs are in `columns`.
    """

    def __init__(self, table: DecisionTable, decision: str, library: Library, bound: frozenset[str]) -> None:
        self.decision = decision
        self.policy = table.policy
        self.aggregation = table.aggregation
        self._type = library.types.of(table.type_ref, table.place)
        if table.policy not in POLICIES or (table.aggregation and table.aggregation not in AGGREGATIONS):
            library.fault(
                table.place,
                f"La política de aciertos {table.policy} {table.aggregation} no existe.",
                f"There is no hit policy {table.policy} {table.aggregation}.",
            )
        self._labels = {
            clause.label: {"es": clause.label, "en": clause.label_en}
            for clause in table.inputs
            if clause.label_en
        }
        self._outputs = [
            _Output(
                clause.name,
                library.types.of(clause.type_ref, clause.place),
                library.expression(clause.default, bound, clause.place) if clause.default else None,
                library.expression(f"[{clause.allowed}]", bound, clause.place) if clause.allowed else None,
            )
            for clause in table.outputs
        ]
        self.rows: list[Row] = []
        for number, rule in enumerate(table.rules, 1):
            if len(rule.inputs) != len(table.inputs) or len(rule.outputs) != len(table.outputs):
                library.fault(
                    rule.place,
                    f"La regla {number} no tiene una celda por columna.",
                    f"Rule {number} does not have one cell per column.",
                )
                continue
            self.rows.append(_row(number, rule, table, library, bound))
        self.cost = 1 + sum(1 + len(row.cells) // 4 for row in self.rows)
        self.columns = [_column(at, table, self.rows, library, bound) for at in range(len(table.inputs))]
        texts = [text for rule in table.rules for text in rule.outputs]
        texts += [clause.default for clause in table.outputs]
        texts += [f"[{clause.allowed}]" for clause in table.outputs]
        self.reads = frozenset().union(*(library.names(text, bound) for text in texts))

    def __call__(self, env: Any, run: Run) -> Any:
        """The value by the hit policy; null when no rule holds and there is no default."""
        seen: list[Any] = []
        for column in self.columns:
            value = column.value(env, run)
            if column.type is not types.ANY:
                value = types.coerce(value, column.type, run)
            if not column.admits(value, env, run):
                self._find(run, "input-not-listed", f"{column.label} = {values.text(value)}", ())
                return None
            seen.append(value)
        return self.answer(self._matching(seen, env, run), seen, env, run)

    def answer(self, rows: list[Row], seen: list[Any], env: Any, run: Run) -> Any:
        """The value when these rules hold; `seen` are the inputs, for the explanation."""
        value = self._answer(rows, seen, env, run)
        return value if self._type is types.ANY else types.coerce(value, self._type, run)

    def _answer(self, rows: list[Row], seen: list[Any], env: Any, run: Run) -> Any:
        if not rows:
            return self._default(env, run)
        results = [[output(env, run) for output in row.outputs] for row in rows]
        for result in results:
            run.spend(len(self._outputs))
            for at, output in enumerate(self._outputs):
                if output.type is not types.ANY:
                    result[at] = types.coerce(result[at], output.type, run)
        return self._decide(rows, results, seen, env, run)

    def _matching(self, seen: list[Any], env: Any, run: Run) -> list[Row]:
        first_only = self.policy == "FIRST"
        rows = []
        run.spend(self.cost)
        for row in self.rows:
            for at, accepts, test in row.cells:
                if not (accepts(seen[at], run) if accepts else test(Scope({"?": seen[at]}, env), run)):
                    break
            else:
                rows.append(row)
                if first_only:
                    break
        return rows

    # Hit policies

    def _decide(self, rows: list[Row], results: list[list[Any]], seen: list[Any], env: Any, run: Run) -> Any:
        shaped = [self._shape(result) for result in results]
        ids = tuple(row.id for row in rows)
        if self.policy == "UNIQUE" and len(rows) > 1:
            self._find(run, "not-unique", ", ".join(ids), ids)
            return None
        if self.policy == "ANY" and any(
            values.equal(shaped[0], other, run) is not True for other in shaped[1:]
        ):
            self._find(run, "any-differs", ", ".join(ids), ids)
            return None
        order = list(range(len(rows)))
        if self.policy in ("PRIORITY", "OUTPUT ORDER"):
            ranks = self._ranks(results, env, run)
            order.sort(key=lambda at: ranks[at])
        if self.policy in ("UNIQUE", "ANY", "FIRST", "PRIORITY"):
            self._record([rows[order[0]]], [results[order[0]]], seen, run)
            return shaped[order[0]]
        self._record([rows[at] for at in order], [results[at] for at in order], seen, run)
        collected = [shaped[at] for at in order]
        if self.policy == "COLLECT" and self.aggregation:
            return TABLE[AGGREGATIONS[self.aggregation]].call(run, collected)
        return collected

    def _ranks(self, results: list[list[Any]], env: Any, run: Run) -> list[tuple[int, ...]]:
        orders = [output.order(env, run) if output.order else [] for output in self._outputs]

        def rank(value: Any, order: list[Any]) -> int:
            run.walk(len(order))
            return next(
                (at for at, listed in enumerate(order) if values.equal(listed, value, run) is True),
                len(order),
            )

        return [
            tuple(rank(v, order or []) for v, order in zip(result, orders, strict=True)) for result in results
        ]

    def _shape(self, result: list[Any]) -> Any:
        if len(self._outputs) == 1:
            return result[0]
        return {output.name: value for output, value in zip(self._outputs, result, strict=True)}

    def _default(self, env: Any, run: Run) -> Any:
        if any(output.default for output in self._outputs):
            return self._shape(
                [output.default(env, run) if output.default else None for output in self._outputs]
            )
        if self.policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER"):
            return TABLE["count"].call(run, []) if self.aggregation == "COUNT" else None
        self._find(run, "no-rule", "", ())
        return None

    # Explanation

    def _record(self, rows: list[Row], results: list[list[Any]], seen: list[Any], run: Run) -> None:
        if run.trace is None:
            return
        inputs = {column.label: value for column, value in zip(self.columns, seen, strict=True)}
        for row, result in zip(rows, results, strict=True):
            outputs = {o.name or self.decision: value for o, value in zip(self._outputs, result, strict=True)}
            run.trace.append(Hit(self.decision, row.id, row.annotations, inputs, outputs, self._labels))

    def _find(self, run: Run, check: str, what: str, rules: tuple[str, ...]) -> None:
        if run.trace is not None:
            spanish, english = _SAY[check]
            say = {"es": spanish.format(self.decision, what), "en": english.format(self.decision, what)}
            run.trace.append(Finding(check, self.decision, say, rules))


def _row(number: int, rule: Rule, table: DecisionTable, library: Library, bound: frozenset[str]) -> Row:
    tests = [
        (at, library.tests(text, bound, rule.place)) for at, text in enumerate(rule.inputs) if text != "-"
    ]
    cells = tuple((at, test.accepts if isinstance(test, Fixed) else None, test) for at, test in tests)
    outputs = tuple(library.expression(text, bound, rule.place) for text in rule.outputs)
    annotations = dict(zip(table.annotations, rule.annotations, strict=False))
    return Row(rule.place.id or str(number), cells, outputs, annotations)


def _column(
    at: int, table: DecisionTable, rows: list[Row], library: Library, bound: frozenset[str]
) -> Column:
    clause = table.inputs[at]
    value = library.expression(clause.text, bound, clause.place)
    allowed = library.tests(clause.allowed, bound, clause.place) if clause.allowed else None
    cells = {rule.inputs[at] for rule in table.rules if at < len(rule.inputs)}
    reads = library.names(clause.text, bound).union(
        *(library.names(text, bound, unary=True) for text in (clause.allowed, *cells))
    )
    cuts = _cuts([test for row in rows for index, _, test in row.cells if index == at])
    of = library.types.of(clause.type_ref, clause.place)
    return Column(clause.label, value, of, allowed, reads, clause.text if clause.text in bound else "", cuts)


def _cuts(tests: list[Closure]) -> tuple[Any, ...] | None:
    cuts: set[Any] = set()
    for test in tests:
        if not isinstance(test, Fixed) or test.cuts is None:
            return None
        cuts |= test.cuts
    return tuple(sorted(cuts)) if len({type(cut) for cut in cuts}) == 1 else None


_SAY: dict[str, tuple[str, str]] = {
    "input-not-listed": (
        "{0}: el valor {1} no está entre los permitidos de su columna.",
        "{0}: the value {1} is not among those its column allows.",
    ),
    "not-unique": ("{0}: cumplen varias reglas a la vez ({1}).", "{0}: several rules hold at once ({1})."),
    "any-differs": (
        "{0}: cumplen varias reglas con resultados distintos ({1}).",
        "{0}: several rules hold with different results ({1}).",
    ),
    "no-rule": ("{0}: ninguna regla cubre estos datos.", "{0}: no rule covers these data."),
}
