"""Texts with expressions in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.engine.feel_world import WORLD

from ruta.engine import feel

CASE = feel.to_feel(
    {"case": {"number": "2026-CRB-000123-7", "filed_on": date(2026, 11, 24)}, "charge": {"paid": 8850}}
)


def test_a_message_is_written_in_the_reader_s_language() -> None:
    template = feel.Template("{{ case.number }}, {{ long date(case.filed_on) }}: {{ money(charge.paid) }}")
    assert template.render(CASE, WORLD) == "2026-CRB-000123-7, 24 de noviembre de 2026: $ 8.850"
    assert template.render(CASE, replace(WORLD, lang="en")) == "2026-CRB-000123-7, 24 November 2026: $ 8.850"


def test_null_is_written_as_nothing_and_braces_in_texts_are_kept() -> None:
    assert (
        feel.Template('[{{ nothing }}] {{ "}}" }} {{ {a: "{"}.a }} {single}').render({}, WORLD)
        == "[] }} { {single}"
    )


def test_the_names_that_a_text_reads_are_known() -> None:
    assert feel.Template("{{ a.b }} and {{ long date(c) }}").names == {"a", "c"}


def test_what_is_filled_in_is_not_read_again_as_a_template() -> None:
    assert (
        feel.Template("{{ name }}").render({"name": "{{ secret }}", "secret": "x"}, WORLD) == "{{ secret }}"
    )


def test_what_is_missing_can_be_written_as_a_blank_that_names_it() -> None:
    template = feel.Template("{{ who }} says «{{ what.said }}», {{ n }}", null="[[{}]]")
    assert template.render({"who": "Ana", "n": 0}, WORLD) == "Ana says «[[what.said]]», 0"
    assert template.render({"who": "", "what": {"said": "yes"}, "n": 1}, WORLD) == "[[who]] says «yes», 1"
