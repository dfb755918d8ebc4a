"""The message log: one line for each exchange with another agency, without what was exchanged."""

import hashlib
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings

from ruta.kernel import canonical, clock
from ruta.kernel.errors import RutaError
from ruta.kernel.ids import new_id

from .models import ExchangeRecord
from .xroad import Envelope, Reply

if TYPE_CHECKING:
    from ruta.identity.actors import Actor

_SERVICE = re.compile(r"[A-Z]{2}/[A-Z]{3}/[0-9]{9}/[A-Z0-9-]+/[a-z0-9-]+/v[0-9]+")


def service_of(name: str, xroad: Any, *, field: str = "source.xroad") -> str:
    """The X-Road service that the file of a register or the row of a receiver names. Raises RutaError for none."""
    service = str(xroad or "").strip("/")
    if not _SERVICE.fullmatch(service):
        raise RutaError(
            {
                "es": f"{name}: «{service}» no es un servicio X-Road (CO/GOB/NIT/SUBSISTEMA/servicio/v1).",
                "en": f"{name}: “{service}” is not an X-Road service (CO/GOB/NIT/SUBSYSTEM/service/v1).",
            },
            field=field,
            code="xroad-source",
        )
    return service


def is_service(xroad: str) -> bool:
    """Whether the text names an X-Road service."""
    return _SERVICE.fullmatch(xroad) is not None


def envelope(actor: "Actor", case_number: str, *, once: str = "") -> Envelope:
    """The headers of a new message."""
    user = f"CO{actor.document_type}{actor.document_number}" if actor.document_number else ""
    return Envelope(new_id(), settings.XROAD_CLIENT, user if actor.document_type else "", case_number, once)


def write(
    sent: Envelope,
    reply: Reply,
    *,
    kind: ExchangeRecord.Kind,
    other: str,
    service: str,
    said: Mapping[str, Any],
    actor: "Actor",
    purpose: str,
    status: str,
    fault: str,
) -> ExchangeRecord:
    """Add the line. Of `said` (the key asked by, or what was told) only its digest is kept."""
    return ExchangeRecord.objects.create(
        id=sent.id,
        kind=kind,
        register=other,
        service=service,
        actor=actor.ref[:80],
        purpose=purpose,
        case_number=sent.issue,
        request_sha256=canonical.sha256_hex(canonical.dumps({"service": service, "key": dict(said)})),
        response_sha256=hashlib.sha256(reply.raw).hexdigest() if reply.raw else "",
        remote_id=reply.remote_id,
        status=status,
        fault=fault,
        http_status=reply.status,
        attempts=reply.attempts,
        milliseconds=reply.milliseconds,
        at=clock.now(),
    )
