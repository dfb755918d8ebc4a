"""Reads of people, agencies and officials."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from ruta.kernel import names
from ruta.kernel.identifiers import normalise_number

from .actors import Actor, current_document
from .models import Agency, DocumentStatus, Official, Person, PersonDocument, Team

__all__ = [
    "agency_title",
    "current_document",
    "find_agency",
    "find_person",
    "holds_document",
    "is_deceased",
    "names_of_officials",
    "officials_of_team",
    "search_people",
    "team_names",
    "visible_to",
]

# The NUIP is the same number in all of these documents, for life (common facts §1.1).
_SAME_NUMBER = ("NUIP", "RC", "TI", "CC")


def find_person(type: str, number: str, *, country: str = "") -> Person | None:
    """The person with this document, old ones included. A NUIP finds its holder under any of its documents."""
    number = normalise_number(number)
    documents = PersonDocument.objects.select_related("person").filter(number=number)
    if country:
        documents = documents.filter(country=country)
    exact = documents.filter(type=type).first()
    if exact is None and type in _SAME_NUMBER and len(number) == 10:
        exact = documents.filter(type__in=_SAME_NUMBER).first()
    return exact.person if exact else None


def holds_document(actor: Actor) -> Q:
    """The rows whose `document_type` and `document_number` name a document that proves to be this actor's.

    A NUIP is the same number in each of its documents. A passport is left out: its number is unique in its country only.
    """
    type, number = actor.document
    if not number or type == "PA":
        return Q(pk__in=[])
    types = _SAME_NUMBER if type in _SAME_NUMBER and len(number) == 10 else (type,)
    return Q(document_type__in=types, document_number=number)


def is_deceased(person_id: UUID) -> bool:
    """Whether a document of the person was cancelled because the person died."""
    died = PersonDocument.objects.filter(person_id=person_id, status=DocumentStatus.CANCELLED_DEATH)
    return died.exists()


def visible_to(actor: Actor) -> QuerySet[Person]:
    """The people whose row this actor may read: officials all (each read is logged), a person only oneself."""
    people = Person.objects.all()
    if actor.kind in ("official", "system"):
        return people
    return people.filter(pk=actor.person_id) if actor.person_id else people.none()


def search_people(actor: Actor, text: str, *, limit: int = 20) -> list[Person]:
    """People by document number or by part of their names, nearest first, among those `visible_to(actor)`."""
    number, folded = normalise_number(text), names.fold(text)
    if not folded:
        return []
    people = visible_to(actor)
    if any(character.isdigit() for character in number):
        return list(people.filter(documents__number=number).distinct()[:limit])
    found = people.filter(Q(*[("search_name__contains", word) for word in folded.split()]))
    if not found.exists():
        found = people.filter(search_name__trigram_word_similar=folded)
    return list(found.order_by("sort_name", "id")[:limit])


def find_agency(nit: str) -> Agency | None:
    """The agency with this NIT, written with or without dots and check digit."""
    plain = "".join(nit.replace(".", "").split())
    if "-" in plain:
        return Agency.objects.filter(nit=plain).first()
    return Agency.objects.filter(nit__startswith=f"{plain}-").first()


def agency_title(nit: str) -> str:
    """The agency's name, or its NIT where it is not known here."""
    agency = find_agency(nit)
    return agency.name if agency else f"NIT {nit}"


def names_of_officials(ids: Iterable[int]) -> dict[int, str]:
    """The full name of each posting's person, by the posting's id, in one query."""
    wanted = set(ids)
    if not wanted:
        return {}
    found = Official.objects.filter(id__in=wanted).values_list(
        "id", "person__given_names", "person__first_surname", "person__second_surname"
    )
    return {posting: str(names.PersonName(*parts)) for posting, *parts in found}


def team_names(codes: Iterable[str]) -> dict[str, str]:
    """The name of each team that there is, by code, in one query."""
    wanted = set(codes)
    return dict(Team.objects.filter(code__in=wanted).values_list("code", "name")) if wanted else {}


def officials_of_team(codes: Iterable[str], *, role: str = "") -> QuerySet[Official]:
    """Active postings in the teams, with their persons."""
    postings = Official.objects.filter(team__code__in=list(codes), active=True).select_related(
        "person", "team"
    )
    return postings.filter(role=role) if role else postings
