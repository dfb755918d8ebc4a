"""How an ask ends: all answered, its term ended, or it was taken back; and the result that its box gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ruta.engine import bpmn
from ruta.kernel import clock

from .. import history, terms
from ..models import Ask, AskedPerson
from ..models.asking import AskedStatus, AskStatus

if TYPE_CHECKING:
    from ..machine import Machine


def expire(machine: Machine, term: str) -> None:
    """The term ended: what was asked in it and is not answered stays so, and the process goes on."""
    for ask in Ask.objects.filter(case=machine.case, term=term, status=AskStatus.OPEN).order_by("token"):
        ask.case = machine.case
        history.append(machine.case, "ask-expired", actor=machine.actor, public={"ask": ask.node})
        machine.run(bpmn.JobDone(ask.token, close(machine, ask, AskStatus.EXPIRED)))


def withdraw(machine: Machine, token: int) -> None:
    """The process no longer wants what it asked at `token`."""
    for ask in Ask.objects.filter(case=machine.case, token=token, status=AskStatus.OPEN):
        ask.case = machine.case
        history.append(machine.case, "ask-withdrawn", actor=machine.actor, public={"ask": ask.node})
        close(machine, ask, AskStatus.WITHDRAWN)


def close(machine: Machine, ask: Ask, status: AskStatus) -> dict[str, Any]:
    """End the ask for who has not answered, and its term where nothing else is asked in it; the result of the box."""
    ask.status, ask.closed_at = status, clock.now()
    ask.save(update_fields=["status", "closed_at"])
    left = {AskStatus.EXPIRED: AskedStatus.EXPIRED}.get(status, AskedStatus.WITHDRAWN)
    ask.persons.filter(status=AskedStatus.OPEN).update(status=left)
    others = Ask.objects.filter(case=machine.case, term=ask.term, status=AskStatus.OPEN)
    if status != AskStatus.EXPIRED and not others.exists():
        terms.keep(machine, ask.term)
    machine.rules.stale()
    return {"answer": result_of(ask)}


def result_of(ask: Ask) -> dict[str, Any]:
    """`answer` for FEEL.

    `status`: disputed when anybody disputes, expired when anybody did not answer in time, nobody when there was nobody to
    answer, else answered. `values` are the answers in which all who answered agree (null where they do not); each
    person's own are under `persons`.
    """
    persons = list(ask.persons.order_by("id"))
    given = [each for each in persons if each.at is not None]
    last = max(given, key=lambda each: each.at or ask.created_at, default=None)
    names = dict.fromkeys(name for each in given for name in each.values)
    return {
        "status": _status(persons),
        "party": ask.party,
        "values": {name: _agreed([each.values.get(name) for each in given]) for name in names},
        "disputed": list(dict.fromkeys(name for each in given for name in each.disputed)),
        "at": last.at.isoformat() if last and last.at else None,
        "by": by_whom(last) if last else None,
        "persons": [_as_result(each) for each in persons],
    }


def _status(persons: Sequence[AskedPerson]) -> str:
    found = {AskedStatus(each.status) for each in persons}
    for word in (AskedStatus.DISPUTED, AskedStatus.EXPIRED, AskedStatus.WITHDRAWN, AskedStatus.ANSWERED):
        if word in found:
            return str(word)
    return "nobody"


def _agreed(values: Sequence[Any]) -> Any:
    return values[0] if all(value == values[0] for value in values) else None


def _as_result(asked: AskedPerson) -> dict[str, Any]:
    return {
        "person": str(asked.person_id) if asked.person_id else None,
        "document_type": asked.document_type or None,
        "document_number": asked.document_number or None,
        "names": asked.name or None,
        "status": str(asked.status),
        "values": asked.values,
        "disputed": asked.disputed,
        "note": asked.note or None,
        "at": asked.at.isoformat() if asked.at else None,
        "by": by_whom(asked) if asked.at else None,
    }


def by_whom(asked: AskedPerson) -> str:
    """How the answer came: by the person, or through an official at the counter."""
    return "counter" if asked.entered_by_id else "person"
