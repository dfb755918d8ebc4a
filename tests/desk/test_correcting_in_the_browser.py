"""Correcting an entry in a browser, by keyboard: the route is told while one chooses, the desk compares both values."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer
from tests.desk.desk_builders import Office, open_office, page_of, task_of
from tests.desk.test_correcting_an_entry import SURNAME, decide
from tests.desk.test_undrawn_in_the_browser import cookies, to_focus
from tests.web import axe, filling, screens

from ruta.cases import services

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def bureau(transactional_db: None) -> Iterator[Office]:
    with filling.registry() as world:
        numbers = {"register": "birth", "range": "serial", "office": "1501-15001"}
        world.numbers(numbers | {"first": 150200001, "last": 150200099})
        yield open_office(world)


def looked(page: Page, name: str) -> None:
    for width in screens.WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        axe.assert_accessible(page)
        axe.assert_reflows(page)
        page.screenshot(
            path=screens.PICTURES / f"correcting-{name}-{width}.png", full_page=True, caret="initial"
        )


def test_the_route_is_told_while_one_chooses_and_the_desk_sees_both_values(
    bureau: Office, browser: Browser, live_server: LiveServer
) -> None:
    screens.PICTURES.mkdir(parents=True, exist_ok=True)
    ana = filling.ana(bureau.world)
    with screens.a_page(browser, lang="es", cookies=cookies(ana), base_url=live_server.url) as page:
        page.goto("/tramites/civil-registration/correction/")
        looked(page, "act")
        begun = filling.signed_in(ana).post("/tramites/civil-registration/correction/empezar/")
        page.goto(begun["Location"])
        page.locator("#f-birth_date-day").fill("27")
        page.locator("#f-birth_date-month").fill("3")
        page.locator("#f-birth_date-year").fill("1998")
        to_focus(page, "button[value='go-on'].ds-button")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Lo que encontramos")
        looked(page, "entry")
        to_focus(page, "button[value='go-on'].ds-button")
        page.keyboard.press("Enter")
        page.wait_for_url("**/change/")
        page.locator("[name='correction_field']").select_option("first_surname")
        page.wait_for_selector("[name='cause']")
        to_focus(page, "[name='cause']")
        page.keyboard.press("Space")
        page.wait_for_selector("text=Esto lo corrige la oficina")
        page.wait_for_selector("text=Hoy dice: Rojas")
        looked(page, "route")
        page.locator("[name='cause'][value='choice']").check()
        page.wait_for_selector("text=Esto se cambia con escritura pública")
        looked(page, "deed")
        to_focus(page, "button[value='go-on'].ds-button")
        page.keyboard.press("Enter")
        page.wait_for_selector("[role='alert']")
        looked(page, "refused")
    case = bureau.asks(SURNAME, act="correction", by=ana)
    services.claim(task_of(case).id, actor=bureau.clara)
    with screens.a_page(browser, lang="es", cookies=cookies(bureau.clara), base_url=live_server.url) as page:
        page.goto(page_of(case))
        assert page.locator("text=Qué cambia en el registro").is_visible()
        looked(page, "desk")
    decide(case, bureau.clara, "approve")
    decide(case, bureau.edgar, "grant")
    with screens.a_page(browser, lang="en", cookies=cookies(ana), base_url=live_server.url) as page:
        page.goto(f"/mis-tramites/{case.number}/")
        looked(page, "done")
