"""The NIT (*Número de Identificación Tributaria*) and its check digit (DIAN; common facts §1.2)."""

import re

from ruta.engine.problems import Problem

from ..errors import Invalid

_WEIGHTS = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)


def nit_check_digit(number: str) -> int:
    """The check digit (*dígito de verificación*) of a NIT given without it, 1 to 15 digits."""
    if not re.fullmatch(r"[0-9]{1,15}", number):
        raise ValueError("a NIT has 1 to 15 digits")
    total = sum(int(digit) * weight for digit, weight in zip(reversed(number), _WEIGHTS, strict=False))
    rest = total % 11
    return rest if rest < 2 else 11 - rest


def problem_of_nit(typed: str, *, at: str = "/nit") -> Problem | None:
    """What is wrong with a NIT as typed (`899.999.053-1`), or None."""
    text = re.sub(r"[.\s]", "", typed)
    number, hyphen, digit = text.partition("-")
    if not re.fullmatch(r"[0-9]+(-[0-9]*)?", text):
        return Problem(
            at,
            "nit",
            {
                "es": "NIT: solo lleva números y un guion antes del último. Escríbalo así: 899999053-1.",
                "en": "NIT: it has only digits and a hyphen before the last one. Write it like this: 899999053-1.",
            },
        )
    if not hyphen and len(number) == 10 and number[0] in "89":
        return Problem(
            at,
            "nit-glued",
            {
                "es": f"NIT: parece traer pegado el dígito de verificación. ¿Es {number[:9]}-{number[9]}? "
                "Escríbalo con guion.",
                "en": f"NIT: the check digit seems to be glued on. Is it {number[:9]}-{number[9]}? Write the hyphen.",
            },
        )
    if not digit:
        return Problem(
            at,
            "nit-incomplete",
            {
                "es": "NIT: falta el dígito de verificación, después del guion. Está en el RUT.",
                "en": "NIT: the check digit, after the hyphen, is missing. It is on the RUT.",
            },
        )
    if not 3 <= len(number) <= 10:
        return Problem(
            at,
            "nit-length",
            {
                "es": "NIT: el de una organización tiene 9 cifras antes del guion; el de una persona, las de su cédula. "
                "Revise si falta o sobra una.",
                "en": "NIT: an organisation's has 9 digits before the hyphen; a person's, those of the cédula. "
                "Check whether one is missing or too many.",
            },
        )
    right = nit_check_digit(number)
    if right != int(digit):
        return Problem(
            at,
            "nit-check-digit",
            {
                "es": f"Dígito de verificación del NIT: para {number} es {right}, no {digit}. "
                "Revise el número en el RUT.",
                "en": f"Check digit of the NIT: for {number} it is {right}, not {digit}. "
                "Review the number on the RUT.",
            },
        )
    return None


def parse_nit(typed: str, *, at: str = "/nit") -> str:
    """The NIT as stored, `899999053-1`; raises Invalid (CO-B01)."""
    if problem := problem_of_nit(typed, at=at):
        raise Invalid([problem])
    return re.sub(r"[.\s]", "", typed)


def format_nit(nit: str) -> str:
    """For the eye: `899.999.053-1`."""
    number, _, digit = nit.partition("-")
    return f"{int(number):,}".replace(",", ".") + (f"-{digit}" if digit else "")
