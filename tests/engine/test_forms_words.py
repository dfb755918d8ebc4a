"""What a form says of a wrong answer when its author wrote no words, and what of a wrong form."""

from __future__ import annotations

from typing import Any

import pytest

from ruta.engine import forms
from ruta.engine.forms import Format

TEXT = {"type": "string"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "deed": {"type": "string", "x-ui": {"evidence": {"kind": "deed"}}},
        "agrees": {"const": True},
        "kind": {"enum": ["a", "b"], "x-ui": {"options": {"a": {"es": "Una", "en": "One"}}}},
        "level": {"enum": [1, 2, 3, 4, 5, 6, 7, 8]},
        "name": {"type": "string", "minLength": 1},
        "mail": {"type": "string", "format": "email"},
        "host": {"type": "string", "format": "hostname", "x-ui": {"hint": {"es": "Sin https.", "en": "Without https."}}},
        "rate": {"type": "number", "multipleOf": 0.25},
        "share": {"type": "number", "maximum": 2000.0},
        "mother": {
            "type": "object",
            "required": ["number"],
            "properties": {"number": {"type": "string", "format": "digits"}, "office": TEXT},
        },
        "codes": {
            "type": "array",
            "uniqueItems": True,
            "items": {"type": "string", "maxLength": 3},
            "x-ui": {"list": "offices", "say": {"maxLength": {"es": "Tres letras.", "en": "Three letters."}}},
        },
        "children": {"type": "array", "items": {"type": "object", "properties": {"number": TEXT, "born": TEXT}}},
    },
    "dependentRequired": {"mail": ["name"]},
    "minProperties": 2,
}  # fmt: skip
DIGITS = Format(
    lambda text, kind: None if text.isdigit() else {"es": "solo lleva dígitos.", "en": "digits only."},
    str.strip,
)


def loaded(**change: Any) -> forms.Form:
    schema = {**SCHEMA, **change}
    page = {"id": "p", "title": {"es": "P"}, "fields": list(schema["properties"])}
    return forms.load({"x-ui": {"pages": [page]}, **schema}, formats={"digits": DIGITS})


FORM = loaded()


def told(required: str = "", /, **values: Any) -> list[tuple[str, str, str, str]]:
    """(place, check, Spanish, English) of what is wrong with these values."""
    form = loaded(required=[required]) if required else FORM
    settled = forms.settle(form, values, lambda values: lambda text: None)
    found = forms.judge(
        form,
        settled,
        code_fault=lambda name, code: (
            {"es": f"{code} no está.", "en": f"{code} is not there."} if code.isdigit() else None
        ),
    )
    return [(problem.at, problem.check, problem.say["es"], problem.say["en"]) for problem in found]


@pytest.mark.parametrize(
    ("name", "spanish", "english"),
    [
        ("deed", "Falta el archivo. Adjúntelo para continuar.", "The file is missing. Attach it to go on."),
        ("agrees", "Marque la casilla para continuar.", "Tick the box to go on."),
        ("kind", "Falta la respuesta. Elija una opción.", "The answer is missing. Pick an option."),
        (
            "name",
            "Falta la respuesta. Escríbala para continuar.",
            "The answer is missing. Write it to go on.",
        ),
    ],
)
def test_what_is_missing_is_asked_for_as_its_control_is_used(name: str, spanish: str, english: str) -> None:
    assert told(name, rate=1, share=1) == [(f"/{name}", "required", spanish, english)]


@pytest.mark.parametrize(
    ("name", "value", "at", "check", "spanish"),
    [
        ("agrees", False, "/agrees", "const", "No es una de las opciones. Elija una: Sí, No."),
        ("kind", "c", "/kind", "enum", "No es una de las opciones. Elija una: Una, b."),
        ("name", 5, "/name", "type", "Escríbalo como texto."),
        ("host", "-", "/host", "format", "No tiene la forma esperada. Sin https."),
        ("rate", 0.3, "/rate", "multipleOf", "Debe ser un múltiplo de 0,25."),
        ("share", 3000, "/share", "maximum", "Es más de lo permitido. El máximo es 2.000."),
        ("mother", {}, "/mother/number", "required", "Falta la respuesta. Escríbala para continuar."),
        ("mother", {"number": "1a"}, "/mother/number", "format", "Solo lleva dígitos."),
        ("mother", "Ana", "/mother", "type", "No tiene la forma esperada. Revise lo que escribió."),
        ("codes", ["A", "A"], "/codes", "uniqueItems", "Hay una respuesta repetida. Quítela."),
        ("codes", ["ABCD"], "/codes/0", "maxLength", "Tres letras."),
    ],
)  # fmt: skip
def test_each_keyword_says_the_fault_and_the_cure(
    name: str, value: Any, at: str, check: str, spanish: str
) -> None:
    found = told(**{"share": 1, "rate": 1, name: value})
    [(place, keyword, said, english)] = found
    assert (place, keyword) == (at, check)
    assert said and english and said != english
    assert said == spanish


def test_a_rule_over_the_whole_form_has_no_place_unless_it_names_one() -> None:
    assert [(at, check) for at, check, _, _ in told(rate=1)] == [("", "minProperties")]
    assert [(at, check) for at, check, _, _ in told(mail="a@b.co", rate=1)] == [("/name", "required")]


