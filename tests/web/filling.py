"""Ana fills the form of a copy: the smallest world that the form's pages need."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.test import Client
from tests import standing
from tests.cases.case_builders import ENTRY

from ruta.cases.models import Draft
from ruta.cases.play.world import World
from ruta.identity.actors import Actor
from ruta.identity.models import Account

START = "/tramites/civil-registration/copy/empezar/"


@contextmanager
def registry() -> Iterator[World]:
    """The civil registry, with one entry."""
    standing.publish_civil_registry()
    with World("civil-registration").open() as world:
        world.entry("birth", ENTRY)
        yield world


def ana(world: World, **told: Any) -> Actor:
    """The person of the entry, known with medium assurance unless told otherwise."""
    names = {"given_names": "María Fernanda", "first_surname": "Rojas", "second_surname": "Pérez"}
    return world.person("ana", {"document": "CC 1020304050", "born": date(1998, 3, 27), **names, **told})


def signed_in(actor: Actor, *, enforce_csrf: bool = False) -> Client:
    """A browser in which the actor has signed in."""
    client = Client(enforce_csrf_checks=enforce_csrf)
    client.force_login(Account.objects.get(pk=actor.account_id))
    return client


def begin(client: Client) -> Draft:
    """Press the start button; the draft that it makes."""
    before = set(Draft.objects.values_list("pk", flat=True))
    client.post(START)
    return Draft.objects.exclude(pk__in=before).get()


def page_url(draft_id: UUID, page: str) -> str:
    return f"/borradores/{draft_id}/{page}/"


def text(response: Any) -> str:
    """The page of a response, each run of blanks as one."""
    return " ".join(response.content.decode().split())


def entry_answers(draft: Draft, **other: str) -> dict[str, Any]:
    """What the first page posts."""
    draft.refresh_from_db()
    return {
        "asked": ["search_by", "nuip", "birth_date"],
        "seen": str(draft.revision),
        "search_by": "nuip",
        "nuip": "1020304050",
        "birth_date.day": "27",
        "birth_date.month": "3",
        "birth_date.year": "1998",
        **other,
    }


def document_answers(draft: Draft, **other: str) -> dict[str, Any]:
    """What the second page posts."""
    draft.refresh_from_db()
    asked = ["kind", "purpose"]
    return {"asked": asked, "seen": str(draft.revision), "kind": "copy", "purpose": "marriage", **other}


def delivery_answers(draft: Draft, **other: str) -> dict[str, Any]:
    """What the third page posts."""
    draft.refresh_from_db()
    asked = ["copies", "delivery", "receipts"]
    answers = {"copies": "3", "delivery": "online", "receipts": ""}
    return {"asked": asked, "seen": str(draft.revision), **answers, **other}


def fill(client: Client, draft: Draft) -> None:
    """Fill all pages rightly."""
    client.post(page_url(draft.pk, "entry"), entry_answers(draft))
    draft.refresh_from_db()
    known = f"entry:{draft.facts['entry']['key']}"
    client.post(page_url(draft.pk, "entry"), entry_answers(draft, known=known))
    client.post(page_url(draft.pk, "document"), document_answers(draft))
    client.post(page_url(draft.pk, "delivery"), delivery_answers(draft))
