"""Take what the gateway says of one payment, once, whatever the order in which it is said."""

import logging

from django.db import transaction

from ruta.kernel import clock, events

from .. import ledger
from ..gateways import PaymentFact
from ..models import Charge, CheckoutSession, Payment
from .charging import mark_paid
from .receipts import issue_receipt
from .refunds import open_ex_officio

logger = logging.getLogger(__name__)
_FINAL = (Payment.Status.ACCEPTED, Payment.Status.HELD)


@transaction.atomic
def take_payment(
    fact: PaymentFact, session: CheckoutSession | None, *, charge: Charge | None = None
) -> Payment | None:
    """Write down one payment; return its row, or None where the fact is not about this charge.

    The charge is locked: of two approvals the first of the exact amount pays it, everything else that was
    really taken (late, second, of another amount) is held as the payer's credit and a refund is opened for a
    second person. What is known to be paid is never un-paid by older news.
    """
    owner = charge.pk if charge is not None else session.charge_id if session is not None else None
    if owner is None:
        return None
    locked = Charge.objects.select_for_update().get(pk=owner)
    if fact.reference != locked.number:
        logger.warning("charge %s: the gateway names another reference; not taken", locked.id)
        return None
    payment = Payment.objects.filter(external_id=fact.id).first()
    if payment is not None and (payment.status in _FINAL or payment.status == fact.status):
        return payment
    if payment is None:
        payment = Payment(
            charge=locked, session=session, external_id=fact.id, payer=locked.payer, method=fact.method[:12]
        )
    payment.amount = fact.amount
    payment.approval = fact.approval[:32]
    payment.paid_at = fact.at
    payment.noticed_at = clock.now()
    if fact.status == "approved":
        _settle(payment, locked)
    elif payment.status in ("", Payment.Status.PENDING):
        payment.status = Payment.Status.REJECTED if fact.status == "rejected" else Payment.Status.PENDING
        payment.save()
    return payment


def _settle(payment: Payment, charge: Charge) -> None:
    if charge.status in (Charge.Status.PAID, Charge.Status.REFUNDED):
        _hold(payment, charge, Payment.Why.SECOND)
    elif charge.status in (Charge.Status.EXPIRED, Charge.Status.VOID):
        _hold(payment, charge, Payment.Why.LATE)
    elif payment.amount != charge.due:
        _hold(payment, charge, Payment.Why.AMOUNT)
    else:
        payment.status = Payment.Status.ACCEPTED
        payment.save()
        ledger.post(
            "payment",
            [(ledger.GATEWAY, payment.amount), (ledger.RECEIVABLE, -payment.amount)],
            charge=charge,
            payment=payment,
        )
        mark_paid(charge, payment=payment)


def _hold(payment: Payment, charge: Charge, why: Payment.Why) -> None:
    payment.status = Payment.Status.HELD
    payment.held_because = why
    payment.save()
    ledger.post(
        "held",
        [(ledger.GATEWAY, payment.amount), (ledger.CREDIT, -payment.amount)],
        charge=charge,
        payment=payment,
    )
    issue_receipt(
        charge=None,
        payment=payment,
        lines=[
            {
                "concept": "credit",
                "title": {
                    "es": f"Saldo a favor del pago {charge.number}",
                    "en": f"Credit of payment {charge.number}",
                },
                "quantity": 1,
                "unit": payment.amount,
                "amount": payment.amount,
                "beneficiary": "",
                "law": "",
            }
        ],
    )
    refund = open_ex_officio(payment, why)
    events.publish(
        "payment.held",
        key=str(payment.id),
        payload={
            "payment_id": str(payment.id),
            "refund_id": str(refund.id),
            "charge_id": str(charge.id),
            "case_id": str(charge.case_id) if charge.case_id else None,
        },
    )
