"""Every kind of citizen's page in a real browser: accessible in both languages and appearances, on phone and desk."""

from collections.abc import Iterator
from itertools import product

import pytest
from django.conf import settings
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer
from tests.web import axe, filling, screens
from tests.web.test_my_pages import Ana, a_notice

from ruta.kernel import audit
from ruta.notifications.models import Message
from ruta.payments import services as payments
from ruta.payments.models import Charge, Receipt

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ana(transactional_db: None) -> Iterator[Ana]:
    with filling.registry() as world:
        actor = filling.ana(world)
        yield Ana(world, actor, filling.signed_in(actor))


def _pages(ana: Ana) -> dict[str, str]:
    """A path of each kind of page, with data."""
    filling.begin(ana.client)
    unpaid, paid = ana.files(pays=False), ana.files()
    twice = Charge.objects.get(case_number=paid.number)
    payments.receive_webhook(*ana.world.gateway.approve(twice.number))
    ana.world.settle()
    notice = a_notice(ana)
    letter = Message.objects.filter(case_number=paid.number).first()
    receipt = Receipt.objects.get(charge=twice)
    registrar = ana.world.person("rosa", {"role": "registrar", "office": "1501-15001"})
    audit.log_read(registrar, persons=[ana.actor.document], purpose="case_processing", what="register:birth")
    assert letter is not None
    return {
        "home": "/",
        "search": "/tramites/?q=partida+de+nacimiento",
        "search-empty": "/tramites/?q=xyzzy",
        "service": "/tramites/civil-registration/",
        "act": "/tramites/civil-registration/copy/",
        "act-explained": "/tramites/civil-registration/birth/",
        "cases": "/mis-tramites/",
        "cases-ended": "/mis-tramites/?ver=terminados",
        "case-unpaid": f"/mis-tramites/{unpaid.number}/",
        "case-decided": f"/mis-tramites/{paid.number}/",
        "withdraw": f"/mis-tramites/{unpaid.number}/retirar/",
        "filing-receipt": f"/mis-tramites/{paid.number}/constancia/",
        "payment-twice": f"/pagos/{twice.number}/",
        "payment-receipt": f"/recibos/{receipt.number}/",
        "verify-receipt": f"/v/{receipt.code}",
        "messages": "/mensajes/",
        "message": f"/mensajes/{letter.pk}/",
        "notice": f"/mensajes/{notice.pk}/",
        "folder": "/carpeta/",
        "folder-registers": "/carpeta/registros/",
        "folder-reads": "/carpeta/consultas/",
        "account": "/cuenta/",
        "not-found": "/no-existe/",
        "accessibility": "/accesibilidad/",
        "privacy": "/privacidad/",
        "contact": "/ayuda/",
    }


def visit_all(
    ana: Ana, live_server: LiveServer, browser: Browser, lang: str, appearance: str, width: int
) -> None:
    cookies = {settings.SESSION_COOKIE_NAME: ana.client.cookies[settings.SESSION_COOKIE_NAME].value}
    with screens.a_page(
        browser, width=width, appearance=appearance, lang=lang, cookies=cookies, base_url=live_server.url
    ) as page:
        for name, path in _pages(ana).items():
            page.goto(path)
            axe.assert_accessible(page)
            screens.picture(page, f"portal-{name}-{width}-{appearance}-{lang}")


ONCE = [("es", "light", 360)]  # each other combination in make test-all


@pytest.mark.slow  # tests/pages walks the same pages in these two; here they leave pictures
@pytest.mark.parametrize(("lang", "appearance", "width"), ONCE)
def test_every_kind_of_page_is_accessible(
    ana: Ana, live_server: LiveServer, browser: Browser, lang: str, appearance: str, width: int
) -> None:
    visit_all(ana, live_server, browser, lang, appearance, width)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "appearance", "width"),
    [each for each in product(("es", "en"), screens.APPEARANCES, screens.WIDTHS) if each not in ONCE],
)
def test_every_kind_of_page_is_accessible_in_every_combination(
    ana: Ana, live_server: LiveServer, browser: Browser, lang: str, appearance: str, width: int
) -> None:
    visit_all(ana, live_server, browser, lang, appearance, width)


def test_a_stranger_finds_and_reads_a_service_without_javascript(
    ana: Ana, live_server: LiveServer, browser: Browser
) -> None:
    with screens.a_page(browser, width=320, javascript=False, base_url=live_server.url) as page:
        page.goto("/")
        page.get_by_role("searchbox").fill("partida de nacimiento")
        page.get_by_role("button", name="Buscar").click()
        page.get_by_role("link", name="Copia o certificado de un registro de nacimiento").click()
        assert page.get_by_role("button", name="Empezar").first.is_visible()
        page.get_by_role("link", name="English").click()
        assert page.get_by_role("button", name="Start").first.is_visible()


def test_the_keyboard_goes_straight_to_the_content(
    ana: Ana, live_server: LiveServer, browser: Browser
) -> None:
    with screens.a_page(browser, base_url=live_server.url) as page:
        page.goto("/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Ir al contenido"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
