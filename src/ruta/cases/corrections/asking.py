"""The office's side: an official with an open task returns the request, naming what to correct and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ruta.definitions import runtime
from ruta.engine import forms
from ruta.engine import terms as engine
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.kernel import calendars, clock
from ruta.kernel.errors import Conflict, Invalid

from .. import context, history, letters, perms, tasks, terms
from ..models import Case, Correction, Task
from ..models.case import CaseStatus
from ..models.correction import CorrectionStatus
from ..models.task import TaskStatus

if TYPE_CHECKING:
    from ..machine import Machine

SHORTEST_REASON = 20
SHORTEST_SAY = 5
LONGEST = 2000
TERM = "1 month"  # to answer (Ley 1755 de 2015, art. 17)
DAYS_TO_ASK = 10  # business days after reception in which the office may ask
Say = dict[str, str]


def last_day_to_ask(case: Case) -> date:
    """Until when the office may return the request: ten business days after it, or the last correction, was received."""
    answered = case.corrections.filter(status=CorrectionStatus.ANSWERED).order_by("-number").first()
    calendar = calendars.calendar_of(case.agency)
    since = case.received_on
    if answered is not None and answered.ended_at is not None:
        since = engine.reception_date(answered.ended_at, calendar)
    return engine.add_business_days(since, DAYS_TO_ASK, calendar)


def why_not(case: Case, task: Task, actor: Actor) -> Say | None:
    """Why the official may not return the request from this task; None when nothing is in the way, and an empty
    reason where returning is out of the question and not worth a word."""
    act = runtime.compiled(case.version_id).act(case.act)
    times = act.spec.return_.times
    of_process = task.token is not None and task.form_key not in tasks.PLATFORM_TASKS
    if not (of_process and act.form and case.applicant_id and times and case.status == CaseStatus.OPEN):
        return {}
    if not perms.may_return(actor, task) or task.status != TaskStatus.OPEN:
        return {}
    if case.corrections.count() >= times:
        return {
            "es": f"Ya se devolvió {times} de {times} veces: decida con lo que hay.",
            "en": f"It was returned {times} of {times} times already: decide with what there is.",
        }
    last = last_day_to_ask(case)
    if clock.today() > last:
        return {
            "es": f"El término para pedir correcciones terminó el {last:%d/%m/%Y} (Ley 1755 de 2015, art. 17): decida "
            "con lo que hay.",
            "en": f"The term to ask for corrections ended on {last} (Ley 1755 de 2015, art. 17): decide with what "
            "there is.",
        }
    return None


def askable(case: Case, subject: context.Subject) -> tuple[forms.Field, ...]:
    """The fields that can be asked for again: those that the form shows with the answers given, in its order."""
    form = subject.act.form
    assert form is not None
    shown = forms.settle(form, case.form, context.binder(subject)).shown
    return tuple(
        form.fields[name]
        for page in form.pages
        for name in page.fields
        if name in shown and form.fields[name].widget != "hidden"
    )


def ask(task_id: UUID, *, actor: Actor, reason: str, fields: Mapping[str, str]) -> Correction:
    """Return the request to its applicant: the terms stand still, the task waits, the applicant is told.

    `fields` says of each field by name what is wrong or missing. Raises Invalid with every problem, Conflict when it
    may not be returned (any more), Forbidden for who may not do the task.
    """
    from ..machine import stepping

    with stepping(tasks.case_of(task_id, actor), actor) as machine:
        task = tasks.lock(task_id, actor)
        if (refused := why_not(machine.case, task, actor)) is not None:
            raise Conflict(refused or _NOT_NOW, code="not-returnable")
        reason = _clean(reason)
        asked, problems = _judge(machine, reason, fields)
        if problems:
            raise Invalid(problems)
        return _return(machine, task, reason, asked)


_NOT_NOW = {
    "es": "Esta solicitud no se puede devolver para corregir desde esta tarea.",
    "en": "This request cannot be returned for correction from this task.",
}


def _return(machine: Machine, task: Task, reason: str, asked: list[Say]) -> Correction:
    assert machine.actor.official_id is not None
    case, number = machine.case, machine.case.corrections.count() + 1
    name = terms.CORRECTION if number == 1 else f"{terms.CORRECTION}_{number}"
    correction = Correction.objects.create(
        case=case,
        number=number,
        by_id=machine.actor.official_id,
        node=task.node,
        reason=reason,
        asked=asked,
        asked_at=clock.now(),
        term=name,
    )
    task.stood_in_for_id = perms.acts_for(machine.actor, task)
    public = {"task": task.node, "number": number, "fields": [each["field"] for each in asked]}
    history.append(
        case,
        "returned",
        actor=machine.actor,
        public=public | tasks.for_whom(task),
        private={"reason": reason, "asked": asked},
    )
    tasks.pause_all(machine)
    terms.pause_all(machine, terms.RETURNED)
    terms.start_named(machine, name, TERM, clock.today(), binds="person")
    machine.rules.stale()
    about = {"correction": as_names(machine, correction)}
    letters.send(machine, "returned", case.applicant_facts, legal=False, token=None, about=about)
    return correction


def as_names(machine: Machine, correction: Correction) -> dict[str, Any]:
    """`correction` for the messages that speak of it, labels in the case's language."""
    form = machine.act.form
    assert form is not None
    lang = machine.case.lang
    return {
        "reason": correction.reason,
        "fields": [
            {"label": form.fields[each["field"]].label[lang], "say": each["say"]} for each in correction.asked
        ],
        "asked_on": clock.local_date(correction.asked_at),
        "due": machine.terms[correction.term].due_on,
    }


def _judge(machine: Machine, reason: str, fields: Mapping[str, str]) -> tuple[list[Say], list[Problem]]:
    """What is asked, in the form's order, and what is wrong with it."""
    problems = [] if SHORTEST_REASON <= len(reason) <= LONGEST else [_problem("/reason", "length", _REASON)]
    possible = askable(machine.case, machine.subject())
    known = {field.name for field in possible}
    problems += [_problem(f"/fields/{name}", "unknown", _UNKNOWN) for name in fields if name not in known]
    if not fields:
        problems.append(_problem("/fields", "required", _NOTHING))
    asked = [
        {"field": field.name, "say": _clean(fields[field.name])} for field in possible if field.name in fields
    ]
    problems += [
        _problem(f"/fields/{each['field']}", "length", _SAY)
        for each in asked
        if not SHORTEST_SAY <= len(each["say"]) <= LONGEST
    ]
    return asked, problems


def _clean(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in str(text).strip().splitlines())


def _problem(at: str, check: str, say: Say) -> Problem:
    return Problem(at, check, say)


_REASON: Say = {
    "es": "Motivo: diga por qué se devuelve, entre 20 y 2.000 caracteres. La persona lo lee tal cual.",
    "en": "Reason: say why it is returned, in 20 to 2,000 characters. The person reads it as it is.",
}
_NOTHING: Say = {
    "es": "Qué corregir: marque al menos un dato o soporte.",
    "en": "What to correct: tick at least one answer or document.",
}
_SAY: Say = {
    "es": "Diga qué está mal o qué falta, entre 5 y 2.000 caracteres.",
    "en": "Say what is wrong or missing, in 5 to 2,000 characters.",
}
_UNKNOWN: Say = {
    "es": "La solicitud no tiene ese dato a la vista.",
    "en": "The application shows no such answer.",
}
