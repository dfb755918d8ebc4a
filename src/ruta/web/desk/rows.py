"""Tasks as rows of the inbox: when due, which case, who asks, which step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ruta.cases.models import Task
from ruta.definitions import runtime
from ruta.engine.terms import business_days_between
from ruta.identity.actors import Actor
from ruta.kernel import audit, calendars, clock
from ruta.kernel.texts import pick
from ruta.web.site.parts import LegalClock
from ruta.web.site.templatetags.site import day


@dataclass(frozen=True)
class Row:
    """One task in a list."""

    id: str
    due: LegalClock
    number: str
    url: str
    act: str
    applicant: str
    step: str
    since: datetime
    assignee: str
    mine: bool


def rows_of(tasks: Iterable[Task], actor: Actor) -> list[Row]:
    """The rows of a page of tasks. That they were shown is written in the log of reads, in one insert."""
    tasks = list(tasks)
    log_list(tasks, actor)
    return [row(task, actor) for task in tasks]


def row(task: Task, actor: Actor) -> Row:
    """One task as a row."""
    act = runtime.compiled(task.case.version_id).act(task.case.act)
    return Row(
        id=str(task.id),
        due=due(task.due_on, task.case.agency),
        number=task.case.number,
        url=reverse("desk:case", args=[task.case.number]),
        act=pick(act.spec.title),
        applicant=task.case.applicant_name or _("Sin nombre"),
        step=task.title,
        since=task.claimed_at or task.created_at,
        assignee=task.assignee.person.full_name if task.assignee else "",
        mine=task.assignee_id == actor.official_id,
    )


def due(on: date, agency: str) -> LegalClock:
    """A due date in the words of a list: `venció ayer`, `hoy`, `mañana`, `3 días hábiles`."""
    left = business_days_between(clock.today(), on, calendars.calendar_of(agency))
    gone = (clock.today() - on).days
    if gone > 0:
        said = _("venció ayer") if gone == 1 else _("venció el %(day)s") % {"day": day(on)}
        return LegalClock("overdue", said, "", on)
    if gone == 0:
        return LegalClock("today", _("hoy"), "", on)
    if gone == -1:
        return LegalClock("soon", _("mañana"), "", on)
    said = ngettext("%(n)s día hábil", "%(n)s días hábiles", left) % {"n": left}
    return LegalClock("soon" if left <= 2 else "running", said, "", on)


def log_list(tasks: Sequence[Task], actor: Actor) -> None:
    """A list of people is a read of each of them (Ley 1581 de 2012)."""
    persons = {
        (str(task.case.applicant_facts.get("document_type") or ""), task.case.applicant_document)
        for task in tasks
        if task.case.applicant_document
    }
    if persons:
        audit.log_read(actor, persons=sorted(persons), purpose=audit.Purpose.CASE_PROCESSING, what="inbox")
