"""Running cases moved to another version of their service: in bulk, each in its own transaction, dry unless told.

A dry run does all of it and takes it back, so that what it answers is what would happen. The engine says what is safe
(`bpmn.migrate`); here the case's tasks, terms and history follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from ruta.definitions import runtime
from ruta.definitions.models import ServiceVersion
from ruta.engine import bpmn
from ruta.engine import terms as engine
from ruta.identity.actors import Actor
from ruta.kernel import calendars, clock
from ruta.kernel.errors import Conflict, NotFound

from . import history, tasks, terms
from .machine import Machine
from .models import Case, FlowToken, Task
from .models.case import CaseStatus


@dataclass(frozen=True)
class Moving:
    """What is asked: the cases of a service, of one act and one version or of all, to the version `to`.

    `given` maps elements that the proposal cannot find; `reason` enters each case's history.
    """

    service: str
    to: ServiceVersion
    act: str = ""
    since: int | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Result:
    """What came of one case: `reasons` is empty when it moved, or would."""

    number: str
    act: str
    version: int
    reasons: tuple[Mapping[str, str], ...] = ()

    @property
    def moved(self) -> bool:
        """Whether nothing was in the way."""
        return not self.reasons


def version(service: str, number: int | None) -> ServiceVersion:
    """A version by its number, the newest without one. Raises NotFound."""
    found = ServiceVersion.objects.filter(service_id=service).order_by("-number")
    chosen = found.first() if number is None else found.filter(number=number).first()
    if chosen is None:
        which = service if number is None else f"{service} {number}"
        raise NotFound({"es": f"No existe la versión {which}.", "en": f"There is no version {which}."})
    return chosen


class Migration:
    """One bulk move. The mapping of a process onto another is made once for all its cases."""

    def __init__(self, moving: Moving, actor: Actor) -> None:
        self.moving = moving
        self.actor = actor
        self._plans: dict[tuple[UUID, str], bpmn.Plan] = {}

    def plan(self, version_id: UUID, act: str) -> bpmn.Plan:
        """The mapping of an act's process. Raises Conflict for a given pair that can never be, NotFound for no process."""
        if (version_id, act) not in self._plans:
            old, new = (runtime.compiled(each).act(act).process for each in (version_id, self.moving.to.pk))
            if old is None or new is None:
                raise NotFound(
                    {"es": f"El acto {act} no tiene proceso.", "en": f"The act {act} has no process."}
                )
            here = {before: after for before, after in self.moving.given.items() if before in old.nodes}
            try:
                self._plans[version_id, act] = bpmn.propose(old, new, here)
            except ValueError as wrong:
                raise Conflict({"es": str(wrong), "en": str(wrong)}, field="map", code="mapping") from None
        return self._plans[version_id, act]

    def cases(self) -> Iterator[tuple[UUID, UUID, str]]:
        """(case, version, act) of every open case that is asked for, the oldest first."""
        found = Case.objects.filter(service=self.moving.service, status=CaseStatus.OPEN)
        found = found.exclude(version=self.moving.to)
        if self.moving.act:
            found = found.filter(act=self.moving.act)
        if self.moving.since is not None:
            found = found.filter(version__number=self.moving.since)
        yield from found.order_by("id").values_list("id", "version_id", "act").iterator(chunk_size=1000)

    def run(self, *, apply: bool) -> Iterator[Result]:
        """Move every case, or find what would come of it; one answer each, as they are done."""
        for case_id, _, _ in self.cases():
            yield self.move(case_id, apply=apply)

    def move(self, case_id: UUID, *, apply: bool) -> Result:
        """Move one case in a transaction of its own; without `apply` all is taken back."""
        with transaction.atomic():
            before = Machine.load(case_id, self.actor)
            number, act, was = before.case.number, before.case.act, before.case.version.number
            try:
                plan = self.plan(before.case.version_id, act)
                _carry_over(before, plan, self.moving)
            except bpmn.MigrationRefused as stopped:
                return Result(number, act, was, tuple(each.say for each in stopped.reasons))
            except (NotFound, Conflict) as gone:
                return Result(number, act, was, (gone.message,))
            finally:
                if not apply:
                    transaction.set_rollback(True)
        return Result(number, act, was)


def _carry_over(before: Machine, plan: bpmn.Plan, moving: Moving) -> None:
    """Step the locked case onto the new version, with its tasks, terms and history."""
    if before.state is None:
        raise Conflict({"es": "El expediente no ha empezado.", "en": "The case has not begun."})
    case, was = before.case, before.case.version.number
    case.version = moving.to
    machine = Machine(case, before.actor)
    step = bpmn.migrate(
        before.state,
        plan,
        now=clock.now(),
        rules=machine.rules,
        calendar=calendars.calendar_of(case.agency),
    )
    _rename(case, plan)
    machine.state = step.state
    moves = {each.before: each.node for each in step.effects if isinstance(each, bpmn.Moved)}
    history.append(
        case,
        "migrated",
        actor=machine.actor,
        public={
            "from": was,
            "to": moving.to.number,
            "version": str(moving.to.pk),
            "reason": moving.reason,
            "at": sorted(moves.values()),
        },
    )
    _terms_follow(machine, plan)
    known = {token.id for token in before.state.tokens}
    for effect in step.effects:
        if not _known(machine, effect, known):
            machine.follow(effect)
    FlowToken.objects.filter(case=case).update(version_id=moving.to.pk)
    Case.objects.filter(pk=case.pk).update(version=moving.to)
    machine.save()


def _rename(case: Case, plan: bpmn.Plan) -> None:
    """Tasks and the incident speak of elements by id; they get the new ones (`ruta:not-by` looks at done tasks too)."""
    for task in Task.objects.filter(case=case):
        after = plan.nodes.get(task.node, task.node)
        if after != task.node:
            Task.objects.filter(pk=task.pk).update(node=after)
    if case.incident and case.incident.get("node") in plan.nodes:
        case.incident = {**case.incident, "node": plan.nodes[case.incident["node"]]}


def _known(machine: Machine, effect: bpmn.Effect, known: set[int]) -> bool:
    """Whether nothing is left to do about an effect: an open task was asked anew, what only listened is forgotten."""
    if isinstance(effect, bpmn.Moved | bpmn.Withdrawn):
        return effect.token in known
    if isinstance(effect, bpmn.Waiting) and effect.kind == "user" and effect.token in known:
        return tasks.ask_again(machine, effect)
    return False


def _terms_follow(machine: Machine, plan: bpmn.Plan) -> None:
    """Terms stand still where the new version says so: reasons are renamed, others lifted, new ones begun."""
    pauses = {spec.id: set(spec.pause_in) for spec in machine.act.spec.terms}
    for name, term in machine.terms.items():
        state = engine.TermState.from_json(term.state)
        if state.state != "paused":
            continue
        state = _renamed(state, plan)
        term.state = state.to_json()
        machine.terms_changed.add(name)
        here = {*pauses.get(name, set()), terms.RETURNED}
        for reason in [each for each in state.paused_by if each not in here]:
            terms.resume_named(machine, term, reason)
    for token in machine.state.tokens if machine.state else ():
        if token.status != "armed":
            terms.pause_at(machine, token.node)


def _renamed(state: engine.TermState, plan: bpmn.Plan) -> engine.TermState:
    data: dict[str, Any] = state.to_json()
    data["paused_by"] = [plan.nodes.get(each, each) for each in state.paused_by]
    return engine.TermState.from_json(data)
