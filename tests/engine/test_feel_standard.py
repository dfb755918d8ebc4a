"""Built-in functions as DMN 1.5 (10.3.4) has them: by position and by name, with nulls, with values of other kinds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.engine.feel_world import WORLD, value

from ruta.engine import feel
from ruta.engine.feel.builtins import TABLE
from ruta.engine.feel.builtins.table import Overload

SAMPLES = {
    "number": "2",
    "string": '"2"',
    "boolean": "true",
    "date": 'date("2026-03-01")',
    "date and time": 'date and time("2026-03-01T10:00:00Z")',
    "time": 'time("10:00:00")',
    "days and time duration": 'duration("PT1H")',
    "years and months duration": 'duration("P1Y")',
    "list": "[2, 3]",
    "context": '{a: 1, key: "k", value: 2}',
    "range": "[1..5]",
    "function": "function(a, b) a < b",
}


def sample(kinds: frozenset[str]) -> str:
    return next(text for kind, text in SAMPLES.items() if kind in kinds or "any" in kinds)


def overloads() -> Iterator[tuple[str, Overload]]:
    for name, entry in sorted(TABLE.items()):
        for overload in entry.overloads:
            yield name, overload


CASES = list(overloads())
IDS = [f"{name}({', '.join(param.name for param in overload.params)})" for name, overload in CASES]


def shown(text: str) -> str:
    return repr(feel.compile(text)({}, WORLD))


@pytest.mark.parametrize(("name", "overload"), CASES, ids=IDS)
def test_a_call_by_name_is_the_call_by_position(name: str, overload: Overload) -> None:
    given = [sample(param.kinds) for param in overload.params]
    labels = [param.name for param in overload.params]
    named = ", ".join(f"{label}: {text}" for label, text in zip(labels, given, strict=True))
    backwards = ", ".join(reversed(named.split(", "))) if all(", " not in text for text in given) else named
    expected = shown(f"{name}({', '.join(given)})")
    assert shown(f"{name}({named})") == expected
    assert shown(f"{name}({backwards})") == expected
    if given:
        assert value(f"{name}({named.replace(labels[0], 'nonsense', 1)})") is None


@pytest.mark.parametrize(("name", "overload"), CASES, ids=IDS)
def test_null_where_a_value_is_needed_gives_null(name: str, overload: Overload) -> None:
    for at, param in enumerate(overload.params):
        if "null" in param.kinds or param.variadic:
            continue
        given = [sample(each.kinds) for each in overload.params]
        given[at] = "null"
        answers = [other for other in TABLE[name].overloads if other.takes(len(given))]
        if all("null" not in other.params[min(at, len(other.params) - 1)].kinds for other in answers):
            assert value(f"{name}({', '.join(given)})") is None, given


@pytest.mark.parametrize(("name", "overload"), CASES, ids=IDS)
def test_more_arguments_than_there_are_parameters_give_null(name: str, overload: Overload) -> None:
    if not any(each.variadic for each in TABLE[name].overloads):
        most = max(len(each.params) for each in TABLE[name].overloads)
        assert value(f"{name}({', '.join(['1'] * (most + 1))})") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # 10.3.4.1 conversion
        ("string(null)", None),
        ("string(1.10)", "1.10"),
        ('string("a")', "a"),
        ("string([1, [2, null]])", "[1, [2, null]]"),
        ('string({a: "b", "c d": 1, "e\\"f": 2})', '{a: "b", c d: 1, "e\\"f": 2}'),
        ("string(]1..2[)", "(1..2)"),
        ("string(> 5)", "(> 5)"),
        ("string(function(a, b) a)", "function(a, b)"),
        ('string(@"-P1Y2M")', "-P1Y2M"),
        ('string(@"P1DT2H3M4.50S")', "P1DT2H3M4.5S"),
        ('string(@"PT0S")', "PT0S"),
        ('string(@"P0M")', "P0M"),
        ('string(@"-0044-03-15")', "-0044-03-15"),
        ('string(@"123456-03-15T10:00:00.000000001+05:30")', "123456-03-15T10:00:00.000000001+05:30"),
        ('string(@"10:00:00@Europe/Paris")', "10:00:00@Europe/Paris"),
        ('number("1.000.000,01", ".", ",")', 1000000.01),
        ('number("1 000", " ", ".")', 1000),
        ('number("1,5", null, ",")', 1.5),
        ('number("1.5", null, ",")', None),
        ('number("1,000", ",", ",")', None),
        ('number("1;000", ";", ".")', None),
        ('number("1e3")', 1000),
        ('number("0x10")', None),
        ('number("")', None),
        ('number("١")', None),
        ("date(2026, 2, 30)", None),
        ("date(2026.5, 2, 3)", None),
        ('date("2026-02-29")', None),
        ('date(date and time("2026-02-28T23:00:00-05:00"))', "2026-02-28"),
        ('date and time("2026-02-28")', "2026-02-28T00:00:00"),
        ('date and time(date("2026-02-28"), time("10:00:00@America/Bogota"))', "2026-02-28T10:00:00-05:00"),
        ('date and time(@"2026-02-28T10:00:00Z", "America/Bogota")', "2026-02-28T05:00:00-05:00"),
        ('date and time(@"2026-02-28T10:00:00", "America/Bogota")', "2026-02-28T10:00:00-05:00"),
        ('date and time(@"2026-02-28T10:00:00Z", "+02:00")', "2026-02-28T12:00:00+02:00"),
        ('date and time(@"2026-02-28T10:00:00Z", "Nowhere")', None),
        ("date and time(2026, 2, 28, 10, 0, 0)", "2026-02-28T10:00:00"),
        ('date and time(2026, 2, 28, 10, 0, 0.5, @"PT1H")', "2026-02-28T10:00:00.5+01:00"),
        ('date and time(2026, 2, 28, 10, 0, 0, "America/Bogota")', "2026-02-28T10:00:00-05:00"),
        ('date and time("2016-12-31T24:00:00")', "2017-01-01T00:00:00"),
        ('time("10:00:00+19:00")', None),
        ('time("10:00:00+01:60")', None),
        ('time(@"2026-02-28").time offset', "PT0S"),
        ('time(time("10:00:00"))', "10:00:00"),
        ('time(10, 0, 0.123456789, @"-PT5H")', "10:00:00.123456789-05:00"),
        ('duration("P1Y2M3D")', None),
        ('duration("P1DT")', None),
        ('duration("PT1.5S").seconds', 1),
        ('duration("-P1DT2H").hours', -2),
        ('years and months duration(@"2026-03-31", @"2026-02-28")', "-P1M"),
        ('years and months duration(@"-0001-01-01", @"0001-01-01")', "P2Y"),
        ('years and months duration(@"2026-01-01T00:00:00", @"2027-02-01T00:00:00")', "P1Y1M"),
        # 10.3.4.3 strings count characters, not code units
        ('string length("🐎a")', 2),
        ('string length("\\U01F40Ea")', 2),
        ('string length("\\uD83D\\uDC0Ea")', 2),
        ('substring("🐎ab", 2, 1)', "a"),
        ('substring("foobar", -3, 2)', "ba"),
        ('substring("foobar", 7)', None),
        ('substring("foobar", 1, 99)', "foobar"),
        ('substring before("", "a")', ""),
        ('substring after("a", "")', "a"),
        ('contains("", "")', True),
        ('starts with("ab", "")', True),
        ('ends with("ab", "b")', True),
        ('replace("abc", "(?i)B", "x")', None),
        ('replace("aaa", "a", "\\\\$")', "$$$"),
        ('replace("abc", "b", "$9")', "ac"),
        ('replace("abc", "(b)", "$12")', "ab2c"),
        ('replace("abcdefghijk", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)", "$10$1$11")', "jaa1k"),
        ('replace("abc", "z", "$")', None),
        ('replace("abc", "b", "x\\\\")', None),
        ('replace("abc", "b", "$0$0")', "abbc"),
        ('replace("abc", "b", "\\\\n")', None),
        ('replace("a.b", ".", "x", "q")', "axb"),
        ('replace("A\\nb", "^b", "x", "m")', "A\nx"),
        ('replace("ABC", "b", "x", "ix")', "AxC"),
        ('matches("a b", "a[ ]b", "x")', True),
        ('matches("a", "a", "z")', None),
        ('matches("a\\rb", "a.b")', False),
        ('matches("a\\nb", "a.b", "s")', True),
        ('matches("a.b", "a\\\\.b")', True),
        ('matches("a-b", "a[.]b")', False),
        ('matches("a]", "^[\\\\]a]+$")', True),
        ('matches("x", "[a-z-[a-x-[x]]]")', True),
        ('matches("b", "[^a-c-[b]]")', False),
        ('matches("d", "[^a-c-[d]]")', False),
        ('matches("5", "[\\\\d-[\\\\w]]")', None),
        ('matches("a", "[a-b-[c]d]")', None),
        ('matches("a", "[a-[a]]")', False),
        ('matches("(", "[(?]")', True),
        ('matches("a", "\\\\Aa")', None),
        ('matches("a", "[\\\\Q]")', None),
        ('matches("\\f", "^\\\\s$")', False),
        ('matches("a1_", "^\\\\i\\\\c+$")', True),
        ('matches("1", "^[\\\\i]$")', False),
        ('matches("é", "\\\\p{IsLatin-1Supplement}")', True),
        ('matches("é", "[^\\\\P{IsLatin-1Supplement}]")', True),
        ('matches("a", "\\\\p{IsNothing}")', None),
        ('matches("\\t", "[\\\\t-[\\\\n]]")', True),
        ('split("a1b22c", "[0-9]+")', ["a", "b", "c"]),
        ('split("abc", "x*")', ["abc"]),
        ('string join(["a", null, "b"])', "ab"),
        ('string join([], "-")', ""),
        ('string join(["a", 1], "-")', None),
        ('upper case("ñandú")', "ÑANDÚ"),
        # 10.3.4.4 lists
        ("list contains([1, [2]], [2])", True),
        ("count([])", 0),
        ('min("b", "a")', "a"),
        ('max([@"P1Y", @"P13M"])', "P1Y1M"),
        ("max([1, \"a\"])", None),
        ("min([])", None),
        ("min([null])", None),
        ("max(null)", None),
        ("sum(1, 2.5)", 3.5),
        ('sum([@"PT1H", @"PT30M"])', "PT1H30M"),
        ('sum([@"P1Y", @"P1M"])', "P1Y1M"),
        ('sum([@"PT1H", 1])', None),
        ('mean([@"PT1H", @"PT3H"])', "PT2H"),
        ("mean([])", None),
        ("product([])", None),
        ("product(2, 3)", 6),
        ("median([])", None),
        ("median(4, 1, 3, 2)", 2.5),
        ("stddev([1])", None),
        ("stddev([2, 4])", 1.4142135623730951),
        ("mode([1, 2, 2, 1, 3])", [1, 2]),
        ("mode([1, null])", None),
        ("all([])", True),
        ("any([])", False),
        ("all([true, null])", None),
        ("all([false, null])", False),
        ("any([true, null])", True),
        ("any([false, null])", None),
        ("sublist([1, 2, 3], -1)", [3]),
        ("sublist([1, 2, 3], 2, 9)", None),
        ("sublist([1, 2, 3], 2, 1)", [2]),
        ("append([1], [2])", [1, [2]]),
        ("concatenate([1], 2, [[3]])", [1, 2, [3]]),
        ("insert before([1, 2], -1, null)", [1, None, 2]),
        ("insert before([1, 2], 4, 0)", None),
        ("remove([1, 2, 3], -1)", [1, 2]),
        ("remove([1], 2)", None),
        ("list replace([1, 2], -1, 9)", [1, 9]),
        ("list replace([1, 2], 0, 9)", None),
        ("list replace([1, 2, 3], function(item, new) item > 1, 0)", [1, 0, 0]),
        ("list replace([1, 2], function(item, new) 1, 0)", None),
        ("list replace([1, 2], function(item) true, 0)", None),
        ("index of([1, null, 1], null)", [2]),
        ("union([1, 1], [1.0, 2])", [1, 2]),
        ("distinct values([1, [1], [1], null, null])", [1, [1], None]),
        ("flatten([1, [2, [3, []]]])", [1, 2, 3]),
        ("reverse([])", []),
        ("sort([3, 1, 2], function(a, b) a > b)", [3, 2, 1]),
        ('sort(["b", "a"])', ["a", "b"]),
        ("sort([])", []),
        ('sort([1, "a"])', None),
        ("sort([{k: 2, v: 1}, {k: 1, v: 2}], function(a, b) a.k < b.k).v", [2, 1]),
        # 10.3.4.5 numbers
        ("decimal(1/3, 40)", 1 / 3),
        ("decimal(1, 6177)", None),
        ("decimal(-2.5, 0)", -2),
        ("floor(-1.5)", -2),
        ("floor(1.57, 1)", 1.5),
        ("ceiling(-1.5)", -1),
        ("round up(-5.125, 2)", -5.13),
        ("round down(-5.129, 2)", -5.12),
        ("round half up(2.5, 0)", 3),
        ("round half down(-2.5, 0)", -2),
        ("round half up(1250, -2)", 1300),
        ("abs(-0)", 0),
        ('abs(@"-P1Y")', "P1Y"),
        ('abs(@"-PT1H")', "PT1H"),
        ("modulo(-12, 5)", 3),
        ("modulo(12, -5)", -3),
        ("modulo(5.5, 2)", 1.5),
        ("modulo(1, 0)", None),
        ("sqrt(-1)", None),
        ("log(0)", None),
        ("decimal(log(exp(2)), 10)", 2),
        ("odd(-3)", True),
        ("even(2.5)", False),
        ("odd(2.5)", False),
        ("not(not(true))", True),
        # 10.3.4.6, 10.3.4.7 dates
        ('day of year(@"2024-12-31")', 366),
        ('day of week(@"2026-11-24T23:00:00Z")', "Tuesday"),
        ('week of year(@"2005-01-01")', 53),
        ('week of year(@"2003-12-29")', 1),
        ('month of year(@"-0001-12-01")', "December"),
        ('day of week(@"10000-01-01")', "Saturday"),
        ("today() = date(now())", True),
        # 10.3.4.8 contexts
        ('get value({a: {b: 1}}, "a").b', 1),
        ("get entries({b: 1, a: null}).key", ["b", "a"]),
        ('context([{key: "a", value: 1}, {key: "b", value: null}])', {"a": 1, "b": None}),
        ('context([{key: "a", value: 1}, {key: "a", value: 2}])', None),
        ('context([{key: 1, value: 1}])', None),
        ('context({key: "a", value: 1})', {"a": 1}),
        ('context put({a: 1}, "a", null)', {"a": None}),
        ('context put({a: {b: 1}}, ["a", "b"], 2)', {"a": {"b": 2}}),
        ('context put({a: 1}, ["a", "b"], 2)', None),
        ("context put({a: 1}, [], 2)", None),
        ("context put({a: 1}, [1], 2)", None),
        ("context merge([])", {}),
        ("context merge([{a: 1}, 1])", None),
        # 10.3.4.10 is, range
        ('is(@"10:00:00Z", @"12:00:00+02:00")', False),
        ('is(@"2026-01-01T10:00:00", @"2026-01-01T10:00:00Z")', False),
        ('is(1, "1")', False),
        ("is([1, 2], [1, 2])", True),
        ("is(null, null)", True),
        ('range("[1..3)").end included', False),
        ('range("(..3]").start', None),
        ('range("[\\"a\\"..\\"c\\"]").start', "a"),
        ('range("[date(\\"2026-01-01\\")..date(\\"2026-12-31\\")]").end', "2026-12-31"),
        ('range("[@\\"P1Y\\"..@\\"P2Y\\"]").end', "P2Y"),
        ('range("]1..3[").start included', False),
        ('range("[3..1]")', None),
        ('range("[1..x]")', None),
        ('range("[1..]")', None),
        ('range("[1..(2]")', None),
        ('range("1..3")', None),
        ('range("[1..\\"a\\"]")', None),
    ],
)  # fmt: skip
def test_each_function_answers_as_the_standard_says(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("relation", "holding", "failing"),
    [
        ("before", ["1, 10", "1, ]1..5]", "[1..5[, 5", "[1..5], ]5..8]"],
         ["2, 1", "1, [1..5]", "[1..5], 5", "[1..5], [5..8]"]),
        ("after", ["10, 1", "5, [1..5[", "]1..5], 1", "]5..8], [1..5]"],
         ["1, 2", "5, [1..5]", "[1..5], 1", "[5..8], [1..5]"]),
        ("meets", ["[1..5], [5..10]"],
         ["[1..5[, [5..10]", "[1..5], ]5..10]", "[1..5], [6..10]"]),
        ("met by", ["[5..10], [1..5]"],
         ["[5..10], [1..5[", "]5..10], [1..5]"]),
        ("overlaps", ["[1..5], [3..8]", "[3..8], [1..5]", "[1..5], [5..8]"],
         ["[1..5[, [5..8]", "[1..5], [6..8]", "[6..8], [1..5]"]),
        ("overlaps before", ["[1..5], [3..8]", "[1..5], [5..8]", "[1..5[, ]1..5]"],
         ["[1..5], [6..8]", "[3..8], [1..5]", "[1..8], [3..5]"]),
        ("overlaps after", ["[3..8], [1..5]", "]1..5], [1..5["],
         ["[1..5], [3..8]", "[6..8], [1..5]"]),
        ("finishes", ["10, [1..10]", "[5..10], [1..10]", "[5..10[, [1..10["],
         ["10, [1..10[", "[5..10], [1..10[", "[0..10], [1..10]"]),
        ("finished by", ["[1..10], 10", "[1..10], [5..10]"],
         ["[1..10[, 10", "[5..10], [1..10]"]),
        ("includes", ["[1..10], 5", "[1..10], [4..6]", "[1..10], ]1..10["],
         ["]1..10], 1", "[1..10], [5..11]", "]1..10], [1..5]"]),
        ("during", ["5, [1..10]", "[4..6], [1..10]"],
         ["1, ]1..10]", "[1..11], [1..10]"]),
        ("starts", ["1, [1..10]", "[1..5], [1..10]"],
         ["1, ]1..10]", "[1..5], ]1..10]", "[1..11], [1..10]"]),
        ("started by", ["[1..10], 1", "[1..10], [1..5]"],
         ["]1..10], 1", "[1..5], [1..10]"]),
        ("coincides", ["5, 5", "[1..5], [1..5]"],
         ["5, 6", "[1..5], [1..5[", "[1..5], [2..5]"]),
    ],
)  # fmt: skip
def test_relations_of_points_and_ranges(relation: str, holding: list[str], failing: list[str]) -> None:
    for given in holding:
        assert value(f"{relation}({given})") is True, given
    for given in failing:
        assert value(f"{relation}({given})") is False, given
    assert value(f'{relation}([1..5], ["a".."b"])') is None
    assert value(f"{relation}(null, [1..5])") is None
    assert value(f'{relation}("x", 1)') is None
