"""For whom an application is filed: oneself, the office of an official, or a person who is present at the counter.

An application of the portal is of who signs in. One of the desk (an act that the law has an official file) is of the
office: the agency answers for it, and the official who filed it is its preparer. One of an agency's system, by API, is of
the office in which the system stands. One of the counter is of the person
present, exactly as if that person had filed it; the record says who assisted. One that a case of ours starts is of whom
that case names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ruta.identity.actors import Actor, Posting
from ruta.identity.models import Person, PersonDocument
from ruta.kernel.errors import Forbidden

from .models import Draft

DESK, COUNTER, API = "desk", "counter", "api"
BY_OFFICIALS = (DESK, COUNTER)
"""The channels in which an official files."""


@dataclass(frozen=True)
class Applicant:
    """`facts` are what rules see as `applicant`; `posting` is the post under which an official files (null: none)."""

    facts: Mapping[str, Any]
    posting: int | None = None

    @property
    def person_id(self) -> UUID | None:
        """The person who applies; None for an office and for a stranger."""
        person = self.facts["person"]
        return UUID(person) if person else None


def myself(actor: Actor) -> Applicant:
    """Who signs in, how surely."""
    person = Person.objects.filter(id=actor.person_id).first() if actor.person_id else None
    document = (actor.document_type, actor.document_number)
    return Applicant(_of_person(person, document, actor.level, names=actor.names))


def office(actor: Actor, posting: Posting) -> Applicant:
    """The office of an official: its agency by NIT, the office by its name, the post, and no person."""
    facts = _of_person(None, ("NI", posting.agency.partition("-")[0]), actor.level, names=posting.team_name)
    return Applicant(
        facts | {"acts_as": "authority", "office": posting.team, "role": posting.role}, posting.id
    )


def system(actor: Actor) -> Applicant:
    """The office in which an agency's system stands, under the role that its key gives it."""
    (place,) = actor.postings
    return Applicant(office(actor, place).facts)


def present(posting: Posting, person: Person, level: str) -> Applicant:
    """A person at the counter, identified there as surely as `level` says."""
    from ruta.identity.selectors import current_document

    known = current_document(person.pk)
    document = (known.type, known.number) if known else ("", "")
    return Applicant(_of_person(person, document, level), posting.id)


def named(told: Mapping[str, Any]) -> Applicant:
    """Somebody whom a case of ours names: by `person`, else by document, known here or not; `names` of a stranger."""
    from ruta.identity.selectors import current_document

    person = known_person(told)
    document = (str(told.get("document_type") or ""), str(told.get("document_number") or ""))
    if person is not None and not document[1] and (known := current_document(person.pk)) is not None:
        document = (known.type, known.number)
    return Applicant(_of_person(person, document, "none", names=str(told.get("names") or "")))


def known_person(told: Mapping[str, Any]) -> Person | None:
    """The person by `person`, else by `document_type` and `document_number`; None for somebody not known here."""
    if told.get("person"):
        return Person.objects.filter(id=UUID(str(told["person"]))).first()
    number = str(told.get("document_number") or "")
    found = PersonDocument.objects.filter(type=str(told.get("document_type") or ""), number=number)
    known = found.select_related("person").first() if number else None
    return known.person if known else None


def of_draft(draft: Draft, actor: Actor) -> Applicant:
    """For whom `actor` fills the draft. Raises Forbidden when the post under which it was begun is no longer held."""
    if draft.channel not in BY_OFFICIALS:
        return myself(actor)
    posting = next((each for each in actor.postings if each.id == draft.posting_id), None)
    if posting is None:
        raise Forbidden(
            {
                "es": "Usted ya no tiene el cargo con el que empezó este borrador.",
                "en": "You no longer hold the post under which you began this draft.",
            },
            code="posting-over",
        )
    if draft.channel == DESK:
        return office(actor, posting)
    assert draft.applicant is not None
    return present(posting, draft.applicant, draft.applicant_level)


def _of_person(
    person: Person | None, document: tuple[str, str], level: str, *, names: str = ""
) -> dict[str, Any]:
    return {
        "person": str(person.pk) if person else None,
        "document_type": document[0] or None,
        "document_number": document[1] or None,
        "given_names": person.given_names if person else names or None,
        "first_surname": person.first_surname if person else None,
        "second_surname": person.second_surname if person else None,
        "names": person.full_name if person else names or None,
        "birth_date": person.birth_date.isoformat() if person and person.birth_date else None,
        "level": level,
        "acts_as": "self",
        "represents": None,
        "office": None,
        "role": None,
    }
