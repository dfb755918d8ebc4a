"""What every act has undrawn, walked once in a real browser by keyboard: return, withdrawal, reassignment, appeal."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer
from tests.desk.desk_builders import Office, open_office, page_of, task_of
from tests.web import axe, filling, screens

from ruta.cases import services
from ruta.cases.models import Appeal, Case
from ruta.identity.actors import Actor
from ruta.notifications import services as notifications
from ruta.notifications.models import Message

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
REFUSED = "El solicitante no prueba parentesco ni un propósito legítimo; Decreto-Ley 1260 de 1970, art. 115."
WHY = "No se sabe en qué proceso actúa ni a quién representa."
BETTER = "Soy apoderado de la inscrita en el proceso 2026-114 del juzgado segundo de familia de Tunja."


@pytest.fixture
def bureau(transactional_db: None) -> Iterator[Office]:
    """The office today, with rows that the server's threads see."""
    with filling.registry() as world:
        yield open_office(world)


def cookies(actor: Actor) -> dict[str, str]:
    client: Client = filling.signed_in(actor)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def looked(page: Page, name: str) -> None:
    """The page holds to the bar of all pages, wide and narrow; a picture of each is kept."""
    for width in screens.WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        axe.assert_accessible(page)
        axe.assert_reflows(page)
        page.screenshot(path=screens.PICTURES / f"undrawn-{name}-{width}.png", full_page=True)


def to_focus(page: Page, selector: str) -> None:
    """Go there with the tabulator alone."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by keyboard")


def refused(office: Office) -> Case:
    """A case whose refusal Luis knows."""
    case = office.asks()
    services.complete(
        task_of(case).id, actor=office.clara, typed={"outcome": "refuse", "motivation": REFUSED}
    )
    office.world.settle()
    notifications.open_message(Message.objects.get(case_id=case.id, template="refused"), office.luis)
    office.world.settle()
    return case


def test_each_page_is_done_by_keyboard_and_holds_to_the_bar(
    bureau: Office, browser: Browser, live_server: LiveServer
) -> None:
    screens.PICTURES.mkdir(parents=True, exist_ok=True)
    case, other, appealed = bureau.asks(), bureau.asks(), refused(bureau)
    services.claim(task_of(case).id, actor=bureau.clara)
    with ExitStack() as stack:

        def of(actor: Actor, lang: str = "es") -> Page:
            shown = screens.a_page(browser, lang=lang, cookies=cookies(actor), base_url=live_server.url)
            return stack.enter_context(shown)

        clara, luis, beatriz = of(bureau.clara), of(bureau.luis), of(bureau.beatriz)
        returns(clara, case)
        corrects(luis, case)
        clara.goto(page_of(case))
        assert BETTER in clara.content()
        looked(clara, "difference")
        withdraws(luis, other)
        reassigns(beatriz, case)
        appeals(luis, appealed)
        decides(beatriz, appealed)


def returns(page: Page, case: Case) -> None:
    page.goto(f"/escritorio/tareas/{task_of(case).id}/corregir/")
    looked(page, "return")
    to_focus(page, "form[method=post] button.ds-button[type=submit]")
    page.keyboard.press("Enter")
    page.locator("#error-summary").wait_for()
    looked(page, "return-refused")
    to_focus(page, "#f-reason")
    page.keyboard.type(WHY)
    to_focus(page, "#c-purpose_text")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Diga el juzgado y el proceso.")
    page.keyboard.press("Enter")
    page.wait_for_url("**/escritorio/")


def corrects(page: Page, case: Case) -> None:
    page.goto(f"/mis-tramites/{case.number}/")
    looked(page, "case-returned")
    to_focus(page, f"a[href='/mis-tramites/{case.number}/corregir/']")
    page.keyboard.press("Enter")
    page.locator("h1", has_text="Corrija su solicitud").wait_for()
    looked(page, "correct")
    to_focus(page, "form:not([action]) button.ds-button[type=submit]")
    page.keyboard.press("Enter")
    page.locator("#f-purpose_text").wait_for()
    looked(page, "correct-page")
    page.locator("#f-purpose_text").fill("")
    page.locator("#f-purpose_text").focus()
    page.keyboard.type(BETTER)
    to_focus(page, "button[value=go-on]:not([hidden])")
    page.keyboard.press("Enter")
    page.locator("h1", has_text="Revise la corrección").wait_for()
    looked(page, "correct-review")
    to_focus(page, "form:not([action]) button.ds-button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/mis-tramites/{case.number}/")


def withdraws(page: Page, case: Case) -> None:
    page.goto(f"/mis-tramites/{case.number}/retirar/")
    looked(page, "withdraw")
    to_focus(page, "#f-reason")
    page.keyboard.type("Ya no la necesito.")
    to_focus(page, "button[data-color=danger]")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/mis-tramites/{case.number}/")
    case.refresh_from_db()
    assert case.outcome == "withdrawn"


def reassigns(page: Page, case: Case) -> None:
    page.goto(page_of(case))
    to_focus(page, "a[href$='/reasignar/']")
    page.keyboard.press("Enter")
    page.locator("h1", has_text="Pasar la tarea").wait_for()
    looked(page, "reassign")
    to_focus(page, "#f-to-0")
    page.keyboard.press("Space")
    to_focus(page, "#f-reason")
    page.keyboard.type("Clara sale a vacaciones mañana.")
    to_focus(page, "form[method=post] button.ds-button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/expedientes/**")
    assert "Clara sale a vacaciones mañana." in page.content()


def appeals(page: Page, case: Case) -> None:
    page.goto(f"/mis-tramites/{case.number}/")
    to_focus(page, f"a[href='/mis-tramites/{case.number}/recurso/']")
    page.keyboard.press("Enter")
    page.locator("h1", has_text="Presentar un recurso").wait_for()
    looked(page, "appeal")
    to_focus(page, "#f-kind-0")
    page.keyboard.press("ArrowDown")
    to_focus(page, "#f-grounds")
    page.keyboard.type("La sentencia del juzgado segundo prueba que soy su apoderado y está en firme.")
    to_focus(page, "form[method=post] button.ds-button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/mis-tramites/{case.number}/")
    looked(page, "appealed")


def decides(page: Page, case: Case) -> None:
    page.goto(page_of(case))
    page.locator("#tarea button", has_text="Tomar la tarea").click()
    page.locator("#f-motivation").wait_for()
    looked(page, "decide-appeal")
    to_focus(page, "#f-outcome-0")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    to_focus(page, "#f-motivation")
    page.keyboard.type(
        "La sentencia prueba el apoderamiento y el propósito; Decreto-Ley 1260 de 1970, art. 115."
    )
    to_focus(page, "#tarea form button.ds-button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/escritorio/")
    assert Appeal.objects.get(case=case).outcome == "revoke"
