"""Erasure of one person's data on request (Ley 1581 de 2012, arts. 8 and 15): asked by one official, decided by another.

What a law has us keep is not erased, and the answer names the law and until when (Decreto 1377 de 2013, art. 9): a case
that is worked on, or whose years are not over. Register entries and accounts of money are kept by laws of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from ruta.definitions import runtime
from ruta.documents import services as documents
from ruta.documents.models import Upload
from ruta.engine.problems import Problem
from ruta.identity import erasure as identity
from ruta.identity.actors import Actor
from ruta.identity.models import Person
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from ruta.notifications import erasure as letters

from . import erasure, retention
from .models import Case, Draft, ErasureRequest
from .models.case import CaseStatus

SHORTEST_REASON = 20
LAW = "Ley 1581 de 2012, art. 8"
WORKED_ON = "Ley 1437 de 2011, art. 36"


@dataclass(frozen=True)
class Kept:
    """A case that must stay: by which law, until when (None: not known while it is open)."""

    number: str
    law: str
    until: date | None


@dataclass(frozen=True)
class Reach:
    """What a request would do: cases to be erased, those that stay, unfiled drafts, and whether the person goes too."""

    person: Person
    erases: tuple[Case, ...]
    keeps: tuple[Kept, ...]
    drafts: int

    @property
    def whole(self) -> bool:
        """Whether nothing keeps the person, whose names, documents and accounts go as well."""
        return not self.keeps and not identity.is_official(self.person)

    @property
    def empty(self) -> bool:
        """Whether there is nothing that may be erased."""
        return not (self.erases or self.drafts or self.whole)


def reach(person: Person, today: date) -> Reach:
    """What may be erased of the person today, and what a law has us keep."""
    erases, keeps = [], []
    for case in cases_of(person):
        kept = _kept(case, today)
        if kept is None:
            erases.append(case)
        else:
            keeps.append(kept)
    return Reach(person, tuple(erases), tuple(keeps), drafts_of(person).count())


def drafts_of(person: Person) -> QuerySet[Draft]:
    """The unfiled drafts about the person: the own ones, and those that an official began for the person at a counter."""
    own = Q(owner__person=person, posting=None, applicant=None)
    return Draft.objects.filter(own | Q(applicant=person), case_id=None)


def cases_of(person: Person) -> list[Case]:
    """The cases with data of the person, as applicant or party, that are not erased."""
    of = Q(applicant=person) | Q(parties__person=person)
    return list(Case.objects.filter(of, erased_at=None).distinct().order_by("filed_at", "id"))


def _kept(case: Case, today: date) -> Kept | None:
    if case.status != CaseStatus.CLOSED or case.closed_at is None:
        return Kept(case.number, WORKED_ON, None)
    service = runtime.compiled(case.version_id).service
    over = retention.over_on(clock.local_date(case.closed_at), service.retention.years)
    # What is to be transferred is kept for good by the archive: it goes by the schedule, not by a request.
    if service.retention.then == "transfer" or over > today:
        return Kept(case.number, retention.law_of(service), over)
    try:
        erasure.refuse_unfinished(case)
    except Conflict:
        return Kept(case.number, WORKED_ON, None)
    return None


@transaction.atomic
def ask(person: Person, *, reason: str, by: Actor) -> ErasureRequest:
    """Ask for the erasure of a person's data. Raises Invalid for a reason under 20 characters, Forbidden for who is no
    official, and Conflict, naming the laws, where everything must be kept or a request waits already."""
    _refuse_others(by)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid(
            [
                Problem(
                    "/reason",
                    "too-short",
                    {
                        "es": f"Motivo: explique en al menos {SHORTEST_REASON} letras quién lo pidió y cuándo.",
                        "en": f"Reason: explain in at least {SHORTEST_REASON} characters who asked for it and when.",
                    },
                )
            ]
        )
    if ErasureRequest.objects.filter(person=person, decided_at=None).exists():
        raise Conflict({"es": "Ya hay una solicitud sin decidir.", "en": "A request is not decided yet."})
    _refuse_duty(reach(person, clock.today()))
    return ErasureRequest.objects.create(
        person=person, reason=reason.strip()[:500], asked_by=by.ref, asked_at=clock.now()
    )


def _refuse_others(by: Actor) -> None:
    if by.kind != "official":
        raise Forbidden(
            {
                "es": "Solo un servidor de la entidad pide o decide que se borren datos.",
                "en": "Only an official of the agency asks for or decides an erasure.",
            }
        )


def _refuse_duty(found: Reach) -> None:
    if not found.empty:
        return
    es = "; ".join(
        f"{kept.number}: {kept.law}" + (f", hasta {kept.until}" if kept.until else "") for kept in found.keeps
    )
    en = "; ".join(
        f"{kept.number}: {kept.law}" + (f", until {kept.until}" if kept.until else "") for kept in found.keeps
    )
    raise Conflict(
        {
            "es": f"Nada se puede borrar todavía: hay deber de guardarlo (Decreto 1377 de 2013, art. 9). {es}",
            "en": f"Nothing may be erased yet: there is a duty to keep it (Decreto 1377 de 2013, art. 9). {en}",
        },
        code="duty-to-keep",
    )


@transaction.atomic
def decide(request_id: UUID, *, by: Actor, approved: bool) -> ErasureRequest:
    """Approve a request, which erases at once, or decline it.

    Raises Forbidden for who asked for it, Conflict for one that is decided or where everything must be kept.
    """
    _refuse_others(by)
    row = ErasureRequest.objects.select_for_update().filter(id=request_id).first()
    if row is None:
        raise NotFound({"es": "No existe esa solicitud.", "en": "There is no such request."})
    if row.decided_at is not None:
        raise Conflict({"es": "Ya se decidió.", "en": "It is decided already."}, code="decided")
    if row.asked_by == by.ref:
        raise Forbidden(
            {
                "es": "La decide otra persona, no quien la pidió.",
                "en": "Somebody else decides it, not who asked for it.",
            },
            code="second-person",
        )
    row.approved, row.decided_by, row.decided_at = approved, by.ref, clock.now()
    if approved:
        found = reach(row.person, clock.today())
        _refuse_duty(found)
        row.result = _erase(found, by)
        row.reason = row.reason if not found.whole else "—"
    row.save()
    return row


def _erase(found: Reach, by: Actor) -> dict[str, Any]:
    person, numbers = found.person, [case.number for case in found.erases]
    for each in found.erases:
        erasure.erase_case(erasure.locked(each.id), actor=by, reason="request", law=LAW)
    drafts_of(person).delete()
    sent = list(Upload.objects.filter(account__person=person).values_list("blob_id", flat=True))
    documents.forget_bytes(set(sent))
    letters.erase_of_person(person.id)
    if found.whole:
        identity.erase_person(person)
    elif not any(kept.until is None for kept in found.keeps) and not identity.is_official(person):
        identity.erase_contact(person)
    return {
        "erased": numbers,
        "kept": [
            {"case": kept.number, "law": kept.law, "until": str(kept.until or "")} for kept in found.keeps
        ],
        "drafts": found.drafts,
        "person": found.whole,
    }
