"""A line of a kit as a filing: its key, its day, its numbers, and what it became."""

from __future__ import annotations

from datetime import date
from typing import Any

from ruta.definitions import runtime
from ruta.definitions.schema import Offline
from ruta.definitions.selectors import current_version
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.kernel.errors import Conflict

from ..models import Case, OfflineFiling, OfflineKit
from ..models.offline import OfflineStatus
from .act import OfflineAct


def declared(kit: OfflineKit) -> Offline:
    """What the act in force says of acting without a network. Raises Conflict where it says so no more."""
    compiled = runtime.compiled(current_version(kit.service).pk)
    spec = compiled.service.acts.get(kit.act)
    if spec is None or spec.offline is None:
        raise not_offline()
    return spec.offline


def not_offline() -> Conflict:
    """What is said of an act that is not done without a network."""
    return Conflict(
        {
            "es": "Este trámite no se hace sin conexión.",
            "en": "This act is not done without a network.",
        },
        code="not-offline",
    )


def submission_key(filing: OfflineFiling) -> str:
    """What makes one case of a line, however often it comes."""
    return f"offline:{filing.pk}"


def act_of(filing: OfflineFiling) -> OfflineAct:
    """What the case keeps of how it was filed."""
    return OfflineAct(
        holder=str(filing.kit_id),
        line=filing.line,
        acted_on=filing.acted_on or clock.today(),
        device_at=filing.device_at,
        numbers=tuple(filing.numbers),
    )


def wrong_day(kit: OfflineKit, acted_on: date | None) -> Problem | None:
    """What is wrong with the day that the office says: it lies between the taking of the kit and its end, and not ahead.

    The clock of the device is not asked: it may be wrong.
    """
    first, last = clock.local_date(kit.taken_at), min(kit.until, clock.today())
    if acted_on is not None and first <= acted_on <= last:
        return None
    return Problem(
        "/acted_on",
        "offline-day",
        {
            "es": f"Día del acto: debe estar entre el {first:%d/%m/%Y} y el {last:%d/%m/%Y}. Escriba el que fue.",
            "en": f"Day of the act: it lies between {first:%d/%m/%Y} and {last:%d/%m/%Y}. Give the right one.",
        },
    )


def as_typed(filing: OfflineFiling) -> dict[str, Any]:
    """What was typed, at the office that took the numbers."""
    return {**filing.typed, declared(filing.kit).office: filing.kit.office}


def filed(filing: OfflineFiling, case: Case, actor: Actor) -> None:
    """The line has its case, which holds what was typed from now on."""
    waited = filing.status == OfflineStatus.UNRESOLVED
    filing.status, filing.case, filing.typed, filing.problems = OfflineStatus.FILED, case, {}, []
    if waited:
        filing.settled_by, filing.settled_at = actor.ref, clock.now()
    filing.save()


def refuse(filing: OfflineFiling, problems: list[Problem]) -> None:
    """The line waits for a person."""
    filing.status = OfflineStatus.UNRESOLVED
    filing.problems = [each.as_json() for each in problems]
    filing.save()
