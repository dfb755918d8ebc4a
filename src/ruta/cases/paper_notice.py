"""When nobody opens an electronic notice: the office notifies in person, by notice or on the web (CPACA arts. 67-69).

No law presumes that an unopened notice was read. After five business days the office gets the task to notify on paper; the
day that it writes down decides from when the term to appeal runs, by the rule of the way that was used.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ruta.engine import bpmn
from ruta.engine import terms as engine
from ruta.engine.forms import dates
from ruta.engine.problems import Problem
from ruta.identity.models import Official
from ruta.kernel import calendars, clock
from ruta.notifications.models import Message

from . import endings, history, inbox, terms
from .appeals import deciding
from .models import Task
from .models.task import TaskStatus

if TYPE_CHECKING:
    from .machine import Machine

FORM_KEY = "ruta.notify"
TITLE = {"es": "Notificar por otro medio", "en": "Notify by other means"}
DAYS_TO_NOTIFY = 5  # the citation is sent within five business days (CPACA art. 68)
WAYS: dict[str, dict[str, str]] = {
    "personal": {"es": "En persona, en la oficina", "en": "In person, at the office"},
    "notice": {"es": "Por aviso entregado en la dirección", "en": "By a notice delivered at the address"},
    "web": {"es": "Por aviso en la página web", "en": "By a notice on the web page"},
}


def opened(machine: Machine, message: str, at: datetime) -> None:
    """The person opened the notice `message` at that instant: of the decision, or of what was decided on an appeal.

    A decision that several are told is notified with the last of them: only then does nobody's term begin too early.
    """
    if _of_appeal(message):
        deciding.notified(machine, at)
    elif machine.case.notified_at is None:
        if not others_wait(machine.case.id, message):
            endings.notify(machine, at)
    else:
        return
    history.append(machine.case, "notice-opened", actor=machine.actor)
    _withdraw_task(machine, message)


def others_wait(case_id: UUID, message: str) -> bool:
    """Whether somebody else got the same notice and neither opened it nor was notified on paper."""
    told = Message.objects.filter(id=UUID(message)).values("token", "template").first() if message else None
    if told is None or told["token"] is None:
        return False
    on_paper = Task.objects.filter(case_id=case_id, form_key=FORM_KEY, status=TaskStatus.DONE)
    done = {message, *on_paper.values_list("inputs__message", flat=True)}
    same = Message.objects.filter(case_id=case_id, legal=True, opened_at=None, **told)
    return same.exclude(id__in=[UUID(each) for each in done]).exists()


def _of_appeal(message: str) -> bool:
    return bool(message) and Message.objects.filter(id=UUID(message), template=deciding.TOLD).exists()


def _withdraw_task(machine: Machine, message: str) -> None:
    """Nobody has to notify on paper what was opened after all."""
    asked = Task.objects.filter(
        case=machine.case, form_key=FORM_KEY, inputs__message=message, status=TaskStatus.OPEN
    )
    for task in asked:
        task.status = TaskStatus.WITHDRAWN
        task.save(update_fields=["status"])
        history.append(machine.case, "task-withdrawn", actor=machine.actor, public={"task": task.node})


def ask_office(machine: Machine, message_id: UUID) -> Task | None:
    """Give the office the task to notify; None where the message was opened meanwhile, or the task is there."""
    message = Message.objects.filter(id=message_id, opened_at__isnull=True).first()
    if message is None or (machine.case.notified_at is not None and message.template != deciding.TOLD):
        return None
    known = Task.objects.filter(case=machine.case, form_key=FORM_KEY, inputs__message=str(message_id))
    if known.exists():
        return None
    due = engine.add_business_days(clock.today(), DAYS_TO_NOTIFY, calendars.calendar_of(machine.case.agency))
    return inbox.put(
        machine,
        token=message.token,
        node=bpmn_node(machine, message.token) if message.token is not None else "",
        form_key=FORM_KEY,
        groups=_groups(machine),
        stage=machine.case.stage,
        inputs={"message": str(message.id), "subject": message.subject},
        due_on=due,
    )


def bpmn_node(machine: Machine, token: int) -> str:
    """The node at which the token waits."""
    live = machine.state.token(token) if machine.state else None
    return live.node if live else ""


def _groups(machine: Machine) -> list[str]:
    """Who worked on the case; else whoever works in the agency's offices."""
    worked = {group for task in machine.case.tasks.all() for group in task.groups}
    if worked:
        return sorted(worked)
    return sorted(
        set(Official.objects.filter(team__agency__nit=machine.case.agency).values_list("role", flat=True))
    )


def judge(typed: Mapping[str, Any], agency: str) -> tuple[dict[str, Any], list[Problem]]:
    """The day of notification by the way that was used, or what is wrong with what was typed."""
    way = str(typed.get("way") or "")
    problems: list[Problem] = []
    if way not in WAYS:
        say = {"es": "Medio: elija cómo se notificó.", "en": "Way: choose how the person was notified."}
        problems.append(Problem("/way", "enum", say))
    day: date | None = None
    try:
        day = dates.read_date(str(typed.get("day") or ""))
    except dates.DateUnreadableError as wrong:
        problems.append(Problem("/day", "format", wrong.say))
    if day is not None and day > clock.today():
        say = {"es": "Fecha: está en el futuro.", "en": "Date: it is in the future."}
        problems.append(Problem("/day", "future", say))
    if problems or day is None:
        return {}, problems
    return {"way": way, "day": day.isoformat(), "notified_on": notified_on(way, day, agency).isoformat()}, []


def notified_on(way: str, day: date, agency: str) -> date:
    """The day from which terms count: of coming, of the day after delivery, of the day after it was taken down."""
    calendar = calendars.calendar_of(agency)
    if way == "notice":
        return engine.notified_by_notice(day, calendar)
    if way == "web":
        return engine.web_notice(day, calendar)[1]
    return day


def done(machine: Machine, task: Task, result: Mapping[str, Any]) -> None:
    """The person is notified since that day: the box that sent the notice is done, and the term to appeal runs."""
    at = terms.end_of(date.fromisoformat(str(result["notified_on"])))
    if others_wait(machine.case.id, task.inputs["message"]):
        return
    if _of_appeal(task.inputs["message"]):
        deciding.notified(machine, at)
    else:
        endings.notify(machine, at)
    machine.rules.stale()
    if task.token is None:  # no box of the process sent it
        return
    machine.run(bpmn.JobDone(task.token, {"notice": {"status": "notified", **result}}))
