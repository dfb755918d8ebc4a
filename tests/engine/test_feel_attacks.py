"""What a hostile or careless author writes: it is refused or stopped, it never hangs, grows or reaches Python."""

from __future__ import annotations

import resource
from typing import Any

import pytest
from tests.engine.feel_attacks import DEAR, HUGE, LAUGH, STOPPED, once
from tests.engine.feel_world import WORLD, value

from ruta.engine import feel


@pytest.mark.parametrize("text", STOPPED)
def test_what_costs_too_much_is_stopped(text: str) -> None:
    with pytest.raises(feel.OverBudget) as stopped:
        feel.compile(text)({}, WORLD)
    assert "se detuvo" in stopped.value.message_es


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 ** 10 ** 10", 10**100),
        ("9.99 ** 9999999999999", None),
        ("exp(1000000)", None),
        ('number("1e999999999999")', None),
        ("[1, 2, 3][1e6000]", None),
        ("5 in [1..1e6000]", True),
        ('@"9999-12-31" + @"P999999999D" > @"9999-12-31"', True),
        ('@"P999999999Y" * 1e6000', None),
        ('matches("' + "a" * 5000 + '!", "(a+)+$")', False),
        ('matches("aa", "(?=a)a")', None),
        ('matches("aa", "((a{1,500}){1,500}){1,500}")', None),
    ],
)
def test_huge_numbers_and_patterns_end_at_once(text: str, expected: Any) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3000 + "1" + ")" * 3000,
        "[" * 3000 + "1" + "]" * 3000,
        "-" * 3000 + "1",
        "{a:" * 1000 + "1" + "}" * 1000,
        "1 in (" * 500 + "1" + ")" * 500,
        "function(x) " * 700 + "1",
        "+".join(["1"] * 4000),
        "a" + ".b" * 4000,
        "[1]" + "[1]" * 2000,
        '"' + "a" * 20_000 + '"',
        "/*" * 4000,
        "list<" * 1000,
        "1 instance of " + "list<" * 1000 + "number" + ">" * 1000,
    ],
)
def test_text_that_is_nested_or_long_is_refused(text: str) -> None:
    with pytest.raises(feel.FeelError):
        feel.compile(text)


@pytest.mark.parametrize(
    "text",
    [
        '"".__class__',
        '"".__class__.__mro__',
        "[1].__class__.__base__",
        'date("2026-01-01").__class__',
        'date("2026-01-01").replace',
        "(function() 1).call",
        "(function() 1).__globals__",
        "abs.__globals__",
        '__import__("os")',
        "x.__init__",
        "x.keys",
        "{a: 1}.items",
        "[1..2].__slots__",
    ],
)
def test_nothing_of_python_can_be_reached(text: str) -> None:
    assert value(text, x={"a": 1}) in (None, [None])


def test_a_value_small_in_memory_is_not_written_out_huge() -> None:
    doubled = feel.compile(LAUGH)({}, WORLD)
    with pytest.raises(feel.OverBudget):
        feel.to_json(doubled)
    shared = feel.compile(f"{{s: {HUGE}, l: for i in 1..10000 return s}}.l")({}, WORLD)
    with pytest.raises(feel.OverBudget):
        feel.to_json(shared)


def test_an_input_nested_too_deep_is_refused() -> None:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(feel.OverBudget):
        feel.to_feel(nested)


def test_a_template_cannot_grow_without_end() -> None:
    template = feel.Template(("{{ " + HUGE + " }}") * 60)
    with pytest.raises(feel.OverBudget):
        template.render({}, WORLD)


def test_the_attacks_together_stay_small_in_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for text in (
        'for i in 1..1000000 return string join(for j in 1..1000 return "0123456789")',
        f"string({LAUGH})",
    ):
        with pytest.raises(feel.OverBudget):
            feel.compile(text)({}, WORLD)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kilobytes


def spent(text: str) -> int:
    """Steps that an expression costs."""
    run = feel.Run(feel.Context(WORLD.now, calendar=WORLD.calendar, budget=feel.Budget(steps=10**9)))
    feel.compile(text).run({}, run)
    return 10**9 - run.left


@pytest.mark.parametrize("name", DEAR)
def test_what_is_dear_is_charged(name: str) -> None:
    entries, expression, least = DEAR[name]
    assert spent(once(entries, expression)) - spent(once(entries, "null")) >= least


def test_a_turn_of_a_loop_costs_by_what_is_done_in_it() -> None:
    """Else a long body would do thousands of operations for each step that is paid."""
    long = " + ".join(["1/3"] * 60)
    for shape in (
        "for i in 1..100 return {0}",
        "some i in 1..100 satisfies {0} < 0",
        "(for i in 1..100 return i)[{0} < 0]",
    ):
        assert spent(shape.format(long)) > 5 * spent(shape.format("1/3")), shape
    call = "{{f: function(x) {0}, r: for i in 1..100 return f(i)}}"
    assert spent(call.format(long)) > 3 * spent(call.format("1/3"))


def test_a_larger_budget_lets_an_honest_loop_finish() -> None:
    text = "count(for i in 1..60000 return i)"
    with pytest.raises(feel.OverBudget):
        value(text)
    assert value(text, feel.Context(WORLD.now, budget=feel.Budget(steps=200_000))) == 60_000
