"""Reads: a sender's files, how far each is, its first lines judged, and the answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from ruta.definitions import runtime
from ruta.definitions.selectors import current_version
from ruta.engine import forms
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.kernel.errors import NotFound

from .. import applications, context
from ..models import Batch, BatchRow
from ..models.batch import RowStatus
from .sending import sender_of

PREVIEWED = 10


def unknown() -> NotFound:
    """What is said of a batch that is not there, or is another's."""
    return NotFound({"es": "No existe ese archivo.", "en": "There is no such file."})


def visible_to(actor: Actor) -> QuerySet[Batch]:
    """The files that the actor sent, the newest first."""
    if actor.kind == "client":
        return Batch.objects.filter(client_id=actor.client_id).order_by("-created_at")
    if actor.kind == "official" and actor.account_id:
        return Batch.objects.filter(account_id=actor.account_id).order_by("-created_at")
    return Batch.objects.none()


def find(batch_id: UUID, actor: Actor) -> Batch:
    """The file. Raises NotFound for another's."""
    found = visible_to(actor).filter(pk=batch_id).first()
    if found is None:
        raise unknown()
    return found


def with_sender(batch_id: UUID) -> Batch | None:
    """The batch with all that says who sent it, in one query."""
    senders = ("account", "posting__team__agency", "client__team__agency")
    return Batch.objects.select_related(*senders).filter(pk=batch_id).first()


def waiting(batch: Batch) -> QuerySet[BatchRow]:
    """The lines that are neither filed nor refused."""
    return BatchRow.objects.filter(batch=batch, status=RowStatus.WAITING)


@dataclass(frozen=True)
class Counts:
    """How many lines of a batch there are of each kind."""

    waiting: int
    filed: int
    known: int
    refused: int

    @property
    def settled(self) -> int:
        """Lines that have their answer."""
        return self.filed + self.known + self.refused


def counts(batch: Batch) -> Counts:
    """How far the batch is."""
    of = {str(status): Count("line", filter=Q(status=status)) for status in RowStatus}
    return Counts(**BatchRow.objects.filter(batch=batch).aggregate(**of))


@dataclass(frozen=True)
class Seen:
    """A line as it is shown before it is filed."""

    line: int
    typed: Mapping[str, Any]
    problems: tuple[Problem, ...]


def preview(batch: Batch, *, limit: int = PREVIEWED) -> list[Seen]:
    """The first lines, judged as if filed now. Other agencies are not asked: what they say is weighed when it is filed."""
    sender = sender_of(with_sender(batch.pk) or batch)
    compiled = runtime.compiled(current_version(batch.service).pk)
    subject = context.as_if_filed_now(
        compiled,
        batch.act,
        applicant=sender.applicant,
        form={},
        facts={},
        channel=sender.channel,
        lang=batch.lang,
    )
    own = tuple(name for name in subject.act.spec.needs if not _elsewhere(compiled, name))
    act = replace(subject.act, spec=subject.act.spec.model_copy(update={"needs": own}))
    subject = replace(subject, act=act)
    seen = []
    for row in BatchRow.objects.filter(batch=batch).order_by("line")[:limit]:
        problems = tuple(Problem.of_json(each) for each in row.problems)
        if not problems:
            problems = applications.judge(subject, row.typed, actor=sender.actor).problems
        seen.append(Seen(row.line, row.typed, problems))
    return seen


def _elsewhere(compiled: runtime.CompiledService, read: str) -> bool:
    return "source" in compiled.register(compiled.read(read).register_).rules


def refused(batch: Batch, *, limit: int) -> list[BatchRow]:
    """The first lines that were refused."""
    return list(BatchRow.objects.filter(batch=batch, status=RowStatus.REFUSED).order_by("line")[:limit])


def answers(batch: Batch) -> Iterator[BatchRow]:
    """Every line in order, read in pieces."""
    return BatchRow.objects.filter(batch=batch).order_by("line").iterator(chunk_size=1000)


def form_of(batch: Batch) -> forms.Form:
    """The form of the act as it is in force."""
    form = runtime.compiled(current_version(batch.service).pk).act(batch.act).form
    assert form is not None
    return form
