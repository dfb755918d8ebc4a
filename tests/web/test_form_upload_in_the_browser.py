"""A file sent in pieces by a real browser: a cut goes on where it stopped, what is too large never leaves."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route
from tests.cases import asking_builders as kennel
from tests.documents.test_uploads import a_pdf
from tests.web import filling, screens
from tests.web.axe import assert_accessible, assert_reflows

from ruta.cases.drafts import services as drafts
from ruta.cases.models import Case
from ruta.cases.play.world import World
from ruta.documents.models import CaseDocument
from ruta.registers import services as registers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
INPUT = "input[type=file][data-upload]"


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    with kennel.kennel(at=None) as world:
        registers.open_range("dog", "number", first=100, last=104, office=kennel.OFFICE)
        yield world


def test_a_cut_goes_on_where_it_stopped_and_the_file_stands_in_the_case(
    browser: Browser, live_server: object, world: World, tmp_path: Path
) -> None:
    ana = world.person("ana", {"document": "CC 1020304050"})
    paper, huge = tmp_path / "carné.pdf", tmp_path / "grande.pdf"
    paper.write_bytes(a_pdf(lambda pdf: setattr(pdf.Root, "Photo", pdf.make_stream(os.urandom(2_600_000)))))
    huge.write_bytes(b"%PDF-1.7" + bytes(11 * 1024 * 1024))
    draft = drafts.start_draft(
        ana, "dog-register", "licence", typed={"name": "Canela", "count": 1, "office": kennel.OFFICE}
    )
    cookies = {"sessionid": filling.signed_in(ana).cookies["sessionid"].value}
    with ExitStack() as stack:
        page = stack.enter_context(
            screens.a_page(browser, width=360, cookies=cookies, base_url=live_server.url)  # type: ignore[attr-defined]
        )
        page.goto(f"/borradores/{draft.pk}/data/")
        _too_large(page, huge)
        sent = _cut_the_second_piece(page)
        page.set_input_files(INPUT, paper)
        page.locator("text=carné.pdf llegó completo").wait_for()
        assert sent[0] == 0
        assert len(sent) == len(set(sent)) + 1  # the one that was cut is the only one that went twice
        assert_accessible(page)
        screens.picture(page, "upload-360")
        page.locator("button.ds-button[value=go-on]:not([hidden])").click()
        page.wait_for_url("**/revisar/")
        page.goto(f"/borradores/{draft.pk}/data/")
        page.locator("img.preview").wait_for()
        page.locator(INPUT).focus()
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement.name") == "remove.pedigree"
        assert_accessible(page)
        assert_reflows(page)
        screens.picture(page, "uploaded-360")
        drafts.file_draft(drafts.bring_up_to_date(_again(draft), ana), ana)
        case = Case.objects.get()
        assert CaseDocument.objects.get(case_number=case.number).name == "carné.pdf"
        page.goto(f"/mis-tramites/{case.number}/expediente/")
        assert_accessible(page)
        assert_reflows(page)
        screens.picture(page, "case-file-360")
        with page.expect_download() as downloaded:
            page.locator("a[href$='/descargar/']").click()
        assert downloaded.value.suggested_filename == f"expediente-{case.number}.zip"
        page.set_viewport_size({"width": 1280, "height": 800})
        screens.picture(page, "case-file-1280")


def _again(draft: object) -> object:
    draft.refresh_from_db()  # type: ignore[attr-defined]
    return draft


def _too_large(page: Page, huge: Path) -> None:
    page.set_input_files(INPUT, huge)
    page.locator("[role=alert]", has_text="pesa más de 10 MB").wait_for()
    assert page.locator(INPUT).evaluate("input => input.files.length") == 0


def _cut_the_second_piece(page: Page) -> list[int]:
    """Let the network fail once, under the second piece; the offsets of all that were tried."""
    offsets: list[int] = []

    def pass_on(route: Route) -> None:
        if route.request.method != "PATCH":
            route.continue_()
            return
        offsets.append(int(route.request.headers["upload-offset"]))
        if len(offsets) == 2:
            route.abort("internetdisconnected")
        else:
            route.continue_()

    page.route("**/archivos/**", pass_on)
    return offsets
