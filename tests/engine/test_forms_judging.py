"""What is shown, what is kept and what is wrong; the same for a page, a call and a scenario."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruta.engine import feel, forms

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
SCHEMA: dict[str, Any] = {
    "title": "Prueba",
    "type": "object",
    "additionalProperties": False,
    "required": ["by", "day"],
    "properties": {
        "by": {"enum": ["number", "names"], "default": "number"},
        "number": {
            "type": "string",
            "pattern": "^[0-9]+$",
            "x-ui": {
                "label": {"es": "Número", "en": "Number"},
                "when": 'form.by = "number"',
                "required": True,
                "say": {"pattern": {"es": "Solo lleva dígitos.", "en": "Digits only."}},
            },
        },
        "names": {"type": "string", "minLength": 2, "x-ui": {"when": 'form.by = "names"', "required": True}},
        "office": {"type": "string", "x-ui": {"list": "offices", "when": "form.names != null"}},
        "day": {
            "type": "string",
            "format": "date",
            "x-ui": {"label": {"es": "¿Qué día?", "en": "Which day?"}},
        },
        "copies": {"type": "integer", "maximum": 1000},
    },
    "x-ui": {
        "pages": [
            {
                "id": "entry",
                "title": {"es": "A", "en": "A"},
                "fields": ["by", "number", "names", "office", "day"],
            },
            {"id": "rest", "title": {"es": "B", "en": "B"}, "fields": ["copies"], "when": "form.day != null"},
        ]
    },
    "x-checks": [
        {
            "id": "in-future",
            "at": "/day",
            "wrong_when": "form.day > today",
            "say": {"es": "El {{ string(form.day) }} está en el futuro.", "en": "It is in the future."},
            "law": "L1",
        },
        {
            "id": "unknown",
            "at": "/number",
            "wrong_when": 'found.entry.status = "absent"',
            "say": {"es": "No hay {{ form.number }}.", "en": "There is no {{ form.number }}."},
        },
    ],
}
FORM = forms.load(SCHEMA)


class World:
    """FEEL bound to answers, as a draft binds it."""

    def __init__(self, status: str = "found") -> None:
        self.status = status

    def env(self, values: Mapping[str, Any]) -> dict[str, Any]:
        found = {"entry": {"status": self.status}}
        names = {"form": forms.as_feel(FORM, values), "found": found, "today": NOW.date()}
        return {name: feel.to_feel(value) for name, value in names.items()}

    def bind(self, values: Mapping[str, Any]) -> forms.Evaluate:
        env = self.env(values)
        return lambda text: feel.compile(text, names=tuple(env))(env, feel.Context(now=NOW))


def problems(
    typed: Mapping[str, Any], *, status: str = "found", pages: set[str] | None = None
) -> list[tuple[str, str, str]]:
    world = World(status)
    parsed = forms.parse(FORM, typed)
    settled = forms.settle(FORM, parsed.values, world.bind)
    env = world.env(settled.values)
    judged = forms.judge(
        FORM,
        settled,
        pages=pages,
        unread=parsed.problems,
        render=lambda text, lang: feel.Template(text).render(env, feel.Context(now=NOW, lang=lang)),
        code_fault=lambda name, code: (
            None if code == "1501" else {"es": "no está.", "en": "it is not there."}
        ),
    )
    return [(problem.at, problem.check, problem.say["es"]) for problem in judged]


GOOD = {"by": "number", "number": "1020304050", "day": "27/3/1998"}


def test_right_answers_have_no_problems() -> None:
    assert problems(GOOD) == []


def test_a_missing_answer_is_told_at_the_field_and_not_at_its_parent() -> None:
    assert [(at, check) for at, check, _ in problems({"by": "number"})] == [
        ("/number", "required"),
        ("/day", "required"),
    ]


def test_the_forms_own_words_go_before_ours_CR_B08() -> None:
    assert problems(GOOD | {"number": "10A2345678"}) == [("/number", "pattern", "Solo lleva dígitos.")]


def test_a_day_that_does_not_exist_is_one_problem_and_not_also_a_missing_answer_CR_B02() -> None:
    [(at, check, say)] = problems(GOOD | {"day": "31/02/2026"}, status="absent")
    assert (at, check) == ("/day", "format")
    assert say.startswith("Febrero de 2026 tiene 28 días")


def test_a_day_in_the_future_is_told_with_the_value_in_the_words_CR_B01() -> None:
    assert problems(GOOD | {"day": "3/3/2026"}) == [("/day", "in-future", "El 2026-03-03 está en el futuro.")]


def test_a_look_up_that_found_nothing_is_told_only_when_the_answers_are_right_CR_B08() -> None:
    assert problems(GOOD, status="absent") == [("/number", "unknown", "No hay 1020304050.")]
    assert [check for _, check, _ in problems(GOOD | {"number": "1A"}, status="absent")] == ["pattern"]


def test_a_hidden_field_is_neither_required_nor_kept() -> None:
    parsed = forms.parse(FORM, GOOD | {"names": "Ana", "office": "1501"})
    settled = forms.settle(FORM, parsed.values, World().bind)
    assert set(settled.values) == {"by", "number", "day"}
    assert settled.shown == {"by", "number", "day", "copies"}


def test_only_the_pages_asked_are_judged() -> None:
    assert problems({"copies": "2000"}, pages={"rest"}) == []  # the page itself is hidden without a day
    typed = {"day": "1/1/1990", "copies": "2000"}
    assert problems(typed, pages={"rest"}) == [
        ("/copies", "maximum", "Es más de lo permitido. El máximo es 1.000.")
    ]


def test_a_code_outside_its_list_is_told() -> None:
    typed = {"by": "names", "names": "Ana", "day": "1/1/1990", "office": "9999"}
    assert [(at, check) for at, check, _ in problems(typed)] == [("/office", "list")]
    assert problems(typed | {"office": "1501"}) == []


def test_a_summary_names_the_field() -> None:
    parsed = forms.parse(FORM, GOOD | {"day": "31/02/2026"})
    settled = forms.settle(FORM, parsed.values, lambda values: lambda text: False)
    [problem] = forms.judge(FORM, settled, unread=parsed.problems, pages={"entry"})
    said = forms.with_label(FORM, problem)
    assert said["es"].startswith("¿Qué día? Febrero de 2026")
    assert said["en"].startswith("Which day? February 2026")


@pytest.mark.parametrize(
    ("change", "at", "cure"),
    [
        ({"x-ui": {"pages": [{"id": "p", "fields": ["numbr"]}]}}, "/x-ui/pages/0/fields", "number"),
        (
            {"properties": {"a": {"type": "string", "x-ui": {"wen": "true"}}}},
            "/properties/a/x-ui/wen",
            "when",
        ),
        (
            {"x-checks": [{"id": "x", "at": "/dey", "wrong_when": "true", "say": {"es": "", "en": ""}}]},
            "/x-checks/0",
            "",
        ),
        (
            {"x-checks": [{"id": "x", "at": "/dey", "wrong_when": "true", "say": {"es": "a"}}]},
            "/x-checks/0/at",
            "day",
        ),
        ({"properties": {"a": {"x-ui": {}}}}, "/properties/a", "type"),
        ({"properties": {"a": {"type": "string", "pattern": "(?=a)b"}}}, "", "JSON"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_place_and_cure(
    change: dict[str, Any], at: str, cure: str
) -> None:
    with pytest.raises(forms.FormError) as refused:
        forms.load(SCHEMA | change)
    assert any(place.startswith(at) and cure in say["es"] for place, say in refused.value.problems)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "by": st.sampled_from(["number", "names", "x"]),
            "number": st.text("0123456789A", max_size=4),
            "names": st.text(max_size=4),
            "office": st.text(max_size=4),
            "day": st.sampled_from(["1/1/1990", "31/2/1990", ""]),
            "copies": st.text("0123456789", max_size=5),
        },
    )
)
def test_what_is_hidden_is_never_kept_and_never_judged(typed: dict[str, str]) -> None:
    world = World()
    parsed = forms.parse(FORM, typed)
    settled = forms.settle(FORM, parsed.values, world.bind)
    assert set(settled.values) <= settled.shown
    assert settled.shown == forms.shown(FORM, world.bind(settled.values))
    judged = forms.judge(FORM, settled, unread=parsed.problems)
    assert {problem.at.split("/")[1] for problem in judged} <= settled.shown
