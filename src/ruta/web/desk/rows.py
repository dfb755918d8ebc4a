"""Tasks and waiting cases as rows of a list: when due, which case, who asks, which step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from ruta.cases import perms
from ruta.cases.models import Case, Task
from ruta.cases.selectors import SOON, WaitingCase, step_title, task_title, title_of
from ruta.engine.terms import business_days_between
from ruta.identity.actors import Actor
from ruta.kernel import audit, calendars, clock
from ruta.kernel.texts import pick
from ruta.web.site.legal_clock import business_days
from ruta.web.site.parts import LegalClock
from ruta.web.site.templatetags.site import day


@dataclass(frozen=True)
class Row:
    """One line of a list. `due` is None where nothing of the agency is due; `assignee` empty where nobody has it;
    `may_take`: nobody has it, or somebody absent for whom the viewer stands in; `why` is the reason of a stopped step."""

    id: str
    due: LegalClock | None
    number: str
    url: str
    act: str
    applicant: str
    step: str
    since: datetime
    assignee: str = ""
    mine: bool = False
    may_take: bool = False
    why: str = ""


def of_tasks(tasks: Sequence[Task], actor: Actor) -> list[Row]:
    """The rows of a page of tasks. That they were shown is written in the log of reads, in one insert."""
    log_list([task.case for task in tasks], actor, "inbox")
    return [row(task, actor) for task in tasks]


def of_waiting(cases: Sequence[WaitingCase], actor: Actor) -> list[Row]:
    """The rows of cases that wait for their applicant, logged alike."""
    log_list([each.case for each in cases], actor, "inbox")
    return [_waiting(each) for each in cases]


def row(task: Task, actor: Actor) -> Row:
    """One task as a row."""
    return Row(
        id=str(task.id),
        due=_done(task) if task.done_at else due(task.due_on, task.case.agency),
        number=task.case.number,
        url=reverse("desk:case", args=[task.case.number]),
        act=title_of(task.case),
        applicant=task.case.applicant_name or _("Sin nombre"),
        step=task_title(task),
        since=task.claimed_at or task.created_at,
        assignee=task.assignee.person.full_name if task.assignee else "",
        mine=task.assignee_id == actor.official_id,
        may_take=task.assignee_id != actor.official_id and not perms.held_by_other(actor, task),
    )


def _waiting(waiting: WaitingCase) -> Row:
    return Row(
        id=str(waiting.case.id),
        due=None,
        number=waiting.case.number,
        url=reverse("desk:case", args=[waiting.case.number]),
        act=title_of(waiting.case),
        applicant=waiting.case.applicant_name or _("Sin nombre"),
        step=step_title(waiting.case, waiting.node),
        since=waiting.since,
        why=pick(waiting.why),
    )


def _done(task: Task) -> LegalClock:
    assert task.done_at is not None
    on = clock.local_date(task.done_at)
    if on <= task.due_on:
        return LegalClock("met", _("a tiempo"), "", task.due_on)
    return LegalClock("overdue", _("después del plazo"), "", task.due_on)


def due(on: date, agency: str) -> LegalClock:
    """A due date in the words of a list: `venció ayer`, `hoy`, `mañana`, `3 días hábiles`."""
    ahead = (on - clock.today()).days
    if ahead < 0:
        said = _("venció ayer") if ahead == -1 else _("venció el %(day)s") % {"day": day(on)}
        return LegalClock("overdue", said, "", on)
    if ahead == 0:
        return LegalClock("today", _("hoy"), "", on)
    if ahead == 1:
        return LegalClock("soon", _("mañana"), "", on)
    left = business_days_between(clock.today(), on, calendars.calendar_of(agency))
    return LegalClock("soon" if left <= SOON else "running", business_days(left), "", on)


def log_list(cases: Iterable[Case], actor: Actor, what: str) -> None:
    """A list of people is a read of each of them (Ley 1581 de 2012)."""
    persons = {
        (str(case.applicant_facts.get("document_type") or ""), case.applicant_document)
        for case in cases
        if case.applicant_document
    }
    if persons:
        audit.log_read(actor, persons=sorted(persons), purpose=audit.Purpose.CASE_PROCESSING, what=what)
