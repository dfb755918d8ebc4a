"""Tell another agency's service something, until it answers: accepted or rejected.

A step writes what is to be told (`begin`); a job tells it, outside any case's lock, and its news (`telling.answered`)
finishes the step. However often it is told, the other agency has it once: every time bears the same idempotency key.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from ruta.identity.actors import Actor
from ruta.kernel import audit, canonical, clock, events

from . import log, playing, xroad
from .models import ExchangeRecord, Telling
from .patience import next_try

logger = logging.getLogger(__name__)
TELLER = Actor.system("interop")
LATE = timedelta(minutes=10)  # a job that should have told long ago is lost
Status, Fault = Telling.Status, ExchangeRecord.Fault
_RECEIVED = "received"
_NOT_NOW = frozenset({401, 403, 404, 408, 425, 429})  # of the way there, not of what was told
_CONFLICT, _ACCEPTED_LATER = 409, 202


@dataclass(frozen=True)
class Said:
    """What a service answered: accepted, rejected, received (it answers later), or unavailable with the `fault`."""

    status: str
    reason: str = ""
    reference: str = ""
    fault: str = ""


def begin(
    *,
    case_id: UUID,
    case_number: str,
    token: int,
    receiver: str,
    title: Mapping[str, str],
    service: str,
    purpose: str,
    data: Mapping[str, Any],
    persons: list[tuple[str, str]],
    until: datetime | None,
) -> tuple[Telling, bool]:
    """Write what is to be told, once for a step, and have it told after commit; and whether that was done now.

    `persons` are whom the data are about: they see in their folder that it was told. Raises RutaError for what is no
    X-Road service, Invalid for an unknown purpose.
    """
    now = clock.now()
    telling, made = Telling.objects.get_or_create(
        case_id=case_id,
        token=token,
        defaults={
            "case_number": case_number,
            "receiver": receiver,
            "title": dict(title),
            "service": log.service_of(receiver, service, field="xroad"),
            "purpose": purpose,
            "data": dict(data),
            "since": now,
            "until": until,
            "next_at": now,
        },
    )
    if made:
        from .jobs import tell

        what = f"told:{receiver}"
        audit.log_read(
            TELLER, persons=persons, purpose=purpose, what=what, case_number=case_number, fields=sorted(data)
        )
        tell.defer(telling_id=str(telling.id))
    return telling, made


def withdraw(case_id: UUID, token: int) -> None:
    """Nobody waits for the answer any more: it is told no more. What the other agency has already stands."""
    waiting = Telling.objects.filter(case_id=case_id, token=token, status=Status.WAITING)
    waiting.update(status=Status.WITHDRAWN, data=None, next_at=None)


def still_tells(case_number: str) -> bool:
    """Whether an agency is still to be told something of the case."""
    return Telling.objects.filter(case_number=case_number, status=Status.WAITING).exists()


def erase_of_case(case_number: str) -> int:
    """Forget what is personal of all that a case told: the data, and what the others gave as reasons; how many."""
    told = Telling.objects.filter(case_number=case_number)
    return told.update(data=None, reason="", next_at=None)


def attempt(telling_id: UUID) -> datetime | None:
    """Tell it once, over the network and without any lock; when to tell it again, or None when it is over.

    Runs twice without harm: the other agency knows the key, and who comes second finds it answered.
    """
    telling = Telling.objects.filter(id=telling_id, status=Status.WAITING).first()
    if telling is None or telling.data is None:
        return None
    sent = log.envelope(TELLER, telling.case_number, once=str(telling.id))
    reply = _reply(telling, sent)
    said = understood(reply)
    with transaction.atomic():
        log.write(
            sent,
            reply,
            kind=ExchangeRecord.Kind.TELL,
            other=telling.receiver,
            service=telling.service,
            said=telling.data,
            actor=TELLER,
            purpose=telling.purpose,
            status=said.status,
            fault=said.fault,
        )
        return _settle(telling_id, said)


def _reply(telling: Telling, sent: xroad.Envelope) -> xroad.Reply:
    if (played := playing.current()) is not None:
        return played.told(telling.receiver, sent.once, telling.data or {})
    return xroad.post(settings.XROAD_URL, telling.service, canonical.dumps(telling.data), sent)


def understood(reply: xroad.Reply) -> Said:
    """What the answer means.

    2xx: the `status` of its body (accepted, rejected, received; without one accepted, of a 202 received). 409: it has
    it already. Another 4xx of the service itself: rejected, with the body's `reason` (or that of RFC 9457). All else,
    and what the way there answers, is no answer.
    """
    if reply.error or reply.status is None or reply.status >= 500 or reply.status in _NOT_NOW:
        return Said("unavailable", fault=Fault.SILENT)
    body: Mapping[str, Any] = reply.body if isinstance(reply.body, dict) else {}
    reason, reference = _reason(body), str(body.get("reference") or "")[:100]
    if reply.status == _CONFLICT and reference:
        return Said("accepted", "", reference)
    if reply.status >= 400:
        return Said("rejected", reason or f"HTTP {reply.status}", reference)
    default = _RECEIVED if reply.status == _ACCEPTED_LATER else "accepted"
    status = str(body.get("status") or ("" if reply.raw and not body else default))
    if reply.status >= 300 or status not in ("accepted", "rejected", _RECEIVED):
        return Said("unavailable", fault=Fault.UNREADABLE)
    return Said(status, reason if status == "rejected" else "", reference)


def _reason(body: Mapping[str, Any]) -> str:
    said = (body.get(name) for name in ("reason", "detail", "message", "title"))
    return next((str(each) for each in said if each), "")[:500]


def _settle(telling_id: UUID, said: Said) -> datetime | None:
    """Keep what was answered; the next time, or None when it is over and the step has been told."""
    telling = Telling.objects.select_for_update().get(id=telling_id)
    if telling.status != Status.WAITING:
        return None
    telling.tries += 1
    telling.fault = said.fault
    telling.reference = said.reference or telling.reference
    now = clock.now()
    if said.status in (Status.ACCEPTED, Status.REJECTED):
        _over(telling, said.status, said.reason)
        telling.answered_at = now
    else:
        telling.next_at = next_try(now, since=telling.since, until=telling.until)
        if telling.next_at is None:
            _over(telling, Status.UNAVAILABLE, "")
        else:
            why = said.fault or said.status
            logger.warning(
                "%s was not told: %s (try %s, again at %s)",
                telling.receiver,
                why,
                telling.tries,
                telling.next_at,
            )
    telling.save()
    return telling.next_at


def _over(telling: Telling, status: str, reason: str) -> None:
    telling.status, telling.reason, telling.data, telling.next_at = status, reason, None, None
    events.publish(
        "telling.answered",
        key=str(telling.id),
        payload={"telling_id": str(telling.id), "case_id": str(telling.case_id), "token": telling.token},
    )


def overdue() -> list[UUID]:
    """What should have been told a while ago and was not: its job was lost with its worker. The oldest first."""
    lost = Telling.objects.filter(next_at__lt=clock.now() - LATE).order_by("next_at")
    return list(lost.values_list("id", flat=True)[:1000])
