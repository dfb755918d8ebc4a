"""The four skeletons on paper and in forced colours: what is printed is the matter, and nothing rests on a colour alone."""

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer
from tests.desk.desk_builders import page_of
from tests.pages.test_every_page import session_of
from tests.pages.whole_country import Country
from tests.web import screens

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOT_FOR_PAPER = (
    ".site-header nav, .site-footer nav, .site-nav, .no-print, form button[type=submit], .demo-line"
)
VISIBLE = (
    "els => els.filter(e => e.offsetParent !== null && getComputedStyle(e).visibility !== 'hidden').length"
)


def skeletons(country: Country) -> list[tuple[str, str]]:
    """Who opens what: the portal, a form, the desk, a document's verification."""
    draft, decided = country.draft.pk, country.decided
    return [
        ("luis", f"/mis-tramites/{decided.number}/"),
        ("luis", f"/borradores/{draft}/entry/"),
        ("clara", page_of(country.weighed)),
        ("nobody", "/tramites/civil-registration/copy/"),
    ]


def opened(page: Page, path: str) -> None:
    page.goto(path)
    page.locator("main h1").first.wait_for()


def test_paper_gets_the_matter_and_no_navigation(
    country: Country,
    live_server: LiveServer,
    browser: Browser,
) -> None:
    for who, path in skeletons(country):
        cookies = session_of(country, who) if who != "nobody" else {}
        with screens.a_page(browser, cookies=cookies, base_url=live_server.url) as page:
            page.emulate_media(media="print")
            opened(page, path)
            assert page.locator("main h1").first.is_visible(), path
            assert page.eval_on_selector_all(NOT_FOR_PAPER, VISIBLE) == 0, path
            ink = page.eval_on_selector("main h1", "e => getComputedStyle(e).color")
            assert sum(int(part) for part in ink[4:-1].split(",")[:3]) < 250, (
                path,
                ink,
            )  # dark on white paper
            page.screenshot(path=screens.PICTURES / f"print-{who}.png", full_page=True)


def test_forced_colours_keep_edges_and_the_place_of_the_keyboard(
    country: Country,
    live_server: LiveServer,
    browser: Browser,
) -> None:
    for who, path in skeletons(country):
        cookies = session_of(country, who) if who != "nobody" else {}
        with screens.a_page(browser, cookies=cookies, base_url=live_server.url) as page:
            page.emulate_media(forced_colors="active")
            opened(page, path)
            bare = page.eval_on_selector_all(
                "main .ds-button, main input.ds-input:not([type=checkbox]):not([type=radio]), main textarea.ds-input",
                """els => els.filter(e => e.offsetParent !== null).filter(e => {
                    const s = getComputedStyle(e);
                    return s.borderTopStyle === 'none' || parseFloat(s.borderTopWidth) === 0;
                }).map(e => e.outerHTML.slice(0, 80))""",
            )
            assert bare == [], path
            page.keyboard.press("Tab")
            page.keyboard.press("Tab")
            seen = page.evaluate(
                """() => { const s = getComputedStyle(document.activeElement);
                           return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; }"""
            )
            assert seen, path
            page.screenshot(path=screens.PICTURES / f"forced-{who}.png", full_page=True)
