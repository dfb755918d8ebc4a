"""Checks of decision tables before anybody relies on them: gaps, overlaps, rules that can never win."""

import functools
import itertools
from collections.abc import Collection, Iterator
from dataclasses import fields
from typing import Any

from ruta.engine.dmn.cover import Box, Cover, Steps, TooMany, bits, meet
from ruta.engine.dmn.elements import Decision, DecisionTable, Entry, Expression, InputClause, Knowledge
from ruta.engine.dmn.halves import open_boxes
from ruta.engine.dmn.model import Model
from ruta.engine.dmn.outcome import Finding
from ruta.engine.dmn.regions import Atom, Column, Cut
from ruta.engine.feel import syntax, values

_MOST_STEPS = 3_000_000
_MOST_FINDINGS = 50
_ONE_WINNER = ("UNIQUE", "ANY", "FIRST", "PRIORITY")


def check_tables(model: Model, *, whole: Collection[str] = ()) -> tuple[Finding, ...]:
    """What is wrong with the tables of a model, in words: checks "policy", "gap", "overlap", "never", "undecided".

    At most fifty gaps and fifty overlaps are told of each table.

    `whole` names the input expressions whose numbers are whole. Cells that are computed are given the benefit of the
    doubt: they make neither a gap nor an overlap.
    """
    findings: list[Finding] = []
    for name, table in tables_of(model):
        findings += _Check(name, table, model, frozenset(whole)).findings()
    return tuple(findings)


def check_names(model: Model) -> tuple[Finding, ...]:
    """Names that an expression reads and nothing gives (check "unknown-name"): not declared, or a slip of the pen."""
    found = {}
    for place, name in model.library.unknown:
        say = {
            "es": f"Línea {place.line}: «{name}» no es una entrada requerida ni una función: declárela o corríjala.",
            "en": f"Line {place.line}: “{name}” is neither a required input nor a function: declare it or mend the name.",
        }
        found[place.line, name] = Finding(
            "unknown-name", place.name or place.id, say, (place.id,) if place.id else ()
        )
    return tuple(found.values())


def tables_of(model: Model) -> Iterator[tuple[str, DecisionTable]]:
    """Every decision table of a model with the name of its decision or knowledge model."""
    for element in model.definitions.elements:
        if isinstance(element, Decision):
            yield from ((element.name, table) for table in _tables(element.expression))
        elif isinstance(element, Knowledge):
            yield from ((element.name, table) for table in _tables(element.function))


def _tables(box: Any) -> Iterator[DecisionTable]:
    if isinstance(box, DecisionTable):
        yield box
    elif isinstance(box, tuple):
        for part in box:
            yield from _tables(part)
    elif isinstance(box, Expression | Entry):
        for field in fields(box):
            yield from _tables(getattr(box, field.name))


class _Check:
    def __init__(self, name: str, table: DecisionTable, model: Model, whole: frozenset[str]) -> None:
        self._name = name
        self._table = table
        self._library = model.library
        self._ids = [rule.place.id or str(number) for number, rule in enumerate(table.rules, 1)]
        self._columns: list[Column] = []
        must: list[list[int]] = [[] for _ in table.rules]
        may: list[list[int]] = [[] for _ in table.rules]
        for at, clause in enumerate(table.inputs):
            cells = [self._library.tree(rule.inputs[at]) for rule in table.rules]
            cut = Cut(clause.label, cells, self._allowed(clause), whole=clause.text in whole)
            self._columns.append(cut.column)
            for row, cell in enumerate(cells):
                mask = cut.mask(cell)
                must[row].append(mask.must & cut.column.domain)
                may[row].append(mask.may & cut.column.domain)
        self._must: list[Box] = [tuple(row) for row in must]
        self._may: list[Box] = [tuple(row) for row in may]
        self._domain: Box = tuple(column.domain for column in self._columns)
        self._cover = Cover(self._must, self._domain)
        self._met = self._cover.meeting()

    def _allowed(self, clause: InputClause) -> Any:
        text, reference = clause.allowed, clause.type_ref
        while not text and reference in self._library.items:
            item = self._library.items[reference]
            text, reference = item.allowed, item.type_ref if item.type_ref != reference else ""
        return self._library.tree(text) if text else None

    def findings(self) -> Iterator[Finding]:
        """All findings of the table, gaps first."""
        steps = Steps(_MOST_STEPS)
        yield from self._policy()
        try:
            yield from self._gaps(steps)
            yield from self._overlaps()
            yield from self._never(steps)
        except TooMany:
            yield self._finding(
                "undecided",
                "tiene demasiadas combinaciones para revisarla entera.",
                "has too many combinations to be checked as a whole.",
            )

    def _policy(self) -> Iterator[Finding]:
        """What the hit policy needs and the table does not have."""
        table = self._table
        if table.policy in ("PRIORITY", "OUTPUT ORDER") and not any(
            output.allowed for output in table.outputs
        ):
            yield self._finding(
                "policy",
                f"la política {table.policy} ordena por los valores permitidos de la salida, y no hay ninguno.",
                f"the policy {table.policy} orders by the allowed values of the output, and there are none.",
            )
        if table.aggregation and len(table.outputs) > 1:
            yield self._finding(
                "policy",
                f"{table.aggregation} reúne una salida, y la tabla tiene {len(table.outputs)}.",
                f"{table.aggregation} collects one output, and the table has {len(table.outputs)}.",
            )
        for at, output in enumerate(table.outputs):
            listed = self._library.tree(output.allowed) if output.allowed else None
            for number, rule in enumerate(table.rules if listed else (), 1):
                if at < len(rule.outputs) and not self._listed(rule.outputs[at], listed):
                    yield self._finding(
                        "policy",
                        f"la regla {number} da {rule.outputs[at]}, que no está entre los valores de su salida.",
                        f"rule {number} gives {rule.outputs[at]}, which is not among the values of its output.",
                        (self._ids[number - 1],),
                    )

    def _listed(self, text: str, listed: syntax.Tests | None) -> bool:
        """Whether an output is among the listed values; what is computed, or listed as a range, may be."""
        cell = self._library.tree(text)
        cut = Cut("", [cell], listed, whole=False)
        return cell is None or not cell.tests or bool(cut.mask(cell).may & cut.column.domain)

    def _gaps(self, steps: Steps) -> Iterator[Finding]:
        has_default = any(output.default for output in self._table.outputs)
        if self._table.policy not in _ONE_WINNER or has_default:
            return
        may = Cover(self._may, self._domain)
        for box in open_boxes(may, self._domain, may.all, steps, most=_MOST_FINDINGS):
            es, en = self._words(box)
            yield self._finding("gap", f"{es}: ninguna regla.", f"{en}: no rule.")

    def _overlaps(self) -> Iterator[Finding]:
        if self._table.policy not in ("UNIQUE", "ANY"):
            return
        agreeing = self._agreeing()
        pairs = (
            (first.bit_length() - 1, second)
            for second, met in enumerate(self._met)
            for first in bits(met & ((1 << second) - 1) & ~agreeing[second])
        )
        for first, second in itertools.islice(pairs, _MOST_FINDINGS):
            es, en = self._words(meet(self._must[first], self._must[second]) or ())
            yield self._finding(
                "overlap",
                f"{es}: cumplen a la vez las reglas {first + 1} y {second + 1}.",
                f"{en}: rules {first + 1} and {second + 1} both hold.",
                (self._ids[first], self._ids[second]),
            )

    def _agreeing(self) -> list[int]:
        """For each rule the rules that may hold beside it: under ANY those with the same results."""
        if self._table.policy != "ANY":
            return [0] * len(self._must)
        alike: dict[tuple[str, ...], int] = {}
        for at, rule in enumerate(self._table.rules):
            alike[rule.outputs] = alike.get(rule.outputs, 0) | 1 << at
        return [alike[rule.outputs] for rule in self._table.rules]

    def _never(self, steps: Steps) -> Iterator[Finding]:
        stronger = self._stronger()
        for at, box in enumerate(self._may):
            number, ids = at + 1, (self._ids[at],)
            if not all(box):
                label = self._columns[next(i for i, mask in enumerate(box) if not mask)].label
                yield self._finding(
                    "never",
                    f"la regla {number} no puede cumplirse: su celda «{label}» no acepta ningún valor posible.",
                    f"rule {number} can never hold: its cell “{label}” accepts no possible value.",
                    ids,
                )
            elif stronger[at] and not open_boxes(
                self._cover, box, stronger[at] & self._met[at], steps, most=1
            ):
                yield self._finding(
                    "never",
                    f"la regla {number} nunca gana: otras reglas deciden antes en todos sus casos.",
                    f"rule {number} can never win: other rules decide before it in all its cases.",
                    ids,
                )

    def _stronger(self) -> list[int]:
        """For each rule those that win over it wherever both hold."""
        count = len(self._table.rules)
        if self._table.policy == "FIRST":
            return [(1 << at) - 1 for at in range(count)]
        if self._table.policy != "PRIORITY" or len(self._table.outputs) != 1:
            return [0] * count
        order = [part.strip() for part in self._table.outputs[0].allowed.split(",")]
        ranks = [
            order.index(rule.outputs[0]) if rule.outputs[0] in order else len(order)
            for rule in self._table.rules
        ]
        found, before = [0] * count, 0
        for _, at in sorted((rank, at) for at, rank in enumerate(ranks)):
            found[at] = before
            before |= 1 << at
        return found

    # Words

    def _finding(self, check: str, es: str, en: str, rules: tuple[str, ...] = ()) -> Finding:
        return Finding(check, self._name, {"es": f"{self._name}: {es}", "en": f"{self._name}: {en}"}, rules)

    def _words(self, box: Box) -> tuple[str, str]:
        parts = [
            _column_words(column, mask)
            for column, mask in zip(self._columns, box, strict=True)
            if mask & column.domain != column.domain
        ]
        if not parts:
            return "en todos los casos", "in all cases"
        return "; ".join(es for es, _ in parts), "; ".join(en for _, en in parts)


