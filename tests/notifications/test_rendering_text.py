"""Markdown becomes safe HTML and readable plain text."""

from hypothesis import given
from hypothesis import strategies as st

from ruta.notifications import rules

LETTER = """# Decisión

Hola, **Ana** & familia:

- uno
- [dos](https://ruta.example.co/2)
  1. dentro

1. primero
2. segundo

> cita
"""


def test_plain_text_keeps_lists_and_shows_links() -> None:
    assert rules.to_text(LETTER) == (
        "Decisión\n\nHola, Ana & familia:\n\n- uno\n- dos (https://ruta.example.co/2)\n  1. dentro\n\n"
        "1. primero\n2. segundo\n\ncita\n"
    )


def test_a_link_that_is_its_own_text_is_written_once() -> None:
    assert rules.to_text("<https://ruta.example.co>") == "https://ruta.example.co\n"


def test_html_has_structure_and_links_that_tell_nobody_where_one_came_from() -> None:
    html = rules.to_html(LETTER)
    assert "<h1>Decisión</h1>" in html
    assert '<a href="https://ruta.example.co/2" rel="noopener noreferrer">dos</a>' in html


@given(st.text(alphabet="<>/\"'=()[]!*_`abon:script javdt\n", max_size=120))
def test_no_text_becomes_a_script_an_image_or_a_handler(text: str) -> None:
    html = rules.to_html(text).lower()
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


def test_waiting_between_attempts_grows_to_half_a_day_and_ends() -> None:
    waits = [rules.next_attempt(attempt) for attempt in range(1, 8)]
    known = [wait for wait in waits if wait is not None]
    assert known == sorted(known)
    assert waits[-1] is None
    assert sum(wait.total_seconds() for wait in known) / 3600 < 18
