"""Writes: receive a file, confirm it, file its lines, drop it."""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef

from ruta.definitions import runtime
from ruta.definitions.selectors import current_version
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.kernel.errors import Invalid, NotFound, RutaError

from .. import sent
from ..drafts.services import storable
from ..filing import Ready
from ..models import Batch, BatchRow, Case
from ..models.batch import BatchStatus, RowStatus
from . import reading, selectors
from .sending import may_send, sender_of

logger = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=30)
STALLED_AFTER = timedelta(minutes=2)
SLICE = 200
"""Lines of one job: several workers share a file."""
GROUP = 20
"""Lines of one transaction, each in a savepoint of its own: a commit for each line would cost a third more."""


def receive(
    actor: Actor,
    service: str,
    act: str,
    data: bytes,
    *,
    name: str,
    lang: str,
    ndjson: bool | None = None,
    key: str | None = None,
) -> Batch:
    """Keep a file of applications, for its sender to look at and confirm. Nothing is filed yet.

    `ndjson` None: as name and content say. A system's `key` gives the same batch again. Raises Invalid with every
    fault of the file as a whole, Forbidden for who may not file the act, KeyReused for another file under the key.
    """
    posting = may_send(actor, service, act)
    digest = hashlib.sha256(data).hexdigest()
    known = (
        Batch.objects.filter(client_id=actor.client_id, key=key).first() if key and actor.client_id else None
    )
    if known is not None:
        return _same(known, service, act, digest)
    form = runtime.compiled(current_version(service).pk).act(act).form
    assert form is not None
    if ndjson is None:
        ndjson = name.lower().endswith((".ndjson", ".jsonl")) or data.lstrip()[:1] == b"{"
    sheet = reading.read(data, form, ndjson=ndjson)
    now = clock.now()
    with transaction.atomic():
        batch = Batch.objects.create(
            service=service,
            act=act,
            account_id=actor.account_id,
            posting_id=posting,
            client_id=actor.client_id,
            key=key,
            level=actor.level,
            lang=lang,
            name=str(storable(name))[:200],
            told={**sheet.told, "sha256": digest},
            rows_count=len(sheet.lines),
            created_at=now,
            moved_at=now,
        )
        rows = (_row(batch, line) for line in sheet.lines)
        while some := list(islice(rows, 1000)):
            BatchRow.objects.bulk_create(some)
    return batch


def _same(batch: Batch, service: str, act: str, digest: str) -> Batch:
    if (batch.service, batch.act, batch.told.get("sha256")) != (service, act, digest):
        raise sent.KeyReused(
            {
                "es": "Con esta clave ya se envió otro archivo. Use una clave nueva.",
                "en": "Another file was sent under this key. Use a new key.",
            },
            field="key",
        )
    return batch


def _row(batch: Batch, line: reading.Line) -> BatchRow:
    return BatchRow(
        batch=batch,
        line=line.at,
        key=str(storable(line.key))[: reading.LONGEST_KEY],
        typed=storable(line.typed),
        status=RowStatus.REFUSED if line.problems else RowStatus.WAITING,
        problems=[problem.as_json() for problem in line.problems],
    )


def confirm(batch: Batch, actor: Actor) -> Batch:
    """Have the lines filed by workers. Raises NotFound for another's batch; a second time changes nothing."""
    with transaction.atomic():
        row = selectors.visible_to(actor).select_for_update().filter(pk=batch.pk).first()
        if row is None:
            raise selectors.unknown()
        if row.status == BatchStatus.RECEIVED:
            row.status, row.moved_at = BatchStatus.FILING, clock.now()
            row.save(update_fields=["status", "moved_at"])
            _defer(row)
        return row


def _defer(batch: Batch) -> None:
    from . import jobs

    waiting = selectors.waiting(batch).order_by("line").values_list("line", flat=True)
    lines = list(waiting)
    for start in range(0, len(lines), SLICE):
        some = lines[start : start + SLICE]
        jobs.file_lines.defer(batch_id=str(batch.pk), first=some[0], last=some[-1])
    if not lines:
        finish(batch.pk)


def file_lines(batch_id: UUID, first: int, last: int) -> None:
    """File the lines `first` to `last` that still wait, group by group; what another worker has is left to it.

    Stopped at any point it may begin again: a line is filed and marked in one transaction.
    """
    batch = selectors.with_sender(batch_id)
    if batch is None or batch.status != BatchStatus.FILING:
        return
    while some := list(
        selectors.waiting(batch).filter(line__gte=first, line__lte=last).order_by("line")[:GROUP]
    ):
        if not _file_group(batch, some):
            return
    finish(batch_id)


