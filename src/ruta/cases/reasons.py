"""Model texts of reasons, filled from the case: what is missing stays a blank, and a text with a blank is not sent."""

from __future__ import annotations

from dataclasses import dataclass

from ruta.definitions import runtime
from ruta.definitions.reasons import BLANK, Reason
from ruta.identity.actors import Actor
from ruta.kernel.errors import NotFound
from ruta.kernel.texts import current_language

from .models import Task


@dataclass(frozen=True)
class Filled:
    """A text in the case's language, the outcome that it argues for (empty: any), and its blanks."""

    text: str
    outcome: str
    blanks: tuple[str, ...]


def offered(task: Task) -> list[Reason]:
    """The model texts for this task, by their title in the page's language."""
    return (
        runtime.compiled(task.case.version_id).act(task.case.act).reasons_for(task.node, current_language())
    )


def fill(task: Task, reason_id: str, actor: Actor) -> Filled:
    """The text of one of them, with what the case knows. Raises NotFound for one that the task does not offer."""
    from .machine import Machine

    case = task.case
    act = runtime.compiled(case.version_id).act(case.act)
    found = next((each for each in act.reasons_for(task.node, case.lang) if each.id == reason_id), None)
    if found is None:
        raise NotFound(
            {
                "es": "Elija uno de los textos modelo de la lista.",
                "en": "Choose one of the model texts of the list.",
            },
            field="/template",
        )
    machine = Machine(case, actor)
    env, ctx = machine.rules.env(machine.variables)
    with machine.rules.pays(f"reasons/{reason_id}", ctx) as run:
        text = found.body.render(env, ctx, run=run).strip()
    return Filled(text, found.outcome, tuple(BLANK.findall(text)))
