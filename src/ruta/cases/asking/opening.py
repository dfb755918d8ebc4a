"""An ask is opened for the persons of a party, each of whom is written to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ruta.identity.selectors import is_deceased
from ruta.kernel import clock

from .. import history, letters, parties
from ..models import Ask, AskedPerson, CaseTerm
from ..models.asking import AskedStatus, AskStatus
from .ending import close

if TYPE_CHECKING:
    from ..machine import Machine
    from ..models import Party

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Wanted:
    """What a box asks: of whom, under which title and with which text, which data and questions, in which term.

    `message` is the message of the act that tells it. `data` and `form` are those of `Ask`.
    """

    party: str
    message: str
    title: Texts
    text: Texts
    term: CaseTerm
    data: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    form: str = ""


def is_open(machine: Machine, token: int) -> bool:
    """Whether the box at `token` has asked already: a step that is done again asks nobody twice."""
    return Ask.objects.filter(case=machine.case, token=token).exists()


def open_ask(machine: Machine, node: str, token: int, wanted: Wanted) -> dict[str, Any] | None:
    """Ask the persons of the party; None while somebody is to answer, else the result of the box at once."""
    ask = Ask.objects.create(
        case=machine.case,
        token=token,
        version_id=machine.case.version_id,
        node=node,
        party=wanted.party,
        level=machine.act.spec.assurance.read,
        title=dict(wanted.title),
        text=dict(wanted.text),
        data=list(wanted.data),
        form=wanted.form,
        term=wanted.term.term,
        due_on=wanted.term.due_on,
        created_at=clock.now(),
    )
    persons = [each for each in machine.parties if each.role == wanted.party]
    asked = [_person(ask, person) for person in persons]
    AskedPerson.objects.bulk_create(asked)
    public = {"ask": node, "party": ask.party, "persons": len(asked), "due": ask.due_on.isoformat()}
    history.append(machine.case, "asked", actor=machine.actor, public=public)
    for person, one in zip(persons, asked, strict=True):
        if one.status == AskedStatus.OPEN:
            _write(machine, ask, person, wanted.message)
    if any(one.status == AskedStatus.OPEN for one in asked):
        return None
    return close(machine, ask, AskStatus.DONE)


def _person(ask: Ask, party: Party) -> AskedPerson:
    """Somebody to be asked; who has died is told so to the process, and never asked."""
    deceased = party.person_id is not None and is_deceased(party.person_id)
    return AskedPerson(
        ask=ask,
        person_id=party.person_id,
        document_type=party.document_type,
        document_number=party.document_number,
        name=party.name,
        status=AskedStatus.DECEASED if deceased else AskedStatus.OPEN,
    )


def _write(machine: Machine, ask: Ask, person: Party, message: str) -> None:
    """Tell the person that something is asked. No box waits for the message: the answer is what counts."""
    about = {"asked": {"title": ask.title[machine.case.lang], "until": ask.due_on, "names": person.name}}
    addressee = parties.as_addressee(person)
    letters.send(machine, message, addressee, legal=False, token=None, about=about)


def refresh_due(machine: Machine) -> None:
    """Give what is asked the present end of its term."""
    for ask in Ask.objects.filter(case=machine.case, status=AskStatus.OPEN):
        term = machine.terms.get(ask.term)
        if term is not None and term.due_on != ask.due_on:
            ask.due_on = term.due_on
            ask.save(update_fields=["due_on"])
