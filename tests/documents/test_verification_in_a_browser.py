"""The checking of documents as a person sees it, and without a network."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, expect
from tests.web import screens
from tests.web.axe import assert_accessible, assert_reflows

from ruta.documents import issuing, qr, services, store
from ruta.documents.models import Output

from .builders import an_output
from .test_verifying_a_file import printed_again, with_an_incremental_update

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _no_questions_yet() -> Iterator[None]:
    cache.clear()
    yield


def fragment_of(output: Output) -> str:
    assert output.issued_at is not None
    return qr.fragment(issuing.facts_of(output, output.issued_at))


@pytest.mark.parametrize(
    ("width", "appearance"),
    [
        (360, "light"),
        pytest.param(1280, "dark", marks=pytest.mark.slow),
        pytest.param(360, "dark", marks=pytest.mark.slow),
        pytest.param(1280, "light", marks=pytest.mark.slow),
    ],
)
def test_every_page_is_accessible_and_fits(
    browser: Browser,
    live_server: str,
    width: int,
    appearance: str,
) -> None:
    good, old, void = (an_output() for _ in range(3))
    services.set_output_state(
        old.code, "superseded", {"es": "El registro fue corregido.", "en": "The entry was corrected."}
    )
    services.set_output_state(void.code, "revoked", {"es": "El registro fue anulado.", "en": "Annulled."})
    pages = {
        "start": "/verificar/",
        "mistyped": "/verificar/?codigo=K7QF-9M2P-XW4A",
        "valid": f"/v/{good.code}",
        "superseded": f"/v/{old.code}",
        "revoked": f"/v/{void.code}",
        "unknown": "/v/K7QF-9M2P-XW4X",
        "offline": "/verificar/sin-conexion/",
    }
    lang = "en" if width == 1280 and appearance == "dark" else "es"
    with screens.a_page(
        browser, width=width, appearance=appearance, lang=lang, base_url=str(live_server)
    ) as page:
        for name, address in pages.items():
            page.goto(address)
            screens.picture(page, f"verify-{name}-{width}-{appearance}")
            assert_accessible(page)


def files_of_every_verdict() -> dict[str, tuple[bytes, str]]:
    """A file for each verdict, and the words of its answer."""
    pdf = store.read(an_output().pdf_sha256)
    return {
        "very": (pdf, "Este es el archivo que expedimos"),
        "altered": (pdf[:9000] + b"?" + pdf[9001:], "fue cambiado después de firmarlo"),
        "appended": (with_an_incremental_update(pdf), "le añadieron algo"),
        "copy": (printed_again(pdf), "es una copia"),
        "foreign": (b"%PDF-1.4 nada", "No encontramos nuestra firma ni nuestro código"),
    }


def test_the_answer_of_every_verdict_is_accessible(
    browser: Browser, live_server: str, tmp_path: Path
) -> None:
    with screens.a_page(browser, width=360, appearance="dark", base_url=str(live_server)) as page:
        for name, (data, told) in files_of_every_verdict().items():
            (tmp_path / f"{name}.pdf").write_bytes(data)
            page.goto("/verificar/")
            page.get_by_label("Archivo PDF").set_input_files(tmp_path / f"{name}.pdf")
            page.get_by_role("button", name="Comprobar el archivo").click()
            expect(page.get_by_role("heading", level=1)).to_contain_text(told)
            assert_accessible(page)
            assert_reflows(page)


def test_a_file_is_checked_without_javascript(browser: Browser, live_server: str, tmp_path: Path) -> None:
    files = files_of_every_verdict()
    with screens.a_page(browser, width=360, javascript=False, base_url=str(live_server)) as page:
        for name, (data, told) in files.items():
            (tmp_path / f"{name}.pdf").write_bytes(data)
            page.goto("/verificar/")
            page.get_by_label("Archivo PDF").set_input_files(tmp_path / f"{name}.pdf")
            page.get_by_role("button", name="Comprobar el archivo").click()
            expect(page.get_by_role("heading", level=1)).to_contain_text(told)
            screens.picture(page, f"verify-file-{name}-360-light")


def test_the_signed_qr_is_checked_on_the_device(browser: Browser, live_server: str) -> None:
    output = an_output()
    signed = fragment_of(output)
    with screens.a_page(browser, base_url=str(live_server)) as page:
        page.goto(f"/v/{output.code}#{signed}")
        page.get_by_role("link", name="Leer los datos firmados").click()
        expect(page.get_by_text("Auténtico cuando se expidió")).to_be_visible()
        expect(page.locator("[data-fact=code]")).to_have_text(output.code)
        expect(page.locator("[data-fact=holder]")).to_have_text("MFRP 4050")
        expect(page.locator("[data-fact=kind]")).to_have_text("Registro civil de nacimiento")
        assert_accessible(page)
        screens.picture(page, "verify-offline-authentic-1280-light")


@pytest.mark.parametrize(
    ("place", "told"), [(12, "No es auténtico"), (2, "No se puede saber"), (0, "No se puede leer")]
)
def test_a_changed_qr_is_not_authentic(browser: Browser, live_server: str, place: int, told: str) -> None:
    from base64 import urlsafe_b64decode, urlsafe_b64encode

    output = an_output()
    text = fragment_of(output)
    signed = bytearray(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    signed[place] ^= 5
    changed = urlsafe_b64encode(bytes(signed)).decode().rstrip("=")
    with screens.a_page(browser, base_url=str(live_server)) as page:
        page.goto("/verificar/sin-conexion/")
        page.get_by_label("Texto del QR").fill(f"http://localhost/v/{output.code}#{changed}")
        page.get_by_role("button", name="Comprobar").click()
        expect(page.get_by_text(told, exact=True)).to_be_visible()
        expect(page.get_by_text("Auténtico cuando se expidió")).to_be_hidden()


def test_once_loaded_it_works_without_a_network_also_for_a_scanned_qr(
    browser: Browser,
    live_server: str,
) -> None:
    output = an_output()
    with screens.a_page(browser, width=360, base_url=str(live_server)) as page:
        page.goto("/verificar/sin-conexion/")
        expect(page.get_by_text("Ya puede usarla sin señal")).to_be_visible()
        page.wait_for_function(
            "async () => (await navigator.serviceWorker.getRegistrations()).filter(r => r.active).length == 2"
        )
        page.context.set_offline(True)
        page.goto(f"/v/{output.code}#{fragment_of(output)}")
        expect(page.get_by_text("Auténtico cuando se expidió")).to_be_visible()
        expect(page.get_by_text(re.compile("No se comprobó si fue revocado"))).to_be_visible()
        screens.picture(page, "verify-offline-no-network-360-light")


def test_the_downloaded_folder_checks_from_a_disk(browser: Browser, live_server: str, tmp_path: Path) -> None:
    import io
    import zipfile

    from django.test import Client

    output = an_output()
    archive = zipfile.ZipFile(io.BytesIO(Client().get("/verificar/sin-conexion/verificador.zip").content))
    archive.extractall(tmp_path)
    with screens.a_page(browser, base_url=str(live_server)) as page:
        page.goto(f"file://{tmp_path}/verificador/index.html")
        page.get_by_label("Texto del QR").fill(f"#{fragment_of(output)}")
        page.get_by_role("button", name="Comprobar").click()
        expect(page.get_by_text("Auténtico cuando se expidió")).to_be_visible()
        screens.picture(page, "verify-package-1280-light")
