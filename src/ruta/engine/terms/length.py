"""How long a term is: an amount and the kind of time that it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

Unit = Literal["business days", "calendar days", "months", "hours", "working hours"]

_UNITS: tuple[str, ...] = get_args(Unit)
_SPELLED = (
    r"(?P<amount>\d{1,5})\s+(?P<unit>business days?|calendar days?|months?|years?|working hours?|hours?)"
    r"(?P<exact>\s+exact)?"
)


class LengthError(ValueError):
    """A length that cannot be read; `say` holds the message in Spanish and English."""

    def __init__(self, text: str) -> None:
        self.say = {
            "es": (
                f"No se entiende el plazo «{text}». Escriba, por ejemplo: 10 business days, "
                "20 calendar days, 1 month, 48 hours u 8 working hours."
            ),
            "en": (
                f'The length "{text}" cannot be read. Write, for example: 10 business days, '
                "20 calendar days, 1 month, 48 hours or 8 working hours."
            ),
        }
        super().__init__(self.say["en"])


@dataclass(frozen=True, slots=True)
class Length:
    """A length of a legal term, for example 10 business days.

    `moves` says whether a term in calendar days or months that ends on a non-business day runs to the next
    business day (rule R6). It is false for the validity of outputs, ages and the health terms: written "5
    calendar days exact".
    """

    amount: int
    unit: Unit
    moves: bool = True

    def __post_init__(self) -> None:
        if self.amount < 0 or self.unit not in _UNITS:
            raise LengthError(f"{self.amount} {self.unit}")

    @classmethod
    def parse(cls, text: str) -> Length:
        """Read "10 business days", "1 month", "2 years", "48 hours", "8 working hours".

        "5 calendar days exact" does not move off a holiday. Raises LengthError.
        """
        match = re.fullmatch(_SPELLED, " ".join(text.split()))
        if match is None:
            raise LengthError(text)
        amount = int(match["amount"])
        unit = match["unit"] if match["unit"].endswith("s") else match["unit"] + "s"
        if unit == "years":
            amount, unit = amount * 12, "months"
        for known in get_args(Unit):
            if known == unit:
                return cls(amount, known, moves=match["exact"] is None)
        raise LengthError(text)

    def __str__(self) -> str:
        unit = self.unit[:-1] if self.amount == 1 else self.unit
        return f"{self.amount} {unit}" + ("" if self.moves else " exact")

    def __add__(self, other: Length) -> Length:
        """Return the sum of two lengths of the same kind. Raises ValueError for different kinds."""
        if other.unit != self.unit:
            raise ValueError(f"{self} and {other} do not count the same kind of time")
        return Length(self.amount + other.amount, self.unit, self.moves)
