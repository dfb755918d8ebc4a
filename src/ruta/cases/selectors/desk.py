"""What an official finds: the boxes of the inbox, paged by key, and search."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from ruta.identity.actors import Actor
from ruta.kernel import clock, identifiers, names
from ruta.kernel.errors import RutaError

from .. import perms
from ..models import Case, Task
from ..models.task import TaskStatus

BOXES = ("mine", "team", "today", "overdue", "waiting", "done")


@dataclass(frozen=True)
class InboxPage:
    """A page of tasks, and the key after which the next page begins (empty: none)."""

    tasks: tuple[Task, ...]
    next: str


def inbox(
    actor: Actor,
    box: str = "mine",
    *,
    query: str = "",
    act: str = "",
    node: str = "",
    after: str = "",
    size: int = 25,
) -> InboxPage:
    """The tasks of one box, earliest legal due date first, paged by key.

    `query` is a case number, a name or a document number.
    """
    found = _box(actor, box)
    if act:
        found = found.filter(case__act=act)
    if node:
        found = found.filter(node=node)
    if query.strip():
        found = found.filter(_matches(query.strip()))
    if after:
        due, _, key = after.partition("_")
        found = found.filter(
            Q(due_on__gt=date.fromisoformat(due)) | Q(due_on=date.fromisoformat(due), id__gt=UUID(key))
        )
    rows = list(found.select_related("case", "assignee__person").order_by("due_on", "id")[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return InboxPage(tuple(rows), f"{rows[-1].due_on.isoformat()}_{rows[-1].id}" if more else "")


def _box(actor: Actor, box: str) -> QuerySet[Task]:
    open_tasks = Task.objects.filter(perms.tasks_of(actor), case__in=perms.visible_to(actor))
    match box:
        case "mine":
            return open_tasks.filter(assignee_id=actor.official_id)
        case "today":
            return open_tasks.filter(due_on=clock.today())
        case "overdue":
            return open_tasks.filter(due_on__lt=clock.today())
        case "done":
            return Task.objects.filter(done_by_id=actor.official_id, status=TaskStatus.DONE)
        case _:
            return open_tasks


def _matches(query: str) -> Q:
    digits = "".join(sign for sign in query if sign.isalnum()).upper()
    by_number = Q(case__number__iexact=query)
    with suppress(RutaError):  # not a case number: the other ways of searching stand
        by_number |= Q(case__number=identifiers.parse_case_number(query))
    return by_number | Q(case__applicant_document=digits) | Q(case__search_name__contains=names.fold(query))


def box_counts(actor: Actor) -> dict[str, int]:
    """How many open tasks stand in each box, in one query."""
    today = clock.today()
    return Task.objects.filter(perms.tasks_of(actor), case__in=perms.visible_to(actor)).aggregate(
        mine=Count("id", filter=Q(assignee_id=actor.official_id)),
        team=Count("id"),
        today=Count("id", filter=Q(due_on=today)),
        overdue=Count("id", filter=Q(due_on__lt=today)),
    )


def search_cases(actor: Actor, query: str, *, limit: int = 50) -> list[Case]:
    """The cases that the official may see, by number, document or name."""
    query = query.strip()
    if not query:
        return []
    visible = perms.visible_to(actor)
    with suppress(RutaError):  # not a case number: by document or name
        return list(visible.filter(number=identifiers.parse_case_number(query)))
    digits = "".join(sign for sign in query if sign.isalnum()).upper()
    found = visible.filter(Q(applicant_document=digits) | Q(search_name__contains=names.fold(query)))
    return list(found.order_by("-filed_at")[:limit])
