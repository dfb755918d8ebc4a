"""Issue the proof of a payment."""

from typing import Any

from ruta.kernel import clock
from ruta.kernel.identifiers import output_code

from .. import rules
from ..models import Charge, Payment, Receipt
from ..numbers import next_serial


def issue_receipt(
    *, charge: Charge | None, payment: Payment | None, lines: list[dict[str, Any]], number: str = ""
) -> Receipt:
    """Number and store a receipt; `number` only for one that was issued on paper before."""
    now = clock.now()
    year = clock.local_date(now).year
    payer = charge.payer if charge is not None else payment.payer if payment is not None else None
    return Receipt.objects.create(
        number=number or rules.receipt_number(year, next_serial("receipt", year)),
        code=output_code(),
        charge=charge,
        payment=payment,
        payer=payer,
        lines=lines,
        amount=payment.amount if payment is not None else 0,
        issued_at=now,
    )
