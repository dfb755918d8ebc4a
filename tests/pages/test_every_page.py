"""Every page, with data and in error, in a real browser: no violation that axe-core finds, and it works by keyboard."""

import re
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer
from tests.desk.desk_builders import MOTIVATION, page_of
from tests.pages.whole_country import Country, table
from tests.web import axe, screens

from ruta.cases import services
from ruta.cases.models import Case, Task

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[[str], Page]
ONCE = [("es", "light", 360)]  # each other combination in make test-all
OTHERS = [
    (lang, appearance, width)
    for lang in ("es", "en")
    for appearance in screens.APPEARANCES
    for width in screens.WIDTHS
    if (lang, appearance, width) not in ONCE
]


def browser_of(country: Country, who: str) -> Client:
    client = Client()
    if who != "nobody":
        client.force_login(country.accounts[who])
    return client


def session_of(country: Country, who: str) -> dict[str, str]:
    cookies = browser_of(country, who).cookies
    return {name: cookies[name].value for name in cookies if name == settings.SESSION_COOKIE_NAME}


def walk(
    country: Country, server: LiveServer, browser: Browser, lang: str, appearance: str, width: int
) -> None:
    """Look at every page that the URL table has, as whom it is for, and then at each that went wrong."""
    with ExitStack() as stack:

        def open_page(who: str) -> Page:
            cookies = session_of(country, who)
            return stack.enter_context(
                screens.a_page(
                    browser,
                    width=width,
                    appearance=appearance,
                    lang=lang,
                    cookies=cookies,
                    base_url=server.url,
                )
            )

        pages = {who: open_page(who) for who in ("nobody", "luis", "clara", "beatriz")}
        clients = {who: browser_of(country, who) for who in pages}
        looked_at = 0
        for address in table():
            who = {"official": "clara", "signed-in": "luis"}.get(address.rule or "", "nobody")
            path = country.path(address)
            if is_page(clients[who], path):
                pages[who].goto(path)
                axe.assert_accessible(pages[who])
                axe.assert_reflows(pages[who])
                looked_at += 1
        assert looked_at > 40
        for who, path in states(country):
            pages[who].goto(path)
            axe.assert_accessible(pages[who])
            axe.assert_reflows(pages[who])
        for fail in (a_refused_form, a_refused_decision, a_decision_that_met_a_change, a_refused_entry):
            page = fail(country, pages)
            axe.assert_accessible(page)
            axe.assert_reflows(page)


def is_page(client: Client, path: str) -> bool:
    """Whether a GET of the address answers with a whole page: no file, no fragment, no redirect."""
    answer = client.get(path)
    return answer.status_code == 200 and not answer.streaming and b"<!doctype html>" in answer.content[:200]


def states(country: Country) -> list[tuple[str, str]]:
    """Pages of the table in another state: empty, decided, unknown, forbidden."""
    return [
        *(("clara", f"/escritorio/?caja={box}") for box in ("mine", "today", "waiting", "done")),
        ("clara", "/escritorio/?caja=team&q=xyzzy&acto=copy"),
        ("clara", "/escritorio/buscar/?q=quiroga"),
        ("clara", "/escritorio/buscar/?q=xyzzy"),
        ("clara", page_of(country.decided)),
        ("clara", page_of(country.unpaid)),
        ("clara", page_of(country.sought)),
        ("clara", "/escritorio/expedientes/2026-CRB-999999-0/"),
        *(("beatriz", f"/escritorio/{path}") for path in ("equipo/", "?caja=office")),
        ("luis", "/escritorio/"),
        ("luis", f"/mis-tramites/{country.decided.number}/"),
        ("nobody", "/tramites/?q=xyzzy"),
        ("nobody", "/v/AAAA-AAAA-AAAA"),
        ("nobody", "/thread/AAAA-AAAA-AAAA"),
        ("nobody", "/no-existe/"),
        ("nobody", "/demo/?q=xyzzy"),
    ]


