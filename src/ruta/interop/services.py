"""Ask another agency's register, and write down that it was asked."""

import hashlib
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings

from ruta.kernel import audit, canonical, clock
from ruta.kernel.errors import RutaError
from ruta.kernel.ids import new_id
from ruta.registers.rules import value_at

from . import playing, xroad
from .models import ExchangeRecord

if TYPE_CHECKING:
    from ruta.identity.actors import Actor

logger = logging.getLogger(__name__)
PERSON = ("document_type", "document_number")
_SERVICE = re.compile(r"[A-Z]{2}/[A-Z]{3}/[0-9]{9}/[A-Z0-9-]+/[a-z0-9-]+/v[0-9]+")


@dataclass(frozen=True)
class Answer:
    """What another agency's register says: `value` when found, with its source and the instant of the
    answer."""

    value: dict[str, Any] | None
    source: str
    at: datetime
    status: Literal["found", "absent", "unavailable"]


def read(
    register: str,
    source: Mapping[str, Any],
    key: Mapping[str, Any],
    *,
    actor: "Actor",
    purpose: str,
    case_number: str = "",
    wait: float = xroad.TIMEOUT,
    holder: tuple[str, str] = PERSON,
) -> Answer:
    """Ask a register for the one entry that `key` names (network: call it from a job or a draft, never in a
    step).

    `source` is that of the register's file: its `xroad` is the service (`CO/GOB/<NIT>/SUBSYSTEM/service/v1`).
    `wait` is how many seconds this one call may take (at most 30). Unavailable is an answer, not an error: the caller,
    who knows how much `patience` the register is given, decides whether to ask again. Every call is a line of the
    message log, without the payload, and, when something was found, of the log of reads. Raises RutaError for a source
    that is not an X-Road service.

    `holder` are the fields, dotted ones too, of the type and number of whom an entry is about (`x-register.holder_type`
    and `holder`).
    """
    service = str(source.get("xroad", "")).strip("/")
    if not _SERVICE.fullmatch(service):
        raise RutaError(
            {
                "es": (
                    f"Registro {register}: «{service}» no es un servicio X-Road "
                    "(CO/GOB/NIT/SUBSISTEMA/servicio/v1)."
                ),
                "en": (
                    f"Register {register}: “{service}” is not an X-Road service "
                    "(CO/GOB/NIT/SUBSYSTEM/service/v1)."
                ),
            },
            field="source.xroad",
            code="xroad-source",
        )
    asked = {name: str(value) for name, value in key.items() if value is not None}
    envelope = xroad.Envelope(new_id(), settings.XROAD_CLIENT, _user(actor), case_number)
    if (played := playing.current()) is not None:
        reply = played.reply(register, asked)
    else:
        reply = xroad.get(settings.XROAD_URL, service, asked, envelope, patience=wait)
    status = _status(reply)
    answer = Answer(reply.body if status == "found" else None, service, clock.now(), status)
    ExchangeRecord.objects.create(
        id=envelope.id,
        register=register,
        service=service,
        actor=actor.ref[:80],
        purpose=purpose,
        case_number=case_number,
        request_sha256=canonical.sha256_hex(canonical.dumps({"service": service, "key": asked})),
        response_sha256=hashlib.sha256(reply.raw).hexdigest() if reply.raw else "",
        remote_id=reply.remote_id,
        status=status,
        http_status=reply.status,
        attempts=reply.attempts,
        milliseconds=reply.milliseconds,
        at=answer.at,
    )
    if status == "unavailable":
        logger.warning(
            "register %s does not answer (%s)", register, reply.error or reply.status or "no answer"
        )
    elif answer.value is not None:
        kind, number = (str(value_at(answer.value, name) or asked.get(name) or "") for name in holder)
        if number:
            audit.log_read(
                actor,
                persons=[(kind, number)],
                purpose=purpose,
                case_number=case_number,
                what=f"register:{register}",
                fields=sorted(answer.value),
            )
    return answer


def _status(reply: xroad.Reply) -> Literal["found", "absent", "unavailable"]:
    """A security server's error is not an answer: only the register itself can say that there is no entry."""
    if reply.error or reply.status is None:
        return "unavailable"
    if reply.status == 404:
        return "absent"
    return "found" if reply.status == 200 and reply.body is not None else "unavailable"


def _user(actor: "Actor") -> str:
    if actor.document_type and actor.document_number:
        return f"CO{actor.document_type}{actor.document_number}"
    return ""
