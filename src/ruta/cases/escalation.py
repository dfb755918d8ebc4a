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
    """A term passed: the process's open tasks go to the superiors of their offices too, free for whoever takes them.

    What the platform asks beside the process (a refund, a notice on paper) has a due date of its own.
    """
    superiors = posts.with_power("supervises", posts.titles(machine.compiled))
    of_process = [node.id for node in machine.process.nodes.values() if node.kind == "userTask"]
    late = Task.objects.filter(case=machine.case, status=TaskStatus.OPEN, node__in=of_process)
    for task in late.select_for_update():
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