def _file_group(batch: Batch, rows: Sequence[BatchRow]) -> bool:
    """Judge each line outside a transaction (it may ask other agencies), then file those that are right in one.

    False when another worker has them all: it goes on with them.
    """
    ready = dict(_judged(batch, rows))
    with transaction.atomic():
        locked = selectors.waiting(batch).filter(line__in=list(ready)).order_by("line")
        kept = list(locked.select_for_update(of=("self",), skip_locked=True))
        for row in kept:
            _settle(row, ready[row.line])
        for row in kept:
            row.save(update_fields=["status", "number", "problems", "typed"])
        Batch.objects.filter(pk=batch.pk).update(moved_at=clock.now())
    return bool(kept)


def _judged(batch: Batch, rows: Sequence[BatchRow]) -> Iterator[tuple[int, Ready | Case | RutaError]]:
    try:
        sender = sender_of(batch)
    except RutaError as wrong:
        yield from ((row.line, wrong) for row in rows)
        return
    for row in rows:
        try:
            yield row.line, sent.prepare(sender, batch.service, batch.act, row.typed, row.key)
        except RutaError as wrong:
            yield row.line, wrong
        except DatabaseError:
            raise  # the whole job is tried again
        except Exception:
            logger.exception("line %s of batch %s cannot be judged", row.line, batch.pk)
            yield row.line, _FAULT


def _settle(row: BatchRow, found: Ready | Case | RutaError) -> None:
    """File the line, or say why not; the row is not written yet."""
    if isinstance(found, Ready):
        try:
            with transaction.atomic():
                found = sent.file(found)
            row.status = RowStatus.FILED
        except RutaError as wrong:
            found = wrong
        except DatabaseError:
            raise
        except Exception:
            logger.exception("line %s of batch %s cannot be filed", row.line, row.batch_id)
            found = _FAULT
    elif isinstance(found, Case):
        row.status = RowStatus.KNOWN
    if isinstance(found, Case):
        row.number, row.typed, row.problems = found.number, {}, []
    else:
        assert isinstance(found, RutaError)
        row.status = RowStatus.REFUSED
        row.problems = [each.as_json() for each in problems_of(found)]


_FAULT = RutaError(
    {
        "es": "Algo falló de nuestro lado y quedó anotado. Súbala otra vez más tarde.",
        "en": "Something failed on our side and was written down. Upload it again later.",
    },
    code="fault",
)


def problems_of(wrong: RutaError) -> Sequence[Problem]:
    """The problems of an error, one at least."""
    if isinstance(wrong, Invalid) and wrong.problems:
        return wrong.problems
    return (Problem("", wrong.code, wrong.message),)


def finish(batch_id: UUID) -> None:
    """The batch is done once no line waits."""
    waits = BatchRow.objects.filter(batch_id=OuterRef("pk"), status=RowStatus.WAITING)
    Batch.objects.filter(~Exists(waits), pk=batch_id, status=BatchStatus.FILING).update(
        status=BatchStatus.DONE, done_at=clock.now()
    )


def go_on() -> None:
    """Take up again the batches on which nothing moved for two minutes: a worker was stopped."""
    for batch in Batch.objects.filter(
        status=BatchStatus.FILING, moved_at__lte=clock.now() - STALLED_AFTER
    ).order_by("moved_at"):
        Batch.objects.filter(pk=batch.pk).update(moved_at=clock.now())
        _defer(batch)


def drop_old() -> int:
    """Delete the files, with lines and answers, that came 30 days ago; return how many."""
    old = Batch.objects.filter(created_at__lte=clock.now() - KEPT_FOR).exclude(status=BatchStatus.FILING)
    return old.delete()[1].get("cases.Batch", 0)


def discard(batch: Batch, actor: Actor) -> None:
    """Delete a file that was not confirmed. Raises NotFound for another's and for a confirmed one."""
    selectors.find(batch.pk, actor)
    if not Batch.objects.filter(pk=batch.pk, status=BatchStatus.RECEIVED).delete()[0]:
        raise NotFound(
            {"es": "Ese archivo ya se confirmó.", "en": "That file was confirmed already."}, code="confirmed"
        )
