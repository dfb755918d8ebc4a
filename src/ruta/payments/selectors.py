"""Reads of the room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db.models import QuerySet

from ruta.engine.problems import Problem
from ruta.kernel.errors import NotFound

from . import rules
from .models import Charge, Payment, Receipt
from .services.charging import receipt_problem


def charge(number: str) -> Charge:
    """The charge of a payment reference, with its receipt and payments at hand. Raises NotFound."""
    digits = rules.read_charge_number(number)
    found = (
        Charge.objects.select_related("receipt").prefetch_related("payments").filter(number=digits).first()
        if digits
        else None
    )
    if found is None:
        raise NotFound(
            {
                "es": "Referencia de pago: no existe o tiene un dígito errado. Cópiela de su cobro.",
                "en": "Payment reference: it does not exist or has a wrong digit. Copy it from your charge.",
            },
            field="number",
        )
    return found


def receipt(number: str) -> Receipt:
    """The receipt with this number, with its charge and payment at hand. Raises NotFound."""
    return _receipt(Receipt.objects.filter(number=number.strip().upper()))


def receipt_by_code(code: str) -> Receipt:
    """The receipt with this verification code, for anybody who holds it. Raises NotFound."""
    return _receipt(Receipt.objects.filter(code=code.strip().upper()))


@dataclass(frozen=True)
class Standing:
    """What a receipt proves today: `state` is valid, or reversed when all of its money went back; `returned` pesos."""

    state: Literal["valid", "reversed"]
    returned: int


def standing(receipt: Receipt) -> Standing:
    """What the receipt is worth to somebody who is shown it."""
    returned = receipt.payment.refunded if receipt.payment is not None else 0
    all_of_it = returned >= receipt.amount > 0
    undone = receipt.charge is not None and receipt.charge.status == Charge.Status.REFUNDED
    return Standing("reversed" if all_of_it or undone else "valid", returned)


def _receipt(rows: QuerySet[Receipt]) -> Receipt:
    found = rows.select_related("charge", "payment", "used_by").first()
    if found is None:
        raise NotFound(
            {
                "es": "Recibo: no existe ninguno con ese número o código. Cópielo de su comprobante.",
                "en": "Receipt: there is none with that number or code. Copy it from your proof of payment.",
            },
            field="number",
        )
    return found


def charges_of_person(person_id: UUID) -> QuerySet[Charge]:
    """What a person was asked for, newest first."""
    return Charge.objects.filter(payer=person_id).select_related("receipt").order_by("-id")


def charges_of_case(case_number: str) -> QuerySet[Charge]:
    """What was asked for in a case, in order."""
    return Charge.objects.filter(case_number=case_number).select_related("receipt").order_by("id")


def held_payments(charges: Iterable[Charge]) -> QuerySet[Payment]:
    """Money that came for `charges` and is held as the payer's credit, with its receipt and its refunds at hand."""
    return (
        Payment.objects.filter(charge__in=[charge.pk for charge in charges], status=Payment.Status.HELD)
        .select_related("receipt")
        .prefetch_related("refund_parts__refund")
        .order_by("id")
    )


def receipt_problems(
    payer: UUID | None, numbers: Sequence[str], *, at: str = "/receipts"
) -> tuple[Problem, ...]:
    """What is wrong with receipts that a person wants credited: judged while filing, before any charge
    exists."""
    wanted = [number.strip().upper() for number in numbers]
    found = {
        row.number: row
        for row in Receipt.objects.filter(number__in=wanted)
        .select_related("payment")
        .prefetch_related("payment__refund_parts")
    }
    problems = (
        receipt_problem(found.get(number), payer, number, f"{at}/{place}")
        for place, number in enumerate(wanted)
    )
    return tuple(problem for problem in problems if problem is not None)
