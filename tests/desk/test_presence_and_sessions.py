"""The page of a case asks by itself who else is there: that is nobody's presence, and ends no work."""

from datetime import datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from tests.desk.desk_builders import Office, desk, page_of

from ruta.kernel import clock

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 16, 10)


def _written() -> tuple[str, datetime]:
    session = Session.objects.get()
    return session.session_data, session.expire_date


def test_a_poll_leaves_the_session_to_end_and_a_page_puts_it_off(office: Office) -> None:
    case = office.asks()
    client = desk(office.clara)
    client.get(page_of(case))
    began = _written()
    for minutes in range(2, 40, 2):
        clock.set_clock(MORNING + timedelta(minutes=minutes))
        assert client.get(f"{page_of(case)}presencia/", headers={"HX-Request": "true"}).status_code == 200
    assert _written() == began
    client.get(page_of(case))
    assert _written() != began


def test_when_the_session_is_over_the_poll_says_so_stops_and_leaves_the_page_alone(office: Office) -> None:
    case = office.asks()
    client = desk(office.clara)
    client.get(page_of(case))
    Session.objects.all().delete()
    answer = client.get(f"{page_of(case)}presencia/", headers={"HX-Request": "true"})
    assert answer.status_code == 286  # htmx: show this and ask no more
    assert "HX-Redirect" not in answer.headers
    assert "Su sesión terminó" in answer.content.decode()
    assert case.number not in answer.content.decode()
    assert client.get(f"{page_of(case)}presencia/").status_code == 302
