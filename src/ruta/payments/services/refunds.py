"""Send money back: one person asks, another one approves, the gateway is told once."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from ruta.engine.problems import Problem
from ruta.engine.terms import add_business_days
from ruta.kernel import calendars, clock, events
from ruta.kernel.errors import Conflict, Forbidden, Invalid
from ruta.kernel.money import format_pesos

from .. import ledger
from ..gateways import current
from ..models import Charge, Payment, Refund, RefundPart
from .charging import tell

if TYPE_CHECKING:
    from ruta.identity.actors import Actor

_DAYS_FOR_FEES = 15  # business days from the request (common facts §16)
Share = tuple[Payment, int]


@transaction.atomic
def request_refund(
    what: Charge | Payment,
    *,
    reason: str,
    requested_by: "Actor",
    amount: int | None = None,
    token: int | None = None,
    agency: str = "",
) -> Refund:
    """Open the refund of a paid charge, or of a payment held as credit, for a second person to approve.

    Without `amount` all that is left goes back. Asking again while a refund is open returns that one; a `token` is
    remembered with it, so that the process that waits hears of it. Raises Invalid when there is nothing (or less) to
    send back. The term counts the closed days of `agency` (NIT), who sends it back; without one, the national calendar.
    """
    if isinstance(what, Charge):
        charge: Charge | None = Charge.objects.select_for_update().get(pk=what.pk)
        assert charge is not None
        shares = _shares_of(charge)
    else:
        payment = Payment.objects.select_for_update().get(pk=what.pk)
        charge = payment.charge
        shares = [(payment, payment.amount - payment.used - payment.refunded)]
    open_already = Refund.objects.filter(
        parts__open=True, parts__payment__in=[payment for payment, _ in shares]
    )
    if (known := open_already.order_by("id").first()) is not None:
        if token is not None and known.token is None:
            known.case_id, known.token = charge.case_id if charge else None, token
            known.save(update_fields=["case_id", "token"])
        return known
    return _open(
        _cut(shares, amount), charge=charge, reason=reason, by=requested_by.ref, token=token, agency=agency
    )


def _shares_of(charge: Charge) -> list[Share]:
    """What can go back of a charge: its own payment, then the receipts that were credited to it."""
    accepted = charge.payments.select_for_update().filter(status=Payment.Status.ACCEPTED)
    shares = [(payment, payment.amount - payment.refunded) for payment in accepted]
    if charge.status in (Charge.Status.PAID, Charge.Status.REFUNDED):
        credits = Payment.objects.select_for_update().filter(receipt__used_by=charge).order_by("id")
        shares += [(payment, payment.used) for payment in credits]
    return shares


def _cut(shares: Sequence[Share], amount: int | None) -> list[Share]:
    available = sum(share for _, share in shares)
    if available <= 0 or (amount is not None and not 0 < amount <= available):
        limit = format_pesos(available)
        raise Invalid(
            [
                Problem(
                    "/amount",
                    "refundable",
                    {
                        "es": f"Valor: se pueden devolver hasta {limit}. Escriba ese valor o uno menor.",
                        "en": f"Amount: up to {limit} can be sent back. Write that amount or a smaller one.",
                    },
                )
            ]
        )
    left = available if amount is None else amount
    cut: list[Share] = []
    for payment, share in shares:
        part = min(left, share)
        left -= part
        if part:
            cut.append((payment, part))
    return cut


def _open(
    shares: Sequence[Share],
    *,
    charge: Charge | None,
    reason: str,
    by: str,
    token: int | None = None,
    agency: str = "",
) -> Refund:
    calendar = calendars.calendar_of(agency) if agency else calendars.national()
    refund = Refund.objects.create(
        charge=charge,
        case_id=charge.case_id if charge is not None else None,
        token=token,
        amount=sum(amount for _, amount in shares),
        reason=reason[:200],
        requested_by=by,
        requested_at=clock.now(),
        due_on=add_business_days(clock.today(), _DAYS_FOR_FEES, calendar),
    )
    for payment, amount in shares:
        RefundPart.objects.create(refund=refund, payment=payment, amount=amount)
    return refund


def open_ex_officio(payment: Payment, why: Payment.Why) -> Refund:
    """Open the refund of money that should not have been taken, without waiting to be asked."""
    return _open(
        [(payment, payment.amount)], charge=payment.charge, reason=f"held: {why.value}", by="system:payments"
    )


def approve_refund(refund: Refund | UUID, *, actor: "Actor", note: str = "") -> Refund:
    """Approve a refund as an official who neither asked for it nor receives it; a job sends the money.

    Raises Forbidden for anybody else and Conflict when it is no longer open.
    """
    from ..jobs import send_money_back

    with transaction.atomic():
        locked = _decide(refund, actor, Refund.Status.APPROVED, note)
        send_money_back.defer(refund_id=str(locked.id))
    return locked


def decline_refund(refund: Refund | UUID, *, actor: "Actor", note: str) -> Refund:
    """Decline a refund with a reason; the money stays the payer's credit, or the agency's. Errors as in approving."""
    with transaction.atomic():
        locked = _decide(refund, actor, Refund.Status.DECLINED, note)
        locked.parts.update(open=False)
        _tell("refund.declined", locked)
    return locked


def _decide(refund: Refund | UUID, actor: "Actor", status: Refund.Status, note: str) -> Refund:
    key = refund.pk if isinstance(refund, Refund) else refund
    locked = Refund.objects.select_for_update().get(pk=key)
    if actor.kind != "official":
        raise Forbidden(
            {
                "es": "Solo un servidor de la entidad decide una devolución.",
                "en": "Only an official of the agency decides a refund.",
            }
        )
    receives = actor.person_id is not None and locked.parts.filter(payment__payer=actor.person_id).exists()
    if receives or locked.requested_by in (actor.ref, f"person:{actor.person_id}"):
        raise Forbidden(
            {
                "es": "Quien pide una devolución o la recibe no la aprueba. Debe decidirla otra persona.",
                "en": "Whoever asks for a refund or receives it does not approve it. Another person decides.",
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
    """Tell the gateway to send an approved refund (network), then write it down. Repeating it sends nothing twice.

    Money taken at a counter goes back by transfer from the agency's bank: it is written down and has no gateway.
    """
    refund = Refund.objects.get(pk=refund_id)
    if refund.status != Refund.Status.APPROVED:
        return refund
    proofs = {
        part.pk: current().send_back(
            key=part.id, payment_id=part.payment.external_id, amount=part.amount, reason=refund.reason
        )
        for part in refund.parts.filter(payment__session__isnull=False).select_related("payment")
    }
    with transaction.atomic():
        locked = Refund.objects.select_for_update().get(pk=refund_id)
        if locked.status != Refund.Status.APPROVED:
            return locked
        for part in locked.parts.select_related("payment").order_by("id"):
            part.proof, part.open = proofs.get(part.pk, "")[:64], False
            part.save(update_fields=["proof", "open"])
            _write_down(locked, part)
        locked.status, locked.sent_at = Refund.Status.SENT, clock.now()
        locked.save(update_fields=["status", "sent_at"])
        _note_charge(locked)
        _tell("refund.sent", locked)
    return locked


def _write_down(refund: Refund, part: RefundPart) -> None:
    """What a payer held as credit leaves the credit; what a charge had earned leaves the revenue."""
    payment = Payment.objects.select_for_update().get(pk=part.payment_id)
    held = payment.status == Payment.Status.HELD
    from_credit = min(part.amount, payment.amount - payment.used - payment.refunded) if held else 0
    from_revenue = part.amount - from_credit
    payment.refunded += part.amount
    if held:
        payment.used -= from_revenue
    payment.save(update_fields=["refunded", "used"])
    lines = refund.charge.lines if refund.charge is not None else []
    source = ledger.GATEWAY if payment.session_id is not None else ledger.BANK
    ledger.post(
        "refund",
        [(ledger.CREDIT, from_credit), *ledger.share(lines, from_revenue), (source, -part.amount)],
        charge=refund.charge,
        payment=payment,
    )


def _note_charge(refund: Refund) -> None:
    if refund.charge_id is None:
        return
    locked = Charge.objects.select_for_update().get(pk=refund.charge_id)
    if locked.status == Charge.Status.PAID and not any(share for _, share in _shares_of(locked)):
        locked.status = Charge.Status.REFUNDED
        locked.save(update_fields=["status"])
        tell("charge.reversed", locked)


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
