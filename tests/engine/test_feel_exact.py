"""A number keeps its 34 digits through JSON: in a process's variables, in an outcome, on the command line."""

from __future__ import annotations

import copy
import json
import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.bpmn_models import Case, document, end, line, script, start, user
from tests.engine.feel_world import WORLD

from ruta.engine import feel
from ruta.engine.bpmn import State, read
from ruta.engine.feel import numbers

THIRD = Decimal("0.3333333333333333333333333333333333")
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False).map(numbers.CONTEXT.plus)


def test_a_number_beyond_a_float_keeps_its_digits_and_is_a_float_to_others() -> None:
    found = feel.to_json(feel.compile("1/3")({}, WORLD))
    assert isinstance(found, float) and found == 1 / 3
    assert feel.to_feel(found) == THIRD
    assert json.dumps(found) == repr(1 / 3)
    assert feel.dumps({"a": [found]}) == '{"a": [3.333333333333333333333333333333333E-1]}'


@given(NUMBERS.filter(lambda number: number.adjusted() <= 300))
def test_every_number_comes_back_from_json_text(number: Decimal) -> None:
    text = feel.dumps(feel.to_json([number]))
    assert feel.to_feel(feel.loads(text)) == [number]
    assert json.loads(text) == pytest.approx([float(number)])


def test_what_a_float_holds_stays_a_plain_float() -> None:
    for text in ("0.1", "-2.5", "1e-9", "123456789.123456"):
        assert type(feel.to_json(Decimal(text))) is float
    assert type(feel.to_json(Decimal(10) ** 30)) is int


def test_a_copy_keeps_the_digits() -> None:
    exact = feel.to_json(THIRD)
    for other in (copy.deepcopy(exact), pickle.loads(pickle.dumps(exact)), copy.copy(exact)):
        assert feel.to_feel(other) == THIRD


def test_a_variable_of_a_process_is_the_same_number_in_a_later_step() -> None:
    parts = (start(), script("a", "share", "1/3"), user("u"), script("b", "same", "share = 1/3"), end())
    case = Case(read(document(*parts, line("s", "a", "u", "b", "e"))))
    assert case.stored is not None
    kept = State.from_json(feel.loads(feel.dumps(case.stored)))
    case.stored = kept.to_json()
    case.complete("u")
    assert case.variables["same"] is True
