"""Send money back: one person asks, another one approves, the gateway is told once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models, transaction

from ruta.engine.problems import Problem
from ruta.engine.terms import Calendar, add_business_days
from ruta.kernel import clock, events
from ruta.kernel.errors import Conflict, Forbidden, Invalid
from ruta.kernel.money import format_pesos

from .. import ledger
from ..gateways import current
from ..models import Charge, Payment, Refund

if TYPE_CHECKING:
    from ruta.identity.actors import Actor

_DAYS_FOR_FEES = 15  # business days from the request (common facts §16)


def request_refund(
    what: Charge | Payment,
    *,
    reason: str,
    actor: "Actor",
    amount: int | None = None,
    case_id: UUID | None = None,
    token: int | None = None,
) -> tuple[Refund, ...]:
    """Open the refund of a paid charge, or of a payment held as credit, for a second person to approve.

    Without `amount` all that is left goes back: one refund for each payment that covered the charge. Asking
    again for the same payment returns the refund that is open. Raises Invalid when there is nothing (or less)
    to send back.
    """
    with transaction.atomic():
        if isinstance(what, Charge):
            charge: Charge | None = Charge.objects.select_for_update().get(pk=what.pk)
            assert charge is not None
            shares = _shares_of_charge(charge)
        else:
            payment = Payment.objects.select_for_update().get(pk=what.pk)
            charge = payment.charge
            shares = [(payment, payment.amount - payment.used - payment.refunded)]
        opened = [
            refund
            for payment, _ in shares
            for refund in payment.refunds.filter(status__in=["requested", "approved"])
        ]
        if opened:
            return tuple(opened)
        return tuple(
            _open(payment, share, reason=reason, by=actor.ref, case_id=case_id, token=token, charge=charge)
            for payment, share in _cut(shares, amount)
        )


def _shares_of_charge(charge: Charge) -> list[tuple[Payment, int]]:
    shares = [
        (payment, payment.amount - payment.refunded)
        for payment in charge.payments.select_for_update().filter(status=Payment.Status.ACCEPTED)
    ]
    if charge.status in (Charge.Status.PAID, Charge.Status.REFUNDED):
        for receipt in charge.credits.select_related("payment"):
            if receipt.payment is not None:
                shares.append((receipt.payment, receipt.payment.used))
    return shares


def _cut(shares: Sequence[tuple[Payment, int]], amount: int | None) -> list[tuple[Payment, int]]:
    available = sum(share for _, share in shares)
    if available <= 0 or (amount is not None and not 0 < amount <= available):
        raise Invalid(
            [
                Problem(
                    "/amount",
                    "refundable",
                    {
                        "es": (
                            f"Valor: se pueden devolver hasta {format_pesos(available)}. Escriba ese "
                            "valor o uno menor."
                        ),
                        "en": (
                            f"Amount: up to {format_pesos(available)} can be sent back. Write that "
                            "amount or a smaller one."
                        ),
                    },
                )
            ]
        )
    left = available if amount is None else amount
    cut: list[tuple[Payment, int]] = []
    for payment, share in shares:
        part = min(left, share)
        left -= part
        if part:
            cut.append((payment, part))
    return cut


def _open(
    payment: Payment,
    amount: int,
    *,
    reason: str,
    by: str,
    charge: Charge | None,
    case_id: UUID | None = None,
    token: int | None = None,
) -> Refund:
    today = clock.today()
    return Refund.objects.create(
        payment=payment,
        charge=charge,
        case_id=case_id,
        token=token,
        amount=amount,
        reason=reason[:200],
        requested_by=by,
        requested_at=clock.now(),
        due_on=add_business_days(today, _DAYS_FOR_FEES, Calendar.colombia(range(today.year, today.year + 2))),
    )


def open_ex_officio(payment: Payment, why: Payment.Why) -> Refund:
    """Open the refund of money that should not have been taken, without waiting to be asked."""
    return _open(
        payment, payment.amount, reason=f"held: {why.value}", by="system:payments", charge=payment.charge
    )


def approve_refund(refund: Refund, *, actor: "Actor", note: str = "") -> Refund:
    """Approve a refund as an official who neither asked for it nor is its payer; a job sends the money.

    Raises Forbidden for anybody else and Conflict when it is no longer open.
    """
    from ..jobs import send_money_back

    with transaction.atomic():
        locked = _decide(refund, actor, Refund.Status.APPROVED, note)
        send_money_back.defer(refund_id=str(locked.id))
    return locked


def decline_refund(refund: Refund, *, actor: "Actor", note: str) -> Refund:
    """Decline a refund with a reason; the money stays the payer's credit, or the agency's."""
    with transaction.atomic():
        locked = _decide(refund, actor, Refund.Status.DECLINED, note)
        _tell("refund.declined", locked)
    return locked


def _decide(refund: Refund, actor: "Actor", status: Refund.Status, note: str) -> Refund:
    locked = Refund.objects.select_for_update().get(pk=refund.pk)
    if actor.kind != "official":
        raise Forbidden(
            {
                "es": "Solo un servidor de la entidad decide una devolución.",
                "en": "Only an official of the agency decides a refund.",
            }
        )
    own = {f"person:{actor.person_id}", actor.ref}
    payer = locked.payment.payer
    if locked.requested_by in own or (payer is not None and str(payer) == str(actor.person_id)):
        raise Forbidden(
            {
                "es": "Quien pide una devolución o la recibe no la aprueba. Debe decidirla otra persona.",
                "en": (
                    "Whoever asks for a refund or receives it does not approve it. Another person must "
                    "decide."
                ),
            },
            code="second-person",
        )
    if locked.status != Refund.Status.REQUESTED:
        raise Conflict(
            {
                "es": "Esta devolución ya se decidió. Actualice la página.",
                "en": "This refund was already decided. Reload the page.",
            },
            code="refund-decided",
        )
    locked.status, locked.decided_by, locked.decided_at = status, actor.ref, clock.now()
    locked.decision_note = note[:200]
    locked.save(update_fields=["status", "decided_by", "decided_at", "decision_note"])
    return locked


def send_refund(refund_id: UUID) -> Refund:
    """Tell the gateway to send an approved refund (network), then write it down. Repeating it sends nothing
    twice.

    Money taken at a counter goes back by transfer from the agency's bank: it is written down and has no
    gateway.
    """
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.status != Refund.Status.APPROVED:
        return refund
    payment = refund.payment
    proof = ""
    if payment.session_id is not None:
        proof = current().send_back(
            key=refund.id, payment_id=payment.external_id, amount=refund.amount, reason=refund.reason
        )
    with transaction.atomic():
        locked = Refund.objects.select_for_update().get(pk=refund_id)
        if locked.status == Refund.Status.APPROVED:
            locked.status, locked.sent_at, locked.proof = Refund.Status.SENT, clock.now(), proof[:64]
            locked.save(update_fields=["status", "sent_at", "proof"])
            _write_down(locked)
    return locked


def _write_down(refund: Refund) -> None:
    payment = Payment.objects.select_for_update().get(pk=refund.payment_id)
    spare = payment.amount - payment.used - payment.refunded if payment.status == Payment.Status.HELD else 0
    from_credit = min(spare, refund.amount)
    from_revenue = refund.amount - from_credit
    payment.refunded += refund.amount
    if payment.status == Payment.Status.HELD:
        payment.used -= from_revenue
    payment.save(update_fields=["refunded", "used"])
    source = ledger.GATEWAY if payment.session_id is not None else ledger.BANK
    lines = refund.charge.lines if refund.charge is not None else []
    ledger.post(
        "refund",
        [(ledger.CREDIT, from_credit), *ledger.share(lines, from_revenue), (source, -refund.amount)],
        charge=refund.charge,
        payment=payment,
    )
    if refund.charge is not None and from_revenue:
        _note_charge(refund.charge)
    if not _siblings(refund).exclude(status=Refund.Status.SENT).exists():
        _tell("refund.sent", refund)


def _note_charge(charge: Charge) -> None:
    locked = Charge.objects.select_for_update().get(pk=charge.pk)
    if locked.status == Charge.Status.PAID and not any(share for _, share in _shares_of_charge(locked)):
        locked.status = Charge.Status.REFUNDED
        locked.save(update_fields=["status"])


def _siblings(refund: Refund) -> models.QuerySet[Refund]:
    """The refunds that were asked for together: by the same token, else the refund alone."""
    if refund.case_id is None or refund.token is None:
        return Refund.objects.filter(pk=refund.pk)
    return Refund.objects.filter(case_id=refund.case_id, token=refund.token)


def _tell(name: str, refund: Refund) -> None:
    events.publish(
        name,
        key=str(refund.id),
        payload={
            "refund_id": str(refund.id),
            "charge_id": str(refund.charge_id) if refund.charge_id else None,
            "case_id": str(refund.case_id) if refund.case_id else None,
            "token": refund.token,
        },
    )
