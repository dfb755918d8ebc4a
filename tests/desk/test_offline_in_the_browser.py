"""A brigade with the network really cut: prepare, fill, print, come back, synchronise, settle."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, Route
from pytest_django.live_server_helper import LiveServer
from tests.desk.desk_builders import Office, open_office, task_of
from tests.web import axe, filling, screens

from ruta.cases import services
from ruta.cases.models import Case, OfflineFiling
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.registers.models import Entry
from ruta.registers.services import open_range

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PIN = "lluvia en la vereda"
HELD = """kit => new Promise(done => {
  const base = indexedDB.open(`ruta-device-${kit}`);
  base.onsuccess = () => {
    const all = base.result.transaction("lines").objectStore("lines").getAll();
    all.onsuccess = () => { base.result.close(); done(all.result.length); };
  };
})"""
READABLE = """kit => new Promise(done => {
  const base = indexedDB.open(`ruta-device-${kit}`);
  base.onsuccess = () => {
    const reading = base.result.transaction(["lines", "meta"]);
    const said = [];
    const told = (each) => each && each.data ? new TextDecoder().decode(each.data) : JSON.stringify(each);
    for (const name of ["lines", "meta"]) {
      reading.objectStore(name).getAll().onsuccess = (event) => said.push(...event.target.result.map(told));
    }
    reading.oncomplete = () => { base.result.close(); done(said); };
  };
})"""


@pytest.fixture
def bureau(transactional_db: None) -> Iterator[Office]:
    """The office today, with rows that the server's threads see."""
    with filling.registry() as world:
        open_range("death", "serial", first=150100001, last=150199999, office="1501-15001")
        yield open_office(world)


def session(actor: Actor) -> dict[str, str]:
    client = filling.signed_in(actor)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def looked(page: Page, name: str, look: bool) -> None:
    """Axe, reflow, and a picture at both widths."""
    if not look:
        return
    for width in screens.WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        axe.assert_accessible(page)
        page.screenshot(path=screens.PICTURES / f"offline-{name}-{width}.png", full_page=True)
    axe.assert_reflows(page)


def unlock(page: Page, *, new: bool = False) -> None:
    page.locator("#pin").fill(PIN)
    if new:
        page.locator("#pin-again").fill(PIN)
    page.keyboard.press("Enter")
    page.locator("#work").wait_for()


def died(page: Page, number: str, certificate: str) -> None:
    """Fill what the declarant tells."""
    today = clock.today()
    page.locator("#f-situation-0").check()
    page.locator("#f-identified-0").check()
    page.locator("#f-deceased_number").fill(number)
    for field in ("death_date", "known_on"):
        for part, value in (("day", today.day), ("month", today.month), ("year", today.year)):
            page.locator(f"#f-{field}-{part}").fill(str(value))
    page.locator("#f-death_place").fill(
        page.locator("#f-death_place-list option").first.get_attribute("value") or ""
    )
    page.locator("#f-cause_type-0").check()
    page.locator("#f-certificate_number").fill(certificate)
    page.locator("#f-relation-0").check()
    page.locator("#f-purpose-1").check()
    page.locator("#f-declarant_number").fill("40023114")
    page.locator("#f-declarant_given_names").fill("Rosa")
    page.locator("#f-declarant_first_surname").fill("Pérez")


