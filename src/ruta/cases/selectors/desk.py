"""What an official finds: the boxes of the inbox, paged by key, and search."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F, Q, QuerySet

from ruta.definitions.models import Service
from ruta.engine.terms import add_business_days
from ruta.identity.actors import Actor
from ruta.kernel import calendars, clock, identifiers, names
from ruta.kernel.errors import Invalid, RutaError

from .. import perms, supervision
from ..models import Case, Correction, FlowToken, Task
from ..models.correction import CorrectionStatus
from ..models.task import TaskStatus
from .places import places_of_waiting

OFFICE = "office"  # all open work of the offices that the official supervises
BOXES = ("mine", "team", "today", "overdue", OFFICE, "done")
NOBODY = "nobody"  # as the holder of a task
SOON = 2  # business days
WAITING = "waiting"  # cases rather than tasks: see `waiting_for_people`
STOPPED = "stopped"  # cases rather than tasks: see `stopped_cases`
PAGE = 25
MOST_FOUND = 50
SERIAL = re.compile(r"[0-9]{6,9}")  # of a case number, as people quote it: 2026-CRB-000100-1
SERIAL_YEARS = 20
# What a row of a list shows; the rest of a case is large. Other fields of these tasks are read when asked for.
_LISTED = (
    *("node", "form_key", "token", "groups", "due_on", "created_at", "claimed_at", "status", "done_at"),
    *(f"case__{name}" for name in ("number", "version", "service", "act", "agency", "sealed")),
    *(f"case__{name}" for name in ("applicant_name", "applicant_document", "applicant_facts")),
    "assignee__role",
    *(f"assignee__person__{name}" for name in ("given_names", "first_surname", "second_surname")),
)
Point = TypeVar("Point", date, datetime)


@dataclass(frozen=True)
class InboxPage:
    """A page of tasks, and the key after which the next page begins (empty: none)."""

    tasks: tuple[Task, ...]
    next: str


@dataclass(frozen=True)
class WaitingCase:
    """A case that waits, for its applicant or for a stopped step to be mended: at which node, since when, why."""

    case: Case
    node: str
    since: datetime
    why: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WaitingPage:
    """A page of cases that wait, and the key of the next page (empty: none)."""

    cases: tuple[WaitingCase, ...]
    next: str


def inbox(
    actor: Actor,
    box: str = "mine",
    *,
    query: str = "",
    act: str = "",
    node: str = "",
    holder: str = "",
    due: str = "",
    after: str = "",
    size: int = PAGE,
) -> InboxPage:
    """The tasks of one box, earliest legal due date first (what is done: newest first), paged by key.

    `query` is a case number, a name or a document number; `holder` the id of a posting or `nobody`; `due` overdue or
    soon (`due_soon`); `after` the key that a page before gave. Raises Invalid for a key that no page gave.
    """
    found = tasks_in(actor, box).filter(_held_by(holder), _due(due, actor.agency))
    if act:
        found = found.filter(case__act=act)
    if node:
        found = found.filter(node=node)
    if query.strip():
        found = found.filter(_matches(query, "case__"))
    found = found.select_related("case", "assignee__person").only(*_LISTED)
    if box == "done":
        return _done_page(found, after, size)
    if after:
        day, last = _key(after, date.fromisoformat)
        found = found.filter(Q(due_on__gt=day) | Q(due_on=day, id__gt=last))
    rows = list(found.order_by("due_on", "id")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return InboxPage(tuple(rows), f"{rows[-1].due_on.isoformat()}_{rows[-1].id}" if more else "")


def _held_by(holder: str) -> Q:
    if holder == NOBODY:
        return Q(assignee=None)
    return Q(assignee_id=int(holder)) if holder.isdecimal() and len(holder) < 19 else Q()


def _due(due: str, agency: str) -> Q:
    return {"overdue": Q(due_on__lt=clock.today()), "soon": due_soon(agency)}.get(due, Q())


def due_soon(agency: str) -> Q:
    """Open tasks due today or within the next `SOON` business days of the agency."""
    last = add_business_days(clock.today(), SOON, calendars.calendar_of(agency))
    return Q(due_on__gte=clock.today(), due_on__lte=last)


def _done_page(found: QuerySet[Task], after: str, size: int) -> InboxPage:
    if after:
        moment, last = _key(after, datetime.fromisoformat)
        found = found.filter(Q(done_at__lt=moment) | Q(done_at=moment, id__lt=last))
    rows = list(found.order_by("-done_at", "-id")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    last_done = rows[-1].done_at if rows else None
    return InboxPage(tuple(rows), f"{last_done.isoformat()}_{rows[-1].id}" if more and last_done else "")


def _key(text: str, read: Callable[[str], Point]) -> tuple[Point, UUID]:
    """The point and the id of a page's key. Raises Invalid for any other text."""
    point, _, last = text.partition("_")
    try:
        return read(point), UUID(last)
    except ValueError as wrong:
        raise _no_such_page() from wrong


def _id(text: str) -> UUID:
    """The id that a page gave as its key. Raises Invalid for any other text."""
    try:
        return UUID(text)
    except ValueError as wrong:
        raise _no_such_page() from wrong


def _no_such_page() -> Invalid:
    return Invalid(
        [],
        message={
            "es": "Esa página de la lista no existe. Empiece otra vez desde la primera.",
            "en": "There is no such page of the list. Begin again from the first.",
        },
    )


