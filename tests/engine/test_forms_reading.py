"""What was typed becomes values; what cannot be read is told, field, fault and cure."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruta.engine import forms

FORM = forms.load(
    {
        "title": "Prueba",
        "type": "object",
        "additionalProperties": False,
        "required": ["day", "kind"],
        "properties": {
            "day": {"type": "string", "format": "date"},
            "kind": {"enum": ["a", "b"], "x-ui": {"widget": "radio"}},
            "level": {"enum": [1, 2]},
            "copies": {"type": "integer", "minimum": 1, "maximum": 10, "default": 1},
            "income": {"type": "integer", "x-ui": {"widget": "money"}},
            "rate": {"type": "number"},
            "agrees": {"type": "boolean"},
            "receipts": {"type": "array", "items": {"type": "string", "pattern": "^[A-Z]+$"}, "maxItems": 3},
            "name": {"type": "string", "maxLength": 5},
            "mother": {
                "type": "object",
                "required": ["number"],
                "properties": {"number": {"type": "string"}, "born": {"type": "string", "format": "date"}},
            },
            "children": {
                "type": "array",
                "items": {"type": "object", "properties": {"name": {"type": "string", "minLength": 2}}},
            },
        },
        "x-ui": {
            "pages": [
                {
                    "id": "one",
                    "title": {"es": "Uno", "en": "One"},
                    "fields": ["day", "kind", "level", "copies"],
                },
                {
                    "id": "two",
                    "title": {"es": "Dos", "en": "Two"},
                    "fields": ["income", "rate", "agrees", "receipts", "name", "mother", "children"],
                },
            ]
        },
    }
)


def read(**typed: Any) -> dict[str, Any]:
    parsed = forms.parse(FORM, typed)
    assert parsed.problems == ()
    return dict(parsed.values)


def refused(**typed: Any) -> tuple[str, str, str]:
    parsed = forms.parse(FORM, typed)
    [problem] = parsed.problems
    assert not parsed.values
    return problem.at, problem.check, problem.say["es"]


@pytest.mark.parametrize(
    "typed",
    [
        "27/3/1998",
        "27/03/1998",
        "27 3 1998",
        "27-3-1998",
        "27.3.1998",
        "27/marzo/1998",
        "27 March 1998",
        " 27/3/1998 ",
        "1998-03-27",
    ],
)
def test_a_day_is_read_in_the_ways_that_people_write_it(typed: str) -> None:
    assert read(day=typed) == {"day": "1998-03-27"}


@pytest.mark.parametrize(
    ("typed", "say"),
    [
        ("31/02/2026", "Febrero de 2026 tiene 28 días"),
        ("30/02/2024", "Febrero de 2024 tiene 29 días"),
        ("31/11/1998", "Noviembre de 1998 tiene 30 días"),
        ("0/1/1998", "Enero de 1998 tiene 31 días"),
        ("5/3/26", "Escriba el año con cuatro cifras"),
        ("5/13/1998", "No existe el mes 13"),
        ("5//1998", "Falta el mes"),
        ("5/merzo/1998", "No existe el mes merzo"),
        ("//1998", "Faltan el día y el mes"),
        ("ayer", "No se entiende como fecha"),
        ("1/1/0000", "Escriba el año con cuatro cifras"),
    ],
)
def test_a_day_that_cannot_be_is_named_with_its_cure_CO_B06_CR_B02(typed: str, say: str) -> None:
    at, check, said = refused(day=typed)
    assert (at, check) == ("/day", "format")
    assert said.startswith(say)


def test_whole_numbers_are_read_with_the_dots_of_thousands() -> None:
    assert read(copies="3", income="$ 1.234.567") == {"copies": 3, "income": 1234567}
    assert read(income="1 234") == {"income": 1234}


@pytest.mark.parametrize("typed", ["1.5", "2,5", "tres", "1e5", "٣", "9" * 400, "--1"])
def test_what_is_no_whole_number_is_told(typed: str) -> None:
    assert refused(copies=typed)[:2] == ("/copies", "type")


def test_decimals_carry_a_comma() -> None:
    assert read(rate="24,99") == {"rate": 24.99}
    assert read(rate="1.234,5") == {"rate": 1234.5}
    assert read(rate="1.234") == {"rate": 1234}


def test_yes_and_no_are_read_in_both_languages() -> None:
    assert read(agrees="Sí") == read(agrees="yes") == read(agrees=True) == {"agrees": True}
    assert read(agrees="no") == read(agrees="false") == {"agrees": False}


def test_a_choice_keeps_the_type_of_its_option() -> None:
    assert read(level="2") == {"level": 2}
    assert refused(kind="c")[:2] == ("/kind", "enum")


def test_a_list_is_one_answer_a_line_and_blank_lines_do_not_count() -> None:
    assert read(receipts="AB\r\n\r\n CD ") == read(receipts=["AB", "", "CD"]) == {"receipts": ["AB", "CD"]}


def test_groups_and_rows_are_read_inside() -> None:
    assert read(mother={"number": "5", "born": "1/2/1970"}) == {
        "mother": {"number": "5", "born": "1970-02-01"}
    }
    assert read(children=[{"name": "Ana"}, {"name": ""}]) == {"children": [{"name": "Ana"}]}
    at, check, _ = refused(mother={"born": "31/2/1970"})
    assert (at, check) == ("/mother/born", "format")


@pytest.mark.parametrize("row", [False, 0, "Ana", ["Ana"]])
def test_what_is_no_row_is_told_by_its_number_and_the_others_are_kept(row: Any) -> None:
    parsed = forms.parse(FORM, {"children": [{"name": "Ana"}, row]})
    assert parsed.values == {"children": [{"name": "Ana"}]}
    assert [(problem.at, problem.check) for problem in parsed.problems] == [("/children/1", "type")]


@pytest.mark.parametrize("row", [None, "", "  ", {}, []])
def test_a_blank_row_is_no_row(row: Any) -> None:
    assert read(children=[row, {"name": "Ana"}]) == {"children": [{"name": "Ana"}]}


def test_a_blank_answer_is_no_answer() -> None:
    assert read(name="  ", copies="", receipts=[], mother={"number": " "}) == {}


def test_a_name_that_the_form_does_not_have_is_told_with_the_nearest() -> None:
    at, check, said = refused(copes="3")
    assert (at, check) == ("/copes", "additionalProperties")
    assert "¿quiso decir «copies»?" in said


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
NAMES = st.sampled_from([*FORM.fields, "unknown", ""])


@given(st.dictionaries(NAMES, ANYTHING | st.text("0123456789/-. ,$")))
def test_reading_never_raises_and_loses_nothing_in_silence(typed: dict[str, Any]) -> None:
    before = {name: repr(given) for name, given in typed.items()}
    parsed = forms.parse(FORM, typed)
    told = {problem.at.split("/")[1] for problem in parsed.problems}
    for name, answer in typed.items():
        assert name in parsed.values or name in told or _blank(answer)
    assert {name: repr(given) for name, given in typed.items()} == before
    settled = forms.settle(FORM, parsed.values, lambda values: lambda text: False)
    forms.judge(FORM, settled, unread=parsed.problems)


def _blank(answer: Any) -> bool:
    if isinstance(answer, str):
        return not answer.strip()
    if isinstance(answer, dict):
        return all(_blank(part) for part in answer.values())
    if isinstance(answer, list):
        return all(_blank(part) for part in answer)
    return answer is None


@given(st.dates(date(1, 1, 1)))
def test_every_day_survives_being_shown_and_read_again(day: date) -> None:
    field = FORM.fields["day"]
    assert read(day=forms.as_typed(field, day.isoformat())) == {"day": day.isoformat()}


@given(st.integers(-(10**20), 10**20))
def test_every_amount_survives_being_shown_and_read_again(amount: int) -> None:
    shown = forms.in_words(FORM.fields["income"], amount, "es").replace("$ -", "-")
    assert read(income=shown) == {"income": amount}
