"""The retention schedule carried out: which cases need no longer be kept, what is done with them, and its proof.

A case is kept the years that the version of its service says, from its closing (`retention`). The day after, it is listed.
The archive committee approves the list by an act; a list of elimination stands 60 calendar days before (Decreto 1080 de
2015; AGN Acuerdo 001 de 2024; common facts §13). Then a transfer is archived, checked and erased; a deletion is erased.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation

from ruta.definitions import runtime
from ruta.definitions.models import ServiceVersion
from ruta.definitions.schema import ServiceFile
from ruta.documents import efile as zips
from ruta.documents import keys, statements
from ruta.engine.problems import Problem
from ruta.engine.terms import add_months
from ruta.identity.actors import Actor
from ruta.kernel import canonical, clock
from ruta.kernel.errors import Conflict, Invalid, RutaError

from . import efile, erasure, history
from .models import Case, Disposal

logger = logging.getLogger(__name__)

BY = Actor.system("retention")
PUBLISHED_FOR = timedelta(days=60)
"""How long a list of elimination is published before it is carried out (common facts §13)."""


@dataclass(frozen=True)
class Due:
    """A case whose years are over: what follows, by which law, since when."""

    case: Case
    then: str
    law: str
    over_on: date


@dataclass(frozen=True)
class Waiting:
    """A listed case, and why it is not carried out today (empty: it is)."""

    row: Disposal
    why: str


def over_on(closed: date, years: int) -> date:
    """The first day on which a case closed on `closed` need not be kept: the day after its years end."""
    return add_months(closed, 12 * years) + timedelta(days=1)


def last_closing(today: date, years: int) -> date:
    """The latest day of closing whose `years` are over today."""
    guess = add_months(today, -12 * years)
    return next(day for back in range(4) if over_on(day := guess - timedelta(days=back), years) <= today)


def law_of(service: ServiceFile) -> str:
    """The norm that fixes how long, in words; that of every archive where the service names none."""
    law = service.law(service.retention.law) if service.retention.law else None
    return law.cited if law else "Ley 594 de 2000"


def due(today: date) -> Iterator[Due]:
    """The cases whose years are over and that no list names yet, by version, the oldest first."""
    kept = Case.objects.filter(closed_at__isnull=False, erased_at=None, disposal=None)
    for version_id in ServiceVersion.objects.values_list("pk", flat=True):
        if not kept.filter(version_id=version_id).exists():
            continue
        service = runtime.compiled(version_id).service
        schedule = service.retention
        until = clock.instant(last_closing(today, schedule.years) + timedelta(days=1), time(0))
        for case in kept.filter(version_id=version_id, closed_at__lt=until).order_by("closed_at", "id"):
            assert case.closed_at is not None
            closed = clock.local_date(case.closed_at)
            yield Due(case, schedule.then, law_of(service), over_on(closed, schedule.years))


def list_due(today: date) -> int:
    """Put on the list what is over; return how many. What is listed stays on it."""
    rows = [
        Disposal(case=each.case, then=each.then, law=each.law, over_on=each.over_on, listed_on=today)
        for each in due(today)
    ]
    return len(Disposal.objects.bulk_create(rows, ignore_conflicts=True))


@transaction.atomic
def approve(*, act: str, by: Actor, service: str = "") -> int:
    """The archive committee's act approves what is listed (of one service); return how many cases.

    Raises Invalid without an act, Conflict when nothing waits for one.
    """
    if len(act.strip()) < 3:
        raise Invalid(
            [
                Problem(
                    "/act",
                    "required",
                    {
                        "es": "Acto: falta. Escriba el acta del comité de archivo que aprobó la lista.",
                        "en": "Act: it is missing. Name the act of the archive committee that approved the list.",
                    },
                )
            ]
        )
    waiting = Disposal.objects.filter(approved_at=None, done_at=None)
    if service:
        waiting = waiting.filter(case__service=service)
    approved = waiting.update(act=act.strip()[:120], approved_by=by.ref, approved_at=clock.now())
    if not approved:
        raise Conflict(
            {"es": "Ningún expediente espera aprobación.", "en": "No case waits for approval."},
            code="nothing-waits",
        )
    return approved


def waiting(today: date) -> list[Waiting]:
    """Every listed case that is not carried out, the oldest first, and what it waits for."""
    rows = Disposal.objects.filter(done_at=None).select_related("case").order_by("over_on", "case_id")
    return [Waiting(row, _why(row, today)) for row in rows]


def _why(row: Disposal, today: date) -> str:
    if row.approved_at is None:
        return "the archive committee has not approved it"
    published_until = row.listed_on + PUBLISHED_FOR
    if row.then == "delete" and today < published_until:
        return f"the list is published until {published_until}"
    try:
        erasure.refuse_unfinished(row.case)
    except Conflict as unfinished:
        return unfinished.say("en")
    return ""


def carry_out(today: date) -> tuple[int, list[tuple[str, str]]]:
    """Do what is approved and no longer waits, each case in its own transaction.

    Returns how many were done, and of those that failed the number and why: they are tried again the next time.
    """
    done, failed = 0, []
    for each in waiting(today):
        if each.why:
            continue
        try:
            dispose(each.row.case_id)
            done += 1
        except RutaError as wrong:
            failed.append((each.row.case.number, wrong.say("en")))
            logger.error("a case could not be disposed of: %s", wrong.code)
    return done, failed


@transaction.atomic
def dispose(case_id: UUID) -> Disposal:
    """Transfer or erase one approved case. Twice does no harm. Raises Conflict and Unavailable; nothing is done then."""
    case = erasure.locked(case_id)
    row = Disposal.objects.get(case=case)
    if row.done_at is not None or row.approved_at is None:
        return row
    erasure.refuse_unfinished(case)
    if row.then == "transfer":
        row.receipt = _archive(case)
        told = {"sha256": row.receipt["sha256"], "size": row.receipt["size"], "act": row.act}
        history.append(case, "transferred", actor=BY, public=told)
    erasure.erase_case(case, actor=BY, reason="retention", law=row.law)
    row.done_at = clock.now()
    row.save(update_fields=["done_at", "receipt"])
    return row


def folder() -> Path:
    """Where transferred files are put for the archive."""
    return Path(settings.ARCHIVE_DIR)


def _archive(case: Case) -> dict[str, Any]:
    """Write the agency's view of the file to the archive, check it as anybody would, and give the receipt for it."""
    target = folder() / case.service / f"{case.number}.zip"
    with translation.override(case.lang):
        gathered = efile.gather(case, efile.View(office=True), at=clock.now())
    size = efile.write(gathered, target)
    report = zips.verify(target, trusted=keys.issued_certificates())
    if not report.whole:
        raise Conflict(
            {
                "es": "El expediente archivado no se pudo verificar; no se borró nada.",
                "en": "The archived file did not verify; nothing was erased.",
            },
            code="archive-broken",
        )
    told = {
        "file_id": case.number,
        "path": str(target.relative_to(folder())),
        "sha256": _digest(target),
        "size": size,
        "at": clock.now().isoformat(),
    }
    signature = statements.sign(canonical.dumps(told))
    receipt = {**told, "signature": signature.value, "key_id": signature.key_id}
    target.with_suffix(".receipt.json").write_text(json.dumps(receipt, ensure_ascii=False, indent=2))
    return receipt


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def daily(today: date) -> None:
    """What the worker does each day: list what is over, and carry out what may be."""
    list_due(today)
    done, failed = carry_out(today)
    logger.info("retention: %s carried out, %s failed", done, len(failed))
