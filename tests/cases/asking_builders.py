"""A dog is handed over to new owners, who are asked: the smallest world in which a case asks something of people."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ruta.cases import asking
from ruta.cases.drafts import services as drafts
from ruta.cases.models import AskedPerson, Case, Draft
from ruta.cases.play.world import World
from ruta.definitions.loader import Folder, read_folder
from ruta.definitions.services import publish
from ruta.identity.actors import Actor
from ruta.kernel import clock

ROOT = Path(__file__).resolve().parents[2]
FOLDER = read_folder(ROOT / "tests" / "services" / "dog-register", shared=ROOT / "services" / "shared")
OFFICE = "1501-15001"
RIGHT: dict[str, Any] = {"data_right": "yes", "home": "house"}


@contextmanager
def kennel(folder: Folder = FOLDER, *, at: datetime | None = datetime(2026, 3, 16, 10)) -> Iterator[World]:
    """The dog register in force, on the morning of 16 March 2026 or at another instant (None: now, as in a browser)."""
    publish(folder, in_force_from=date(2024, 1, 1))
    clock.set_clock(at)
    with World("dog-register").open() as opened:
        yield opened


def ana(world: World) -> Actor:
    """Who hands the dog over."""
    return world.person("ana", {"document": "CC 1020304050"})


def luis(world: World, **told: Any) -> Actor:
    """The new owner."""
    return world.person("luis", {"document": "CC 52148963", **told})


def clara(world: World) -> Actor:
    """A registrar of the office."""
    return world.person("clara", {"role": "registrar", "office": OFFICE})


def handed_over(world: World, actor: Actor, **more: Any) -> Case:
    """A case of `actor` that asks the new owners: Luis, and who else is told."""
    typed = {"name": "Canela", "born": "01/02/2025", "buyer": "52148963", "price": 100000, **more}
    case = drafts.file_draft(drafts.start_draft(actor, "dog-register", "handover", typed=typed), actor)
    world.settle()
    return case


def asked(case: Case, actor: Actor, *, counter: bool = False) -> AskedPerson:
    """The newest thing that the case asks of the actor, or at the counter of anybody."""
    number = {} if counter else {"document_number": actor.document_number}
    found = AskedPerson.objects.filter(ask__case=case, **number).latest("ask__created_at", "id")
    return asking.find(found.id, actor, counter=counter)


def answers(case: Case, actor: Actor, typed: dict[str, Any] | None = None, *, counter: bool = False) -> Draft:
    """The actor's draft of an answer, with what it typed, not sent."""
    draft = drafts.start_answer(actor, asked(case, actor, counter=counter), counter=counter)
    draft.typed = {**draft.typed, **(RIGHT if typed is None else typed)}
    draft.save()
    return draft
