"""Messages between cases, by name and key. One that nobody waits for yet is kept, and the first to wait gets it.

Who keeps a message and who begins to wait for one look at each other under one lock of the key: either the keeper
sees who waits, or who waits sees what is kept.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from ruta.engine import bpmn
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.kernel.errors import Conflict

from .models import FlowToken, ThrownMessage

logger = logging.getLogger(__name__)
NEWS = Actor.system("news")
KEPT_FOR = timedelta(days=30)


def deliver(message_id: UUID) -> int:
    """Give a message to every case that waits for it; how many took it. One that none took is kept if it has a key.

    Runs twice without harm: the first case that takes the message uses it up.
    """
    thrown = ThrownMessage.objects.filter(id=message_id).first()
    if thrown is None:
        return 0  # delivered by an earlier run
    if taken := _give_all(thrown, _waiting(thrown.key)):
        return taken
    with transaction.atomic():
        _lock(thrown.key)
        found = ThrownMessage.objects.filter(id=thrown.id)
        if not thrown.key:
            found.delete()
            return 0
        found.update(kept_since=clock.now())
        meanwhile = _waiting(thrown.key)
    return _give_all(thrown, meanwhile)


def _give_all(thrown: ThrownMessage, cases: list[UUID]) -> int:
    """Let every case hear the message; the first that does uses it up, and the others still hear it."""
    taken = 0
    for case_id in cases:
        taken += _give(thrown, case_id, used_up=not taken)
    return taken


def _give(thrown: ThrownMessage, case_id: UUID, *, used_up: bool) -> bool:
    from .machine import advance

    try:
        with transaction.atomic():
            if used_up and not ThrownMessage.objects.filter(id=thrown.id).delete()[0]:
                return False
            advance(case_id, bpmn.Receive(thrown.name, thrown.key, thrown.payload), actor=NEWS)
    except Conflict:
        logger.info("case %s does not wait for %s", case_id, thrown.name)
        return False
    return True


def _waiting(key: str) -> list[UUID]:
    """The cases that wait for something with this key; each knows for what."""
    return list(FlowToken.objects.filter(key=key).values_list("case_id", flat=True).distinct())


def early(name: str, key: str | None) -> list[bpmn.Command]:
    """The message that came before the case began to wait for it, if there is one: the oldest. It is used up.

    The caller holds the case, and commits its positions in the same transaction.
    """
    if not key:
        return []
    _lock(key)
    found = ThrownMessage.objects.filter(key=key, name=name, kept_since__isnull=False)
    kept = found.select_for_update(skip_locked=True).order_by("id").first()
    if kept is None:
        return []
    kept.delete()
    return [bpmn.Receive(name, key, kept.payload)]


def forget() -> int:
    """Drop what nobody waited for in all the time that it was kept; how many."""
    return ThrownMessage.objects.filter(kept_since__lt=clock.now() - KEPT_FOR).delete()[0]


def _lock(key: str) -> None:
    """Hold the key until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 4602))", [key])
