"""Filings and steps per second, each one durable transaction, beside bare commits on the same server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from . import stage
from .clients import Phase, rates
from .figures import Figure

if TYPE_CHECKING:
    from ruta.cases.models import Draft
    from ruta.cases.play.world import World

GROUP = "Durable (one commit each)"
STEP_BAR = 300  # a durable case step (design, section 7)
COMMITS, BARE_STEPS = 1500, 150
NAMES = {
    "filing": "filings",
    "bare": "bare steps",
    "task": "tasks completed",
    "news": "payments' news",
}


@dataclass
class Client:
    """The work of one client, on cases of its own."""

    on: stage.Stage
    amount: int
    paying: list[str] = field(default_factory=list)
    world: World | None = None

    @contextmanager
    def opened(self, number: int) -> Iterator[None]:
        """In the client's process: its bank and the other agencies."""
        from ruta.cases.play.world import World

        self.world = World(stage.SLUG)
        with self.world.open():
            yield

    def phases(self) -> list[Phase]:
        """What is measured, in order: later phases use what earlier ones filed."""
        return [
            Phase("commit", lambda _: range(COMMITS), self.commit),
            Phase("filing", self.drafts, self.file),
            Phase("bare", self.waiting, self.bare_step),
            Phase("news", self.paid, self.hear),
            Phase("task", self.tasks, self.decide),
        ]

    def commit(self, _: int) -> None:
        """The floor: one small row, one commit."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_commit (id, said) VALUES (%s, 'one small row')", [uuid4()])

    def drafts(self, number: int) -> list[tuple[Draft, Any]]:
        """Applications filled page by page."""
        person = self.on.people[number]
        return [(stage.filled_draft(person, person, stage.PAYS), person) for _ in range(self.amount)]

    def file(self, item: tuple[Draft, Any]) -> None:
        """File as the portal does."""
        from ruta.cases.drafts import services as drafts

        self.paying.append(drafts.file_draft(*item).number)

    def waiting(self, _: int) -> list[UUID]:
        """Cases on which nothing happens."""
        from ruta.cases.models import Case

        ids = list(Case.objects.filter(number__in=self.paying).values_list("id", flat=True))
        return [ids[turn % len(ids)] for turn in range(BARE_STEPS)]

    def bare_step(self, case_id: UUID) -> None:
        """Lock, load, step, save: what every step costs before it does anything."""
        from ruta.cases.machine import CLOCK, advance
        from ruta.engine import bpmn

        advance(case_id, bpmn.Patch({}), actor=CLOCK)

    def paid(self, _: int) -> list[dict[str, Any]]:
        """Pay every charge; the news that wait for the cases."""
        from procrastinate.contrib.django.models import ProcrastinateJob

        assert self.world is not None
        for number in self.paying:
            stage.pay(self.world, number)
        news = {
            job.args["case_id"]: job.args for job in ProcrastinateJob.objects.filter(task_name="cases.finish")
        }
        return [news[str(case_id)] for case_id in dict.fromkeys(self.waiting(0)) if str(case_id) in news]

    def hear(self, news: dict[str, Any]) -> None:
        """The news of a payment arrives: the case goes on and orders its document."""
        from ruta.cases import jobs

        jobs.finish(**news)

    def tasks(self, number: int) -> list[UUID]:
        """Applications for a neighbour's entry, whose purpose an official weighs."""
        from ruta.cases.models import Task

        person, neighbour = self.on.people[number], self.on.people[number - 1]
        filed = [stage.weighed(person, neighbour).id for _ in range(self.amount)]
        return list(Task.objects.filter(case_id__in=filed).values_list("id", flat=True))

    def decide(self, task_id: UUID) -> None:
        """The official completes the task; the case goes on to its charge."""
        from ruta.cases import tasks

        motivation = "El propósito está probado con lo que se pidió (Decreto-Ley 1260 de 1970, art. 115)."
        tasks.complete(task_id, actor=self.on.registrar, typed={"outcome": "grant", "motivation": motivation})


def measure(on: stage.Stage, *, clients: int, amount: int) -> list[Figure]:
    """Filings, steps and bare commits per second with 1 and with `clients` clients, `amount` of each per client."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        fsync = cursor.fetchone()[0]
        cursor.execute("SHOW synchronous_commit")
        durable = fsync == "on" and cursor.fetchone()[0] == "on"
    make_table()
    queries = counted(on)
    figures = []
    for count in sorted({1, clients}):
        client = Client(on, amount)
        connection.close()
        rate = rates(count, client.phases(), client.opened)
        who = "1 client" if count == 1 else f"{count} clients"
        raw = rate["commit"].per_second
        note = "" if durable else "not durable: fsync is off"
        figures.append(Figure(GROUP, f"raw PostgreSQL commits, {who}", raw, "1/s", note=note))
        for phase, name in NAMES.items():
            note = f"{queries[phase]} queries, {rate[phase].cpu * 1000:.1f} ms of CPU in Python"
            bar = 0 if phase == "filing" else STEP_BAR
            figures.append(
                Figure(GROUP, f"{name}, {who}", rate[phase].per_second, "1/s", raw, bar, note=note)
            )
    return figures


def measure_large(on: stage.Stage) -> list[Figure]:
    """The bare step with 1 client again, on the database as it is now: a step's cost may not grow with all cases."""
    from ruta.cases.models import Case

    client = Client(on, 0)
    client.paying = list(Case.objects.order_by("id").values_list("number", flat=True)[:20])
    rate = rates(1, [Phase("bare", client.waiting, client.bare_step)], client.opened)["bare"]
    name = f"bare steps, 1 client, at {Case.objects.count():,} cases"
    note = f"{rate.cpu * 1000:.1f} ms of CPU in Python"
    return [Figure(f"{GROUP}, later", name, rate.per_second, "1/s", bar=STEP_BAR, note=note)]


def bring_on(on: stage.Stage, amount: int) -> None:
    """What `measure` leaves behind, unmeasured: cases of one person filed, paid and decided, `amount` of each."""
    client = Client(on, amount)
    with client.opened(0):
        for phase in client.phases()[1:]:
            for item in phase.prepare(0):
                phase.work(item)


def counted(on: stage.Stage) -> dict[str, int]:
    """How many queries one item of each phase asks."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = Client(on, 2)
    asked = {}
    with client.opened(0):
        for phase in client.phases()[1:]:
            first, *others = phase.prepare(0)
            phase.work(first)  # what is parsed once per process is parsed now
            with CaptureQueriesContext(connection) as captured:
                phase.work(others[0])
            asked[phase.name] = len(captured)
    return asked


def make_table() -> None:
    """The table of bare commits; the owner makes it."""
    import psycopg
    from django.db import connection

    from ruta.config import database

    name = str(connection.settings_dict["NAME"])
    url = database.url_for(os.environ["DATABASE_URL"], name, database.OWNER)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS bench_commit (id uuid PRIMARY KEY, said text)")
