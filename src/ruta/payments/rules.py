"""Pure rules of money: lines that add up, references, when to ask the gateway again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ruta.engine.problems import Problem
from ruta.kernel.identifiers import gs1_check_digit

# No vowels, no 0/O, 1/I/L: a code is read aloud and typed from paper.
_MANUAL_CAP = timedelta(minutes=30)


@dataclass(frozen=True)
class Line:
    """One line of a charge or a receipt; `amount` is the whole line in pesos, a discount is negative.

    `unit` is the price of one in pesos where the fee has one. `law` is the id of the legal basis.
    """

    concept: str
    amount: int
    title: Mapping[str, str]
    quantity: int | None = None
    unit: int | None = None
    beneficiary: str = ""
    law: str = ""

    def to_json(self) -> dict[str, Any]:
        """The line in the one shape that explanation, charge and receipt share."""
        return {
            "concept": self.concept,
            "title": dict(self.title),
            "quantity": self.quantity,
            "unit": self.unit,
            "amount": self.amount,
            "beneficiary": self.beneficiary,
            "law": self.law,
        }


def read_lines(lines: Sequence[Mapping[str, Any]]) -> tuple[tuple[Line, ...], tuple[Problem, ...]]:
    """Return the lines and what is wrong with them. A whole charge is at least 0; each line has concept and
    amount."""
    read: list[Line] = []
    problems: list[Problem] = []
    for place, raw in enumerate(lines):
        at = f"/lines/{place}"
        concept = str(raw.get("concept") or "").strip()
        if not concept:
            problems.append(_wrong(f"{at}/concept", "required", "Falta el concepto de la línea. Escríbalo.",
                                   "The line has no concept. Write it."))  # fmt: skip
        amount = _whole(raw.get("amount"))
        if amount is None:
            problems.append(
                _wrong(
                    f"{at}/amount",
                    "integer",
                    "El valor de la línea debe ser un número entero de pesos.",
                    "The amount of the line must be a whole number of pesos.",
                )
            )
        title = raw.get("title") or {"es": concept, "en": concept}
        if isinstance(title, str):
            title = {"es": title, "en": title}
        read.append(
            Line(
                concept=concept,
                amount=amount or 0,
                title=dict(title),
                quantity=_whole(raw.get("quantity")),
                unit=_whole(raw.get("unit")),
                beneficiary=str(raw.get("beneficiary") or ""),
                law=str(raw.get("law") or ""),
            )
        )
    if not problems and sum(line.amount for line in read) < 0:
        problems.append(
            _wrong(
                "/lines",
                "total",
                "Los descuentos superan el valor del cobro. Revise las líneas.",
                "The discounts exceed the charge. Check the lines.",
            )
        )
    return tuple(read), tuple(problems)


def _whole(value: Any) -> int | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        whole = int(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return whole if whole == value else None


def _wrong(at: str, check: str, es: str, en: str) -> Problem:
    return Problem(at, check, {"es": es, "en": en})


def charge_number(year: int, serial: int) -> str:
    """The payment reference: 4 digits of year, 9 of serial and a GS1 check digit (14 in all, cash takes 10 to
    20)."""
    body = f"{year:04d}{serial:09d}"
    return f"{body}{gs1_check_digit(body)}"


def read_charge_number(text: str) -> str | None:
    """The reference that `text` writes, with or without spaces; None where a digit is wrong."""
    digits = re.sub(r"[\s-]", "", text)
    if (
        len(digits) == 14
        and digits.isascii()
        and digits.isdigit()
        and gs1_check_digit(digits[:-1]) == int(digits[-1])
    ):
        return digits
    return None


def receipt_number(year: int, serial: int) -> str:
    """`RC-2026-000081`."""
    return f"RC-{year:04d}-{serial:06d}"


def next_check(checks: int, started: datetime, now: datetime) -> datetime | None:
    """When to ask the gateway again about a session that is not final, or None to stop asking.

    10 s, 20 s, 40 s… up to 30 min apart in the first day (common facts §16: polled with back-off up to 30
    min), every 6 hours until day 10; after that the daily file of the gateway finds what is left.
    """
    age = now - started
    if age > timedelta(days=10):
        return None
    if age > timedelta(days=1):
        return now + timedelta(hours=6)
    return now + min(timedelta(seconds=10 * 2 ** min(checks, 12)), _MANUAL_CAP)
