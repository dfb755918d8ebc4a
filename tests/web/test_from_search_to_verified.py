"""The way of one person, by keyboard alone on a phone: own words, service, form, payment, document, and who checks it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from tests.web import filling, screens
from tests.web.axe import assert_accessible
from tests.web.test_form_in_the_browser import FILE, choose, go_on, press_until, write

from ruta.cases.models import Case
from ruta.cases.play.world import World
from ruta.documents.models import Output
from ruta.payments.models import Charge

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

SPOUSE = {"type": "CC", "number": "1020304050", "names": "María Fernanda Rojas Pérez", "nationality": "COL"}
OTHER = {"type": "CC", "number": "19456789", "names": "Jorge Rojas Peña", "nationality": "COL"}
SINCE = {"serial": "10455120", "office": "1501-15001", "entry_date": "2019-03-18"}
MARRIAGE = SINCE | {
    "spouse_a": OTHER,
    "spouse_b": SPOUSE,
    "celebration_date": "2019-03-16",
    "celebration_place": "15001",
    "celebrant_type": "notary",
    "celebration_document": "Escritura 412",
}
DEATH = SINCE | {
    "deceased": OTHER,
    "death_date": "2019-03-16",
    "death_place": "15001",
    "cause_type": "violent",
    "certificate_number": "72345678",
}


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    with filling.registry() as opened:
        opened.entry("marriage", MARRIAGE)
        opened.entry("death", DEATH)
        yield opened


@pytest.fixture
def cookies(world: World) -> dict[str, str]:
    client = filling.signed_in(filling.ana(world))
    return {"sessionid": client.cookies["sessionid"].value}


WAYS = [
    (
        "partida de matrimonio",
        "marriage-copy",
        "spouse_number",
        "celebration_date",
        "copy",
        ["J. R. P.", "M. F. R. P."],
    ),
    ("acta de defuncion", "death-copy", "deceased_number", "death_date", "certificate", ["J. R. P."]),
]


@pytest.mark.parametrize(("words", "act", "number", "day", "kind", "initials"), WAYS)
@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.slow)])
def test_from_own_words_to_the_verified_document_by_keyboard(
    browser: Browser, live_server: object, world: World, cookies: dict[str, str],
    words: str, act: str, number: str, day: str, kind: str, initials: list[str], width: int,
) -> None:  # fmt: skip
    url = live_server.url  # type: ignore[attr-defined]
    with screens.a_page(browser, width=width, cookies=cookies, base_url=url, lang="es") as page:
        _find(page, words, act, f"{act}-{width}")
        write(page, number, OTHER["number"])
        for part, typed in (("day", "16"), ("month", "3"), ("year", "2019")):
            write(page, f"{day}.{part}", typed)
        screens.picture(page, f"way-{act}-{width}-entry")
        go_on(page)
        assert OTHER["names"] in page.inner_text(".found")
        screens.picture(page, f"way-{act}-{width}-found")
        go_on(page)
        page.wait_for_load_state("networkidle")  # what redraws the questions listens from then on
        choose(page, "kind", kind)
        if kind == "copy":
            page.wait_for_selector("input[name=purpose]")
            choose(page, "purpose", "pension")
        go_on(page)
        choose(page, "delivery", "online")
        go_on(page)
        screens.picture(page, f"way-{act}-{width}-review")
        press_until(page, FILE)
        enter(page)
        case = Case.objects.get()
        assert case.act == act
        world.settle()
        world.pay(Charge.objects.get(case_number=case.number))
        page.goto(f"/mis-tramites/{case.number}/")
        seen(page, f"{act}-{width}-case")
        code = Output.objects.get(case_number=case.number).code
        assert code in page.inner_text("main")
        _verify(page, code, f"{act}-{width}")
        told = page.inner_text("main")
        assert all(each in told for each in (*initials, "6789"))
        assert not re.search("Jorge|violent|72345678|Escritura|19456789", told)


def _find(page: Page, words: str, act: str, name: str) -> None:
    """From the first page to the first page of the form."""
    page.goto("/")
    write(page, "q", words)
    enter(page)
    press_until(page, f"main a[href^='/tramites/civil-registration/{act}/']")
    enter(page)
    seen(page, f"{name}-service")
    press_until(page, "main a[href*='/empezar/'], main form[action*='/empezar/'] button")
    enter(page)
    press_until(page, "main form button")
    enter(page)


def _verify(page: Page, code: str, name: str) -> None:
    """What anybody does who was given the document: type its code."""
    page.goto("/verificar/")
    write(page, "codigo", code)
    enter(page)
    assert "está vigente" in page.inner_text("main")
    seen(page, f"{name}-verified")


def enter(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def seen(page: Page, name: str) -> None:
    """Keep a picture and fail on what axe finds."""
    page.wait_for_load_state()
    screens.picture(page, f"way-{name}")
    assert_accessible(page)
