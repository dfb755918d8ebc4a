"""What comes of an appeal: the decision stands, stands changed, or is replaced; who appealed is told, and it grows firm.

A decision that is revoked is replaced where the process made it: the case is taken up at the task that decided, which is
answered as the appeal decides, and everything after it follows as if it had been so from the start. Where nobody decided
in a task, or the process cannot be taken up there, the outcome itself is replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ruta.engine import bpmn
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.kernel import clock

from .. import decision_notice, history, letters, taskforms, terms
from ..models import Appeal, Case, Task
from ..models.appeal import AppealOutcome, AppealStatus
from ..models.case import CaseStatus
from ..models.task import TaskStatus
from . import filing, kinds

if TYPE_CHECKING:
    from ..machine import Machine

TOLD = "appeal-decided"  # the notice of the decision on an appeal
FAVOURABLE = "granted"
AGAIN = "again"  # revoke a tacit withdrawal: the office goes on where it waited
REVOKE = "revoke:"  # before the outcome that takes the place of the old one


def options(process: bpmn.Process, case: Case, appeal: Appeal) -> tuple[str, ...]:
    """What may be decided: `confirm`, `modify`, or `revoke:` and what replaces the decision.

    Who alone appeals is never left worse (common facts §7): what was granted is only confirmed or modified.
    """
    plain = (AppealOutcome.CONFIRM.value, AppealOutcome.MODIFY.value)
    if appeal.against == FAVOURABLE:
        return plain
    if appeal.against == "lapsed":
        return (*plain, f"{REVOKE}{AGAIN}") if _returned_at(process, case) else plain
    decided = filing.decision_task(case)
    if decided is not None and bpmn.can_reopen(process, appeal.node):
        given = ((decided.result or {}).get("decided") or {}).get("outcome")
        others = [each for each in taskforms.outcomes_of(decided) if each not in (given, "return")]
        return (*plain, *(f"{REVOKE}{each}" for each in others))
    return (*plain, f"{REVOKE}{FAVOURABLE}")


def judge(
    machine: Machine, task: Task, typed: Mapping[str, Any], actor: Actor
) -> tuple[dict[str, Any], list[Problem]]:
    """The decision on the appeal, with its reasons, and what is wrong with it."""
    appeal = Appeal.objects.get(id=task.inputs["appeal"])
    outcome = str(typed.get("outcome") or "")
    motivation, problems = taskforms.motivation_of(typed)
    if outcome not in options(machine.process, machine.case, appeal):
        problems.insert(0, taskforms.NO_OUTCOME)
    return {"outcome": outcome, "motivation": motivation, "by": actor.name}, problems


def decide(machine: Machine, task: Task, result: Mapping[str, Any]) -> None:
    """Carry the decision on the appeal out: tell it, and let the case go where it leads."""
    appeal = Appeal.objects.get(id=task.inputs["appeal"])
    outcome, _, instead = str(result["outcome"]).partition(":")
    appeal.outcome, appeal.motivation = AppealOutcome(outcome), str(result["motivation"])
    appeal.decided_by_id = machine.actor.official_id
    _close(machine, appeal, instead)
    terms.keep(machine, appeal.term)
    if appeal.outcome == AppealOutcome.REVOKE:
        _replace(machine, appeal, instead, result)
    _tell(machine, appeal)
    if appeal.subsidiary and appeal.outcome != AppealOutcome.REVOKE:
        superior = next(
            each for each in kinds.of_case(machine.case, machine.act) if each.kind == kinds.APELACION
        )
        filing.lodge(machine, superior, appeal.grounds)


def _close(machine: Machine, appeal: Appeal, instead: str) -> None:
    appeal.status, appeal.decided_at = AppealStatus.DECIDED, clock.now()
    appeal.save()
    public = {"number": appeal.number, "kind": appeal.kind, "outcome": str(appeal.outcome)}
    history.append(
        machine.case,
        "appeal-decided",
        actor=machine.actor,
        public=public | ({"instead": instead} if instead else {}),
        private={"motivation": appeal.motivation},
    )


def _replace(machine: Machine, appeal: Appeal, instead: str, result: Mapping[str, Any]) -> None:
    if instead == AGAIN:
        node = _returned_at(machine.process, machine.case)
        take_up(machine, node)
    elif bpmn.can_reopen(machine.process, appeal.node):
        task = take_up(machine, appeal.node)
        decided = {
            "outcome": instead,
            "motivation": result["motivation"],
            "by": machine.actor.name,
            "role": "",
            "at": clock.now().isoformat(),
        }
        _done(machine, task, {"decided": decided})
    else:
        case = machine.case
        case.status, case.outcome, case.decided_at = CaseStatus.DECIDED, instead, clock.now()
        case.notified_at = None
        history.append(case, "decided", actor=machine.actor, public={"outcome": instead, "node": ""})


def take_up(machine: Machine, node: str) -> Task:
    """The case is open again at the task `node`; the task that this opens."""
    case = machine.case
    case.status, case.outcome = CaseStatus.OPEN, ""
    case.decided_at = case.notified_at = case.closed_at = None
    history.append(case, "reopened", actor=machine.actor, public={"node": node})
    machine.rules.stale()
    machine.run(bpmn.Reopen(node, waiting=decision_notice.settles_at(machine) is not None))
    return Task.objects.filter(case=case, node=node, status=TaskStatus.OPEN).latest("created_at")


def _done(machine: Machine, task: Task, result: Mapping[str, Any]) -> None:
    task.status, task.result = TaskStatus.DONE, dict(result)
    task.done_by_id, task.done_at = machine.actor.official_id, clock.now()
    task.save(update_fields=["status", "result", "done_by", "done_at"])
    history.append(
        machine.case, "task-done", actor=machine.actor, public={"task": task.node}, private=dict(result)
    )
    machine.rules.stale()
    assert task.token is not None
    machine.run(bpmn.Complete(task.token, dict(result)))


def _returned_at(process: bpmn.Process, case: Case) -> str:
    """The task at which a request stood that nobody corrected in time; empty where it cannot be taken up."""
    last = case.corrections.order_by("-number").first()
    return last.node if last is not None and bpmn.can_reopen(process, last.node) else ""


def _tell(machine: Machine, appeal: Appeal) -> None:
    machine.rules.stale()
    about = {"appeal": filing.as_names(appeal, machine.case)}
    letters.send(machine, TOLD, machine.case.applicant_facts, legal=True, token=None, about=about)


def notified(machine: Machine, at: datetime) -> None:
    """The person knows the decision on the appeal since `at`: what it leaves standing is firm the day after."""
    from .. import endings

    appeal = (
        machine.case.appeals.filter(status=AppealStatus.DECIDED, notified_at=None).order_by("number").first()
    )
    if appeal is None:
        return
    appeal.notified_at = at
    appeal.save(update_fields=["notified_at"])
    if machine.case.status == CaseStatus.DECIDED:
        endings.notify(machine, at)
    elif machine.case.status == CaseStatus.NOTIFIED and kinds.undecided(machine.case) is None:
        endings.firm_the_day_after(machine, clock.local_date(at))


def silence(machine: Machine, term: str, effect: str) -> None:
    """Nobody decided the appeal in time (CPACA art. 86): it counts as refused, and still has to be decided; where a law
    says so, it counts as granted."""
    appeal = machine.case.appeals.filter(term=term, status=AppealStatus.OPEN).first()
    if appeal is None:
        return
    if effect == "positive_silence":
        _by_law(machine, appeal)
        return
    appeal.status = AppealStatus.SILENT
    appeal.save(update_fields=["status"])
    machine.rules.stale()
    about = {"appeal": {**filing.as_names(appeal, machine.case), "due": machine.terms[term].due_on}}
    letters.send(
        machine, "appeal-silence", machine.case.applicant_facts, legal=False, token=None, about=about
    )


def _by_law(machine: Machine, appeal: Appeal) -> None:
    found = [each for each in options(machine.process, machine.case, appeal) if each.startswith(REVOKE)]
    appeal.outcome = AppealOutcome.REVOKE if found else AppealOutcome.MODIFY
    appeal.motivation = "Silencio positivo: la ley da el recurso por concedido."
    instead = found[0].removeprefix(REVOKE) if found else ""
    _close(machine, appeal, instead)
    for task in Task.objects.filter(case=machine.case, form_key=taskforms.APPEAL, status=TaskStatus.OPEN):
        task.status = TaskStatus.WITHDRAWN
        task.save(update_fields=["status"])
        history.append(machine.case, "task-withdrawn", actor=machine.actor, public={"task": task.node})
    if found:
        _replace(machine, appeal, instead, {"motivation": appeal.motivation})
    _tell(machine, appeal)
