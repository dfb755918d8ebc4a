"""A supervisor gives an open task to another official of its team: with a reason, in the history, told on the task."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from ruta.definitions import posts, runtime
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.identity.models import Official
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, Forbidden, Invalid

from . import history, perms, routing, tasks
from .models import Case, Task
from .models.task import TaskStatus

SHORTEST_REASON, LONGEST_REASON = 10, 500


def may_reassign(actor: Actor, task: Task) -> bool:
    """Whether the official supervises the work that this task is part of."""
    known = posts.titles(runtime.compiled(task.case.version_id))
    return perms.may_reassign(actor, task, posts.with_power("supervises", known))


def candidates(task: Task) -> list[Official]:
    """Who may get the task, by name: the officials of its groups, but who has it and who may not do it."""
    found = Official.objects.filter(routing.in_one_of(task.groups, task.case.agency), active=True)
    for account, person in perms.preparers(task):
        found = found.exclude(account_id=account).exclude(person_id=person)
    if task.assignee_id is not None:
        found = found.exclude(pk=task.assignee_id)
    found = found.select_related("person", "team")
    return list(found.order_by("person__first_surname", "person__given_names", "id"))


def reassign(task_id: UUID, *, to: int | None, reason: str, actor: Actor) -> Task:
    """Give the task to the official `to`, whoever had it.

    Raises Forbidden for who does not supervise it, Conflict when it is not open any more, Invalid for somebody who may
    not do it and for a missing reason.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(id=tasks.case_of(task_id, actor))
        task = Task.objects.select_for_update().get(id=task_id)
        task.case = case
        if not may_reassign(actor, task):
            raise Forbidden(
                {
                    "es": "Solo quien supervisa la oficina puede pasar una tarea a otro servidor.",
                    "en": "Only who supervises the office may give a task to another official.",
                }
            )
        if task.status != TaskStatus.OPEN:
            raise Conflict(
                {"es": "Esta tarea ya no está abierta.", "en": "This task is no longer open."}, code="closed"
            )
        reason = " ".join(reason.split())
        chosen = next((each for each in candidates(task) if each.pk == to), None)
        if problems := _problems(chosen, reason):
            raise Invalid(problems)
        before, task.assignee, task.claimed_at = task.assignee_id, chosen, clock.now()
        task.stood_in_for = None
        task.save(update_fields=["assignee", "claimed_at", "stood_in_for"])
        public = {"task": task.node, "from": before, "to": to}
        history.append(case, "task-reassigned", actor=actor, public=public, private={"reason": reason})
        history.write(case)
        return task


def _problems(chosen: Official | None, reason: str) -> list[Problem]:
    problems = []
    if chosen is None:
        say = {
            "es": "Servidor: elija a alguien del grupo que pueda hacer la tarea.",
            "en": "Official: choose somebody of the team who may do the task.",
        }
        problems.append(Problem("/to", "enum", say))
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        say = {
            "es": "Motivo: diga por qué pasa la tarea, entre 10 y 500 caracteres.",
            "en": "Reason: say why you give the task to somebody else, in 10 to 500 characters.",
        }
        problems.append(Problem("/reason", "length", say))
    return problems