def a_refused_form(country: Country, pages: dict[str, Page]) -> Page:
    """A page of a form sent empty."""
    page = pages["luis"]
    page.goto(f"/borradores/{country.draft.pk}/entry/")
    page.locator("button[value=go-on]:not([hidden])").click()
    page.locator("#error-summary").wait_for()
    return page


def a_refused_decision(country: Country, pages: dict[str, Page]) -> Page:
    """A decision without choice and with too short a motivation."""
    task = Task.objects.get(case=country.weighed, status="open")
    if task.assignee_id is None:
        services.claim(task.id, actor=country.office.clara)
    page = pages["clara"]
    page.goto(page_of(country.weighed))
    page.locator("#f-motivation").fill("No procede.")
    page.locator("#tarea form").first.locator("button[type=submit]:not([formaction])").click()
    page.locator("#error-summary").wait_for()
    return page


def a_decision_that_met_a_change(country: Country, pages: dict[str, Page]) -> Page:
    """A decision written while the case changed."""
    page = pages["clara"]
    page.goto(page_of(country.weighed))
    country.weighed.refresh_from_db()
    Case.objects.filter(id=country.weighed.id).update(rev=country.weighed.rev + 1)
    page.locator("#f-outcome-0").check()
    page.locator("#f-motivation").fill(MOTIVATION)
    page.locator("#tarea form").first.locator("button[type=submit]:not([formaction])").click()
    page.locator("[role=alert]").first.wait_for()
    return page


def a_refused_entry(country: Country, pages: dict[str, Page]) -> Page:
    """What the books say, left empty."""
    page = pages["clara"]
    page.goto(page_of(country.sought))
    page.locator("#f-given_names").fill("")
    page.locator("#tarea form").first.locator("button[type=submit]:not([formaction])").click()
    page.locator("#error-summary").wait_for()
    return page


@pytest.mark.parametrize(("lang", "appearance", "width"), ONCE)
def test_every_page_is_accessible(
    country: Country, live_server: LiveServer, browser: Browser, lang: str, appearance: str, width: int
) -> None:
    walk(country, live_server, browser, lang, appearance, width)


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "appearance", "width"), OTHERS)
def test_every_page_is_accessible_in_every_combination(
    country: Country, live_server: LiveServer, browser: Browser, lang: str, appearance: str, width: int
) -> None:
    walk(country, live_server, browser, lang, appearance, width)


def test_an_official_goes_from_the_inbox_to_a_signed_decision_by_keyboard_alone(
    country: Country, live_server: LiveServer, browser: Browser
) -> None:
    with screens.a_page(browser, cookies=session_of(country, "clara"), base_url=live_server.url) as page:
        page.goto("/escritorio/?caja=team&paso=weigh_purpose")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        assert page.evaluate("document.activeElement.textContent") == country.weighed.number
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{page_of(country.weighed)}")
        page.keyboard.press("t")  # take it
        page.locator("#f-motivation").wait_for()
        page.keyboard.press("t")  # go to its form
        page.keyboard.press("Space")
        for _ in range(3):  # past the model text and its button
            page.keyboard.press("Tab")
        page.keyboard.type(MOTIVATION)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text(re.compile("Terminó la tarea")).wait_for()
    task = Task.objects.get(case=country.weighed, node="weigh_purpose")
    assert task.status == "done"
    assert task.result is not None
    assert task.result["decided"]["outcome"] == "grant"
    assert task.result["decided"]["motivation"] == MOTIVATION


def test_typing_in_a_field_moves_nothing(country: Country, live_server: LiveServer, browser: Browser) -> None:
    with screens.a_page(browser, cookies=session_of(country, "clara"), base_url=live_server.url) as page:
        page.goto("/escritorio/?caja=team")
        page.keyboard.press("/")
        page.keyboard.type("jk gt")
        assert page.locator("#q").input_value() == "jk gt"
        assert page.locator("tr[aria-current]").count() == 0
