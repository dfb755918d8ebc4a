"""Officials' tasks: opened by the process, taken, given back, finished, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from ruta.definitions import posts, runtime
from ruta.engine import bpmn
from ruta.identity.actors import Actor
from ruta.kernel import calendars, clock
from ruta.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from ruta.payments import services as payments

from . import history, inbox, paper_notice, perms, taskforms
from .appeals import deciding
from .models import Case, Task
from .models.task import TaskStatus

if TYPE_CHECKING:
    from ruta.payments.models import Refund

    from .machine import Machine

PLATFORM_TASKS = frozenset(
    {taskforms.REFUND, taskforms.APPEAL, paper_notice.FORM_KEY}
)  # at a box that is no user task
UNDONE = (TaskStatus.OPEN, TaskStatus.PAUSED)
DEFAULT_BUSINESS_DAYS = 15  # a petition's term where the process names none (CPACA art. 14)


def open_task(machine: Machine, effect: bpmn.Waiting) -> Task:
    """Put the user task that the process waits for in the inbox of its roles."""
    return inbox.put(machine, token=effect.token, **_asked(machine, effect))


def ask_again(machine: Machine, effect: bpmn.Waiting) -> bool:
    """Let an open task ask what the process now asks; whoever has it keeps it. False where there is no open task."""
    found = Task.objects.filter(case=machine.case, token=effect.token, status__in=UNDONE)
    return bool(found.update(**_asked(machine, effect)))


def pause_all(machine: Machine) -> None:
    """The applicant has the case: what officials had to do in its process waits, with whoever had it."""
    _of_process(machine, TaskStatus.OPEN).update(status=TaskStatus.PAUSED)


def reopen_all(machine: Machine) -> None:
    """What waited for the applicant is in the inboxes again, and asks what the process asks by now."""
    _of_process(machine, TaskStatus.PAUSED).update(status=TaskStatus.OPEN)
    machine.run(bpmn.Restate())


def _of_process(machine: Machine, status: TaskStatus) -> QuerySet[Task]:
    found = Task.objects.filter(case=machine.case, status=status, token__isnull=False)
    return found.exclude(form_key__in=PLATFORM_TASKS)


def _asked(machine: Machine, effect: bpmn.Waiting) -> dict[str, Any]:
    """What a user task asks, of whom and until when."""
    node = machine.process.node(effect.node)
    inputs = dict(effect.inputs)
    groups = inputs.pop("groups", None) or []
    due = _due(machine, inputs.pop("due", None))
    inputs.pop("assignee", None)
    if written := node.properties.get("ruta:outcomes"):
        inputs.setdefault("outcomes", [name.strip() for name in written.split(",") if name.strip()])
    return {
        "node": effect.node,
        "form_key": node.form_key,
        "groups": groups,
        "stage": node.properties.get("ruta:stage", ""),
        "inputs": inputs,
        "not_by": [
            name.strip() for name in node.properties.get("ruta:not-by", "").split(",") if name.strip()
        ],
        "due_on": due,
    }


def open_refund(machine: Machine, effect: bpmn.JobRequested, refund: Refund, groups: list[str]) -> Task:
    """Ask a second person to approve that money is sent back (common facts §16)."""
    return inbox.put(
        machine,
        token=effect.token,
        node=effect.node,
        form_key=taskforms.REFUND,
        groups=groups,
        stage=machine.case.stage,
        inputs={"refund": str(refund.id), "amount": refund.amount, "reason": refund.reason},
        due_on=refund.due_on,
    )


def withdraw(machine: Machine, token: int) -> None:
    """The process no longer wants what waited at `token`."""
    for task in Task.objects.filter(case=machine.case, token=token, status__in=UNDONE):
        task.status = TaskStatus.WITHDRAWN
        task.save(update_fields=["status"])
        history.append(machine.case, "task-withdrawn", actor=machine.actor, public={"task": task.node})


def refresh_due(machine: Machine) -> None:
    """Give open tasks whose due date names a term the term's present end."""
    if machine.state is None:
        return
    for task in Task.objects.filter(case=machine.case, status=TaskStatus.OPEN):
        text = machine.process.node(task.node).due if task.form_key not in PLATFORM_TASKS else ""
        if "terms." not in text:
            continue
        machine.rules.stale()
        due = _due(machine, machine.rules.evaluate(text.removeprefix("="), machine.variables))
        if due != task.due_on:
            task.due_on = due
            task.save(update_fields=["due_on"])


def claim(task_id: UUID, *, actor: Actor) -> Task:
    """Take the task. Raises Conflict when another official has it, Forbidden when it is not for this one."""
    with transaction.atomic():
        task = _locked(task_id, actor)
        if perms.held_by_other(actor, task):
            holder = _holder(task)
            raise Conflict(
                {
                    "es": f"Esta tarea ya la tomó {holder}. Elija otra o pídale que la devuelva.",
                    "en": f"{holder} already took this task. Choose another, or ask for it to be returned.",
                },
                code="taken",
            )
        _refuse_preparer(actor, task)
        if task.assignee_id != actor.official_id:
            task.stood_in_for_id = perms.acts_for(actor, task)
            task.assignee_id, task.claimed_at = actor.official_id, clock.now()
            task.save(update_fields=["assignee", "claimed_at", "stood_in_for"])
            _tell(task, "task-claimed", actor, for_whom(task))
        return task


