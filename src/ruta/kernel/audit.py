"""Who read whose data, when and what for (Ley 1581/2012; common facts §12).

Lines are only ever added: the app's database role may neither change nor delete them. Nothing is locked, and a list
of many persons is one insert.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from django.db.models import QuerySet

from ruta.engine.problems import Problem

from . import canonical, clock
from .errors import Invalid
from .ids import new_id
from .models import AccessRead, Purpose

__all__ = ["AccessRead", "Purpose", "Reader", "document_digest", "log_read", "reads_about"]

EMERGENCY_REASON = 20


class Reader(Protocol):
    """What the log needs of whoever reads (`ruta.identity.actors.Actor` has it)."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def account_id(self) -> Any: ...
    @property
    def official_id(self) -> Any: ...
    @property
    def agency_name(self) -> str: ...
    @property
    def roles(self) -> frozenset[str]: ...


def document_digest(kind: str, number: str) -> str:
    """What counts a person in statistics of reads without naming the person."""
    return canonical.sha256_hex(f"{kind}:{number}".encode())


def log_read(
    actor: Reader,
    *,
    persons: Iterable[tuple[str, str]],
    purpose: str,
    what: str,
    case_number: str = "",
    fields: Sequence[str] = (),
    reason: str = "",
) -> int:
    """Write one line for each person read and return how many.

    `persons` are (document type, number); `what` is what was read (`register:x`, `case`, `document`); `purpose`
    is a `Purpose`. Raises Invalid for another purpose, or an emergency told in fewer than 20 characters.
    """
    if purpose not in Purpose.values:
        raise Invalid(
            [
                Problem(
                    "/purpose",
                    "purpose",
                    {
                        "es": f"Finalidad: «{purpose}» no existe. Use una de: {', '.join(Purpose.values)}.",
                        "en": f"Purpose: “{purpose}” does not exist. Use one of: {', '.join(Purpose.values)}.",
                    },
                )
            ]
        )
    if purpose == Purpose.EMERGENCY and len(reason.strip()) < EMERGENCY_REASON:
        raise Invalid(
            [
                Problem(
                    "/reason",
                    "emergency-reason",
                    {
                        "es": f"Motivo: una consulta de urgencia se explica en al menos {EMERGENCY_REASON} letras.",
                        "en": f"Reason: an emergency read is explained in at least {EMERGENCY_REASON} characters.",
                    },
                )
            ]
        )
    at = clock.now()
    lines = [
        AccessRead(
            id=new_id(),
            at=at,
            actor_kind=actor.kind,
            actor_id=str(actor.official_id or actor.account_id or ""),
            actor_name=actor.name,
            role=",".join(sorted(role for role in actor.roles if "@" in role))[:200],
            agency=actor.agency_name,
            document_type=kind,
            document_number=number,
            document_digest=document_digest(kind, number),
            purpose=purpose,
            case_number=case_number,
            what=what,
            fields=list(fields),
            reason=reason,
        )
        for kind, number in persons
    ]
    if len(lines) == 1:  # one statement commits by itself; in bulk it would be three
        lines[0].save(force_insert=True)
    else:
        AccessRead.objects.bulk_create(lines, batch_size=1000)
    return len(lines)


def reads_about(document_number: str, *, include_own: bool = False) -> QuerySet[AccessRead]:
    """The reads of this person's data, newest first: what the folder page shows. Own reads only when asked."""
    reads = AccessRead.objects.filter(document_number=document_number).order_by("-at", "-id")
    return reads if include_own else reads.exclude(purpose=Purpose.OWN_DATA)
