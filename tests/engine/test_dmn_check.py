"""Gaps, overlaps and rules that can never win, told as regions a person can picture."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.dmn_models import decide, decision, document, inputs, literal, model_of, needs, table

from ruta.engine import dmn
from ruta.engine.dmn import check, halves
from ruta.engine.dmn.cover import Box, Cover, Steps, bits, meet


def told(logic: str, **options: Sequence[str]) -> list[tuple[str, str]]:
    return [(finding.check, finding.say["en"]) for finding in dmn.check_tables(model_of(logic), **options)]


ESTRATO = [("a", "1, 2, 3"), ("b", "")]


def test_a_complete_table_has_no_findings() -> None:
    assert (
        told(table([("1, 2", "<= 100", '"x"'), ("3", "<= 100", '"y"'), ("-", "> 100", '"z"')], ESTRATO)) == []
    )


def test_a_gap_is_a_region_in_words() -> None:
    rows = [("1, 2", "-", "0"), ("3", "<= 100000000", "1"), ("3", "> 150000000", "2")]
    findings = dmn.check_tables(model_of(table(rows, ESTRATO)))
    assert [finding.say for finding in findings] == [
        {
            "es": "d: a 3; b más de 100.000.000 y hasta 150.000.000: ninguna regla.",
            "en": "d: a 3; b more than 100,000,000 and up to 150,000,000: no rule.",
        }
    ]


def test_an_overlap_names_both_rules_and_their_common_region() -> None:
    findings = dmn.check_tables(model_of(table([("[1..3]", "-", "0"), ("3", "> 5", "1")], ESTRATO)))
    assert [(f.check, f.rules, f.say["en"]) for f in findings] == [
        ("overlap", ("r1", "r2"), "d: a 3; b more than 5: rules 1 and 2 both hold.")
    ]


def test_equal_results_may_overlap_under_any() -> None:
    rows = [("[1..3]", "-", "0"), ("3", "-", "0"), ("2", "-", "1")]
    assert told(table(rows, ESTRATO, policy="ANY")) == [("overlap", "d: a 2: rules 1 and 3 both hold.")]


@pytest.mark.parametrize(("policy", "outputs"), [("FIRST", [("", "")]), ("PRIORITY", [("", '"x", "y"')])])
def test_a_rule_covered_by_stronger_ones_can_never_win(
    policy: str, outputs: Sequence[tuple[str, str]]
) -> None:
    rows = [("> 0", "-", '"x"'), ("<= 0", "-", '"x"'), ("5", "true", '"y"')]
    findings = dmn.check_tables(model_of(table(rows, policy=policy, outputs=outputs)))
    assert [(f.check, f.rules) for f in findings] == [("never", ("r3",))]


@pytest.mark.parametrize(
    ("logic", "says"),
    [
        (table([("-", "-", '"x"')], policy="PRIORITY"), "orders by the allowed values of the output"),
        (table([("-", "-", '"x"')], policy="OUTPUT ORDER"), "orders by the allowed values of the output"),
        (
            table(
                [("-", "-", "1", "2")], policy="COLLECT", aggregation="SUM", outputs=[("p", ""), ("q", "")]
            ),
            "SUM collects one output, and the table has 2",
        ),
        (
            table([("-", "-", '"z"')], outputs=[("", '"x", "y"')]),
            'rule 1 gives "z", which is not among the values',
        ),
        (table([("-", "-", "11")], outputs=[("", "[1..10]")]), "rule 1 gives 11"),
    ],
)
def test_a_table_must_have_what_its_hit_policy_asks_for(logic: str, says: str) -> None:
    ((check_id, said),) = told(logic)
    assert check_id == "policy"
    assert says in said


def test_computed_and_listed_results_are_as_the_policy_asks() -> None:
    outputs = [("", '"x", "y", [1..10]')]
    assert (
        told(table([("1", "-", '"x"'), ("not(1)", "-", "a + 1")], outputs=outputs, policy="PRIORITY")) == []
    )


def test_a_cell_outside_the_listed_values_can_never_hold() -> None:
    assert told(table([("-", "-", "0"), ("4", "-", "1")], ESTRATO)) == [
        ("never", "d: rule 2 can never hold: its cell “a” accepts no possible value.")
    ]


def test_nothing_lies_between_two_days_nor_between_whole_numbers_that_are_said_to_be_whole() -> None:
    days = [('< date("2026-01-01")', "-", "0"), ('>= date("2026-01-01")', "-", "1")]
    assert told(table(days)) == []
    next_day = [('<= date("2025-12-31")', "-", "0"), ('>= date("2026-01-01")', "-", "1")]
    assert told(table(next_day)) == []
    numbers = table([("<= 5", "-", "0"), (">= 6", "-", "1")])
    assert told(numbers) == [("gap", "d: a more than 5 and less than 6: no rule.")]
    assert told(numbers, whole=["a"]) == []


def test_any_other_text_is_a_gap_unless_the_texts_are_listed() -> None:
    rows = [('"x"', "-", "0"), ('"y"', "-", "1")]
    assert told(table(rows)) == [("gap", "d: a any other value: no rule.")]
    assert told(table(rows, [("a", '"x", "y"'), ("b", "")])) == []


def test_a_computed_cell_gets_the_benefit_of_the_doubt() -> None:
    assert told(table([("? > 1 and odd(?)", "-", "0"), ("<= 1", "-", "1")])) == []


def test_a_default_fills_gaps_and_collecting_tables_have_none() -> None:
    assert told(table([("1", "-", "0")], default="9")) == []
    assert told(table([("1", "-", "0"), ("1", "-", "0")], policy="COLLECT")) == []


def test_a_table_with_too_many_regions_is_said_to_be_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "_MOST_STEPS", 3)
    assert told(table([("1", "true", "0"), ("2", "-", "1")])) == [
        ("undecided", "d: has too many combinations to be checked as a whole.")
    ]


WIDTHS = (4, 3, 4)
boxes_of = st.lists(st.tuples(*(st.integers(1, (1 << width) - 1) for width in WIDTHS)), max_size=7)


def points(boxes: Sequence[Box]) -> set[tuple[int, ...]]:
    return {point for box in boxes for point in product(*(list(bits(mask)) for mask in box))}


@settings(max_examples=150, deadline=None)
@given(boxes_of, st.tuples(*(st.integers(1, (1 << width) - 1) for width in WIDTHS)))
def test_sweep_and_halves_leave_what_trying_every_point_leaves(rules: list[Box], domain: Box) -> None:
    cover = Cover(rules, (15, 7, 15))
    wanted = points([domain]) - points(rules)
    swept = cover.open_in(domain, cover.all, Steps(10**6), most=1000)
    halved = halves.gaps(cover.masks, domain, cover.all, Steps(10**6), most=1000)
    assert points(swept) == points(halved) == wanted
    assert bool(cover.open_in(domain, cover.all, Steps(10**6), most=1)) == bool(wanted)
    met = cover.meeting()
    for first, one in enumerate(rules):
        for second, other in enumerate(rules):
            assert bool(met[first] >> second & 1) == (meet(one, other) is not None)


def test_a_table_cut_like_a_tree_is_decided_whatever_its_size() -> None:
    """Four hundred boxes, each cut from another in a column by chance; one is taken away, and is the only gap."""
    chance, boxes = Random(4), [[(0, 1000)] * 6]
    while len(boxes) < 400:
        at, column = chance.randrange(len(boxes)), chance.randrange(6)
        low, high = boxes[at][column]
        if high - low > 1:
            middle, box = chance.randrange(low + 1, high), boxes[at]
            boxes[at] = [*box[:column], (low, middle), *box[column + 1 :]]
            boxes.append([*box[:column], (middle, high), *box[column + 1 :]])

    def cell(low: int, high: int) -> str:
        if high - low == 1000:
            return "-"
        return f"< {high}" if not low else f">= {low}" if high == 1000 else f"[{low}..{high})"

    columns = [(f"c{number}", "") for number in range(6)]
    rows = [(*(cell(*ends) for ends in box), "1") for box in boxes]
    assert dmn.check_tables(model_of(table(rows, columns), *(name for name, _ in columns))) == ()
    gaps = dmn.check_tables(model_of(table(rows[1:], columns), *(name for name, _ in columns)))
    assert {finding.check for finding in gaps} == {"gap"}


def test_only_so_many_gaps_are_told_and_the_search_ends_there() -> None:
    rows = [(str(number), "-", "0") for number in range(0, 400, 2)]
    assert len(told(table(rows))) == 1
    pairs = [(str(number), f"[{number}..{number + 1}]", "0") for number in range(0, 400, 2)]
    assert [finding for finding, _ in told(table(pairs))] == ["gap"] * 50


def test_a_thousand_rules_of_eight_columns_are_told_their_one_gap() -> None:
    columns = [(f"c{number}", "") for number in range(8)]
    digits = [
        (
            "< 10",
            "[10..20)",
            "[20..30)",
            "[30..40)",
            "[40..50)",
            "[50..60)",
            "[60..70)",
            "[70..80)",
            "[80..90)",
            ">= 90",
        )
    ]
    rows = [
        (digits[0][a], digits[0][b], digits[0][c], "-", "-", "-", "-", "-", str(a))
        for a, b, c in product(range(10), repeat=3)
        if (a, b, c) != (3, 5, 7)
    ]
    model = model_of(table(rows, columns), *(name for name, _ in columns))
    assert [finding.say["en"] for finding in dmn.check_tables(model)] == [
        "d: c0 from 30 and less than 40; c1 from 50 and less than 60; c2 from 70 and less than 80: no rule."
    ]


CELLS = ["-", "< 2", "[1..3]", "> 3", "2", "not(1, 3)", "<= 1, > 4"]
rows_of = st.lists(
    st.tuples(st.sampled_from(CELLS), st.sampled_from(["-", "true", "false"])), min_size=1, max_size=5
)


@settings(max_examples=60, deadline=None)
@given(rows_of)
def test_gaps_and_overlaps_are_those_that_trying_all_inputs_finds(cells: list[tuple[str, str]]) -> None:
    rows = [(first, second, str(number)) for number, (first, second) in enumerate(cells)]
    model = model_of(table(rows, [("a", ""), ("b", "true, false")]))
    found = {finding.check for finding in dmn.check_tables(model)}
    collecting = model_of(table(rows, [("a", ""), ("b", "true, false")], policy="COLLECT"))
    counts = [
        len(decide(collecting, a=number / 2, b=flag) or [])
        for number, flag in product(range(-1, 12), (True, False))
    ]
    assert ("gap" in found) == (0 in counts)
    assert ("overlap" in found) == any(count > 1 for count in counts)


def test_a_name_that_nothing_gives_is_told_with_its_line() -> None:
    model = dmn.load(
        document("\n" + inputs("a") + decision("d", literal("[a, aa, for i in a return i]"), needs("a")))
    )
    assert [finding.say["en"] for finding in dmn.check_names(model)] == [
        "Line 2: “aa” is neither a required input nor a function: declare it or mend the name."
    ]
    assert dmn.check_names(model_of(literal("a + b"))) == ()
