"""A file that comes in pieces (tus 1.0.0, https://tus.io/protocols/resumable-upload): an interrupted one goes on where it
stopped. Until its last byte is there and it passed every check nobody can reach it, its sender included.
"""

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, Invalid, NotFound

from .. import services
from ..models import Blob, PartialUpload
from .limits import MEGABYTE, too_large

KEPT_FOR = timedelta(hours=24)
"""How long an unfinished file waits for its rest."""
MOST_AT_ONCE = 20
"""Unfinished files of one account."""
PIECE = MEGABYTE
"""Bytes of one request, at most: below what any address takes (`DATA_UPLOAD_MAX_MEMORY_SIZE`)."""


def begin(
    actor: Actor, *, name: str, length: int, accept: Sequence[str], max_mb: int, at: str
) -> PartialUpload:
    """Announce a file of `length` bytes. Raises Invalid (field `at`) for one that is empty or too large, before any of it
    is sent, and Conflict where the account has too many unfinished ones."""
    if length <= 0 or length > max_mb * MEGABYTE:
        raise Invalid([too_large(length, max_mb=max_mb, at=at)])
    if actor.account_id is None:
        raise _unknown()
    mine = PartialUpload.objects.filter(account_id=actor.account_id, blob=None)
    if mine.count() >= MOST_AT_ONCE:
        raise Conflict(
            {
                "es": "Tiene muchos archivos a medio enviar. Termine uno o espere a mañana.",
                "en": "You have many unfinished files. Finish one or wait until tomorrow.",
            },
            code="too-many-uploads",
        )
    row = PartialUpload.objects.create(
        account_id=actor.account_id,
        name=name[:200],
        length=length,
        accept=list(accept),
        max_mb=max_mb,
        at=clock.now(),
    )
    path = path_of(row)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    return row


def path_of(row: PartialUpload) -> Path:
    """Where the bytes lie until the file is whole."""
    return Path(settings.FILES_DIR) / "incoming" / f"partial-{row.id}"


def find(upload_id: UUID, actor: Actor) -> PartialUpload:
    """The account's own file on its way. Raises NotFound for any other, existing or not."""
    row = PartialUpload.objects.filter(id=upload_id).first()
    if row is None or actor.account_id is None or row.account_id != actor.account_id:
        raise _unknown()
    return row


def _unknown() -> NotFound:
    return NotFound(
        {
            "es": "Ese archivo ya no se está enviando. Elíjalo otra vez.",
            "en": "That file is no longer being sent. Choose it again.",
        },
        code="no-upload",
    )


def offset(row: PartialUpload) -> int:
    """How many bytes have come."""
    if row.blob_id is not None:
        return row.length
    path = path_of(row)
    return path.stat().st_size if path.exists() else 0


@transaction.atomic
def append(upload_id: UUID, actor: Actor, piece: bytes, *, at: int) -> int:
    """Add a piece that begins at byte `at`; return the new offset. With the last one the file is checked and kept.

    Raises Conflict where another piece is due, Invalid for a file that is not taken: it is forgotten then.
    """
    find(upload_id, actor)
    row = PartialUpload.objects.select_for_update().get(id=upload_id)
    due = offset(row)
    if at != due or due + len(piece) > row.length:
        raise Conflict(
            {"es": f"Se esperaba el byte {due}.", "en": f"Byte {due} was expected."}, code="wrong-offset"
        )
    with path_of(row).open("ab") as file:
        file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    due += len(piece)
    if due == row.length:
        row.blob = _taken(row, actor)
        row.save(update_fields=["blob"])
        path_of(row).unlink(missing_ok=True)
    return due


def _taken(row: PartialUpload, actor: Actor) -> Blob:
    with path_of(row).open("rb") as file:
        return services.store_upload(
            file, accept=row.accept, max_mb=row.max_mb, name=row.name, at="/file", by=actor
        )


def forget(upload_id: UUID, actor: Actor) -> None:
    """Take back a file on its way; what was taken already stays with the account."""
    row = find(upload_id, actor)
    path_of(row).unlink(missing_ok=True)
    row.delete()


def drop_old() -> int:
    """Take away what was not finished in time; return how many."""
    old = list(PartialUpload.objects.filter(at__lte=clock.now() - KEPT_FOR))
    for row in old:
        path_of(row).unlink(missing_ok=True)
        row.delete()
    return len(old)
