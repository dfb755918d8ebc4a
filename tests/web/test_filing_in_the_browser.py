"""The pages that file at the desk, in a real browser: wide and on a phone, by keyboard, without a fault of axe."""

from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Browser, Page
from tests.desk.desk_builders import open_office
from tests.web import filling, screens
from tests.web.axe import assert_accessible

from ruta.cases.models import Draft
from ruta.identity.actors import Actor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
NEW = "/escritorio/tramites/"


@pytest.fixture
def clara(transactional_db: None) -> Iterator[Actor]:
    with filling.registry() as world:
        yield open_office(world).clara


def opened(browser: Browser, live_server: object, actor: Actor, width: int) -> AbstractContextManager[Page]:
    session = filling.signed_in(actor).cookies["sessionid"].value
    url = live_server.url  # type: ignore[attr-defined]
    return screens.a_page(browser, width=width, cookies={"sessionid": session}, base_url=url)


@pytest.mark.parametrize("width", screens.WIDTHS)
def test_pages_of_the_desk_that_file_are_accessible(
    browser: Browser, live_server: object, clara: Actor, width: int
) -> None:
    with opened(browser, live_server, clara, width) as page:
        for name, path in (("new", NEW), ("start", f"{NEW}civil-registration/death/")):
            page.goto(path)
            assert_accessible(page)
            screens.picture(page, f"desk-{name}-{width}")
        page.keyboard.press("Enter")
        page.wait_for_url("**/deceased/")
        assert_accessible(page)
        screens.picture(page, f"desk-form-{width}")
        page.goto(f"{NEW}civil-registration/copy/persona/")
        assert_accessible(page)
        page.fill("#f-document_number", "52148963")
        page.keyboard.press("Enter")
        page.get_by_text("Luis Quiroga Díaz").wait_for()
        assert_accessible(page)
        screens.picture(page, f"desk-person-{width}")
        page.keyboard.press("Enter")  # it is this person
        page.wait_for_url("**/entry/")
        assert Draft.objects.filter(channel="counter").count() == 1
