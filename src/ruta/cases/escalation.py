"""What an agency lets expire goes to the superior (identity facts §1.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ruta.definitions import posts

from . import history, routing
from .models import Task
from .models.task import TaskStatus

if TYPE_CHECKING:
    from .machine import Machine


def escalate(machine: Machine) -> None:
    """A term passed: what is still open goes to the superiors of its offices too, free for whoever takes it first."""
    superiors = posts.with_power("supervises", posts.titles(machine.compiled))
    for task in Task.objects.select_for_update().filter(case=machine.case, status=TaskStatus.OPEN):
        offices = [office for group in task.groups if (office := group.partition("@")[2])]
        above = [f"{post}@{office}" for office in offices for post in superiors] or list(superiors)
        added = [group for group in routing.who_can(machine.compiled, above) if group not in task.groups]
        if not added:
            continue
        task.groups, task.assignee, task.claimed_at = [*task.groups, *added], None, None
        task.save(update_fields=["groups", "assignee", "claimed_at"])
        history.append(
            machine.case, "escalated", actor=machine.actor, public={"task": task.node, "for": added}
        )
