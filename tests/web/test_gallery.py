"""The gallery shows every component, and each is accessible in both languages and appearances."""

from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer
from tests.web import axe, screens

from ruta.web import site

FOLDER = Path(site.__file__).parent / "templates" / "site" / "components"
COMPONENTS = sorted(path.stem for path in FOLDER.glob("*.html"))
PARTS_OF_OTHERS = {"field-why"}


@pytest.mark.django_db
def test_the_gallery_names_and_shows_every_component() -> None:
    answer = Client().get("/_components")
    confirm = Client().get("/_components?confirm=1")
    shown = {template.name for each in (answer, confirm) for template in each.templates}
    assert {name for name in COMPONENTS if f"site/components/{name}.html" not in shown} == set()
    text = answer.content.decode()
    assert {name for name in COMPONENTS if name not in text and name not in PARTS_OF_OTHERS} == set()


def test_every_component_documents_its_parameters() -> None:
    for name in COMPONENTS:
        source = (FOLDER / f"{name}.html").read_text()
        assert source.startswith("{# ") and "#}" in source.splitlines()[0], name


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("lang", "appearance"),
    [
        ("es", "light"),
        pytest.param("en", "dark", marks=pytest.mark.slow),
        pytest.param("es", "dark", marks=pytest.mark.slow),
        pytest.param("en", "light", marks=pytest.mark.slow),
    ],
)
def test_the_gallery_is_accessible(
    live_server: LiveServer, browser: Browser, lang: str, appearance: str
) -> None:
    for width in screens.WIDTHS:
        with screens.a_page(
            browser, width=width, appearance=appearance, lang=lang, base_url=live_server.url
        ) as page:
            page.goto("/_components")
            axe.assert_accessible(page)
            screens.picture(page, f"gallery-{width}-{appearance}-{lang}")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_gallery_fits_a_window_of_320_pixels_and_twice_the_letter(
    live_server: LiveServer, browser: Browser
) -> None:
    with screens.a_page(browser, width=320, base_url=live_server.url) as page:
        page.goto("/_components")
        axe.assert_accessible(page)
    with screens.a_page(browser, width=1280, base_url=live_server.url) as page:
        page.goto("/_components")
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        axe.assert_accessible(page)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_error_summary_takes_the_focus_and_leads_to_the_field(
    live_server: LiveServer, browser: Browser
) -> None:
    with screens.a_page(browser, base_url=live_server.url) as page:
        page.goto("/_components")
        assert page.evaluate("document.activeElement.id") == "error-summary"
        page.locator("#error-summary a").first.click()
        assert page.evaluate("document.activeElement.id") == "f-number_"
