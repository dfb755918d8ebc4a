"""Accounts in a real browser: with a keyboard, on a phone, at fault, in both languages and appearances."""

import re
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from playwright.sync_api import Browser, Page
from tests.web import screens
from tests.web.axe import assert_accessible

from ruta.identity import proofing, services

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

PASSWORD = "una frase larga y propia"
FACTS = {
    "given_names": "María Fernanda",
    "first_surname": "Rojas",
    "second_surname": "Pérez",
    "birth_date": "1998-03-27",
    "issue_date": "2016-06-05",
    "place": "Tunja",
    "born": "Sogamoso",
    "votes": "Duitama",
    "mother": "Lucía",
}
ASKED: list[dict[str, Any]] = [
    {
        "field": field,
        "label": {"es": spanish, "en": english},
        "decoys": [f"{word} {field}" for word in ("Santa", "San", "Puerto", "Villa")],
    }
    for field, spanish, english in (
        (
            "place",
            "¿En qué municipio se expidió su documento?",
            "In which municipality was your document issued?",
        ),
        ("born", "¿En qué municipio nació?", "In which municipality were you born?"),
        ("votes", "¿En qué municipio vota?", "In which municipality do you vote?"),
        ("mother", "¿Cómo se llama su madre?", "What are your mother's given names?"),
    )
]


@pytest.fixture(autouse=True)
def _fresh(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    register = proofing.Source("persons", lambda kind, number: FACTS, lambda: ASKED)
    monkeypatch.setattr(proofing, "_source", [register])


def a_look(page: Page, name: str) -> None:
    screens.picture(page, name)
    assert_accessible(page)


@pytest.mark.parametrize(
    ("width", "lang", "appearance"),
    [
        (360, "es", "light"),
        pytest.param(1280, "es", "light", marks=pytest.mark.slow),
        pytest.param(360, "en", "dark", marks=pytest.mark.slow),
    ],
)
def test_somebody_makes_an_account_confirms_it_and_proves_who_she_is(
    browser: Browser, live_server: Any, width: int, lang: str, appearance: str
) -> None:
    shot = f"account-{width}-{lang}"
    with screens.a_page(
        browser, width=width, lang=lang, appearance=appearance, base_url=live_server.url
    ) as page:
        page.goto("/cuenta/identidad/")
        assert "/cuenta/entrar/?next=" in page.url
        a_look(page, f"{shot}-sign-in")
        page.click("main a.ds-button")
        page.fill("#id_email", "ana")
        page.fill("#id_password1", "liverpool1")
        page.click("main button[type=submit]")
        a_look(page, f"{shot}-sign-up-fault")
        assert page.input_value("#id_email") == "ana"
        page.fill("#id_email", "ana@ejemplo.co")
        page.fill("#id_password1", PASSWORD)
        page.click("main button[type=submit]")
        a_look(page, f"{shot}-code")
        found = re.search(r"^([A-Z0-9-]{6,12})$", mail.outbox[-1].body, re.MULTILINE)
        assert found
        page.fill("#id_code", found[1])
        page.click("main button[type=submit]")
        page.goto("/cuenta/identidad/?siguiente=/cuenta/")
        page.fill("#id_document_number", "52.148.96A")
        page.fill("#id_birth_date", "31/02/1998")
        page.click("main button[type=submit]")
        a_look(page, f"{shot}-identity-fault")
        page.fill("#id_document_number", "1.020.304.050")
        page.fill("#id_given_names", "Maria Fernanda")
        page.fill("#id_first_surname", "Rojas")
        page.fill("#id_second_surname", "Perez")
        page.fill("#id_birth_date", "27/03/1998")
        page.fill("#id_issue_date", "05/06/2016")
        page.click("main button[type=submit]")
        page.check("#answer-0-0")
        page.click("main button[type=submit]")
        a_look(page, f"{shot}-questions-fault")
        for place in range(4):
            right = next(
                choice
                for choice in page.locator(f"input[name=answer-{place}]").all()
                if choice.get_attribute("value") in FACTS.values()
            )
            right.check()
        page.click("main button[type=submit]")
        assert page.url.endswith("/cuenta/")
        a_look(page, f"{shot}-done")


@pytest.mark.parametrize("width", [360, 320])
def test_a_long_address_in_the_header_never_widens_a_page(
    browser: Browser, live_server: Any, width: int
) -> None:
    from django.test import Client

    address = "una-direccion-de-correo-muy-larga-y-sin-cortes@un-dominio-tambien-muy-largo.ejemplo.co"
    client = Client()
    client.force_login(
        services.create_account(address, PASSWORD, verified=True),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    cookies = {"sessionid": client.cookies["sessionid"].value}
    with screens.a_page(browser, width=width, base_url=live_server.url, cookies=cookies) as page:
        for where in ("/", "/carpeta/", "/cuenta/clave/"):
            page.goto(where)
            assert page.locator(".who").count() == 1
            assert page.evaluate("document.documentElement.scrollWidth") <= width, where


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.slow)])
def test_the_other_pages_of_accounts_are_accessible(browser: Browser, live_server: Any, width: int) -> None:
    from django.test import Client

    account = services.create_account("ana@ejemplo.co", PASSWORD, verified=True)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    cookies = {"sessionid": client.cookies["sessionid"].value}
    with screens.a_page(browser, width=width, base_url=live_server.url) as page:
        for name, address in {
            "forgotten": "/cuenta/clave/olvido/",
            "closed": "/cuenta/cerrada/",
            "changed": "/cuenta/clave/olvido/lista/",
        }.items():
            page.goto(address)
            a_look(page, f"account-{width}-{name}")
    with screens.a_page(browser, width=width, base_url=live_server.url, cookies=cookies) as page:
        for name, address in {
            "sign-out": "/cuenta/salir/",
            "password": "/cuenta/clave/",
            "confirm": "/cuenta/confirmar/",
            "email": "/cuenta/correo/",
            "identity-high": "/cuenta/identidad/?nivel=high",
        }.items():
            page.goto(address)
            a_look(page, f"account-{width}-{name}")


def test_a_person_known_already_is_not_asked_again(browser: Browser, live_server: Any) -> None:
    from django.test import Client

    person = services.register_person(
        given_names="Ana",
        first_surname="Rojas",
        birth_date=date(1998, 3, 27),
        document_type="CC",
        document_number="1020304050",
        assurance="medium",
    )
    client = Client()
    account = services.create_account("ana@ejemplo.co", None, person=person, verified=True)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    cookies = {"sessionid": client.cookies["sessionid"].value}
    with screens.a_page(browser, base_url=live_server.url, cookies=cookies) as page:
        page.goto("/cuenta/identidad/?siguiente=/cuenta/")
        assert page.url.endswith("/cuenta/")
