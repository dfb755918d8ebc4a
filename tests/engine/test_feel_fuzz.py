"""Random expressions: whatever is written, an expression has a value, is no FEEL, or is stopped; nothing else."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.feel_world import WORLD

from ruta.engine import feel
from ruta.engine.feel import syntax, types
from ruta.engine.feel.builtins import TABLE
from ruta.engine.feel.context import Run

TIGHT = feel.Context(
    WORLD.now, calendar=WORLD.calendar, budget=feel.Budget(steps=3_000, depth=20, size=5_000)
)
CALM = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ENV = feel.to_feel(
    {"n": 3, "t": "áb", "l": [1, None, "x", [2]], "c": {"a": 1, "b b": {"a": [1]}}, "d": date(2024, 2, 29)}
)

KNOWN = [*ENV, "b b"]
NAMES = sorted(
    name
    for name, entry in TABLE.items()
    if not entry.host and name not in ("business days", "next business day")
)

leaves = st.sampled_from(
    [
        *("1", "-2.5", "0", "1e30", '"a"', '""', '"(a+)+$"', "true", "false", "null"),
        *("n", "t", "l", "c", "d", "x", "c.b b", "item", "[1..3]", "(< 5)", "abs"),
        *('@"2024-02-29"', '@"P1M"', '@"PT1.5S"', '@"10:00:00@Europe/Paris"', '@"2024-01-01T00:00:00Z"'),
    ]
)
OPERATORS = ["+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or", "in"]
SHAPES = [
    *(
        "({0} <op> {1})",
        "(if {0} then {1} else {2})",
        "({0} between {1} and {2})",
        "({0} instance of list<number>)",
    ),
    *("(for i in {0} return {1})", "(for i in 1..{0} return {1})", "(some i in {0} satisfies {1})"),
    *(
        "{0}[{1}]",
        "({0}).a",
        "[{0}, {1}]",
        "[{0}..{1}]",
        "{{a: {0}, b: a}}",
        "(function(p, q) {0})({1}, {2})",
    ),
    *("<f>({0})", "<f>({0}, {1})", "<f>({0}, {1}, {2})"),
]


@st.composite
def expressions_of(draw: st.DrawFn, depth: int) -> str:
    if depth == 0:
        return draw(leaves)
    shape = draw(st.sampled_from(SHAPES))
    shape = shape.replace("<op>", draw(st.sampled_from(OPERATORS))).replace(
        "<f>", draw(st.sampled_from(NAMES))
    )
    parts = [draw(expressions_of(draw(st.integers(0, depth - 1)))) for at in range(3) if f"{{{at}}}" in shape]
    return shape.format(*parts)


expressions = st.integers(0, 4).flatmap(expressions_of)
words = ["..", "for ", " in ", "return", "not(", "function(", "date and time("]
pieces = st.sampled_from([*"()[]{}.,:;?@\"'+-*/=<>! \n1aé", *words])
scalars = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text()
documents = st.recursive(scalars, lambda s: st.lists(s) | st.dictionaries(st.text(), s), max_leaves=10)


def outcome(text: str) -> Any:
    """The value as JSON, or the error."""
    try:
        return feel.to_json(feel.compile(text, names=KNOWN)(ENV, TIGHT))
    except feel.FeelError as error:
        return error


@CALM
@given(expressions)
def test_a_well_formed_expression_has_a_json_value_or_is_stopped(text: str) -> None:
    result = outcome(text)
    if isinstance(result, feel.FeelError):
        assert isinstance(result, feel.OverBudget) or "nested" in result.message, text
    else:
        json.dumps(result)


@CALM
@given(st.one_of(st.text(max_size=60), st.lists(pieces, max_size=25).map("".join)))
def test_any_text_has_a_value_or_an_error_with_its_place(text: str) -> None:
    result = outcome(text)
    if isinstance(result, feel.FeelError) and not isinstance(result, feel.OverBudget):
        lines = text.split("\n")
        assert 1 <= result.line <= len(lines)
        assert 1 <= result.column <= len(lines[result.line - 1]) + 1


@CALM
@given(st.one_of(expressions, st.lists(pieces, max_size=15).map("".join)))
def test_any_cell_answers_true_or_false(text: str) -> None:
    try:
        answer = feel.compile_unary(text, names=KNOWN)({**ENV, "?": ENV["l"]}, TIGHT)
    except feel.FeelError:
        return
    assert answer is True or answer is False


@CALM
@given(expressions)
def test_a_run_never_spends_more_than_its_budget_and_one_charge(text: str) -> None:
    run = Run(TIGHT)
    try:
        feel.compile(text, names=KNOWN).run(ENV, run)
    except feel.FeelError:
        return
    assert run.left >= -100  # a power is charged before the next check
    assert run.depth == 0 or run.notes


@CALM
@given(expressions)
def test_evaluation_is_a_function_of_its_inputs_and_changes_none(text: str) -> None:
    before = repr(ENV)
    first, second = outcome(text), outcome(text)
    assert repr(ENV) == before
    assert repr(first) == repr(second) or isinstance(first, feel.FeelError)


SHAPES_OF_ENV = {
    "n": types.SIMPLE["number"],
    "t": types.SIMPLE["string"],
    "l": types.Type("list", types.ANY),
    "c": types.Type("context", fields={"a": types.SIMPLE["number"], "b b": types.ANY}),
    "d": types.SIMPLE["date"],
}


@CALM
@given(expressions)
def test_a_value_is_of_the_type_that_was_inferred(text: str) -> None:
    try:
        program = feel.compile(text, types=SHAPES_OF_ENV)
        value = program(ENV, TIGHT)
    except feel.FeelError:
        return
    assert value is None or types.conforms(value, program.type, Run(WORLD)), types.shown(program.type)
    if isinstance(program.tree, syntax.Binary) and program.tree.op in "+-*/":
        doubted = [
            remark for remark in program.remarks if (remark.check, remark.at) == ("operator", program.tree.at)
        ]
        assert not doubted or value is None


@CALM
@given(documents)
def test_json_survives_the_way_through_feel(document: Any) -> None:
    assert feel.to_json(feel.to_feel(document)) == document


@CALM
@given(st.text(max_size=40))
def test_a_text_written_as_a_literal_is_read_back(text: str) -> None:
    literal = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    tree = feel.compile(literal).tree
    assert isinstance(tree, syntax.Constant)
    assert tree.value == text


@CALM
@given(st.dates(), st.integers(-2_000, 2_000))
def test_months_are_added_on_the_calendar(day: date, months: int) -> None:
    moved = feel.compile("d + duration(m)")(
        {"d": day, "m": f"{'-' if months < 0 else ''}P{abs(months)}M"}, WORLD
    )
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved.day < day.day and moved.day >= 28)