@pytest.mark.parametrize("look", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_brigade_registers_without_a_network_and_nothing_is_lost_or_numbered_twice(
    bureau: Office, live_server: LiveServer, browser: Browser, look: bool
) -> None:
    with screens.a_page(browser, cookies=session(bureau.clara), base_url=live_server.url) as page:
        page.goto("/escritorio/sin-red/")
        page.locator("#f-device").fill("Portátil de la brigada")
        page.keyboard.press("Enter")
        page.locator("[data-ready]").wait_for()
        kit = re.findall(r"equipo/([0-9a-f-]+)/", page.url)[0]
        page.context.set_offline(True)
        page.reload()  # from the device alone
        assert page.locator('[data-net="off"]').is_visible()
        looked(page, "pin", look)
        unlock(page, new=True)
        # What is wrong is told at its field, as far as a device knows; the form's conditions hold.
        page.locator("#f-situation-3").check()
        assert page.locator("#f-deceased_number").is_hidden()
        page.locator("#act-form button[type=submit]").click()
        page.locator("#error-summary").wait_for()
        assert "Una muerte fetal no se registra" in page.locator("#error-summary").inner_text()
        looked(page, "errors", look)
        died(page, "1020304050", "72345678")
        looked(page, "form", look)
        page.wait_for_timeout(400)
        kept = page.evaluate(READABLE, kit)
        assert len(kept) == 3 and "1020304050" not in "".join(kept)  # salt, check, draft: encrypted
        page.reload()
        page.locator("#pin").fill("otra clave distinta")
        page.keyboard.press("Enter")
        page.locator("#pin-error").get_by_text("Esa no es la clave").wait_for()
        unlock(page)
        assert (
            page.locator("#f-deceased_number").input_value() == "1020304050"
        )  # what was half typed is there
        page.locator("#f-declarant_first_surname").press("Enter")
        page.locator("#paper").wait_for()
        paper = page.locator("#paper").inner_text()
        assert "150100001" in paper and "no es el registro civil" in paper and "Rosa" not in paper
        code = re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", paper)[0]
        looked(page, "paper", look)
        page.emulate_media(media="print")
        assert page.locator("[data-print]").is_hidden() and page.locator("#waiting-title").is_hidden()
        page.emulate_media(media="screen")
        page.keyboard.press("Tab")  # from "print" to "next": several in a row
        page.keyboard.press("Enter")
        died(page, "1020304051", "72345679")
        page.locator("#f-declarant_first_surname").press("Enter")
        page.locator("#paper").wait_for()
        assert "150100002" in page.locator("#paper").inner_text()
        page.locator("[data-sync]").click()
        page.locator("#told").get_by_text("No hay conexión").wait_for()
        assert page.evaluate(HELD, kit) == 2
        paper_of(code, "sin sincronizar")
        # The answer to the first line is lost on its way: sent again it is the same case.
        page.context.set_offline(False)
        lost: list[str] = []

        def lose(route: Route) -> None:
            lost.append(route.fetch().text())
            route.abort()

        page.route("**/lineas/1/", lose, times=1)
        page.locator("[data-sync]").click()
        page.locator("#told").get_by_text("La conexión se cortó").wait_for()
        assert len(lost) == 1 and Case.objects.count() == 1 and page.evaluate(HELD, kit) == 2
        page.locator("[data-sync]").click()
        page.locator("#told").get_by_text("Sincronizado.").wait_for()
        assert page.evaluate(HELD, kit) == 0 and Case.objects.count() == 1
        assert Case.objects.get().number in page.locator("[data-answers]").inner_text()
        assert page.locator("#paper").is_hidden()  # nothing of it stays on the screen
        looked(page, "synchronised", look)
        paper_of(code, "en trámite")
        # What was refused stands at the desk, as it was typed, and is corrected there.
        page.goto("/escritorio/sin-red/")
        looked(page, "office", look)
        page.get_by_role("link", name="Resolver").click()
        assert "1020304051" in page.locator("main").inner_text()
        looked(page, "settle", look)
        page.get_by_role("button", name="Corregir en el formulario").click()
        page.wait_for_url("**/borradores/**")
    services.complete(
        task_of(Case.objects.get()).id,
        actor=bureau.edgar,
        typed={
            "outcome": "grant",
            "motivation": "Certificado 72345678; Decreto-Ley 1260 de 1970, artículo 73.",
        },
    )
    bureau.world.settle()
    assert Entry.objects.get(register="death").data["serial"] == "150100001"
    assert OfflineFiling.objects.get(line=2).status == "unresolved"
    answer = filling.signed_in(bureau.luis).get(f"/v/{code}", headers={"accept": "application/json"}).json()
    assert answer["verdict"] == "registered" and answer["definitive"]


def paper_of(code: str, says: str) -> None:
    """Anybody asks what the paper is worth, from elsewhere."""
    assert says in Client().get(f"/v/{code}").content.decode()
