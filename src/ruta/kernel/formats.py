"""The `format`s of a JSON Schema that forms and registers know beyond the standard's own (common facts §1, §3, §4).

Each refuses what cannot be one with the fault and the cure, and stores what is right in one way.
"""

import re
from collections.abc import Mapping

from ruta.engine.forms import Format, Text
from ruta.engine.problems import Problem

from . import contact, names
from .identifiers import normalise_number, parse_nit, problem_of_document, problem_of_nit

_LABELS = {"es": ("Número de documento: ", "NIT: "), "en": ("Document number: ", "NIT: ")}


def _name(typed: str, kind: str) -> Text | None:
    fault = names.fault_of_name(typed)
    return fault[1] if fault else None


def _unlabelled(problem: Problem | None) -> Text | None:
    """The problem's words without the identifier's own name: the field has its label."""
    if problem is None:
        return None
    said = dict(problem.say)
    for lang, labels in _LABELS.items():
        for label in labels:
            said[lang] = said[lang].removeprefix(label)
    return said


def _document(typed: str, kind: str) -> Text | None:
    if kind:
        return _unlabelled(problem_of_document(kind, typed))
    if re.fullmatch(r"[A-Z]{0,3}[0-9]{3,15}", normalise_number(typed)):
        return None
    return {
        "es": "lleva números, y letras solo al comienzo de un pasaporte. Revíselo, o diga el tipo de documento.",
        "en": "it has digits, and letters only at the start of a passport's. Check it, or give the type of document.",
    }


def _nit(typed: str) -> str:
    return typed.strip() if problem_of_nit(typed) else parse_nit(typed)


FORMATS: Mapping[str, Format] = {
    "person-name": Format(_name, names.stored_name),
    "mobile": Format(lambda typed, kind: contact.fault_of_mobile(typed), contact.stored_phone),
    "landline": Format(lambda typed, kind: contact.fault_of_landline(typed), contact.stored_phone),
    "email": Format(lambda typed, kind: contact.fault_of_email(typed), contact.stored_email),
    "document-number": Format(_document, normalise_number),
    "nit": Format(lambda typed, kind: _unlabelled(problem_of_nit(typed)), _nit),
}
"""By name. `document-number` is judged by the type that `x-ui.type_in` names: the field beside it."""
