"""Answers told back: as a person reads them, as a person would have typed them, and as expressions see them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ruta.engine import forms

SCHEMA: dict[str, Any] = {
    "title": "Prueba",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "day": {"type": "string", "format": "date", "default": "2026-03-02"},
        "agree": {"type": "boolean", "default": False},
        "rate": {"type": "number", "default": 1.5},
        "fee": {"type": "integer", "x-ui": {"widget": "money"}},
        "copies": {"type": "integer", "default": 2},
        "kind": {
            "enum": ["a", "b"],
            "x-ui": {"options": {"a": {"es": "Primera", "en": "First"}, "b": {"es": "Segunda"}}},
        },
        "office": {"type": "string", "x-ui": {"list": "offices"}},
        "days": {"type": "array", "items": {"type": "string", "format": "date"}},
        "place": {
            "type": "object",
            "properties": {
                "street": {"type": "string", "x-ui": {"label": {"es": "Calle", "en": "Street"}}},
                "since": {"type": "string", "format": "date", "x-ui": {"label": {"es": "Desde"}}},
            },
        },
    },
}


@pytest.fixture(scope="module")
def form() -> forms.Form:
    page = {"id": "p", "title": {"es": "P"}, "fields": list(SCHEMA["properties"])}
    return forms.load({**SCHEMA, "x-ui": {"pages": [page]}})


@pytest.mark.parametrize(
    ("name", "value", "spanish", "english"),
    [
        ("day", "2026-03-02", "2 de marzo de 2026", "2 March 2026"),
        ("day", date(2026, 3, 2), "2 de marzo de 2026", "2 March 2026"),
        ("day", "soon", "soon", "soon"),
        ("rate", 1.5, "1,5", "1,5"),
        ("fee", 18750, "$ 18.750", "$ 18.750"),
        ("copies", 1200, "1.200", "1.200"),
        ("kind", "a", "Primera", "First"),
        ("kind", "b", "Segunda", "Segunda"),
        ("kind", "c", "c", "c"),
        ("office", "11001", "Bogotá", "Bogotá"),
        ("days", ["2026-03-02", "2026-03-03"], "2 de marzo de 2026\n3 de marzo de 2026", "2 March 2026\n3 March 2026"),
        ("place", {"street": "Calle 1", "since": "2026-03-02"}, "Calle: Calle 1, Desde: 2 de marzo de 2026",
         "Street: Calle 1, Desde: 2 March 2026"),
        ("copies", None, "", ""),
        ("office", "", "", ""),
    ],
)  # fmt: skip
def test_an_answer_is_told_in_words(
    form: forms.Form, name: str, value: Any, spanish: str, english: str
) -> None:
    def title(list_: str, code: str) -> str:
        return {"11001": "Bogotá"}.get(code, "") if list_ == "offices" else ""

    told = [forms.in_words(form.fields[name], value, lang, title) for lang in ("es", "en")]
    assert told == [spanish, english]


def test_what_a_form_answers_by_itself_is_told_as_typed(form: forms.Form) -> None:
    assert forms.defaults(form) == {"day": "2/3/2026", "agree": "false", "rate": "1,5", "copies": "2"}


def test_expressions_see_dates_as_dates_and_every_name(form: forms.Form) -> None:
    seen = forms.as_feel(
        form, {"day": "2026-03-02", "days": ["2026-03-03", "x"], "place": {"since": "2026-03-04"}}
    )
    assert seen["day"] == date(2026, 3, 2)
    assert seen["days"] == [date(2026, 3, 3), None]
    assert seen["place"] == {"street": None, "since": date(2026, 3, 4)}
    assert seen["agree"] is None and set(seen) == set(form.fields)
