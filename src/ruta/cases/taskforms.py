"""The built-in forms of officials' tasks: decide, review, enter. Judged here for page, API and scenario alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ruta.definitions.reasons import BLANK
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.registers import rules as register_rules

from . import paper_notice
from .models import Task
from .models.task import DECIDE

if TYPE_CHECKING:
    from .machine import Machine

REVIEW, ENTER, REFUND = "ruta.review", "ruta.enter", "ruta.refund"
APPEAL = "ruta.appeal"
SHORTEST_MOTIVATION = 40  # common facts CO-B16
SHORTEST_NOTE = 20

NO_OUTCOME = Problem(
    "/outcome",
    "enum",
    {"es": "Decisión: elija una de las opciones.", "en": "Decision: choose one of the options."},
)
NO_MOTIVATION = Problem(
    "/motivation",
    "motivation",
    {
        "es": "Motivación: nombre al menos un hecho de este expediente y una norma; un texto de menos de 40 "
        "caracteres no es una motivación.",
        "en": "Motivation: name at least one fact of this case and one rule; a text of fewer than 40 "
        "characters is not a motivation.",
    },
)
OUTCOME_TITLES: dict[str, dict[str, str]] = {
    "grant": {"es": "Conceder", "en": "Grant"},
    "refuse": {"es": "Negar", "en": "Refuse"},
    "return": {"es": "Devolver para completar", "en": "Return for completion"},
    "approve": {"es": "Aprobar", "en": "Approve"},
    "reject": {"es": "No aprobar", "en": "Reject"},
}


def judge(
    machine: Machine, task: Task, typed: Mapping[str, Any], actor: Actor
) -> tuple[dict[str, Any], list[Problem]]:
    """The task's result (variables for the process) and every problem of what was typed."""
    form = task.form_key
    if form in (DECIDE, REVIEW):
        return _decide(task, typed, actor)
    if form == ENTER:
        return _enter(machine, task, typed, actor)
    if form == paper_notice.FORM_KEY:
        return paper_notice.judge(typed, task.case.agency)
    if form == REFUND:
        return _refund(typed)
    if form == APPEAL:
        from .appeals import deciding

        return deciding.judge(machine, task, typed, actor)
    raise ValueError(f"task form {form} is refused at publishing")


def outcomes_of(task: Task) -> list[str]:
    """The outcomes among which the official decides."""
    given = task.inputs.get("outcomes") or ["grant", "refuse"]
    return [str(outcome) for outcome in given]


def motivation_of(typed: Mapping[str, Any]) -> tuple[str, list[Problem]]:
    """The motivation, blanks joined, and what is wrong with it: too short, or a model text that is not filled."""
    motivation = " ".join(str(typed.get("motivation") or "").split())
    if blank := BLANK.search(motivation):
        say = {
            "es": f"Motivación: falta llenar {blank[0]}. Escriba el dato en su lugar, o quite la frase.",
            "en": f"Motivation: {blank[0]} is not filled. Write the fact in its place, or take the sentence out.",
        }
        return motivation, [Problem("/motivation", "unfilled", say)]
    return motivation, [NO_MOTIVATION] if len(motivation) < SHORTEST_MOTIVATION else []


def _decide(task: Task, typed: Mapping[str, Any], actor: Actor) -> tuple[dict[str, Any], list[Problem]]:
    outcome = str(typed.get("outcome") or "")
    motivation, problems = motivation_of(typed)
    allowed = outcomes_of(task)
    if outcome not in allowed:
        problems.insert(0, NO_OUTCOME)
    decided = {
        "outcome": outcome,
        "motivation": motivation,
        "by": actor.name,
        "role": next(iter(sorted(actor.work_roles & set(task.groups))), ""),
        "at": clock.now().isoformat(),
    }
    return {"decided" if task.form_key == DECIDE else "reviewed": decided}, problems


def _enter(
    machine: Machine, task: Task, typed: Mapping[str, Any], actor: Actor
) -> tuple[dict[str, Any], list[Problem]]:
    if typed.get("not_found"):
        if task.inputs.get("not_found"):
            return {"entered": None}, []
        return {}, [Problem("/not_found", "enum", {"es": "Aquí no se permite.", "en": "Not allowed here."})]
    schema = machine.compiled.register(entered_register(task)).schema
    entry, problems = register_rules.read_entry(
        schema,
        {name: value for name, value in typed.items() if name != "not_found"},
        clock.now(),
        code_fault=machine.compiled.code_fault,
    )
    return {"entered": entry}, list(problems)


def entered_register(task: Task) -> str:
    """The register whose entry the official types: `registers/x` names `x`."""
    return str(task.inputs.get("schema", "")).removeprefix("registers/")


def _refund(typed: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Approve, or decline with a reason that the person is told."""
    if str(typed.get("outcome") or "approve") == "approve":
        return {"outcome": "approve", "note": ""}, []
    note = " ".join(str(typed.get("note") or "").split())
    if len(note) < SHORTEST_NOTE:
        say = {
            "es": "Motivo: diga por qué no se devuelve, en al menos 20 caracteres.",
            "en": "Reason: say why it is not sent back, in at least 20 characters.",
        }
        return {}, [Problem("/note", "note", say)]
    return {"outcome": "decline", "note": note}, []


def known_of_the_request(task: Task) -> dict[str, Any]:
    """What the application already says of the entry to be typed: answers with the same name as a field of it."""
    return {name: value for name, value in task.case.form.items() if isinstance(value, str)}
