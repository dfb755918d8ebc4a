"""Server time and queries of the pages, in this process, on a database of some thousand cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import stage
from .clocks import median_of
from .figures import Figure

if TYPE_CHECKING:
    from django.test import Client

    from ruta.identity.actors import Actor

GROUP = "Pages (median)"
HOST = "localhost"
OPEN_TASKS = 30  # more than a page of the inbox; one of them is the registrar's own
BAR = 25  # milliseconds of server time (design, section 7)


@dataclass(frozen=True)
class Page:
    """One page, and the browser that asks for it."""

    name: str
    client: Client
    address: str

    def ask(self) -> None:
        """Ask for it once."""
        answer = self.client.get(self.address)
        if answer.status_code != 200:
            raise RuntimeError(f"{self.address} answers {answer.status_code}")


def measure(on: stage.Stage, *, cases: int, times: int) -> list[Figure]:
    """Multiply the cases to about `cases`, then ask for each page `times` times."""
    asked = pages(on)
    total = stage.multiply(cases)
    return [_figure(page, times, total) for page in asked]


def _figure(page: Page, times: int, total: int) -> Figure:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    took = median_of(page.ask, times=times)
    with CaptureQueriesContext(connection) as captured:
        page.ask()
    note = (
        f"{took.cpu * 1000:.1f} ms of CPU in Python, {len(captured)} queries; {total:,} cases in the database"
    )
    return Figure(GROUP, page.name, took.wall * 1000, "ms", bar=BAR, less=True, note=note)


def pages(on: stage.Stage) -> list[Page]:
    """The pages that are measured, of cases that `durable` has brought on, and of tasks that wait at the desk."""
    from django.conf import settings
    from django.test import Client

    from ruta.cases import tasks
    from ruta.cases.models import Case, Task
    from ruta.cases.play.world import World
    from ruta.web.site import assets

    assets.build(settings.ASSETS_DIR)
    with World(stage.SLUG).open():
        draft = stage.filled_draft(on.people[0], on.people[0], stage.PAYS)
        waiting = [stage.weighed(on.people[0], on.people[1]).id for _ in range(OPEN_TASKS)]
    task = tasks.claim(Task.objects.get(case_id=waiting[0]).id, actor=on.registrar)
    filed = Case.objects.filter(applicant_id=on.people[0].person_id)
    decided = filed.filter(tasks__status="done").order_by("number").first()
    assert decided is not None
    anybody, person, official = Client(SERVER_NAME=HOST), _signed_in(on.people[0]), _signed_in(on.registrar)
    return [
        Page("home", anybody, "/"),
        Page("service page", anybody, f"/tramites/{stage.SLUG}/{stage.ACT}/"),
        Page("form page", person, f"/borradores/{draft.pk}/document/"),
        Page("my case", person, f"/mis-tramites/{decided.number}/"),
        Page("inbox", official, "/escritorio/"),
        Page("case page of the desk", official, f"/escritorio/expedientes/{task.case.number}/"),
    ]


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