def test_each_item_of_a_list_is_held_to_the_list_of_codes() -> None:
    assert [(at, check, es) for at, check, es, _ in told(codes=["11", "22"], rate=1)] == [
        ("/codes/0", "list", "11 no está."),
        ("/codes/1", "list", "22 no está."),
    ]


def test_a_problem_of_the_whole_has_no_label_before_it() -> None:
    settled = forms.settle(FORM, {"rate": 1}, lambda values: lambda text: None)
    [problem] = forms.judge(FORM, settled)
    assert forms.with_label(FORM, problem) == problem.say


def test_words_of_a_check_stand_as_written_where_nobody_fills_them_in() -> None:
    say = {"es": "Hay {{ form.rate }}.", "en": "There is {{ form.rate }}."}
    form = loaded(**{"x-checks": [{"id": "c", "wrong_when": "true", "say": say}]})
    settled = forms.settle(form, {"rate": 1, "share": 1}, lambda values: lambda text: text == "true")
    assert [problem.say for problem in forms.judge(form, settled)] == [say]


@pytest.mark.parametrize(
    ("change", "at", "cure"),
    [
        ({"required": ["nmae"]}, "/required", "name"),
        ({"properties": {"a": {"type": "string", "x-ui": {"widget": "radios"}}}}, "/properties/a/x-ui/widget", "radio"),
        ({"properties": {"a": {"type": "string", "format": "digts"}}}, "/properties/a/format", "digits"),
        (
            {"properties": {"a": {"type": "object", "properties": {"b": {"type": "string", "x-ui": {"when": "true"}}}}}},
            "/properties/a/properties/b",
            "primer nivel",
        ),
        (
            {"properties": {"a": {"type": "array", "items": {"type": "object", "properties": {"b": {"type": "array"}}}}}},
            "/properties/a/items/properties/b",
            "primer nivel",
        ),
        (
            {"x-ui": {"pages": [{"id": "p", "fields": list(SCHEMA["properties"])}, {"id": "p"}]}},
            "/x-ui/pages/1/id",
            "propio",
        ),
        (
            {"x-ui": {"pages": [{"id": "p", "fields": [*SCHEMA["properties"], "name"]}]}},
            "/x-ui/pages/0/fields",
            "déjelo en una",
        ),
        ({"x-ui": {"pages": []}}, "/properties/name", "x-ui.pages"),
        ({"x-checks": [{"id": "x", "say": {"es": "a"}}]}, "/x-checks/0", "wrong_when"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_used_names_the_place_and_the_cure(
    change: dict[str, Any], at: str, cure: str
) -> None:
    with pytest.raises(forms.FormError) as refused:
        loaded(**change)
    assert [cure in say["es"] for place, say in refused.value.problems if place == at] == [True]


def test_a_page_is_found_by_its_id_and_by_a_field_of_it() -> None:
    page = FORM.page("p")
    assert page is not None and page == FORM.page_of("name")
    assert FORM.page("q") is None and FORM.page_of("nobody") is None
    answers = {"share": 1, "name": "Ana", "of another form": 1}
    assert [field.name for field in FORM.answered(answers)] == ["name", "share"]


def test_one_property_of_any_schema_is_shown_as_a_field_with_what_it_refers_to() -> None:
    schema = {
        "properties": {"born": {"$ref": "#/$defs/day", "x-ui": {"label": {"es": "Nació", "en": "Born"}}}},
        "$defs": {"day": {"type": "string", "format": "date"}},
    }
    field = forms.field_of("born", schema)
    assert (field.kind, field.label["es"]) == ("date", "Nació")
    assert forms.in_words(field, "2026-03-02", "es") == "2 de marzo de 2026"
    assert forms.field_of("nobody", schema).label == {"es": "Nobody", "en": "Nobody"}


def test_what_a_schema_refers_to_is_held_to_its_format_too() -> None:
    schema = {
        "properties": {"owner": {"$ref": "#/$defs/a~1person"}, "since": {"type": "string"}},
        "$defs": {"a/person": {"properties": {"number": {"type": "string", "format": "digits"}}}},
    }
    value = {"owner": {"number": "1a", "not described": "x"}, "since": "x", "more": "y"}
    found = [*forms.misfits(schema, value, formats={"digits": DIGITS})]
    assert [(misfit.path, misfit.keyword) for misfit in found] == [(("owner", "number"), "format")]
    assert not [*forms.misfits(schema, {"owner": {"number": "12"}}, formats={"digits": DIGITS})]


def test_rows_and_odd_values_are_told_back_as_they_are() -> None:
    children, codes = FORM.fields["children"], FORM.fields["codes"]
    rows = [{"number": "1", "born": None}, {"number": "2"}]
    assert forms.in_words(children, rows, "es") == "Number: 1\nNumber: 2"
    assert forms.as_typed(children, rows) == rows
    assert forms.as_typed(codes, ["1", "2"]) == ["1", "2"]
    assert forms.as_typed(codes, "1") == ["1"]
    assert forms.feel_value(children, rows) == [{"number": "1", "born": None}, {"number": "2", "born": None}]
    assert forms.parse(loaded(properties={"n": {"type": "integer"}}), {"n": 3.0}).values == {"n": 3}
