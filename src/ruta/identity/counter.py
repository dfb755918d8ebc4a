"""Who stands at the counter: an official has seen the document and compares it with what is known (common facts §11.1).

What a register of persons confirms, or a person who was proved before, is `medium`; what only the document says is
`low`. A counter with fingerprints would give `high`; there is none yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.db import transaction

from ruta.engine.problems import Problem
from ruta.kernel import audit, clock
from ruta.kernel.contact import fault_of_email, stored_email
from ruta.kernel.dates import parse_date
from ruta.kernel.errors import Forbidden, Invalid, Unavailable
from ruta.kernel.identifiers import normalise_number, problem_of_document
from ruta.kernel.names import PersonName, parse_name

from . import proofing, selectors, services
from .actors import Actor
from .levels import at_least
from .models import Level, Person

METHOD = "counter"


@dataclass(frozen=True)
class Seen:
    """What is known of the holder of a document: `person` where this installation knows one, the names and the
    `birth_date` to compare with the document, and how surely. `silent`: the register of persons did not answer."""

    person: Person | None
    name: PersonName | None
    birth_date: date | None
    level: str
    silent: bool = False


def look(document_type: str, document_number: str, *, by: Actor, country: str = "") -> Seen:
    """What is known of whom the document names; the read is logged. Raises Invalid for an impossible number and
    Forbidden for who is no official."""
    if by.kind != "official":
        raise Forbidden(
            {
                "es": "Solo un servidor identifica a otra persona.",
                "en": "Only an official identifies somebody else.",
            }
        )
    # The document itself was seen: an old card with eleven digits need not fit what is typed later.
    if problem := problem_of_document(document_type, document_number):
        raise Invalid([problem])
    number = normalise_number(document_number)
    audit.log_read(
        by, persons=[(document_type, number)], purpose=audit.Purpose.CASE_PROCESSING, what="identity"
    )
    person = selectors.find_person(document_type, number, country=country)
    facts, silent = _ask(document_type, number)
    if facts is not None:
        name = PersonName(
            *(str(facts.get(part) or "") for part in ("given_names", "first_surname", "second_surname"))
        )
        born = date.fromisoformat(str(facts["birth_date"])[:10]) if facts.get("birth_date") else None
        return Seen(person, name, born, Level.MEDIUM)
    if person is None:
        return Seen(None, None, None, Level.LOW, silent)
    known = PersonName(person.given_names, person.first_surname, person.second_surname)
    sure = at_least(person.assurance, Level.MEDIUM)
    return Seen(person, known, person.birth_date, Level.MEDIUM if sure else Level.LOW, silent)


def _ask(document_type: str, number: str) -> tuple[Mapping[str, Any] | None, bool]:
    if document_type not in proofing.TYPES:
        return None, False
    try:
        return proofing.source().ask(document_type, number), False
    except Unavailable:
        return None, True


@transaction.atomic
def receive(
    seen: Seen,
    *,
    document_type: str,
    document_number: str,
    country: str = "",
    typed: Mapping[str, str] = MappingProxyType({}),
    email: str = "",
) -> Person:
    """The person at the counter: known already, or written down with what the register says, else what was typed.

    `typed` are given_names, first_surname, second_surname and birth_date, as typed, where nothing is known. `email` is
    kept where the person has none yet; nobody's address is changed here. Raises Invalid for names that are missing
    where they are needed, and for an impossible day or address.
    """
    email = email.strip()
    if email and (fault := fault_of_email(email)):
        raise Invalid([Problem("/email", "email", fault)])
    person = seen.person
    if person is None:
        name = seen.name or _typed_name(typed)
        born = seen.birth_date
        if born is None and typed.get("birth_date"):
            born = parse_date(typed["birth_date"], at="/birth_date")
        person = services.register_person(
            given_names=name.given_names,
            first_surname=name.first_surname,
            second_surname=name.second_surname,
            birth_date=born,
            document_type=document_type,
            document_number=document_number,
            country=country,
        )
    if email and not person.email:
        person.email = stored_email(email)
    if not at_least(person.assurance, seen.level):
        person.assurance, person.assured_at, person.assured_by = seen.level, clock.now(), METHOD
    person.save()
    return person


def _typed_name(typed: Mapping[str, str]) -> PersonName:
    """The names as typed. Raises Invalid with every problem."""
    parts: list[str] = []
    problems: list[Problem] = []
    for name, label in _LABELS.items():
        try:
            needed = name != "second_surname"
            parts.append(parse_name(typed.get(name, ""), at=f"/{name}", label=label, required=needed))
        except Invalid as wrong:
            problems.extend(wrong.problems)
    if problems:
        raise Invalid(problems)
    return PersonName(*parts)


_LABELS = {
    "given_names": {"es": "Nombres", "en": "Given names"},
    "first_surname": {"es": "Primer apellido", "en": "First surname"},
    "second_surname": {"es": "Segundo apellido", "en": "Second surname"},
}
