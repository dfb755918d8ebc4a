"""Corners of the language: every construct with nulls, other kinds, and values that the host brings."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Callable
from dataclasses import replace
from enum import IntEnum
from typing import Any
from uuid import UUID

import pytest
from tests.engine.feel_world import WORLD, passes, value

from ruta.engine import feel
from ruta.engine.feel import types, values
from ruta.engine.feel.context import Run, over
from ruta.engine.feel.types import ANY, SIMPLE, Type


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # logic
        ("true or 1", True),
        ("false or 1", None),
        ("1 or true", True),
        ("1 or 2", None),
        ("1 and false", False),
        ("null and null", None),
        ("1 between null and 3", None),
        ("1 between 2 and null", False),
        ("a = a", True),
        ("{a: 1} = {a: 1}", True),
        ("{a: 1} = {b: 1}", False),
        ("[1] = [1, 2]", False),
        ("[1..2] = [1..2[", False),
        ("(= 1) = 1", None),
        ("(function(x) x) = (function(x) x)", False),
        ("1 != null", True),
        ('1 != "a"', None),
        ("{f: 1}.f = 1.0", True),
        ("x < 1", None),
        ("true < false", None),
        # arithmetic
        ("2 ** 0.5", 2**0.5),
        ("0 ** 0", 1),
        ("(-8) ** (1/3)", None),
        ('"a" ** 2', None),
        ("1 / 0", None),
        ("9e6144 * 10", None),
        ("x + x", None),
        ('2 * "a"', None),
        # in
        ("1 in (2, 1)", True),
        ("1 in (2, 3)", False),
        ("1 in (null)", False),
        ("null in (null)", True),
        ("1 in [2..5]", False),
        ("3 in (2..5)", True),
        ("3 in ((2..5)[1])", True),
        ("3 in [1, [2..5]]", True),
        ('3 in ["a".."b"]', None),
        ("3 in (not(3))", False),
        ("[1] in [[1], [2]]", True),
        ("[1, 2] in [1, 2]", True),
        ("1 in (= 1)", True),
        ("1 in (!= 1)", False),
        ('1 in (!= "a")', None),
        ("1 in (> 0, < -5)", True),
        ("1 in (<= 0 )", False),
        ("null in [1..5]", None),
        ("5 in [1..null]", None),
        # instance of
        ("null instance of number", False),
        ("null instance of Any", False),
        ("1 instance of Any", True),
        ("1 instance of nothing", None),
        ("1 instance of nothing.more", None),
        ("[1] instance of list<nothing>", None),
        ("[1, null] instance of list<number>", True),
        ('[1, "a"] instance of list<number>', False),
        ("[1..2] instance of range<number>", True),
        ('[1..2] instance of range<string>', False),
        ("{a: 1, b: 2} instance of context<a: number>", True),
        ("{a: 1} instance of context<a: number, b: number>", False),
        ("{a: 1} instance of context", True),
        ("(function(x: number) x) instance of function<number> -> Any", True),
        ("(function(x: number) x) instance of function<string> -> Any", False),
        ("(function(x: list<number>) x) instance of function<list<number>> -> Any", True),
        ("(function(x: context<a: number>) x) instance of function<context<a: number, b: string>> -> Any", True),
        ("(function(x: context<a: number>) x) instance of function<context<b: string>> -> Any", False),
        ("(function(x) x) instance of function<number, number> -> Any", False),
        ("(function(x) x) instance of function", True),
        ("abs instance of function<number> -> number", True),
        ('@"PT1H" instance of days and time duration', True),
        ('@"2026-01-01T00:00:00" instance of date', False),
        # contexts, paths, filters
        ("{a: 1, a: 2}", None),
        ('{"a b": 1}.a b', 1),
        ("{a: null}.a", None),
        ("null.a", None),
        ("1.a", None),
        ("[{a: [{b: 1}]}, {a: [{b: 2}]}].a.b", [[1], [2]]),
        ("[1, 2, 3][item > 1]", [2, 3]),
        ("[1, 2, 3][-2]", 2),
        ("[1, 2, 3][0]", None),
        ("[1, 2, 3][4]", None),
        ("[1, 2, 3][1.5]", None),
        ('[1, 2, 3]["a"]', None),
        ("[1, 2, 3][null]", []),
        ("[1, 2, 3][true]", [1, 2, 3]),
        ('[][item = 1]', []),
        ('[]["a"]', []),
        ("null[1]", None),
        ("5[1]", 5),
        ("5[item = 5]", [5]),
        ("{a: 1}[a = 1]", [{"a": 1}]),
        ("[{a: 1}, {b: 1}][a = null]", [{"b": 1}]),
        ("[{item: 1}][item = 1]", [{"item": 1}]),
        ("[1..5][item > 2]", []),
        # loops
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for i in 1..2, j in 1..i return i * j", [1, 2, 4]),
        ("for i in [1..3] return i", [1, 2, 3]),
        ("for i in ]1..3] return i", None),
        ("for i in 5 return i", [5]),
        ("for i in null return i", None),
        ("for i in 1..1.5 return i", None),
        ("for i in [1, 2], j in null return i", None),
        ("for i in [] return i", []),
        ("for i in 1..4 return if i < 3 then 1 else partial[-1] + partial[-2]", [1, 1, 2, 3]),
        ("some i in [1, null] satisfies i > 1", None),
        ("some i in [null, 2] satisfies i > 1", True),
        ("every i in [null, 0] satisfies i > 1", False),
        ("every i in [] satisfies false", True),
        ("some i in [] satisfies true", False),
        ("some i in [1] satisfies 1", None),
        ("some i in null satisfies true", None),
        # functions
        ("(function(x, y) x - y)(y: 1, x: 3)", 2),
        ("(function(x, y) x)(z: 1)", None),
        ("(function(x, y) [x, y])(x: 1)", [1, None]),
        ("(function(x) x)(1, 2)", None),
        ('(function(x: number) x)("a")', None),
        ("(function(x: number) x)([1])", 1),
        ("(function(x: list<number>) x)(1)", [1]),
        ('(function(x: date and time) x)(@"2026-01-01")', "2026-01-01T00:00:00Z"),
        ('(function(x: nothing) x)("a")', "a"),
        ("(function(x) external {java: {class: \"X\", method signature: \"f(int)\"}})(1)", None),
        ("{n: 2, f: function(x) x * n}.f(3)", 6),
        ("{f: function(g, x) g(g(x)), r: f(function(y) y + 1, 0)}.r", 2),
        ("1(2)", None),
        ("null(2)", None),
        ("nothing(2)", None),
        ("(abs)(-1)", 1),
        ("{f: abs}.f(-1)", 1),
        # ranges
        ('[1.."a"]', None),
        ("[[1]..[2]]", None),
        ("[null..null]", None),
        ("[1..null].end", None),
        ("]1..2[.start included", False),
        ("(> 5).start", 5),
        ("(> 5).end", None),
        ("[1..2].nothing", None),
        # text
        (r'"\"\\\n\t\r\'\q"', '"\\\n\t\r\'\\q'),
        (r'"\u00e1\U01F40E"', "á🐎"),
        (r'"\U110000"', "\ufffd"),
        (r'"\uD83D"', "\ufffd"),
        ("1 // the rest\n + /* in\nbetween */ 2", 3),
        ("-(-1)", 1),
        ("- 1 + 2", 1),
        ("1 in (2) and true", False),
        ("(1 + 2) in (3)", True),
        ("3 in (1 + 2)", True),
    ],
)  # fmt: skip
def test_corners(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    ["for 1 in 2 return 3", "1 instance of 5", "1 instance of a.5", "1 instance of list<number", ".", "[1..2", "[1..2}",
     "then", "[1..2", "abs(1, n: 2)", "{1: 2}", "function(1) 2", "1 instance of context<a number>",
     "abs(n: 1, 2)", "@", "@1", "[1,", "1 in (2"],
)  # fmt: skip
def test_what_is_not_feel_names_its_place(text: str) -> None:
    with pytest.raises(feel.FeelError) as wrong:
        feel.compile(text)
    assert wrong.value.line == 1
    assert wrong.value.column >= 1
    assert wrong.value.say["es"] != wrong.value.say["en"]


@pytest.mark.parametrize(
    ("tests", "given", "expected"),
    [
        ("-", None, True),
        ("null", None, True),
        ("not(null)", 1, True),
        ("not(1, 2), 3", 3, True),
        ('not("a")', "b", True),
        ("1, < 0, [5..6]", 5.5, True),
        ("1, < 0, [5..6]", 2, False),
        ('"a", 1', 1, True),
        ("true", 1, False),
        ("a > 1", 5, True),
        ("a > 1", True, True),
        ("? > 1 and ? < 3", 2, True),
        ("[1, 2]", 2, True),
        ("[1, 2]", [1, 2], True),
        ("a", 2, True),
        ("= 2", 2, True),
        ("!= 2", "x", False),
        ('date("2026-01-01")', "2026-01-01", False),
        ("[a..3]", 2.5, True),
        ("not(?)", True, False),
        ("count(?) > 1", [1, 2], True),
    ],
)
def test_cells(tests: str, given: Any, expected: bool) -> None:
    assert passes(tests, given, a=2) is expected


class Colour(IntEnum):
    RED = 1


def test_the_hosts_values_become_feels_or_are_refused() -> None:
    uuid = UUID(int=1)
    assert feel.to_feel(Colour.RED) == 1
    assert type(feel.to_feel(type("Text", (str,), {})("x"))) is str
    assert feel.to_feel(uuid) == str(uuid)
    assert feel.to_feel(UserDict({"a": 1})) == {"a": 1}
    assert feel.to_feel(range(3)) == [0, 1, 2]
    assert (
        type(feel.to_feel(type("Day", (__import__("datetime").date,), {})(2026, 1, 2)))
        is __import__("datetime").date
    )
    assert (
        type(feel.to_feel(type("At", (__import__("datetime").datetime,), {})(2026, 1, 2))).__name__
        == "datetime"
    )
    with pytest.raises(TypeError, match="object"):
        feel.to_feel(object())
    assert values.kind(object()) == "unknown"
    env = {"u": UserDict({"a": 1, "o": object()}), "o": object()}
    program = feel.compile("[u.a, u.b, u.o, o, u[a = 1].a]", names=env)
    assert feel.to_json(program(env, WORLD)) == [1, None, None, None, [1]]
    assert feel.to_json(feel.compile("u")(env | {"u": UserDict({"a": 1})}, WORLD)) == {"a": 1}
    assert feel.to_json(feel.compile("string(u)")({"u": UserDict({"a": 1})}, WORLD)) == "{a: 1}"
    assert feel.to_json(feel.compile("abs")({}, WORLD)) is None
    assert feel.to_json(feel.compile("[1..2]")({}, WORLD)) == "[1..2]"
    with pytest.raises(feel.OverBudget, match="digits"):
        feel.to_json(feel.compile("1e400")({}, WORLD))


def test_functions_of_the_host_take_arguments_by_name_and_may_be_values() -> None:
    def tariff(kind: str, on_day: Any = None) -> Any:
        return {"kind": kind, "day": on_day}

    def call(text: str, functions: dict[str, Callable[..., Any]]) -> Any:
        return value(text, replace(WORLD, functions=functions))

    assert call('tariff("a")', {"tariff": tariff}) == {"kind": "a", "day": None}
    assert call('tariff(kind: "a", on day: 1)', {"tariff": tariff}) == {"kind": "a", "day": 1}
    assert call("double(2)", {"double": feel.function(["x"], lambda x: x * 2)}) == 4
    assert call("double(y: 2)", {"double": feel.function(["x"], lambda x: x)}) is None


def test_what_a_program_says_of_itself() -> None:
    program = feel.compile("a + 1", names=["a"])
    assert repr(program) == "Program('a + 1')"
    assert program.run({"a": feel.to_feel(1)}, Run(WORLD)) == 2
    run = Run(WORLD)
    for _ in range(30):
        run.note("variable", "x")
    assert len(run.notes or ()) == 20
    assert str(over("levels", 1)).endswith("1 levels; it was stopped.")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('"aaaaaaaaaa" + "bbbbbbbbbb"', "characters"),
        ("concatenate([1,2,3,4,5,6,7,8,9], [1,2,3,4,5,6,7,8,9])", "items"),
        ("{f: function(n) if n = 0 then 0 else f(n - 1), r: f(50)}.r", "nested calls"),
        ("for i in 1..2000 return i", "steps"),
    ],
)
def test_each_limit_is_named_in_both_languages(text: str, left: str) -> None:
    tight = feel.Context(WORLD.now, budget=feel.Budget(steps=1_000, depth=30, size=12))
    with pytest.raises(feel.OverBudget) as stopped:
        feel.compile(text)({}, tight)
    assert left in stopped.value.message
    assert left not in stopped.value.message_es


def test_values_are_brought_into_types_or_become_null() -> None:
    run = Run(WORLD)
    small = replace(SIMPLE["number"], allowed=lambda given, _: given in (1, 2))
    assert types.coerce(2, ANY, run) == 2
    assert types.conforms(None, types.NULL, run)
    assert not types.conforms(None, SIMPLE["number"], run)
    assert types.coerce(feel.to_feel(5), small, run) is None
    assert types.coerce([feel.to_feel(2)], small, run) == 2
    assert types.coerce([feel.to_feel(5)], Type("list", small), run) is None
    assert types.subtype(Type("list", SIMPLE["number"]), Type("list", ANY))
    assert types.subtype(types.NULL, SIMPLE["date"])
    assert types.shown(Type("function", params=(ANY,), result=None)) == "function<Any> -> Any"
    assert types.shown(Type("range", SIMPLE["date"])) == "range<date>"


def test_offices_functions_refuse_what_they_cannot_count() -> None:
    assert value('business days(@"2026-11-20", 0.5)') is None
    assert value('business days(@"2026-11-20", 99999)') is None
    assert value('business days(@"10000-01-01", 1)') is None
    assert value('age(@"2026-01-01", @"2025-01-01")') is None
    assert value('business days(@"2026-11-20T23:00:00Z", 1)') == "2026-11-23"
    assert value('long date("2026-11-20T10:00:00")') == "20 de noviembre de 2026"
    assert value("money(1e40)") is None
    assert value('nit digit("1234567890123456")') is None
    with pytest.raises(feel.Stop):
        value('next business day(@"2030-01-01")')
