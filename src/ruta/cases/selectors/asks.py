"""What is asked of people: of whoever is signed in, and in a case."""

from __future__ import annotations

from ruta.identity.actors import Actor
from ruta.kernel import clock

from .. import perms
from ..models import Ask, AskedPerson, Case
from ..models.asking import AskedStatus

MOST_ASKED = 20


def open_asks(actor: Actor, *, limit: int = MOST_ASKED) -> list[AskedPerson]:
    """What this person is still to answer, the first to end in front; the last day counts whole."""
    found = AskedPerson.objects.filter(
        perms.is_person(actor), status=AskedStatus.OPEN, ask__due_on__gte=clock.today()
    )
    return list(found.select_related("ask__case").order_by("ask__due_on", "id")[:limit])


def asks_of_case(case: Case) -> list[Ask]:
    """Everything that the case asked, the newest first, each with its persons."""
    asks = list(case.asks.prefetch_related("persons__entered_by__person").order_by("-created_at", "-id"))
    for ask in asks:
        ask.case = case
    return asks


def asked_in(case: Case, actor: Actor) -> list[AskedPerson]:
    """What the case asked of this person, the newest first, whatever became of it."""
    found = AskedPerson.objects.filter(perms.is_person(actor), ask__case=case).select_related("ask")
    asked = list(found.order_by("-ask__created_at", "-id"))
    for one in asked:
        one.ask.case = case
    return asked
