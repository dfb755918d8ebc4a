"""Case numbers, `2026-CRB-000123-7`: year, service code, sequence, check digit (common facts §1.3)."""

import re
from dataclasses import dataclass

from ruta.engine.problems import Problem

from ..errors import Invalid

_TYPED = re.compile(r"([0-9]{4})([A-Z]{3})([0-9]{6,12})([0-9])")


@dataclass(frozen=True)
class CaseNumber:
    """The parts of a case number; `code` is the service's three letters."""

    year: int
    code: str
    sequence: int

    def __str__(self) -> str:
        return case_number(self.year, self.code, self.sequence)


def iso7064_mod_11_10(digits: str) -> int:
    """Check digit of the hybrid system MOD 11,10 of ISO 7064: finds every single wrong digit."""
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10 or 10
        product = (2 * total) % 11
    return (11 - product) % 10


def case_number(year: int, code: str, sequence: int) -> str:
    """The case number of a service's `sequence`-th case of `year`, from 1. Letters count as A=10 … Z=35."""
    if not re.fullmatch(r"[A-Z]{3}", code) or sequence < 1 or not 1000 <= year <= 9999:
        raise ValueError("a case number needs a year, three capital letters and a sequence from 1")
    hashed = f"{year}" + "".join(str(ord(letter) - 55) for letter in code) + f"{sequence:06d}"
    return f"{year}-{code}-{sequence:06d}-{iso7064_mod_11_10(hashed)}"


def split_case_number(typed: str, *, at: str = "/case_number") -> CaseNumber:
    """The parts of a case number typed with or without hyphens, in any case; raises Invalid (CO-B05)."""
    found = _TYPED.fullmatch(re.sub(r"[\s\-–—.]", "", typed).upper())
    parts = CaseNumber(int(found[1]), found[2], int(found[3])) if found else None
    if (
        not found
        or not parts
        or parts.sequence < 1
        or parts.year < 1000
        or found[3] != f"{parts.sequence:06d}"
    ):
        raise Invalid(
            [
                Problem(
                    at,
                    "case-number",
                    {
                        "es": "Número de expediente: se escribe así: 2026-CRB-000123-7. Cópielo de su recibo.",
                        "en": "Case number: it is written like this: 2026-CRB-000123-7. Copy it from your receipt.",
                    },
                )
            ]
        )
    if not str(parts).endswith(found[4]):
        raise Invalid(
            [
                Problem(
                    at,
                    "case-number-check",
                    {
                        "es": "Número de expediente: hay una cifra equivocada (el dígito de control no coincide). "
                        "Cópielo de su recibo.",
                        "en": "Case number: a digit is wrong (the control digit does not match). "
                        "Copy it from your receipt.",
                    },
                )
            ]
        )
    return parts


def parse_case_number(typed: str, *, at: str = "/case_number") -> str:
    """The case number as stored; raises Invalid (CO-B05)."""
    return str(split_case_number(typed, at=at))
