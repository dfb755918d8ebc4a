"""Who is in a case beside its applicant: persons that the act's rules name, bound by person or by document.

They are named when the case is filed, and again when a register answered and when something is asked of them: in
between nobody gains or loses sight of a case. Who is named by a document that nobody has proved yet finds the case with
the first account that proves it (contract §2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ruta.engine import bpmn
from ruta.identity.models import Person
from ruta.identity.selectors import find_person
from ruta.kernel.identifiers import normalise_number

from . import history
from .models import Case, Party

if TYPE_CHECKING:
    from ruta.definitions.schema import Party as Declared

    from .machine import Machine

APPLICANT = "applicant"
EVERYTHING = ["read", "answer", "sign", "pay"]
ANY_NATIONAL = "NUIP"  # a number without a type: found under any document that has it


@dataclass(frozen=True)
class Named:
    """A person as a rule names it."""

    type: str
    number: str
    country: str
    names: str
    email: str


def of_applicant(case: Case) -> Party:
    """The applicant's row; written with the case."""
    facts = case.applicant_facts
    return Party.objects.create(
        case=case,
        role=APPLICANT,
        person_id=case.applicant_id,
        document_type=str(facts.get("document_type") or ""),
        document_number=str(facts.get("document_number") or ""),
        name=case.applicant_name,
        may=EVERYTHING,
    )


def bind(machine: Machine) -> None:
    """Name the persons of every party that the act declares, as things stand now.

    Raises nothing for a rule that stops: it names nobody yet, and stops the step that asks that party (`bind_one`).
    """
    for declared in machine.act.spec.parties:
        try:
            _bind(machine, declared)
        except bpmn.RuleFailed:
            continue


def bind_one(machine: Machine, declared: Declared) -> None:
    """Name the persons of one party now. Raises `bpmn.RuleFailed` where its rule stops."""
    _bind(machine, declared)


def _bind(machine: Machine, declared: Declared) -> None:
    value = machine.rules.evaluate(declared.from_.removeprefix("="), machine.variables)
    told = value if isinstance(value, list) else [value]
    named = {(one.type, one.number): one for each in told if (one := _read(each)) is not None}
    before = [party for party in machine.parties if party.role == declared.id]
    gone = [party for party in before if (party.document_type, party.document_number) not in named]
    known = {(party.document_type, party.document_number) for party in before}
    fresh = [_party(machine, declared, one) for key, one in named.items() if key not in known]
    if not gone and not fresh:
        return
    Party.objects.filter(pk__in=[party.pk for party in gone]).delete()
    Party.objects.bulk_create(fresh)
    machine.parties = [party for party in machine.parties if party not in gone] + fresh
    history.append(
        machine.case,
        "party-named",
        actor=machine.actor,
        public={"party": declared.id, "persons": len(named)},
        private={"persons": [{"document": f"{one.type} {one.number}"} for one in named.values()]},
    )
    machine.rules.stale()


def _read(value: Any) -> Named | None:
    """A person of a rule's value; None where no document is told, as of a parent who is not known."""
    if not isinstance(value, Mapping) or not value.get("document_number"):
        return None
    return Named(
        str(value.get("document_type") or ANY_NATIONAL),
        normalise_number(str(value["document_number"])),
        str(value.get("document_country") or ""),
        str(value.get("names") or ""),
        str(value.get("email") or ""),
    )


def _party(machine: Machine, declared: Declared, named: Named) -> Party:
    person = _known(named)
    return Party(
        case=machine.case,
        role=declared.id,
        person=person,
        document_type=named.type,
        document_number=named.number,
        name=person.full_name if person else named.names,
        email=named.email,
        may=list(declared.may),
        level=machine.act.spec.assurance.read,
    )


def _known(named: Named) -> Person | None:
    """The person with the document; of a passport only where its country is told, which makes its number unique."""
    if named.type == "PA" and not named.country:
        return None
    return find_person(named.type, named.number, country=named.country)


def as_names(machine: Machine) -> dict[str, list[dict[str, Any]]]:
    """`parties.<id>` for FEEL: the persons of each party that the act declares, none where none is named."""
    found: dict[str, list[dict[str, Any]]] = {party.id: [] for party in machine.act.spec.parties}
    for party in machine.parties:
        found.setdefault(party.role, []).append(as_addressee(party))
    return found


def as_addressee(party: Party) -> dict[str, Any]:
    """A person of a case as FEEL sees it, and as a message is addressed to it."""
    return {
        "person": str(party.person_id) if party.person_id else None,
        "document_type": party.document_type or None,
        "document_number": party.document_number or None,
        "names": party.name or None,
        "email": party.email or None,
    }
