"""The whole form in a real browser: by keyboard, on a phone, with and without JavaScript."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page
from tests.documents.test_uploads import a_pdf
from tests.web import filling, screens
from tests.web.axe import assert_accessible

from ruta.cases.models import Case, Draft
from ruta.cases.play.world import World
from ruta.identity.actors import Actor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

FILE = "main form[action$='/revisar/'] button"  # not the one that authorises a look-up


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    with filling.registry() as opened:
        yield opened


def session_of(actor: Actor) -> dict[str, str]:
    """The cookie of a browser in which the actor signed in."""
    client = filling.signed_in(actor)
    return {"sessionid": client.cookies["sessionid"].value}


@pytest.fixture
def pages(browser: Browser, live_server: object, ana: Actor) -> Iterator["Pages"]:
    with ExitStack() as stack:
        yield Pages(stack, browser, live_server.url, session_of(ana))  # type: ignore[attr-defined]


class Pages:
    """Opens pages in which Ana is signed in."""

    def __init__(self, stack: ExitStack, browser: Browser, url: str, cookies: dict[str, str]) -> None:
        self.stack, self.browser, self.url, self.cookies = stack, browser, url, cookies

    def open(
        self, *, width: int = 360, javascript: bool = True, appearance: str = "light", lang: str = "es"
    ) -> Page:
        return self.stack.enter_context(
            screens.a_page(
                self.browser,
                width=width,
                javascript=javascript,
                appearance=appearance,
                lang=lang,
                cookies=self.cookies,
                base_url=self.url,
            )
        )


def press_until(page: Page, target: str, *, most: int = 60) -> None:
    """Walk with Tab until the focus is on what the selector names."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement && document.activeElement.matches(s)", target):
            return
    raise AssertionError(f"{target} is not reached by Tab")


def choose(page: Page, name: str, value: str) -> None:
    """Reach a radio group and choose with the arrows or the space bar."""
    press_until(page, f"input[type=radio][name='{name}']")
    for _ in range(12):
        page.keyboard.press("Space")
        if page.evaluate("v => document.activeElement.value === v && document.activeElement.checked", value):
            return
        page.keyboard.press("ArrowDown")
        if page.evaluate("v => document.activeElement.value === v && document.activeElement.checked", value):
            return
    raise AssertionError(f"{name} cannot be set to {value} by keyboard")


