"""Built-in functions: each is documented by an example that is true, and offices have theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.engine.feel_world import WORLD, value

from ruta.engine import feel
from ruta.engine.feel.builtins import TABLE
from ruta.engine.problems import Problem

DOCUMENTED = sorted(name for name, entry in TABLE.items() if not entry.host)


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_example_of_every_built_in_function_is_true(name: str) -> None:
    entry = TABLE[name]
    assert entry.doc
    assert name in entry.example
    assert value(entry.example) is True


@pytest.mark.parametrize("name", DOCUMENTED)
def test_no_built_in_function_raises_on_nulls_or_foreign_kinds(name: str) -> None:
    for argument in ("null", '"x"', "-1", "[]", "{}", "[null]", '@"P1D"', "[1..2]", "function(a) a"):
        for count in range(4):
            feel.compile(f"{name}({', '.join([argument] * count)})")({}, WORLD)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('substring("foobar", -2, 1)', "a"),
        ('substring(string: "foobar", start position: 3)', "obar"),
        ('substring(text: "foobar", start position: 3)', None),
        ('replace("aXbX", "X", "[$0]")', "a[X]b[X]"),
        ('replace("abc", ".*?", "x")', None),
        ('matches("ABC", "abc", "i")', True),
        ('matches("b", "^[a-z-[aeiou]]$")', True),
        ('matches("a", "^[a-z-[aeiou]]$")', False),
        (r'matches("Ñáñez", "^\\w+$")', True),
        (r'matches("é", "[\\W\\d]")', False),
        (r'matches("5", "^[\\d-[5]]$")', False),
        (r'matches("é", "\\P{IsBasicLatin}")', True),
        ('matches("abab", "(ab)\\\\1")', None),
        ('number("1 000,5", " ", ",")', 1000.5),
        ("decimal(2.5, 0)", 2),
        ("decimal(1234, -2)", 1200),
        ("round half up(-2.5, 0)", -3),
        ("modulo(-12, 5)", 3),
        ("sum([])", None),
        ("mode([])", []),
        ("min([1, null])", None),
        ("max(1, 2, 3)", 3),
        ("list contains([1, null], null)", True),
        ("flatten([[1, [2]], 3])", [1, 2, 3]),
        ("sort([3, 1, 2])", [1, 2, 3]),
        ("context merge([{a: 1}, {b: 2}])", {"a": 1, "b": 2}),
        ('context put({a: {b: 1}}, ["a", "c"], 2)', {"a": {"b": 1, "c": 2}}),
        ('range("(..5]").end included', True),
        ('range("[5..1]")', None),
        ('string([1, "a", null, {b: @"P1D"}])', '[1, "a", null, {b: @"P1D"}]'),
    ],
)
def test_corners_of_the_standard(text: str, expected: Any) -> None:
    assert value(text) == expected


def test_business_days_follow_the_calendar_and_never_guess_beyond_it() -> None:
    # 8 December 2026 is a holiday.
    assert value('business days(date("2026-12-04"), 2)') == "2026-12-09"
    assert value('next business day(date("2026-12-08"))') == "2026-12-09"
    with pytest.raises(feel.Stop) as stop:
        value('business days(date("2027-12-30"), 30)')
    assert stop.value.problem.check == "calendar-ends"
    with pytest.raises(feel.Stop, match="no calendar"):
        value('business days(date("2026-12-04"), 2)', replace(WORLD, calendar=None))


def test_a_person_born_on_29_february_is_of_age_on_the_28th_ced_03() -> None:
    assert value("age(b, d)", b=date(2008, 2, 29), d=date(2026, 2, 27)) == 17
    assert value("age(b, d)", b=date(2008, 2, 29), d=date(2026, 2, 28)) == 18


def test_a_nit_has_its_check_digit_as_number_or_text() -> None:
    assert value("nit digit(899999053)") == 1
    assert value('nit digit("899999090")') == 2
    assert value('nit digit("89999x")') is None


def test_money_and_dates_are_written_for_people() -> None:
    english = replace(WORLD, lang="en")
    assert value("money(1234567.5)") == "$ 1.234.568"
    assert value("money(-5)") == "-$ 5"
    assert value("long date(d)", d=date(2026, 2, 1)) == "1 de febrero de 2026"
    assert value("long date(d)", english, d=date(2026, 2, 1)) == "1 February 2026"
    assert value("short date(d)", d="2026-02-01") == "01/02/2026"


def test_a_host_function_gets_feel_values_and_its_answer_is_converted() -> None:
    seen: list[Any] = []

    def parameter(name: str, *keys: Any) -> Any:
        seen.append((name, *keys))
        return 5150

    world = replace(WORLD, functions={"parameter": parameter})
    assert value('2 * parameter("tariffs.copy", date("2026-01-01"))', world) == 10300
    assert seen == [("tariffs.copy", date(2026, 1, 1))]


def test_a_host_function_that_cannot_answer_stops_everything() -> None:
    problem = Problem("", "parameter-missing", {"es": "Falta la tarifa.", "en": "The tariff is missing."})

    def parameter(name: str) -> Any:
        raise feel.Stop(problem)

    world = replace(WORLD, functions={"parameter": parameter})
    with pytest.raises(feel.Stop) as stop:
        value('if true then [parameter("x")] else null', world)
    assert stop.value.problem is problem


def test_a_parameter_without_a_host_stops_rather_than_being_null() -> None:
    with pytest.raises(feel.Stop) as stop:
        value('parameter("tariffs.copy", today())')
    assert "parameter" in stop.value.problem.say["es"]


def test_a_function_of_the_host_can_be_an_entry_of_a_context() -> None:
    decisions = {
        "fee": feel.function([], lambda: {"total": 7}),
        "sum": feel.function(["a", "b"], lambda a, b: a + b),
    }
    env = {"decisions": decisions}
    assert feel.to_json(feel.compile("decisions.fee().total")(env, WORLD)) == 7
    assert feel.to_json(feel.compile("decisions.sum(b: 1, a: 2)")(env, WORLD)) == 3
