"""Money that was not due: it came late, twice, or of another amount, and goes back without being asked for.

It is its payer's from the first moment (a credit, with a receipt). The office of the case approves that it is sent back,
also where the case is over; the payer is told when it came and when it left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from ruta.identity.models import Person
from ruta.kernel import clock
from ruta.payments.models import Payment, Refund

from . import history, inbox, letters, taskforms
from .models import CaseEvent, Task
from .verbs.money import refund_groups

if TYPE_CHECKING:
    from .machine import Machine

TITLE = {"es": "Devolver dinero que no se debía", "en": "Send back money that was not due"}
WHY: dict[str, dict[str, str]] = {
    "late": {
        "es": "Llegó cuando el cobro ya había vencido o estaba anulado.",
        "en": "It came when the charge had already expired or was cancelled.",
    },
    "second": {
        "es": "Llegó cuando el cobro ya estaba pagado.",
        "en": "It came when the charge was already paid.",
    },
    "amount": {"es": "No es el valor que se cobró.", "en": "It is not the amount that was asked for."},
}


def ask_office(machine: Machine, refund_id: UUID) -> Task | None:
    """Give the office the task to send the money back, and tell its payer; None where that is done already."""
    refund = Refund.objects.select_related("charge").get(id=refund_id)
    known = Task.objects.filter(case=machine.case, form_key=taskforms.REFUND, inputs__refund=str(refund_id))
    if refund.status != Refund.Status.REQUESTED or known.exists():
        return None
    payment = _payment(refund)
    public = {"amount": payment.amount, "why": payment.held_because, "receipt": payment.receipt.number}
    history.append(machine.case, "money-held", actor=machine.actor, public=public | _charge(refund))
    task = inbox.put(
        machine,
        token=None,
        node="",
        form_key=taskforms.REFUND,
        groups=refund_groups(machine),
        stage=machine.case.stage,
        inputs={"refund": str(refund.id), "amount": refund.amount, "why": payment.held_because},
        due_on=refund.due_on,
    )
    history.append(machine.case, "refund-opened", actor=machine.actor, public={"amount": refund.amount})
    _write(machine, "money-held", refund, payment)
    return task


def decided(machine: Machine, refund_id: UUID) -> None:
    """The money left, or an official said why not: the history says so, and the payer is told."""
    refund = Refund.objects.select_related("charge").get(id=refund_id)
    told = CaseEvent.objects.filter(case_id=machine.case.id, public__refund=str(refund_id))
    if told.exists():
        return
    sent = refund.status == Refund.Status.SENT
    public = {"amount": refund.amount, "refund": str(refund_id)}
    history.append(
        machine.case, "refunded" if sent else "refund-declined", actor=machine.actor, public=public
    )
    _write(machine, "refund-sent" if sent else "refund-declined", refund, _payment(refund))


def _payment(refund: Refund) -> Payment:
    """The one payment that a refund of held money sends back."""
    return Payment.objects.select_related("receipt").get(refund_parts__refund=refund)


def _charge(refund: Refund) -> dict[str, Any]:
    return {"charge": refund.charge.number} if refund.charge is not None else {}


def _write(machine: Machine, message: str, refund: Refund, payment: Payment) -> None:
    payer = Person.objects.filter(id=payment.payer).first() if payment.payer else None
    if payer is None:
        return
    held = {
        "given_names": payer.given_names,
        "amount": refund.amount,
        "why": payment.held_because,
        "receipt": payment.receipt.number,
        "paid_on": clock.local_date(payment.paid_at),
        "due": refund.due_on,
        "note": refund.decision_note,
        **_charge(refund),
    }
    party = {"person": str(payer.id)}
    letters.send(machine, message, party, legal=False, token=None, about={"held": held})