def write(page: Page, name: str, text: str) -> None:
    press_until(page, f"[name='{name}']")
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def go_on(page: Page) -> None:
    press_until(page, "button[value='go-on']:not([hidden])")
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_copy_is_asked_for_by_keyboard_alone_on_a_phone(pages: Pages, javascript: bool) -> None:
    page = pages.open(javascript=javascript)
    page.goto(filling.START)
    press_until(page, "main form button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    write(page, "birth_date.day", "27")
    write(page, "birth_date.month", "3")
    write(page, "birth_date.year", "1998")
    go_on(page)
    assert "María Fernanda" in page.inner_text(".found")
    go_on(page)
    choose(page, "kind", "copy")
    if javascript:
        page.wait_for_selector("input[name=purpose]")
    else:
        go_on(page)
    choose(page, "purpose", "marriage")
    go_on(page)
    write(page, "copies", "3")
    choose(page, "delivery", "online")
    go_on(page)
    assert "Revise sus respuestas" in page.inner_text("h1")
    press_until(page, FILE)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert re.search(r"\d{4}-CRB-\d{6}-\d", page.inner_text("main"))
    assert Case.objects.get().form["copies"] == 3


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(pages: Pages) -> None:
    page = pages.open()
    page.goto(filling.START)
    page.click("main form button")
    page.fill("[name='birth_date.day']", "31")
    page.fill("[name='birth_date.month']", "11")
    page.fill("[name='birth_date.year']", "1998")
    page.click("button[value='go-on']:not([hidden])")
    page.wait_for_selector("#error-summary")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "f-birth_date-day"
    assert page.input_value("[name='birth_date.day']") == "31"


def test_what_is_typed_is_saved_before_the_page_is_sent(pages: Pages) -> None:
    page = pages.open()
    page.goto(filling.START)
    page.click("main form button")
    page.fill("[name='nuip']", "52148963")
    with page.expect_response(re.compile("/guardar/$")):
        page.keyboard.press("Tab")
    page.wait_for_function("document.querySelector('#saved').innerText.includes('hace un momento')")
    assert Draft.objects.get().typed["nuip"] == "52148963"


def test_two_tabs_of_a_browser_do_not_overwrite_each_other(pages: Pages) -> None:
    one = pages.open(javascript=False)
    one.goto(filling.START)
    one.click("main form button")
    two = pages.open(javascript=False)
    two.goto(one.url)
    one.fill("[name='nuip']", "52148963")
    one.click("button[value='later']")
    two.fill("[name='nuip']", "41148963")
    two.click("button[value='go-on']:not([hidden])")
    assert "52148963" in two.inner_text("fieldset strong >> nth=0")
    assert "41148963" in two.inner_text("fieldset strong >> nth=1")


@pytest.mark.parametrize(
    ("width", "appearance"),
    [
        (320, "light"),
        pytest.param(1280, "dark", marks=pytest.mark.slow),
        pytest.param(320, "dark", marks=pytest.mark.slow),
        pytest.param(1280, "light", marks=pytest.mark.slow),
    ],
)
def test_every_page_of_the_form_is_accessible(pages: Pages, width: int, appearance: str) -> None:
    page = pages.open(width=width, appearance=appearance, lang="en" if appearance == "dark" else "es")
    name = f"form-{{}}-{width}-{appearance}"
    page.goto(filling.START)
    seen(page, name.format("start"))
    page.click("main form button")
    seen(page, name.format("entry"))
    page.fill("[name='birth_date.day']", "31")
    page.fill("[name='birth_date.month']", "2")
    page.fill("[name='birth_date.year']", "2026")
    page.click("button[value='go-on']:not([hidden])")
    page.wait_for_selector("#error-summary")
    seen(page, name.format("error"))
    page.fill("[name='birth_date.day']", "27")
    page.fill("[name='birth_date.month']", "3")
    page.fill("[name='birth_date.year']", "1998")
    page.click("button[value='go-on']:not([hidden])")
    page.wait_for_selector(".found")
    seen(page, name.format("found"))
    page.click("button[value='go-on']:not([hidden])")
    page.check("[name=kind][value=copy]")
    page.wait_for_selector("input[name=purpose]")
    with page.expect_response(re.compile("/parte/$")):
        page.check("[name=purpose][value=marriage]")
    page.wait_for_load_state("networkidle")  # axe leaves style attributes, which a redraw would copy
    seen(page, name.format("document"))
    page.click("button[value='go-on']:not([hidden])")
    page.check("[name=delivery][value=counter]")
    page.wait_for_selector("[name=pickup_office]")
    page.check("[name=delivery][value=online]")
    page.wait_for_selector("[name=pickup_office]", state="detached")
    page.click("button[value='go-on']:not([hidden])")
    seen(page, name.format("review"))
    page.click(FILE)
    seen(page, name.format("filed"))
    page.click("text=/Ver el cobro|See the charge/")
    seen(page, name.format("payment"))


def seen(page: Page, name: str) -> None:
    """Keep a picture and fail on what axe finds."""
    page.wait_for_load_state()
    screens.picture(page, name)
    assert_accessible(page)


def test_a_file_that_is_too_large_is_told_before_it_is_sent_and_a_good_one_survives(
    pages: Pages, world: World, browser: Browser, live_server: object
) -> None:
    cookies = session_of(world.person("luis", {"document": "CC 79148963"}))
    url = live_server.url  # type: ignore[attr-defined]
    with screens.a_page(browser, width=360, cookies=cookies, base_url=url, appearance="dark") as page:
        page.goto(filling.START)
        page.click("main form button")
        page.fill("[name=nuip]", "1020304050")
        for part, typed in (("day", "27"), ("month", "3"), ("year", "1998")):
            page.fill(f"[name='birth_date.{part}']", typed)
        page.click("button[value='go-on']:not([hidden])")
        page.wait_for_selector(".found")
        page.click("button[value='go-on']:not([hidden])")
        page.check("[name=kind][value=copy]")
        page.wait_for_selector("[type=file]")
        large = {
            "name": "big.pdf",
            "mimeType": "application/pdf",
            "buffer": b"%PDF-1.7" + bytes(11 * 1024 * 1024),
        }
        sent: list[str] = []
        page.on("request", lambda request: "/archivo/" in request.url and sent.append(request.url))
        page.set_input_files("[type=file]", files=[large])
        page.wait_for_selector("#f-purpose_document-state[role=alert]")
        assert sent == []
        page.set_input_files("[type=file]", files=[{**large, "buffer": a_pdf()}])
        page.wait_for_selector("#f-purpose_document-upload", state="attached")
        with page.expect_response(re.compile("/parte/$")):
            page.check("[name=purpose][value=other]")
        page.wait_for_load_state("networkidle")
        assert page.is_checked("[name=purpose][value=other]")
        assert page.evaluate("document.querySelector('[type=file]').files.length") == 1
        assert page.locator("#f-purpose_document-upload").count() == 1
        page.set_input_files("[type=file]", files=[large])
        page.wait_for_selector("#f-purpose_document-state[role=alert]")
        seen(page, "form-file-360-dark")
