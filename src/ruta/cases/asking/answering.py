"""One person's answer, taken once: by the person, or at the counter by an official for who is present."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ruta.definitions import runtime
from ruta.engine import bpmn
from ruta.identity.actors import Actor, has_level
from ruta.identity.selectors import is_deceased
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, Forbidden, Invalid, NotFound

from .. import applications, history, perms
from ..models import AskedPerson
from ..models.asking import AskedStatus, AskStatus
from . import forms
from .ending import by_whom, close

if TYPE_CHECKING:
    from ..machine import Machine


OVER = "ask-over"  # the code of the Conflict when no answer is taken any more


def answer(asked_id: UUID, *, actor: Actor, typed: Mapping[str, Any], counter: bool = False) -> AskedPerson:
    """Take the answer of one person, once, and let the case go on when it was the last.

    `counter`: an official writes down what the person says who is present. Raises NotFound for who is not asked,
    Forbidden for who has died or is not known surely enough, Conflict when it was answered,
    expired or taken back meanwhile, Invalid with every problem.
    """
    from ..machine import stepping

    with stepping(find(asked_id, actor, counter=counter).ask.case_id, actor) as machine:
        machine.telling = False  # who answers cannot mend what a later step lacks
        asked = AskedPerson.objects.select_for_update(of=("self",)).select_related("ask").get(id=asked_id)
        asked.ask.case = machine.case
        refuse(asked, actor, counter=counter)
        judged = applications.judge(forms.subject_in(machine, asked.ask), typed, actor=actor)
        if judged.problems:
            raise Invalid(judged.problems)
        _take(machine, asked, judged, actor, counter=counter)
        if not asked.ask.persons.filter(status=AskedStatus.OPEN).exists():
            token = asked.ask.token
            machine.run(bpmn.JobDone(token, close(machine, asked.ask, AskStatus.DONE)))
    return asked


def find(asked_id: UUID, actor: Actor, *, counter: bool = False) -> AskedPerson:
    """What is asked of this actor; with `counter`, of somebody in a case that this official sees. Raises NotFound."""
    found = AskedPerson.objects.select_related("ask__case").filter(id=asked_id)
    visible = perms.asked_at_counter(actor) if counter else perms.is_person(actor)
    asked = found.filter(visible).first()
    if asked is None or (counter and not may_assist(asked, actor)):
        raise NotFound(
            {
                "es": "No hay un pedido con esa dirección para usted. Entre con la cuenta de la persona a quien se lo "
                "pidieron.",
                "en": "Nothing is asked of you at this address. Sign in with the account of the person who was asked.",
            },
            code="not-asked",
        )
    return asked


def may_assist(asked: AskedPerson, actor: Actor) -> bool:
    """Whether the official holds a post that acts for persons who are present, in the agency of the case."""
    return bool(perms.may_assist(actor, runtime.compiled(asked.ask.version_id)))


def refuse(asked: AskedPerson, actor: Actor, *, counter: bool = False) -> None:
    """Raise Conflict or Forbidden, with the reason, where no answer is taken from this actor."""
    if is_over(asked):
        raise Conflict(why_over(asked), code=OVER)
    if not counter and not has_level(actor, asked.ask.level):
        raise Forbidden(
            {
                "es": "Para responder hay que confirmar primero su identidad.",
                "en": "To answer, confirm your identity first.",
            },
            code="level",
        )
    person_id = asked.person_id or (None if counter else actor.person_id)
    if person_id is not None and is_deceased(person_id):
        raise Forbidden(
            {
                "es": "El documento de esta persona está cancelado por muerte: nadie responde por ella. Avise en la "
                "oficina que tiene el expediente.",
                "en": "This person's document was cancelled because the person died: nobody answers for this person. "
                "Tell the office that has the case.",
            },
            code="deceased",
        )


def is_over(asked: AskedPerson) -> bool:
    """Whether no answer is taken any more; the last day counts whole."""
    return asked.status != AskedStatus.OPEN or asked.ask.due_on < clock.today()


def why_over(asked: AskedPerson) -> dict[str, str]:
    """Why no answer is taken any more, in words."""
    on = asked.ask.due_on
    return {
        AskedStatus.ANSWERED: {
            "es": "Ya se respondió. Una respuesta se da una sola vez.",
            "en": "This was answered already. An answer is given once.",
        },
        AskedStatus.DISPUTED: {
            "es": "Ya se respondió. Una respuesta se da una sola vez.",
            "en": "This was answered already. An answer is given once.",
        },
        AskedStatus.WITHDRAWN: {
            "es": "Ya no hace falta esta respuesta: el expediente siguió sin ella.",
            "en": "This answer is no longer needed: the case went on without it.",
        },
        AskedStatus.DECEASED: {
            "es": "A esta persona no se le pide: su documento está cancelado por muerte.",
            "en": "This person is not asked: the document was cancelled because the person died.",
        },
    }.get(
        AskedStatus(asked.status),
        {
            "es": f"El plazo para responder terminó el {on:%d/%m/%Y}. El expediente sigue sin esta respuesta.",
            "en": f"The time to answer ended on {on:%d/%m/%Y}. The case goes on without this answer.",
        },
    )


def _take(
    machine: Machine, asked: AskedPerson, judged: applications.Judged, actor: Actor, *, counter: bool
) -> None:
    values = {name: value for name, value in judged.values.items() if name not in forms.RESERVED}
    disputes = judged.values.get(forms.RIGHT) == forms.NO
    every = [one["id"] for one in asked.ask.data]
    asked.values = values
    asked.status = AskedStatus.DISPUTED if disputes else AskedStatus.ANSWERED
    asked.disputed = judged.values.get(forms.WRONG, every) if disputes else []
    asked.note = judged.values.get(forms.NOTE, "") if disputes else ""
    asked.at = clock.now()
    asked.entered_by_id = actor.official_id if counter else None
    if not counter and asked.person_id is None:  # who was named by a document alone is known now
        asked.person_id, asked.name = actor.person_id, asked.name or actor.names
    asked.save()
    applications.attach(judged, machine.case.number, actor)
    history.append(
        machine.case,
        "answered",
        actor=actor,
        public={
            "ask": asked.ask.node,
            "party": asked.ask.party,
            "status": asked.status,
            "by": by_whom(asked),
        },
        private={
            "asked": str(asked.id),
            "values": values,
            "disputed": asked.disputed,
            "note": asked.note,
        },
    )
    machine.rules.stale()
