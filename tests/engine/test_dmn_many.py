"""One decision for many rows: the answers are those of deciding row by row, whatever the rows and the model."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.dmn_models import decision, document, inputs, literal, model_of, needs, requires, table
from tests.engine.feel_world import WORLD
from tests.engine.searching import examples

from ruta.engine import dmn, feel
from ruta.engine.dmn.coding import Coded, combine, encode, places
from ruta.engine.dmn.columns import Answers
from ruta.engine.problems import Problem

CELLS = [
    *("-", "< 2", "[1..3]", "]1..3[", "2", "not(1, 3)", "<= 1, > 4", "null", "1.0", "0.1, 2.50", "= 2"),
    *(
        '"x"',
        'not("x")',
        '"x", "y"',
        "true",
        "b",
        "? in [1, 2]",
        'string(?) = "1"',
        "? > a",
        "date(2026, 3, 1)",
    ),
    *('< date("2026-03-01")', '@"2026-01-01", >= @"2026-06-01"', "? instance of number and ? > 1"),
]
OUTPUTS = ['"x"', '"y"', "1", "a", "a + 1", "null", "[a, b]", "b"]
POLICIES = ["UNIQUE", "ANY", "FIRST", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]
VALUES = st.one_of(
    st.sampled_from([None, 1, 2, 3, 1.0, 2.5, 0.1, True, False, "x", "y", Decimal("1.0"), Decimal("2.50")]),
    st.integers(-2, 6),
    st.dates(date(2025, 12, 30), date(2026, 7, 1)),
    st.sampled_from([[1, 2], {"a": 1}, datetime(2026, 3, 1, tzinfo=UTC), 10**40, float("nan"), -0.0]),
)
COLUMNS = st.one_of(
    st.just(VALUES),
    st.just(st.integers(-2, 6)),
    st.just(st.none() | st.integers(0, 4)),
    st.just(st.floats(0, 5)),
    st.just(st.dates(date(2025, 12, 30), date(2026, 7, 1))),
    st.just(st.sampled_from(["x", "y", None])),
)


@st.composite
def models(draw: st.DrawFn) -> dmn.Model:
    """Two tables, one of which reads the other; now and then typed, limited, or with a literal between."""

    def rows() -> list[tuple[str, str, str]]:
        cell = st.sampled_from(CELLS)
        return draw(st.lists(st.tuples(cell, cell, st.sampled_from(OUTPUTS)), min_size=1, max_size=5))

    policy = st.sampled_from(POLICIES)
    limits = st.sampled_from(["", "", "", '1, 2, "x"', "<= 3"])
    types = st.sampled_from(["", "", "number", "string", "Any"])
    first = table(
        rows(),
        [("a", draw(limits)), (draw(st.sampled_from(["b", "b * 2", "[a, b]"])), "")],
        policy=draw(policy),
    )
    second = table(
        rows(),
        [("first", ""), ("a", draw(limits))],
        policy=draw(policy),
        outputs=[("", draw(st.sampled_from(["", '"x", "y", 1'])))],
        default=draw(st.sampled_from(["", "0", "a"])),
    )
    graph = inputs("a", "b") + decision("first", first, needs("a", "b"), draw(types))
    reads = needs("a", "b") + requires("requiredDecision", "#first")
    return dmn.load(document(graph + decision("d", second, reads, draw(types))))


@st.composite
def batches(draw: st.DrawFn) -> list[dict[str, Any]]:
    a, b = draw(COLUMNS), draw(COLUMNS)
    return draw(st.lists(st.fixed_dictionaries({"a": a}, optional={"b": b}), max_size=12))


def same(model: dmn.Model, rows: list[dict[str, Any]], ctx: feel.Context = WORLD, name: str = "d") -> Answers:
    answers = model.evaluate_many(name, rows, ctx)
    assert len(answers) == len(rows)
    for at, row in enumerate(rows):
        outcome = model.evaluate(name, row, ctx)
        assert repr(answers[at]) == repr(outcome.value), row
        assert answers.rules[at] == tuple(hit.rule_id for hit in outcome.hits if hit.decision == name), row
        assert repr(answers.outcome(at)) == repr(outcome)
    return answers


@settings(max_examples=examples(150, few=60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(models(), batches())
def test_many_rows_are_answered_as_one_by_one(model: dmn.Model, rows: list[dict[str, Any]]) -> None:
    same(model, rows)


@settings(max_examples=examples(60, few=30), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(models(), batches(), st.integers(0, 60))
def test_a_tight_budget_stops_the_same_rows(model: dmn.Model, rows: list[dict[str, Any]], steps: int) -> None:
    tight = feel.Context(WORLD.now, budget=feel.Budget(steps=steps))
    one_by_one: list[Any] = []
    for row in rows:
        try:
            one_by_one.append(repr(model.evaluate("d", row, tight).value))
        except feel.OverBudget as over:
            one_by_one.append(type(over))
    if feel.OverBudget in one_by_one:
        with pytest.raises(feel.OverBudget):
            model.evaluate_many("d", rows, tight)
    else:
        assert [repr(value) for value in model.evaluate_many("d", rows, tight)] == one_by_one


AGES = model_of(table([("< 18", "-", '"child"'), (">= 18", "true", '"adult"')]))


def test_rows_may_be_given_as_columns() -> None:
    numpy = pytest.importorskip("numpy")
    columns = {"a": numpy.array([3, 18, 40]), "b": [True, True, None]}
    answers = AGES.evaluate_many("d", columns, WORLD)
    assert list(answers) == ["child", "adult", None]
    assert answers.rules == [("r1",), ("r2",), ()]
    assert answers.outcome(2).findings[0].check == "no-rule"
    assert answers.outcome(1).explanation.inputs == {"a": 18, "b": True}


def test_the_engine_loads_only_what_it_stands_on_and_numpy_only_for_many_rows() -> None:
    code = (
        "import sys\n"
        "import ruta.engine.feel, ruta.engine.dmn, ruta.engine.bpmn, ruta.engine.forms, ruta.engine.terms\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names))\n"
        "print(*sorted({'difflib', 'pathlib', 'statistics', 'ruta.engine.bpmn.soundness'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {
        name
        for name in ended.stdout.splitlines()[0].split()
        if not name.startswith(("_", "cython", "sitecustomize", "usercustomize"))
    }
    assert loaded <= {"ruta", "lxml", "re2", "jsonschema_rs", "holidays", "tzdata"}, loaded
    assert not ended.stdout.splitlines()[1], "what draws, checks or mends a mistake waits until it is asked"


def test_columns_of_unequal_length_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'b': 1"):
        AGES.evaluate_many("d", {"a": [1, 2], "b": [True]}, WORLD)


def test_no_rows_have_no_answers() -> None:
    assert list(AGES.evaluate_many("d", [], WORLD)) == []
    with pytest.raises(dmn.DmnError, match="Did you mean d"):
        AGES.evaluate_many("dd", [], WORLD)


def test_knowledge_services_and_literals_are_answered_too() -> None:
    knowledge = (
        '<businessKnowledgeModel id="k" name="k"><variable name="k"/><encapsulatedLogic><formalParameter name="n"/>'
        + literal("if n < 2 then 1 else n * k(n - 1)")
        + "</encapsulatedLogic></businessKnowledgeModel>"
    )
    service = (
        '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#y"/>'
        '<inputData href="#in_a"/></decisionService>'
    )
    model = dmn.load(
        document(
            inputs("a")
            + knowledge
            + service
            + decision("y", literal("a + k(3)"), needs("a") + requires("requiredKnowledge", "#k"))
            + decision("z", literal("s(a) * 2"), needs("a") + requires("requiredKnowledge", "#s"))
            + decision("empty", "", needs("a"))
        )
    )
    rows = [{"a": number % 3} for number in range(7)]
    assert list(same(model, rows, name="y")) == [6, 7, 8, 6, 7, 8, 6]
    assert list(same(model, rows, name="z")) == [12, 14, 16, 12, 14, 16, 12]
    assert list(same(model, rows, name="empty")) == [None] * 7
    assert list(model.evaluate_many("s", rows, WORLD)) == [6, 7, 8, 6, 7, 8, 6]


def test_inputs_of_an_imported_model_may_be_nested() -> None:
    shared = document(
        inputs("rate") + decision("r", literal("rate * 2"), needs("rate")), namespace="urn:shared"
    )
    body = (
        '<import name="sh" namespace="urn:shared" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
        + inputs("a")
        + decision("d", literal("sh.r + a"), needs("a") + requires("requiredDecision", "urn:shared#r"))
    )
    model = dmn.load(document(body), resolve=lambda wanted: shared)
    answers = same(model, [{"a": 1, "rate": 4}, {"a": 1, "sh": {"rate": 5}}, {"a": 2, "rate": 4}])
    assert list(answers) == [9, 11, 10]
    explanation = answers.outcome(1).explanation
    assert explanation.inputs == {"sh.rate": 5, "a": 1}
    assert explanation.decisions == {"sh.r": 10}


def test_a_host_function_stops_only_when_a_row_needs_it() -> None:
    def stop(name: str) -> Any:
        raise feel.Stop(Problem("", "missing", {"es": "", "en": ""}))

    world = feel.Context(WORLD.now, functions={"parameter": stop})
    model = model_of(table([("> 5", 'parameter("x")', "1"), ("-", "-", "2")], policy="FIRST"))
    assert list(same(model, [{"a": 1, "b": 1}, {"a": 2, "b": 2}], world)) == [2, 2]
    with pytest.raises(feel.Stop):
        model.evaluate_many("d", [{"a": 1}, {"a": 9}], world)


def test_a_foreign_object_is_refused_as_for_one_row() -> None:
    with pytest.raises(TypeError, match="FEEL has no value"):
        AGES.evaluate_many("d", [{"a": object(), "b": 1}], WORLD)


def test_equal_values_of_other_kinds_and_spellings_have_other_codes() -> None:
    column = [1, 1.0, True, Decimal("1.0"), Decimal("1.00"), "1", None, 1, [1], [1]]
    codes, distinct = encode(column)
    assert len(set(codes.tolist())) == 9
    assert [distinct[code] for code in codes] == column


@pytest.mark.parametrize(
    ("column", "cuts", "expected"),
    [
        ([1, 5, 7, 9], [5, 9], [0, 1, 2, 3]),
        ([None, 5, 10], [5, 9], [5, 1, 4]),
        ([0.1, 0.2], [Decimal("0.1")], [1, 2]),
        ([date(2026, 1, 1), date(2026, 1, 3)], [date(2026, 1, 2)], [0, 2]),
        ([1, 2.0], [5], None),
        ([1, True], [5], None),
        ([1, 2], [Decimal("1.5")], None),
        ([0.1], [Decimal("0.1000000000000000000001")], None),
        ([float("nan")], [1], None),
        ([10**30], [1], None),
        ([1], [date(2026, 1, 2)], None),
        (["a"], ["b"], None),
    ],
)
def test_places_between_cuts(column: list[Any], cuts: list[Any], expected: Any) -> None:
    found = places(column, [Decimal(cut) if type(cut) is int else cut for cut in cuts])
    assert (None if found is None else found.tolist()) == expected


def test_combinations_beyond_sixty_four_bits_are_renumbered() -> None:
    wide = [Coded(encode(list(range(9)))[0], list(range(9))) for _ in range(30)]
    codes, combinations = combine(wide, 9)
    assert [combinations[code] for code in codes] == [(at,) * 30 for at in range(9)]