def _column_words(column: Column, mask: int) -> tuple[str, str]:
    pieces = list(_stretches(column, mask) if column.ordered else _listed(column, mask))
    es = " o ".join(es for es, _ in pieces)
    en = " or ".join(en for _, en in pieces)
    return f"{column.label} {es}", f"{column.label} {en}"


def _listed(column: Column, mask: int) -> Iterator[tuple[str, str]]:
    for at, atom in enumerate(column.atoms):
        if mask >> at & 1:
            yield ("otro valor", "any other value") if atom.other else _shown(atom.low)


def _stretches(column: Column, mask: int) -> Iterator[tuple[str, str]]:
    """Runs of neighbouring atoms, each as one stretch; an impossible atom between two does not part them."""
    run: list[Atom] = []
    for at, atom in enumerate(column.atoms):
        if mask >> at & 1:
            run.append(atom)
        elif run and column.domain >> at & 1:
            yield _stretch(run)
            run = []
    if run:
        yield _stretch(run)


def _stretch(run: list[Atom]) -> tuple[str, str]:
    first, last = run[0], run[-1]
    if first.point and first is last:
        return _shown(first.low)
    temporal = values.kind(first.high if first.low is None else first.low) in values.TEMPORAL
    over, under = _WORDS[temporal]
    parts = []
    if first.low is not None:
        es, en = _shown(first.low)
        parts.append((f"desde {es}", f"from {en}") if first.point else (f"{over[0]} {es}", f"{over[1]} {en}"))
    if last.high is not None:
        es, en = _shown(last.high)
        parts.append(
            (f"hasta {es}", f"up to {en}") if last.point else (f"{under[0]} {es}", f"{under[1]} {en}")
        )
    return functools.reduce(lambda a, b: (f"{a[0]} y {b[0]}", f"{a[1]} and {b[1]}"), parts)


def _shown(value: Any) -> tuple[str, str]:
    """A value for people: 1.000.000,5 in Spanish, 1,000,000.5 in English, others as FEEL writes them."""
    if values.kind(value) != "number":
        return (values.text(value),) * 2
    english = f"{value:,f}"
    return english.translate(str.maketrans(",.", ".,")), english


_WORDS = {
    True: (("después de", "after"), ("antes de", "before")),
    False: (("más de", "more than"), ("menos de", "less than")),
}
