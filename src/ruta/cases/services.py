"""Writes of the room, each one use case in one transaction. What a step does is `machine`; this is what people do."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from ruta.engine import bpmn
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, Forbidden, Invalid
from ruta.kernel.names import PersonName

from . import decision_notice, history, letters, perms
from .filing import file_case
from .machine import stepping
from .models import Case, Note
from .tasks import claim, complete, give_back

__all__ = ["add_note", "claim", "complete", "file_case", "give_back", "here", "retry", "withdraw"]

LONGEST_NOTE = 4000
PRESENT_FOR = timedelta(minutes=2)


def withdraw(case: Case, *, actor: Actor, reason: str = "") -> Case:
    """The applicant gives the application up, with a reason or without (Ley 1755 de 2015, art. 18); for an office, who
    filed for it.

    What is owed is void and what was reserved is free. Raises Forbidden for anybody else and once it is decided.
    """
    with stepping(case.id, actor) as machine:
        standing = [token.node for token in machine.state.tokens] if machine.state else []
        decided = machine.case.status != "open" or decision_notice.is_told(machine.process, standing)
        if not perms.may_withdraw(actor, machine.case) or decided:
            raise Forbidden(
                {
                    "es": "Solo quien radicó puede desistir, y mientras no se haya decidido.",
                    "en": "Only who filed may withdraw, and only before the decision.",
                }
            )
        reason = reason.strip()[:LONGEST_NOTE]
        history.append(machine.case, "withdrawn", actor=actor, private={"reason": reason} if reason else None)
        machine.run(bpmn.Cancel("withdrawn"))
        machine.rules.stale()
        letters.send(machine, "withdrawn", machine.case.applicant_facts, legal=False, token=None)
    return machine.case


def retry(case: Case, *, actor: Actor) -> Case:
    """Do the stopped steps of a case again, once their cause is mended; one that still fails stops anew.

    Raises Conflict when nothing is stopped (any more), Forbidden for who is neither official nor operator.
    """
    if actor.kind not in ("official", "system"):
        raise Forbidden(
            {
                "es": "Solo la entidad puede reanudar un paso detenido.",
                "en": "Only the agency may resume a stopped step.",
            }
        )
    with stepping(case.id, actor) as machine:
        if machine.case.incident is None:
            raise Conflict(
                {
                    "es": "Ningún paso está detenido: alguien ya lo reanudó.",
                    "en": "No step is stopped: somebody resumed it already.",
                },
                code="nothing-stopped",
            )
        machine.retry()
    return machine.case


def add_note(case: Case, text: str, *, actor: Actor) -> Note:
    """Leave a note for the officials of the case. Raises Invalid for an empty or too long one."""
    text = text.strip()
    if not text or len(text) > LONGEST_NOTE:
        raise Invalid(
            [
                Problem(
                    "/note",
                    "length",
                    {
                        "es": "Nota: escriba entre 1 y 4.000 caracteres.",
                        "en": "Note: write between 1 and 4,000 characters.",
                    },
                )
            ]
        )
    with transaction.atomic():
        row = Case.objects.select_for_update(of=("self",)).get(id=case.id)
        if actor.official_id is None or not perms.sees(actor, row):
            raise Forbidden({"es": "Usted no puede anotar aquí.", "en": "You may not leave a note here."})
        note = Note.objects.create(case=row, by_id=actor.official_id, text=text, at=clock.now())
        history.append(row, "note", actor=actor)
        history.write(row)
        return note


def here(case_id: UUID, *, actor: Actor) -> list[str]:
    """Say that this official has the case open; the names of the others who have it open now."""
    if actor.official_id is None:
        return []
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _HERE, {"case": case_id, "official": actor.official_id, "now": now, "since": now - PRESENT_FOR}
        )
        return [str(PersonName(*row)) for row in cursor.fetchall()]


_HERE = """
WITH me AS (
  INSERT INTO cases_presence (case_id, official_id, seen_at) VALUES (%(case)s, %(official)s, %(now)s)
  ON CONFLICT (case_id, official_id) DO UPDATE SET seen_at = excluded.seen_at)
SELECT p.given_names, p.first_surname, p.second_surname
FROM cases_presence s JOIN identity_official o ON o.id = s.official_id JOIN identity_person p ON p.id = o.person_id
WHERE s.case_id = %(case)s AND s.official_id <> %(official)s AND s.seen_at >= %(since)s
ORDER BY s.id"""
