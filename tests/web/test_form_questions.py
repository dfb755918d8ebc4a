"""What a page asks and what it reads back are the same answers, for every kind of field."""

from typing import Any
from unittest import mock

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from ruta.engine import forms
from ruta.web.forms.posted import read_posted
from ruta.web.forms.questions import Asking, controls, questions

FORM = forms.load(
    {
        "title": "Prueba",
        "type": "object",
        "properties": {
            "day": {
                "type": "string",
                "format": "date",
                "x-ui": {"hint": {"es": "Ejemplo: 27/3/1998", "en": "Example: 27/3/1998"}},
            },
            "income": {"type": "integer", "x-ui": {"widget": "money"}},
            "agrees": {"type": "boolean"},
            "how": {"type": "array", "items": {"enum": ["mail", "sms"]}},
            "numbers": {"type": "array", "items": {"type": "string"}, "maxItems": 5},
            "mother": {
                "type": "object",
                "properties": {"number": {"type": "string"}, "born": {"type": "string", "format": "date"}},
            },
            "children": {
                "type": "array",
                "maxItems": 3,
                "items": {
                    "type": "object",
                    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
                },
            },
            "city": {"type": "string", "x-ui": {"when": "form.agrees = true and form.income > 3"}},
        },
        "x-ui": {
            "pages": [
                {
                    "id": "all",
                    "title": {"es": "Todo", "en": "All"},
                    "fields": ["day", "income", "agrees", "how", "numbers", "mother", "children", "city"],
                }
            ]
        },
    }
)
PAGE = FORM.pages[0]


def drawn(typed: dict[str, Any], problems: tuple[Any, ...] = ()) -> str:
    service = mock.Mock()
    asked = questions(Asking(service, service, FORM, typed, {}, problems), PAGE, set(PAGE.fields))
    return "".join(render_to_string(each.template, {"question": each, "field": each.part}) for each in asked)


def inputs(html: str) -> QueryDict:
    """What a browser would post of the inputs drawn."""
    from lxml import html as parser

    posted = QueryDict(mutable=True)
    tree = parser.fromstring(f"<form>{html}</form>")
    for element in tree.iter("input", "textarea", "select"):
        kind = element.get("type", "text")
        if kind in ("radio", "checkbox") and element.get("checked") is None:
            continue
        value = element.text or "" if element.tag == "textarea" else element.get("value", "")
        posted.appendlist(element.get("name"), value)
    for name in PAGE.fields:
        posted.appendlist("asked", name)
    return posted


TYPED: dict[str, Any] = {
    "day": "31/02/2026",
    "income": "$ 1.234.567",
    "agrees": "false",
    "how": ["sms"],
    "numbers": "AB-1\nCD-2",
    "mother": {"number": "52148963", "born": "1/2/1970"},
    "children": [{"name": "Ana", "age": "3"}, {"name": "Luis", "age": "diez"}],
    "city": "Tunja",
}


def test_every_kind_of_answer_comes_back_as_it_was_typed() -> None:
    again = read_posted(FORM, PAGE, inputs(drawn(TYPED)))
    last = again["children"].pop()
    assert last == {"name": "", "age": ""}  # one empty row more to fill
    assert again == TYPED


def test_what_is_asked_and_left_empty_is_an_empty_answer() -> None:
    again = read_posted(FORM, PAGE, inputs(drawn({})))
    assert again["agrees"] == "" and again["how"] == [] and again["day"] == ""
    assert forms.parse(FORM, again).values == {}


@pytest.mark.parametrize("day", ["31/2/2026", "1998-03-27", "27 marzo 1998", "mañana", "//1998"])
def test_a_day_is_shown_as_it_was_typed_whatever_it_is(day: str) -> None:
    again = read_posted(FORM, PAGE, inputs(drawn({"day": day})))
    assert forms.parse(FORM, {"day": again["day"]}) == forms.parse(FORM, {"day": day})


def test_the_example_of_a_day_is_told_as_the_boxes_take_it() -> None:
    assert "Ejemplo: 27 3 1998" in drawn({})
    assert "27/3/1998" not in drawn({})


def test_a_fault_inside_a_group_is_told_at_the_group() -> None:
    unread = forms.parse(FORM, {"mother": {"born": "31/2/1970"}}).problems
    assert "Febrero de 1970 tiene 28 días" in drawn({"mother": {"born": "31/2/1970"}}, unread)


def test_the_answers_that_others_depend_on_are_known() -> None:
    assert controls(FORM, PAGE) == ["income", "agrees"]
