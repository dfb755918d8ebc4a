"""Server time and queries of the pages, in this process, on a database of some thousand cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from . import stage
from .clocks import median_wall
from .figures import Figure

if TYPE_CHECKING:
    from django.test import Client

    from ruta.identity.actors import Actor

GROUP = "Pages (median)"
HOST = "localhost"
BAR = 25  # milliseconds of server time (design, section 7)


def measure(on: stage.Stage, *, cases: int, times: int) -> list[Figure]:
    """Multiply the cases to about `cases`, then ask for each page `times` times."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from ruta.cases.models import Case, Task
    from ruta.cases.play.world import World
    from ruta.web.site import assets

    assets.build(settings.ASSETS_DIR)
    with World(stage.SLUG).open():
        draft = stage.filled_draft(on.people[0], on.people[0], stage.PAYS)
    filed = Case.objects.filter(applicant_id=on.people[0].person_id)
    decided = filed.filter(tasks__status="done").order_by("number").first()
    waiting = Task.objects.filter(status="open").order_by("due_on", "id").first()
    assert decided is not None
    total = stage.multiply(cases)
    anybody, person, official = Client(SERVER_NAME=HOST), _signed_in(on.people[0]), _signed_in(on.registrar)
    at_desk = waiting.case.number if waiting else decided.number
    pages: list[tuple[str, Client, str]] = [
        ("home", anybody, "/"),
        ("service page", anybody, f"/tramites/{stage.SLUG}/{stage.ACT}/"),
        ("form page", person, f"/borradores/{draft.pk}/document/"),
        ("my case", person, f"/mis-tramites/{decided.number}/"),
        ("inbox", official, "/escritorio/"),
        ("case page of the desk", official, f"/escritorio/expedientes/{at_desk}/"),
    ]
    figures = []
    for name, client, address in pages:
        ask = _asking(client, address)
        took = median_wall(ask, times=times)
        with CaptureQueriesContext(connection) as captured:
            ask()
        figures.append(
            Figure(
                GROUP,
                name,
                took * 1000,
                "ms",
                bar=BAR,
                less=True,
                note=f"{len(captured)} queries; {total:,} cases in the database",
            )
        )
    return figures


def _asking(client: Client, address: str) -> Callable[[], None]:
    def ask() -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answers {answer.status_code}")

    return ask


def _signed_in(actor: Actor) -> Client:
    from django.test import Client

    from ruta.identity.actors import AUTHENTICATOR_LEVEL
    from ruta.identity.models import Account

    client = Client(SERVER_NAME=HOST)
    client.force_login(Account.objects.get(pk=actor.account_id))
    session = client.session
    session[AUTHENTICATOR_LEVEL] = "very_high"
    session.save()
    return client
