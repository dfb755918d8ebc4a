"""What expressions mean."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.engine.feel_world import WORLD, passes, value

from ruta.engine import feel


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("-2 ** 2", 4),
        ("2 ** 3 ** 2", 64),
        ("2 ** -1", 0.5),
        ("10 / 4", 2.5),
        ("1 / 0", None),
        (".5 + 1e2", 100.5),
        ('"uno" + " " + "dos"', "uno dos"),
        ('"a" + 1', None),
        ("-1 instance of number", True),
        ("1 < 2 and 2 < 3 or false", True),
        ("5 between 1 and 10 and true", True),
    ],
)
def test_operators_bind_as_the_standard_says(text: str, expected: Any) -> None:
    assert value(text) == expected


def test_a_third_has_thirty_four_digits() -> None:
    assert feel.compile("1 / 3")({}, WORLD) == Decimal("0." + "3" * 34)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("true and null", None),
        ("false and null", False),
        ("true or null", True),
        ("false or null", None),
        ('true and "x"', None),
        ("not(null)", None),
        ("null = null", True),
        ("null = 1", False),
        ('1 = "1"', None),
        ('if null then "yes" else "no"', "no"),
        ("null < 1", None),
    ],
)
def test_null_is_neither_true_nor_false(text: str, expected: Any) -> None:
    assert value(text) == expected


def test_an_absent_variable_is_null_and_is_listed_as_read() -> None:
    program = feel.compile("found.entry.status = wanted and count(items[price > 3]) > 0")
    assert program({}, WORLD) is None
    assert program.names == {"found", "wanted", "items"}


def test_a_name_inside_a_filter_counts_only_when_it_is_known() -> None:
    text = "items[price > limit]"
    assert feel.compile(text).names == {"items"}
    assert feel.compile(text, names=["items", "limit"]).names == {"items", "limit"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("first name + last-name", "AnaRíos"),
        ("first   name", "Ana"),
        ("{full name: first name, greeting: full name + last-name}.greeting", "AnaRíos"),
        ("{a b: 1}.a b", 1),
        ("for each one in [1,2] return each one * 2", [2, 4]),
        ("(function(the number: number) the number + 1)(the number: 2)", 3),
        ('date and time("2026-01-02T03:04:05").time offset', None),
    ],
)
def test_names_may_hold_blanks_and_operators(text: str, expected: Any) -> None:
    variables = {"first name": "Ana", "last-name": "Ríos"}
    assert value(text, **variables) == expected


def test_a_variable_hides_a_built_in_function_of_its_name() -> None:
    assert value("count + 1", count=2) == 3
    assert value("count([1,2])") == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[10,20,30][2]", 20),
        ("[10,20,30][-1]", 30),
        ("[10,20,30][4]", None),
        ("[10,20,30][item > 15]", [20, 30]),
        ('[{k: "a", v: 1}, {k: "b", v: 2}][k = "b"].v', [2]),
        ("[{v: 1}, {v: 2}].v", [1, 2]),
        ("7[1]", 7),
        ("[][true]", []),
        ('[1,2]["x"]', None),
        ("for i in 1..3 return i * i", [1, 4, 9]),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for i in [1..3] return i", [1, 2, 3]),
        ("for i in 1..2, j in i..2 return [i, j]", [[1, 1], [1, 2], [2, 2]]),
        ("for i in 1..4 return if i < 3 then 1 else partial[-1] + partial[-2]", [1, 1, 2, 3]),
        ("some x in [1,2] satisfies x > 1", True),
        ("every x in [1,null] satisfies x > 0", None),
        ("every x in [] satisfies false", True),
    ],
)
def test_lists_are_filtered_and_walked(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{double: function(n) n * 2, r: double(4)}.r", 8),
        ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(6)}.r", 720),
        ("(function(a) function(b) a - b)(5)(3)", 2),
        ("(function(n: number) n)([1])", 1),
        ('(function(n: number) n)("x")', None),
        ("(function(n) n)()", None),
        ('"x"()', None),
        ("nothing(1)", None),
    ],
)
def test_functions_are_values(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 in [1..5)", False),
        ("5 in ]4..6[", True),
        ("5 in (1, 5, 9)", True),
        ("5 in (< 3, > 4)", True),
        ("5 in [1..3]", False),
        ("[1..3].end included", True),
        ("(< 10) = (null..10)", False),
        ("[1..10[ = [1..10)", True),
        ("5 in [1..null]", None),
    ],
)
def test_ranges_hold_what_lies_between(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('date("2026-01-31") + duration("P1M")', "2026-02-28"),
        ('@"2024-02-29" + @"P1Y"', "2025-02-28"),
        ('@"2026-03-01" - @"2026-02-01"', "P28D"),
        ('@"2026-01-01T23:00:00-05:00" + @"PT2H"', "2026-01-02T01:00:00-05:00"),
        ('(@"2026-01-01T12:00:00-05:00").time offset', "-PT5H"),
        ('@"10:00:00" + @"PT15H"', "01:00:00"),
        ('@"P1Y" = @"P12M"', True),
        ('@"P1D" = @"PT24H"', True),
        ('@"P1Y" = @"P365D"', None),
        ('@"9999-12-31" + @"P1D"', "10000-01-01"),
        ('date("-0044-03-15").year', -44),
        ('string(time("10:15:30.123456789Z"))', "10:15:30.123456789Z"),
        ('date("2026-02-30")', None),
        ('@"2026-01-01" < "2026-02-01"', None),
        ('day of week(@"2026-11-24")', "Tuesday"),
        ('week of year(@"2027-01-01")', 53),
        ('years and months duration(@"2024-02-29", @"2026-02-28")', "P1Y11M"),
    ],
)
def test_dates_and_durations_follow_the_calendar(text: str, expected: Any) -> None:
    assert value(text) == expected


def test_melbourne_keeps_its_wall_clock_over_the_change_of_hour() -> None:
    assert (
        value('string(@"2021-04-03T12:00:00@Australia/Melbourne" + @"P1D")')
        == "2021-04-04T11:00:00@Australia/Melbourne"
    )


def test_python_dates_are_dates_and_texts_are_never_guessed_into_dates() -> None:
    assert value("d < today()", d=date(2026, 1, 1)) is True
    assert value("d < today()", d="2026-01-01") is None
    assert value("t.hour", t=time(9, 30)) == 9
    assert value("m.day", m=datetime(2026, 5, 6, 7)) == 6
    assert value("s.days", s=timedelta(days=3)) == 3


def test_an_instant_goes_to_json_in_iso_8601_and_to_text_with_its_zone() -> None:
    assert value("now()") == "2026-11-24T12:00:00-05:00"
    assert value("string(now())") == "2026-11-24T12:00:00@America/Bogota"
    assert value('[now() + @"PT1.5S"]') == ["2026-11-24T12:00:01.5-05:00"]


def test_today_is_the_date_in_bogota() -> None:
    late = feel.Context(datetime.fromisoformat("2026-11-25T03:00:00+00:00"))
    assert value("today()", late) == "2026-11-24"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[1,2] instance of list<number>", True),
        ('[1,"2"] instance of list<number>', False),
        ("{a: 1, b: 2} instance of context<a: number>", True),
        ("(function(n: number) n) instance of function<number>->Any", True),
        ("(function(n: number) n) instance of function<string>->Any", False),
        ("null instance of Any", False),
        ('@"P1D" instance of days and time duration', True),
        ("[1..2] instance of range<number>", True),
    ],
)
def test_instance_of_asks_for_the_type(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("cell", "given", "expected"),
    [
        ("-", None, True),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "c", True),
        ("< 5", 5, False),
        ("[18..21]", 21, True),
        ("> 1, < -1", -2, True),
        ("? > 3 and ? < 5", 4, True),
        ("limit", 7, True),
        ("<= limit", 8, False),
        ("true", True, True),
        ("true", None, False),
        ("null", None, True),
        ('matches(?, "^[0-9]+$")', "123", True),
        ("[1,2,3]", 2, True),
        ('date("2026-01-01")', date(2026, 1, 1), True),
    ],
)
def test_a_cell_tests_its_input(cell: str, given: Any, expected: bool) -> None:
    assert passes(cell, given, limit=7) is expected


def test_comments_are_blanks() -> None:
    assert value("1 /* one */ + // and\n 2") == 3


def test_text_escapes_become_characters() -> None:
    assert value(r'"a\n\"b\"\u00e1\U01F40E\uD83D\uDC0E"') == 'a\n"b"á🐎🐎'


def test_json_numbers_come_back_as_they_went() -> None:
    given = {"whole": 3, "part": 2.5, "list": [1, None, True], "text": "2026-01-01"}
    assert feel.to_json(feel.to_feel(given)) == given


def test_only_values_of_feel_get_in() -> None:
    with pytest.raises(TypeError, match="object"):
        feel.to_feel({"x": object()})
    assert feel.compile("x.y")({"x": object()}, WORLD) is None
