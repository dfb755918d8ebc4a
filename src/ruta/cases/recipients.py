"""To whom a message or a document goes: a person known here, or one that the case names by a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ruta.identity import services as identity
from ruta.identity.models import Person
from ruta.kernel.errors import RutaError

from . import applicants


def person_of(party: Mapping[str, Any]) -> Person | None:
    """The person behind `person` (an id), or the holder of `document_type` and `document_number`.

    A holder who is not known yet is written down with the names that are told (given_names, first_surname,
    second_surname, email), so that what goes to the person is found when the person signs up. None where nobody is
    named, or by a document that cannot be.
    """
    if party.get("person"):
        return applicants.known_person(party)
    kind, number = party.get("document_type"), party.get("document_number")
    if not (kind and number and party.get("given_names")):
        return None
    told = {
        name: str(party.get(name) or "")
        for name in ("given_names", "first_surname", "second_surname", "country", "email")
    }
    try:
        return identity.person_by_document(str(kind), str(number), **told)
    except RutaError:
        return None  # an office has no person, and a wrong number is nobody's