def tasks_in(actor: Actor, box: str) -> QuerySet[Task]:
    """The tasks of one of the `BOXES`, in no order."""
    visible = perms.with_case_visible_to(actor)
    if box == "done":
        return Task.objects.filter(visible, done_by_id=actor.official_id, status=TaskStatus.DONE)
    if box == OFFICE:
        return Task.objects.filter(visible, supervision.open_tasks(actor))
    open_tasks = Task.objects.filter(visible, perms.tasks_of(actor))
    match box:
        case "mine":
            return open_tasks.filter(assignee_id=actor.official_id)
        case "today":
            return open_tasks.filter(due_on=clock.today())
        case "overdue":
            return open_tasks.filter(due_on__lt=clock.today())
    return open_tasks


def free_tasks(actor: Actor, *, size: int = PAGE) -> list[Task]:
    """Open tasks of the official's groups that nobody has, earliest due first."""
    free = tasks_in(actor, "team").filter(assignee=None)
    return list(free.select_related("case").order_by("due_on", "id")[:size])


def waiting_for_people(actor: Actor, *, after: str = "", size: int = PAGE) -> WaitingPage:
    """The cases that the official may see and that wait for their applicant, the longest wait first.

    Raises Invalid for a key that no page gave.
    """
    beyond = Q()
    if after:
        moment, last = _key(after, datetime.fromisoformat)
        beyond = Q(since__gt=moment) | Q(since=moment, case_id__gt=last)
    order, visible = ("since", "case_id"), perms.with_case_visible_to(actor)
    # The first of each place stand in the order of its index; of all places together the database would sort them all.
    firsts: list[QuerySet[Any, Any]] = [
        FlowToken.objects.filter(beyond, visible, status="waiting", version_id=version, node=node)
        .order_by(*order)
        .values("since", "case_id", "node")[: size + 1]
        for version, node in places_of_waiting()
    ]
    returned = Correction.objects.filter(visible, status=CorrectionStatus.OPEN)
    returned = returned.annotate(since=F("asked_at")).filter(beyond)
    firsts.append(returned.order_by(*order).values("since", "case_id", "node")[: size + 1])
    if len(firsts) > 1:
        firsts = [firsts[0].union(*firsts[1:], all=True).order_by(*order)[: size + 1]]
    rows = [row for found in firsts for row in found]
    more, rows = len(rows) > size, rows[:size]
    cases = Case.objects.in_bulk([row["case_id"] for row in rows])
    return WaitingPage(
        tuple(WaitingCase(cases[row["case_id"]], row["node"], row["since"]) for row in rows),
        f"{rows[-1]['since'].isoformat()}_{rows[-1]['case_id']}" if more else "",
    )


def stopped_cases(actor: Actor, *, after: str = "", size: int = PAGE) -> WaitingPage:
    """The cases that the official may see in which a step stopped, the oldest case first.

    Raises Invalid for a key that no page gave.
    """
    found = all_stopped(actor)
    if after:
        found = found.filter(id__gt=_id(after))
    rows = list(found.order_by("id")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    stopped = [(case, case.incident or {}) for case in rows]
    return WaitingPage(
        tuple(
            WaitingCase(case, told["node"], datetime.fromisoformat(told["at"]), told["say"])
            for case, told in stopped
        ),
        str(rows[-1].id) if more else "",
    )


def every_stopped_case() -> Iterator[Case]:
    """Every case in which a step stopped, of any agency, the oldest first; for the operator."""
    return Case.objects.filter(incident__isnull=False).order_by("id").iterator(chunk_size=PAGE)


def all_stopped(actor: Actor) -> QuerySet[Case]:
    """The cases that the official may see in which a step stopped, in no order."""
    return perms.visible_to(actor).filter(incident__isnull=False)


def search_cases(actor: Actor, query: str, *, limit: int = MOST_FOUND) -> list[Case]:
    """The cases that the official may see, by number, document or name, newest first."""
    query = query.strip()
    if not query:
        return []
    visible = perms.visible_to(actor)
    with suppress(RutaError):  # not a case number: by document or name
        return list(visible.filter(number=identifiers.parse_case_number(query)))
    return list(visible.filter(_matches(query)).order_by("-filed_at")[:limit])


def _matches(query: str, case: str = "") -> Q:
    """By number or its serial, by document, or by names in any order; `case` is the path to the case."""
    sought = Q(pk__in=[])
    with suppress(RutaError):  # not a case number: the other ways of searching stand
        sought |= Q(**{f"{case}number": identifiers.parse_case_number(query)})
    if SERIAL.fullmatch(query.strip()) and int(query):
        sought |= Q(**{f"{case}number__in": _numbers_with(int(query))})
    if document := "".join(sign for sign in query if sign.isalnum()).upper():
        sought |= Q(**{f"{case}applicant_document": document})
    if words := names.fold(query).split():
        sought |= Q(*[(f"{case}search_name__contains", word) for word in words])
    return sought


def _numbers_with(sequence: int) -> list[str]:
    """Every case number with this sequence, of each service and each of the last years: found through the index."""
    this_year = clock.today().year
    return [
        identifiers.case_number(year, code, sequence)
        for code in Service.objects.values_list("code", flat=True)
        for year in range(this_year - SERIAL_YEARS + 1, this_year + 1)
    ]
