"""What every page does: errors with a way out, languages, appearance, health."""

import json
import re

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpResponse
from django.test import Client

SOMEWHERE = "/borradores/00000000-0000-7000-8000-000000000000/entry/"


@pytest.fixture
def database_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL does not answer."""

    def refuse(_: BaseDatabaseWrapper) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", refuse)


def post_with_session(client: Client, values: dict[str, object]) -> HttpResponse:
    client.cookies["sessionid"] = "a" * 32
    answer = client.post(SOMEWHERE, values)
    assert isinstance(answer, HttpResponse)
    return answer


def test_with_the_database_down_what_was_posted_comes_back_in_a_form(database_down: None) -> None:
    answer = post_with_session(Client(raise_request_exception=False), {"nuip": "10.20", "kind": ["a", "b"]})
    html = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Retry-After"] == "30"
    assert f'action="{SOMEWHERE}"' in html
    assert re.findall(r'name="(nuip|kind)" value="([^"]*)"', html) == [
        ("nuip", "10.20"),
        ("kind", "a"),
        ("kind", "b"),
    ]


def test_the_503_page_carries_a_fresh_token_and_no_secret(database_down: None) -> None:
    answer = post_with_session(
        Client(raise_request_exception=False),
        {"password": "hunter2", "csrfmiddlewaretoken": "old", "name": "Ana"},
    )
    html = answer.content.decode()
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="([^"]*)"', html)
    assert "hunter2" not in html
    assert len(tokens) == 1 and len(tokens[0]) == 64


def test_what_was_typed_comes_back_as_text_and_not_as_html(database_down: None) -> None:
    answer = post_with_session(Client(raise_request_exception=False), {"name": '"><script>alert(1)</script>'})
    assert "<script>alert" not in answer.content.decode()


def test_the_503_page_speaks_the_visitors_language(database_down: None) -> None:
    client = Client(raise_request_exception=False)
    client.cookies["django_language"] = "en"
    assert 'lang="en"' in post_with_session(client, {"a": "b"}).content.decode()


def test_a_page_that_was_open_too_long_gives_back_what_was_posted() -> None:
    answer = Client(enforce_csrf_checks=True).post("/cuenta/", {"lang": "en"})
    assert answer.status_code == 403
    assert 'name="lang" value="en"' in answer.content.decode()


@pytest.mark.django_db
def test_an_unknown_address_offers_the_search_and_the_way_home() -> None:
    answer = Client().get("/no-existe/")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert 'role="search"' in html and 'href="/"' in html


@pytest.mark.django_db
def test_an_unknown_service_is_told_in_words() -> None:
    answer = Client().get("/tramites/no-existe/")
    assert answer.status_code == 404
    assert "no-existe" in answer.content.decode()


def test_the_process_says_that_it_lives_without_asking_the_database(database_down: None) -> None:
    assert Client().get("/healthz").status_code == 200


@pytest.mark.django_db
def test_the_process_says_that_it_is_ready() -> None:
    answer = Client().get("/readyz")
    assert json.loads(answer.content) == {"ready": True, "database": True, "migrations": True, "assets": True}


def test_without_database_the_process_says_that_it_is_not_ready(database_down: None) -> None:
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert json.loads(answer.content)["database"] is False


@pytest.mark.django_db
def test_the_switch_of_language_comes_back_to_the_page() -> None:
    client = Client()
    assert "¿Qué necesita del Estado hoy?" in client.get("/").content.decode()
    answer = client.get("/idioma/en/?next=/tramites/")
    assert answer["Location"] == "/tramites/"
    html = client.get("/").content.decode()
    assert '<html lang="en"' in html and "What do you need from the State today?" in html


def test_nobody_is_sent_to_another_site_by_a_preference() -> None:
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert Client().get("/idioma/en/", {"next": elsewhere})["Location"] == "/"


@pytest.mark.django_db
def test_the_chosen_appearance_is_kept() -> None:
    client = Client()
    client.get("/apariencia/dark/")
    assert 'data-color-scheme="dark"' in client.get("/").content.decode()


def test_every_answer_forbids_scripts_and_styles_of_elsewhere_and_inline_ones() -> None:
    policy = Client().get("/healthz")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy
