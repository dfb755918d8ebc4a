"""Handing the file over: who may have it, the line in the log of reads, at once or by a worker when it is large."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation

from ruta.identity.actors import Actor, current_document
from ruta.kernel import audit, clock
from ruta.kernel.errors import Forbidden
from ruta.kernel.texts import current_language

from ..models import Case, FileExport
from ..selectors import find
from .gather import Gathered, View, gather

logger = logging.getLogger(__name__)

LARGE = 32 * 1024 * 1024
"""Bytes of a file beyond which a worker packs it: one request does not hold a web process for so long."""
KEPT_FOR = timedelta(hours=24)
"""How long a packed file waits to be fetched."""


@dataclass(frozen=True)
class EFile:
    """The file of a case as `actor` may have it: not handed over yet."""

    case: Case
    actor: Actor
    gathered: Gathered

    @property
    def large(self) -> bool:
        """Whether a worker packs it first."""
        return self.gathered.size > LARGE

    def hand_over(self, *, purpose: str = "", reason: str = "") -> Iterator[bytes]:
        """The ZIP in pieces; that it was taken is written down before the first."""
        log(self.case, self.actor, purpose=purpose, reason=reason)
        return self.gathered.chunks()


@dataclass(frozen=True)
class Export:
    """A packed file that waits for `actor`: `size` in bytes; not `ready` while the worker packs it."""

    case: Case
    actor: Actor
    ready: bool
    size: int
    until: datetime
    path: Path

    def hand_over(self) -> Iterator[bytes]:
        """The ZIP in pieces; that it was taken is written down before the first."""
        log(self.case, self.actor)
        return _pieces(self.path)


def view_of(case: Case, actor: Actor) -> View:
    """What `actor`, who sees the case, may have of its file. Raises Forbidden for another party than the applicant.

    The one place that decides it: pages, downloads, the job and the command line ask here.
    """
    if actor.kind in ("official", "system"):
        return View(office=True)
    if actor.person_id is not None and case.applicant_id == actor.person_id:
        return View(office=False, person_id=actor.person_id)
    raise Forbidden(
        {
            "es": "El expediente completo lo descarga quien radicó la solicitud, o la entidad.",
            "en": "The whole file is downloaded by who filed the application, or by the agency.",
        }
    )


def open_file(number: str, actor: Actor) -> EFile:
    """The file of the case with this number as of now. Raises NotFound alike for unknown and sealed, and Forbidden."""
    case = find(number, actor)
    return EFile(case, actor, gather(case, view_of(case, actor), at=clock.now()))


def log(case: Case, actor: Actor, *, purpose: str = "", reason: str = "") -> None:
    """That the whole file was taken, for each person whose case it is (Ley 1581/2012; common facts §12)."""
    own = actor.kind == "person"
    meant = purpose or (audit.Purpose.OWN_DATA if own else audit.Purpose.CASE_PROCESSING)
    persons = {(str(case.applicant_facts.get("document_type") or ""), case.applicant_document)}
    others = {party.person_id for party in case.parties.all()} - {None, case.applicant_id}
    for document in (current_document(person) for person in others if person is not None):
        persons.add((document.type, document.number) if document else ("", ""))
    audit.log_read(
        actor,
        persons=sorted(persons),
        purpose=meant,
        what="file-export",
        case_number=case.number,
        reason=reason,
    )


@transaction.atomic
def prepare(number: str, actor: Actor) -> None:
    """Have a worker pack the file for `actor`; asked again while one waits or is packed, nothing more is done."""
    from ..jobs import export_file

    case = find(number, actor)
    view = view_of(case, actor)
    if export_of(case, actor) is not None:
        return
    made = FileExport.objects.create(
        case=case,
        actor=actor.ref,
        office=view.office,
        person_id=view.person_id,
        lang=current_language(),
        asked_at=clock.now(),
    )
    export_file.defer(export_id=str(made.id))


def export_of(case: Case, actor: Actor) -> Export | None:
    """The packed file that waits for `actor`, who sees the case; None when there is none any more."""
    row = (
        FileExport.objects.filter(case=case, actor=actor.ref, asked_at__gt=clock.now() - KEPT_FOR)
        .order_by("-asked_at")
        .first()
    )
    if row is None or (row.made_at is not None and not path_of(row).exists()):
        return None
    return Export(case, actor, row.made_at is not None, row.size, row.asked_at + KEPT_FOR, path_of(row))


def path_of(row: FileExport) -> Path:
    """Where a packed file waits."""
    return Path(settings.EXPORTS_DIR) / f"{row.id}.zip"


def make(export_id: UUID) -> None:
    """Pack the file that was asked for. Twice does no harm; a case erased meanwhile is packed as it is then."""
    row = FileExport.objects.select_related("case").filter(id=export_id, made_at=None).first()
    if row is None:
        return
    with translation.override(row.lang):
        gathered = gather(row.case, View(row.office, row.person_id), at=clock.now())
    row.size = write(gathered, path_of(row))
    row.made_at = clock.now()
    row.save(update_fields=["made_at", "size"])


def write(gathered: Gathered, target: Path) -> int:
    """Write the ZIP at `target`, whole or not at all; return its bytes."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = target.with_name(f".{target.name}.part")
    try:
        with aside.open("wb") as file:
            for piece in gathered.chunks():
                file.write(piece)
            size = file.tell()
        aside.chmod(0o600)
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
    return size


def drop_old() -> int:
    """Take away what nobody fetched in time; return how many."""
    old = FileExport.objects.filter(asked_at__lte=clock.now() - KEPT_FOR)
    for row in old:
        path_of(row).unlink(missing_ok=True)
    return old.delete()[0]


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(256 * 1024):
            yield piece


def drop_of(case: Case) -> None:
    """Take away what waits to be fetched of a case that is erased."""
    for row in FileExport.objects.filter(case=case):
        path_of(row).unlink(missing_ok=True)
    FileExport.objects.filter(case=case).delete()