def give_back(task_id: UUID, *, actor: Actor, reason: str = "") -> Task:
    """Return the task to its team; what was written for it so far stays with the official's draft."""
    with transaction.atomic():
        task = _locked(task_id, actor)
        if task.assignee_id != actor.official_id:
            raise Conflict(
                {"es": "Usted no tiene esta tarea.", "en": "You do not have this task."}, code="not-yours"
            )
        told = for_whom(task) | ({"reason": reason} if reason else {})
        task.assignee, task.claimed_at, task.stood_in_for = None, None, None
        task.save(update_fields=["assignee", "claimed_at", "stood_in_for"])
        _tell(task, "task-returned", actor, told)
        return task


def complete(task_id: UUID, *, actor: Actor, typed: Mapping[str, Any], seen_rev: int | None = None) -> Case:
    """Finish the task with what the official typed, and let the process go on.

    Raises Invalid with every problem of the input, Conflict when the case changed since `seen_rev` or another
    official holds the task, Forbidden for who may not do it or prepared what is to be approved.
    """
    from .machine import stepping

    with stepping(case_of(task_id, actor), actor) as machine:
        task = lock(task_id, actor)
        task.case = machine.case
        _refuse_preparer(actor, task)
        if perms.held_by_other(actor, task):
            holder = _holder(task)
            raise Conflict(
                {
                    "es": f"La tarea la tiene {holder}; lo que usted escribió sigue en la página.",
                    "en": f"{holder} has the task; what you wrote is still on the page.",
                },
                code="taken",
            )
        if seen_rev is not None and seen_rev != machine.case.rev:
            raise Conflict(
                {
                    "es": "El expediente cambió mientras usted escribía. Revise lo nuevo y confirme otra vez.",
                    "en": "The case changed while you were writing. Look at what is new and confirm again.",
                },
                code="stale",
            )
        result, problems = taskforms.judge(machine, task, typed, actor)
        if problems:
            raise Invalid(problems)
        task.status, task.result = TaskStatus.DONE, result
        task.done_by_id, task.done_at = actor.official_id, clock.now()
        task.stood_in_for_id = perms.acts_for(actor, task)
        task.save(update_fields=["status", "result", "done_by", "done_at", "stood_in_for"])
        public = {"task": task.node} | for_whom(task)
        history.append(machine.case, "task-done", actor=actor, public=public, private=result)
        machine.rules.stale()
        if task.form_key == taskforms.REFUND:
            decide = payments.approve_refund if result["outcome"] == "approve" else payments.decline_refund
            decide(UUID(task.inputs["refund"]), actor=actor, note=result["note"])
        elif task.form_key == paper_notice.FORM_KEY:
            paper_notice.done(machine, task, result)
        elif task.form_key == taskforms.APPEAL:
            deciding.decide(machine, task, result)
        elif task.token is not None:
            machine.run(bpmn.Complete(task.token, result))
    return machine.case


def for_whom(task: Task) -> dict[str, Any]:
    """What an event says of an official who stands in for another: whose work it is."""
    return {"for_official": task.stood_in_for_id} if task.stood_in_for_id is not None else {}


def case_of(task_id: UUID, actor: Actor) -> UUID:
    """The case of a task that the actor may know to exist."""
    found = Task.objects.filter(id=task_id, case__in=perms.visible_to(actor)).values_list(
        "case_id", flat=True
    )
    case_id: UUID | None = found.first()
    if case_id is None:
        raise NotFound({"es": "No existe esa tarea.", "en": "There is no such task."})
    return case_id


def _locked(task_id: UUID, actor: Actor) -> Task:
    """The task, locked after its case as everywhere: two orders of locking would wait for each other for ever."""
    case = Case.objects.select_for_update(of=("self",)).get(id=case_of(task_id, actor))
    task = lock(task_id, actor)
    task.case = case
    return task


def lock(task_id: UUID, actor: Actor) -> Task:
    task = Task.objects.select_for_update().get(id=task_id)
    if task.status != TaskStatus.OPEN:
        raise Conflict(
            {
                "es": "Esta tarea ya se terminó o ya no hace falta.",
                "en": "This task is done or no longer needed.",
            },
            code="closed",
        )
    if not perms.may_do(actor, task):
        groups = posts.groups_in_words(task.groups, runtime.compiled(task.case.version_id))
        raise Forbidden(
            {
                "es": f"Esta tarea es de otro grupo: {', '.join(group['es'] for group in groups)}.",
                "en": f"This task belongs to another group: {', '.join(group['en'] for group in groups)}.",
            }
        )
    return task


def _holder(task: Task) -> str:
    return task.assignee.person.full_name if task.assignee else ""


def _refuse_preparer(actor: Actor, task: Task) -> None:
    if perms.prepared_by(actor, task):
        raise Forbidden(
            {
                "es": "Quien preparó no aprueba: otro servidor debe hacer esta tarea.",
                "en": "Who prepared may not approve: another official must do this task.",
            },
            code="prepared-by-you",
        )


def _tell(task: Task, type: str, actor: Actor, public: Mapping[str, Any] | None = None) -> None:
    """Add to the history of the task's case, which `_locked` holds."""
    history.append(task.case, type, actor=actor, public={"task": task.node} | dict(public or {}))
    history.write(task.case)


def _due(machine: Machine, value: Any) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value[:10])
    from ruta.engine.terms import add_business_days

    return add_business_days(clock.today(), DEFAULT_BUSINESS_DAYS, calendars.calendar_of(machine.case.agency))


__all__ = ["claim", "complete", "give_back", "open_task", "refresh_due", "withdraw"]
