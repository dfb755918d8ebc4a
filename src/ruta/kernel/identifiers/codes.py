"""Short codes of outputs, which open a verification without an account, and GS1 check digits."""

import re
import secrets

from ruta.engine.problems import Problem

from ..errors import Invalid

# Crockford's base 32: no I, L, O or U, so that nothing is misread or read as a word.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_LENGTH = 12


def _check_character(body: str) -> str:
    """ISO 7064's hybrid recursion with 32 characters (MOD 33,32): finds every single wrong character."""
    product = 32
    for character in body:
        total = (product + _ALPHABET.index(character)) % 32 or 32
        product = (2 * total) % 33
    return _ALPHABET[(33 - product) % 32]


def output_code() -> str:
    """A new code such as `K7QF-9M2P-XW4T`: 55 random bits and a check character."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH - 1))
    return _grouped(body + _check_character(body))


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def parse_output_code(typed: str, *, at: str = "/code") -> str:
    """The code as stored, from one typed with or without hyphens, in any case, O for 0 and I or L for 1.

    Raises Invalid when it is no code or a character is wrong.
    """
    code = re.sub(r"[\s\-–—.]", "", typed).upper().translate(_MISREAD)
    if len(code) != _LENGTH or any(character not in _ALPHABET for character in code):
        raise Invalid(
            [
                Problem(
                    at,
                    "output-code",
                    {
                        "es": "Código: tiene doce letras o números, así: K7QF-9M2P-XW4T. "
                        "Está junto al código QR del documento.",
                        "en": "Code: it has twelve letters or digits, like this: K7QF-9M2P-XW4T. "
                        "It is beside the document's QR code.",
                    },
                )
            ]
        )
    if _check_character(code[:-1]) != code[-1]:
        raise Invalid(
            [
                Problem(
                    at,
                    "output-code-check",
                    {
                        "es": "Código: hay una letra o un número equivocado. Cópielo otra vez del documento.",
                        "en": "Code: a letter or digit is wrong. Copy it again from the document.",
                    },
                )
            ]
        )
    return _grouped(code)


def gs1_check_digit(digits: str) -> int:
    """Check digit of a GS1 key (GLN, GTIN) given without it: weights 3 and 1 from the right (common facts §16)."""
    if not re.fullmatch(r"[0-9]{1,17}", digits):
        raise ValueError("a GS1 key has 1 to 17 digits before its check digit")
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -total % 10
