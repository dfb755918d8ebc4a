"""Names of persons: what may be typed, how they are compared, searched and sorted (common facts §3)."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from ruta.engine.forms import Text
from ruta.engine.problems import Problem

from .errors import Invalid

MAX_LENGTH = 60
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'"})


@dataclass(frozen=True)
class PersonName:
    """Given names and the two surnames, as typed. Whoever has one name only has no surname."""

    given_names: str
    first_surname: str = ""
    second_surname: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.given_names, self.first_surname, self.second_surname) if part)


class Match(StrEnum):
    """How a name agrees with that of a register: only the first two pass without a person."""

    EXACT = "exact"
    EQUIVALENT = "equivalent"
    PARTIAL = "partial"
    DIFFERENT = "different"


def _squeezed(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).translate(_APOSTROPHES).casefold().split())


def _without_accents(text: str, *, keep: str = "") -> str:
    out = []
    for character in text:
        if character in keep:
            out.append(character)
        else:
            out.extend(c for c in unicodedata.normalize("NFD", character) if not unicodedata.combining(c))
    return "".join(out)


def identity_key(text: str) -> str:
    """Equal for names that are the same person's name: case, accents, blanks, hyphen, apostrophe aside. Ñ stays Ñ."""
    plain = _without_accents(_squeezed(text), keep="ñ")
    return " ".join(plain.replace("'", "").replace("-", " ").split())


def fold(text: str) -> str:
    """The form in which text is searched: as `identity_key`, and Ñ becomes N."""
    return identity_key(text).replace("ñ", "n")


def sort_key(text: str) -> str:
    """A key that sorts as Spanish does under the C collation: accents aside, Ñ between N and O."""
    return identity_key(text).replace("ñ", "n\uffff")


def compare(one: PersonName, other: PersonName) -> Match:
    """How `one` agrees with `other` (exact, equivalent, partial: first name and first surname, different)."""
    mine = (one.given_names, one.first_surname, one.second_surname)
    yours = (other.given_names, other.first_surname, other.second_surname)
    if [_squeezed(part) for part in mine] == [_squeezed(part) for part in yours]:
        return Match.EXACT
    if [identity_key(part) for part in mine] == [identity_key(part) for part in yours]:
        return Match.EQUIVALENT
    firsts = [
        (identity_key(name.given_names).split(" ")[0], identity_key(name.first_surname))
        for name in (one, other)
    ]
    return Match.PARTIAL if firsts[0] == firsts[1] else Match.DIFFERENT


def fault_of_name(typed: str) -> tuple[str, Text] | None:
    """What no part of a name may have, as (check, words that follow the field's label); or None (CO-B08)."""
    text = " ".join(typed.split())
    if re.search(r"\d", text):
        return "name-digits", {
            "es": "no puede llevar números. Revise si escribió un número en lugar de una letra.",
            "en": "digits are not allowed. Check whether you typed a digit instead of a letter.",
        }
    bad = sorted(
        {
            c
            for c in text.translate(_APOSTROPHES)
            if not (c.isalpha() or c in " -'." or unicodedata.combining(c))
        }
    )
    if bad:
        return "name-signs", {
            "es": f"no puede llevar {' '.join(bad)}. Use solo letras, espacios, guion o apóstrofo.",
            "en": f"{' '.join(bad)} is not allowed. Use only letters, blanks, hyphen or apostrophe.",
        }
    return None


def problem_of_name(
    typed: str, *, at: str, label: dict[str, str], required: bool = True, max_length: int = MAX_LENGTH
) -> Problem | None:
    """What is wrong with one part of a name as typed, or None. `label` names the field in both languages."""
    text = " ".join(typed.split())

    def problem(check: str, say: Text) -> Problem:
        return Problem(at, check, {lang: f"{label[lang]}: {words}" for lang, words in say.items()})

    if not text:
        if not required:
            return None
        return problem(
            "required",
            {
                "es": "está vacío. Escríbalo como aparece en el documento.",
                "en": "it is empty. Write it as it is on the document.",
            },
        )
    if fault := fault_of_name(text):
        return problem(*fault)
    if len(text) > max_length:
        return problem(
            "maxLength",
            {
                "es": f"tiene {len(text)} letras y caben {max_length}. Abrévielo como en el documento.",
                "en": f"it has {len(text)} letters and {max_length} fit. Shorten it as on the document.",
            },
        )
    return None


def stored_name(typed: str) -> str:
    """The name as stored: NFC, case as typed, blanks collapsed."""
    return unicodedata.normalize("NFC", " ".join(typed.split()))


def parse_name(
    typed: str, *, at: str, label: dict[str, str], required: bool = True, max_length: int = MAX_LENGTH
) -> str:
    """The name as `stored_name` has it. Raises Invalid (CO-B08)."""
    if problem := problem_of_name(typed, at=at, label=label, required=required, max_length=max_length):
        raise Invalid([problem])
    return stored_name(typed)
