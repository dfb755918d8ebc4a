"""A database that goes away in the middle of a filing leaves nothing half done, and nothing typed is lost."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.utils import InterfaceError, OperationalError
from django.test import Client
from psycopg.conninfo import make_conninfo
from tests.cases.case_builders import ANSWERS, a_case, ana

from ruta.cases import filing
from ruta.cases.models import Case, CaseEvent, Draft
from ruta.cases.play.world import World
from ruta.identity.models import Account
from ruta.payments.models import Charge

pytestmark = pytest.mark.django_db(transaction=True)


def _terminate_our_connection() -> None:
    """What a failing server or an operator does: our backend is gone between two statements."""
    details = connection.get_connection_params()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    url = make_conninfo(host=details["host"], dbname=details["dbname"], user="postgres")
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """The connection is cut once, after the case's first step and before it is saved."""
    armed = [True]
    save = filing.Machine.save

    def save_or_die(machine: Any) -> None:
        if armed[0]:
            armed[0] = False
            _terminate_our_connection()
        save(machine)

    monkeypatch.setattr(filing.Machine, "save", save_or_die)
    yield armed
    connection.close()


def test_a_filing_cut_in_the_middle_leaves_no_row_and_works_the_second_time(
    world: World, cut: list[bool]
) -> None:
    actor = ana(world)
    with pytest.raises((OperationalError, InterfaceError)):
        a_case(world, actor)
    connection.close()
    assert not Case.objects.exists()
    assert not CaseEvent.objects.exists()
    assert not Charge.objects.exists()
    assert a_case(world, actor).number
    assert Case.objects.count() == 1


def test_the_page_answers_503_with_try_again_and_the_draft_is_still_there(
    world: World, cut: list[bool], client: Client
) -> None:
    from ruta.cases.drafts import services as drafts

    actor = ana(world)
    draft = drafts.start_draft(actor, "civil-registration", "copy", typed=ANSWERS)
    client.force_login(Account.objects.get(pk=actor.account_id))
    client.raise_request_exception = False
    address = f"/borradores/{draft.pk}/revisar/"
    answer = client.post(address, {"confirm": "on", "declaration": "on"})
    connection.close()
    assert answer.status_code == 503
    assert "Intentar otra vez" in answer.content.decode()
    assert not Case.objects.exists()
    assert Draft.objects.get(pk=draft.pk).typed["nuip"] == ANSWERS["nuip"]
