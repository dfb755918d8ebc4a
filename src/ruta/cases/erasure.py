"""Lawful erasure of a case: personal rows are emptied, an event says so, and the history still proves what happened.

What stays: number, act, dates, outcome, terms, which rule hit, digests, and every event's public part and commitment.
Register entries and the accounts of charges are not part of a case and are not touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from ruta.documents import services as documents
from ruta.identity.actors import Actor
from ruta.interop import telling
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, NotFound
from ruta.notifications import erasure as letters

from . import efile, history
from .models import (
    Appeal,
    Ask,
    AskedPerson,
    Case,
    CaseStart,
    Correction,
    Draft,
    Note,
    ParkedPost,
    Party,
    RuleResult,
    Task,
)
from .models.case import CaseStatus
from .models.task import TaskStatus


@dataclass(frozen=True)
class Erased:
    """What was erased of a case: events, leaves of the file by order, messages."""

    events: int
    leaves: tuple[int, ...]
    letters: int


def locked(case_id: UUID) -> Case:
    """The case, locked for what follows in the caller's transaction. Raises NotFound."""
    case = Case.objects.select_for_update(of=("self",)).filter(id=case_id).first()
    if case is None:
        raise NotFound({"es": "No existe ese expediente.", "en": "There is no such case."})
    return case


def refuse_unfinished(case: Case) -> None:
    """Raise Conflict for a case that is not over: open, or closed with work or a notice to another agency under way."""
    if case.status != CaseStatus.CLOSED:
        raise Conflict(
            {
                "es": "El expediente no está cerrado: mientras se tramita, la entidad debe guardarlo (Ley 1437 de 2011, "
                "art. 36).",
                "en": "The case is not closed: while it is worked on the agency must keep it (Ley 1437 de 2011, art. 36).",
            },
            code="case-open",
        )
    if Task.objects.filter(case=case, status=TaskStatus.OPEN).exists():
        raise Conflict(
            {
                "es": "El expediente está cerrado y tiene una tarea abierta. Termínela primero.",
                "en": "The case is closed and has an open task. Finish it first.",
            },
            code="work-open",
        )
    if telling.still_tells(case.number):
        raise Conflict(
            {
                "es": "Falta que otra entidad conteste lo que este expediente le contó. Espere su respuesta.",
                "en": "Another agency has not answered what this case told it. Wait for its answer.",
            },
            code="telling-open",
        )


def erase_case(case: Case, *, actor: Actor, reason: str, law: str) -> Erased:
    """Erase the personal data of a closed case that the caller has locked, in its transaction; save the case.

    Raises Conflict for a case that is not over. Twice does no harm.
    """
    refuse_unfinished(case)
    if case.erased_at is not None:
        return Erased(0, (), 0)
    leaves = documents.erase_file(case.number)
    sent = letters.erase_of_case(case.number)
    telling.erase_of_case(case.number)
    events = history.erase(case, actor=actor, reason=reason, public={"law": law, "documents": leaves})
    _empty_rows(case)
    efile.drop_of(case)
    case.erased_at = clock.now()
    case.save()
    history.flush(case)
    return Erased(events, tuple(leaves), sent)


def _empty_rows(case: Case) -> None:
    case.submission_digest = ""
    case.applicant_name = case.applicant_document = case.search_name = ""
    case.applicant_facts, case.form, case.facts, case.variables = {}, {}, {}, {}
    case.incident = None
    Party.objects.filter(case=case).update(name="", document_type="", document_number="", email="")
    Ask.objects.filter(case=case).update(title={}, text={}, data=[])
    AskedPerson.objects.filter(ask__case=case).update(
        name="", document_type="", document_number="", values={}, disputed=[], note=""
    )
    Draft.objects.filter(asked__ask__case=case).delete()
    CaseStart.objects.filter(parent=case).update(data={}, parties=[])
    Note.objects.filter(case=case).update(text="")
    Task.objects.filter(case=case).update(inputs={})
    Task.objects.filter(case=case, result__isnull=False).update(result={})
    Correction.objects.filter(case=case).update(reason="", asked=[], note="", before={}, after={})
    Appeal.objects.filter(case=case).update(grounds="", motivation="")
    for result in RuleResult.objects.filter(case=case):
        result.value, result.hits = None, [_impersonal(hit) for hit in result.hits]
        result.save(update_fields=["value", "hits"])
    ParkedPost.objects.filter(draft__case_id=case.id).delete()
    Draft.objects.filter(case_id=case.id).update(
        typed={}, values={}, revisions={}, files={}, facts={}, disputes={}, consents={}, changes=[]
    )


def _impersonal(hit: Mapping[str, Any]) -> dict[str, Any]:
    """A rule that hit without what it saw."""
    return {name: hit[name] for name in ("decision", "rule", "law", "words") if name in hit}


def bytes_of_drafts(digests: set[str]) -> set[str]:
    """Those of the digests that an unfiled draft names: its owner may still file them."""
    drafts = Draft.objects.filter(case_id=None).annotate(named=Cast("files", TextField()))
    return {digest for digest in digests if drafts.filter(named__contains=digest).exists()}
