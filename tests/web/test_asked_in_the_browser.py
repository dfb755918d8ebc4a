"""Somebody answers what is asked: on a telephone, by keyboard, with axe; and without JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from tests.cases import asking_builders as kennel
from tests.web import filling, screens
from tests.web.axe import assert_accessible
from tests.web.test_form_in_the_browser import choose, press_until

from ruta.cases.models import AskedPerson, Case
from ruta.cases.play.world import World
from ruta.identity.actors import Actor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    with kennel.kennel(at=None) as opened:  # the server has a clock of its own
        yield opened


@pytest.fixture
def luis(world: World) -> Actor:
    return kennel.luis(world)


@pytest.fixture
def case(world: World, luis: Actor) -> Case:
    return kennel.handed_over(world, kennel.ana(world))


def looked_at(page: Page, name: str) -> None:
    screens.picture(page, name)
    assert_accessible(page)


def cookies(actor: Actor) -> dict[str, str]:
    return {"sessionid": filling.signed_in(actor).cookies["sessionid"].value}


def test_a_new_owner_disputes_a_datum_on_a_telephone_by_keyboard(
    browser: Browser, live_server: object, luis: Actor, case: Case
) -> None:
    url: str = live_server.url  # type: ignore[attr-defined]
    with screens.a_page(browser, width=360, cookies=cookies(luis), base_url=url) as page:
        page.goto("/")
        press_until(page, "a[href^='/pedidos/']")
        page.keyboard.press("Enter")
        page.wait_for_url("**/borradores/**")
        choose(page, "data_right", "no")
        page.wait_for_selector("textarea[name=data_note]")
        press_until(page, "input[name=data_wrong][value=born]")
        page.keyboard.press("Space")
        press_until(page, "textarea[name=data_note]")
        page.keyboard.type("Nació en 2024")
        choose(page, "home", "house")
        press_until(page, "button[value=go-on]:not([hidden])")
        page.keyboard.press("Enter")
        page.wait_for_url("**/revisar/")
        looked_at(page, "asked-review")
        press_until(page, "main form button")
        page.keyboard.press("Enter")
        page.wait_for_url("**/pedidos/**")
        looked_at(page, "asked-over")
    row = AskedPerson.objects.get(ask__case=case, ask__node="confirm")
    assert (row.status, row.disputed, row.note) == ("disputed", ["born"], "Nació en 2024")


def test_what_is_wrong_stands_beside_its_question_and_all_pages_pass_axe(
    browser: Browser, live_server: object, world: World, luis: Actor, case: Case
) -> None:
    url: str = live_server.url  # type: ignore[attr-defined]
    asked = f"/pedidos/{kennel.asked(case, luis).id}/"
    with screens.a_page(browser, width=360, javascript=False, cookies=cookies(luis), base_url=url) as page:
        page.goto(asked)
        page.get_by_label("No, algo está mal").check()
        page.locator("button[value=go-on]:not([hidden])").click()
        assert page.locator(".ds-validation-message").count() >= 1
        page.screenshot(path=screens.PICTURES / "asked-errors.png", full_page=True)
    for width in screens.WIDTHS:
        with screens.a_page(browser, width=width, cookies=cookies(luis), base_url=url) as page:
            page.goto(asked)
            looked_at(page, f"asked-{width}")
            page.goto(f"/mis-tramites/{case.number}/")
            looked_at(page, f"asked-case-{width}")
        with screens.a_page(browser, width=width, cookies=cookies(kennel.clara(world)), base_url=url) as page:
            page.goto(f"/escritorio/expedientes/{case.number}/")
            looked_at(page, f"asked-desk-{width}")
