"""A task comes into the inbox of its groups, and the case's history says so: one way, whatever asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from ruta.kernel import clock

from . import history, routing
from .models import Task
from .models.task import DECIDE

if TYPE_CHECKING:
    from .machine import Machine


def put(
    machine: Machine,
    *,
    token: int | None,
    node: str,
    form_key: str,
    groups: Sequence[str],
    stage: str,
    inputs: Mapping[str, Any],
    due_on: date,
    not_by: Sequence[str] = (),
) -> Task:
    """Open a task that waits at `token`; `not_by` names the boxes whose officials may not do it.

    `token` is None for what the platform asks and no step of the process waits for.
    Where nobody of `groups` can do it, it goes to the nearest office that can, and the history says so.
    """
    # Who filed the case does not decide it, so an office of one passes the decision on.
    filer = machine.case.filed_by if not_by or form_key == DECIDE else None
    routed = routing.who_can(machine.compiled, groups, but=filer)
    task = Task.objects.create(
        case=machine.case,
        token=token,
        node=node,
        form_key=form_key,
        groups=routed,
        stage=stage,
        inputs=dict(inputs),
        not_by=list(not_by),
        due_on=due_on,
        created_at=clock.now(),
    )
    told: dict[str, Any] = {"task": node, "for": routed, "due": due_on.isoformat()}
    if routed != list(groups):
        told["instead_of"] = list(groups)
    history.append(machine.case, "task-opened", actor=machine.actor, public=told)
    return task
