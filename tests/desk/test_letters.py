"""An official sees of each message whether it reached the person: the mail server's word, and the opening."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings
from tests.desk.desk_builders import PURPOSE, Office, desk, page_of, seen, task_of
from tests.web import queries

from ruta.cases import services
from ruta.cases.models import Case
from ruta.kernel import clock, jobs
from ruta.notifications import services as notifications
from ruta.notifications.models import Message
from ruta.sandbox import testing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _sandbox() -> Iterator[testing.Playground]:
    with testing.running() as playground:
        yield playground


@pytest.fixture
def post_office(_sandbox: testing.Playground, settings: Settings) -> testing.Playground:
    """A mail server that does as it is told."""
    _sandbox.misbehave("smtp", "ok")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", _sandbox.smtp_port
    return _sandbox


def _panel(office: Office, case: Case) -> str:
    said = seen(desk(office.clara), page_of(case))
    return said[said.index("Mensajes enviados") : said.index("Reglas aplicadas")]


def test_a_message_that_the_mail_server_took_is_told_without_the_whole_address(
    office: Office, post_office: testing.Playground
) -> None:
    case = office.asks()
    message = Message.objects.get(case_number=case.number)
    panel = _panel(office, case)
    assert message.subject in panel
    assert "Entregado por correo" in panel
    assert "l…@example.co: lo recibió su servidor" in panel
    assert message.email not in desk(office.clara).get(page_of(case)).content.decode()


def test_a_deferred_message_says_that_it_is_tried_again(
    office: Office, post_office: testing.Playground
) -> None:
    post_office.misbehave("smtp", "down", times=1)
    case = office.asks()
    assert "el correo está aplazado" in _panel(office, case)
    assert "se intenta otra vez (intento 1)" in _panel(office, case)
    clock.set_clock(clock.now() + timedelta(minutes=2))
    jobs.run_due()
    assert "Entregado por correo" in _panel(office, case)


def test_a_refused_address_says_why_and_that_the_folder_has_it(
    office: Office, post_office: testing.Playground
) -> None:
    post_office.misbehave("smtp", "refuse")
    panel = _panel(office, office.asks())
    assert "En la carpeta; el correo no llegó" in panel
    assert re.search(r"l…@example\.co: rechazado \(550 \S", panel)


def test_a_server_that_never_answers_is_given_up_after_seven_attempts(
    office: Office, post_office: testing.Playground, settings: Settings
) -> None:
    settings.EMAIL_PORT = testing.free_port()
    case = office.asks()
    for _hour in range(22):
        clock.set_clock(clock.now() + timedelta(hours=1))
        office.world.settle()
    assert "se dejó de intentar tras 7 intentos" in _panel(office, case)


def test_a_legal_notice_waits_to_be_opened_and_then_says_when(
    office: Office, post_office: testing.Playground
) -> None:
    case = office.asks(PURPOSE)
    motivation = "No prueba el mandato de la inscrita; Decreto-Ley 1260 de 1970, art. 115."
    services.complete(
        task_of(case).id, actor=office.clara, typed={"outcome": "refuse", "motivation": motivation}
    )
    office.world.settle()
    assert "Falta que la persona lo abra" in _panel(office, case)
    notice = Message.objects.get(case_number=case.number, legal=True)
    notifications.open_message(notice, office.luis)
    panel = _panel(office, case)
    assert "Lo abrió la persona" in panel
    assert "abierto el 16 de marzo de 2026" in panel


def test_many_messages_cost_no_more_queries(office: Office) -> None:
    case = office.asks()
    client = desk(office.clara)

    def counted() -> list[str]:
        client.get(page_of(case))
        with queries.counted() as captured:
            assert client.get(page_of(case)).status_code == 200
        return queries.shapes(captured)

    few = counted()
    for number in range(12):
        notifications.send_message(
            case_id=case.id,
            case_number=case.number,
            token=None,
            person_id=office.luis.person_id,
            email="luis@example.co",
            template="filed",
            subject=f"Aviso {number}",
            body_markdown="Hola.",
        )
    office.world.settle()
    assert counted() == few
    assert "Aviso 11" in seen(client, page_of(case))


def test_the_panel_is_in_english_too(office: Office) -> None:
    case = office.asks()
    text = seen(desk(office.clara, django_language="en"), page_of(case))
    assert "Messages sent" in text
    assert "taken by its server" in text
