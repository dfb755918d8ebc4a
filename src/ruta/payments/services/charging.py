"""Ask for money, and stop asking."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from ruta.engine.problems import Problem
from ruta.kernel import clock, events
from ruta.kernel.errors import Conflict, Invalid
from ruta.kernel.ids import new_id

from .. import ledger, rules
from ..errors import GatewayUnavailable, NotPayable
from ..gateways import current
from ..models import Charge, CheckoutSession, Payment, Receipt
from ..numbers import next_serial
from .receipts import issue_receipt

logger = logging.getLogger(__name__)


@transaction.atomic
def create_charge(
    *,
    case_id: UUID | None,
    case_number: str,
    token: int | None,
    payer: UUID | None,
    lines: Sequence[Mapping[str, Any]],
    receipts: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> Charge:
    """Ask `payer` (a person) for the sum of `lines`, less earlier `receipts` of the same payer.

    Asking twice for the same (case, token) returns the first charge. What receipts cover is credited; when
    nothing is left to pay the charge is paid at once. Raises Invalid with the field, fault and cure of a line
    or a receipt.
    """
    if case_id is not None and token is not None:
        known = Charge.objects.filter(case_id=case_id, token=token).first()
        if known is not None:
            return known
    read, problems = rules.read_lines(lines)
    if problems:
        raise Invalid(problems)
    total = sum(line.amount for line in read)
    credits = _usable_receipts(payer, receipts)
    now = clock.now()
    year = clock.local_date(now).year
    available = {receipt.pk: _left(receipt) for receipt in credits}
    credited = min(total, sum(available.values()))
    charge = Charge.objects.create(
        id=new_id(),
        number=rules.charge_number(year, next_serial("charge", year)),
        case_id=case_id,
        case_number=case_number,
        token=token,
        payer=payer,
        lines=[line.to_json() for line in read],
        total=total,
        credited=credited,
        due=total - credited,
        created_at=now,
        expires_at=expires_at,
    )
    ledger.post(
        "charge", [(ledger.RECEIVABLE, total), *ledger.revenue_legs(charge.lines, sign=-1)], charge=charge
    )
    left = credited
    for receipt in credits:
        share = min(left, available[receipt.pk])
        left -= share
        _use(receipt, charge, share)
    if charge.due == 0:
        mark_paid(charge, payment=None)
    return charge


def _usable_receipts(payer: UUID | None, numbers: Sequence[str]) -> list[Receipt]:
    wanted = list(dict.fromkeys(number.strip().upper() for number in numbers if number and number.strip()))
    if not wanted:
        return []
    found = {
        receipt.number: receipt
        for receipt in Receipt.objects.select_for_update(of=("self",))
        .select_related("payment")
        .filter(number__in=wanted)
        .order_by("number")
    }
    problems = [
        problem
        for place, number in enumerate(wanted)
        if (problem := receipt_problem(found.get(number), payer, number, f"/receipts/{place}")) is not None
    ]
    if problems:
        raise Invalid(problems)
    return [found[number] for number in wanted]


def receipt_problem(receipt: Receipt | None, payer: UUID | None, number: str, at: str) -> Problem | None:
    """Why a receipt cannot be credited to `payer`, or None. Another person's receipt looks like an unknown
    one."""
    if receipt is None or payer is None or receipt.payer != payer:
        return Problem(
            at,
            "receipt-unknown",
            {
                "es": f"Recibo {number}: no hay un recibo suyo con ese número. Cópielo de su comprobante.",
                "en": (
                    f"Receipt {number}: you have no receipt with that number. Copy it from your proof "
                    "of payment."
                ),
            },
        )
    if receipt.used_by_id is not None:
        return Problem(
            at,
            "receipt-used",
            {
                "es": f"Recibo {number}: ya se usó en otro cobro. Quítelo o escriba otro.",
                "en": (
                    f"Receipt {number}: it was already used for another charge. Remove it or write "
                    "another one."
                ),
            },
        )
    if receipt.charge_id is not None or _left(receipt) <= 0:
        return Problem(
            at,
            "receipt-spent",
            {
                "es": f"Recibo {number}: su valor ya pagó un trámite o se devolvió. Quítelo o escriba otro.",
                "en": (
                    f"Receipt {number}: it already paid a procedure or was sent back. Remove it or "
                    "write another one."
                ),
            },
        )
    return None


def _left(receipt: Receipt) -> int:
    payment = receipt.payment
    if payment is None or payment.status != Payment.Status.HELD:
        return 0
    claimed = sum(part.amount for part in payment.refund_parts.all() if part.open)
    return payment.amount - payment.used - payment.refunded - claimed


def _use(receipt: Receipt, charge: Charge, amount: int) -> None:
    receipt.used_by = charge
    receipt.save(update_fields=["used_by"])
    payment = receipt.payment
    assert payment is not None
    payment.used += amount
    payment.save(update_fields=["used"])
    ledger.post(
        "credit", [(ledger.CREDIT, amount), (ledger.RECEIVABLE, -amount)], charge=charge, payment=payment
    )


def mark_paid(charge: Charge, *, payment: Payment | None) -> Receipt:
    """Close a charge as paid, issue its receipt and tell the rooms above. The caller holds the charge's
    lock."""
    charge.status = Charge.Status.PAID
    charge.paid_at = payment.paid_at if payment is not None else clock.now()
    charge.save(update_fields=["status", "paid_at"])
    receipt = issue_receipt(charge=charge, payment=payment, lines=charge.lines)
    tell("charge.paid", charge)
    return receipt


def tell(name: str, charge: Charge) -> None:
    """Publish news of a charge: ids only."""
    events.publish(
        name,
        key=str(charge.id),
        payload={
            "charge_id": str(charge.id),
            "case_id": str(charge.case_id) if charge.case_id else None,
            "token": charge.token,
        },
    )


@transaction.atomic
def record_counter_payment(
    *,
    payer: UUID | None,
    amount: int,
    concept: str,
    title: Mapping[str, str],
    paid_at: datetime,
    proof: str,
    method: str = "BANK",
    beneficiary: str = "",
    receipt_number: str = "",
) -> Receipt:
    """Record money that a bank or a point of attention took before there was a charge; it is the payer's
    credit.

    `proof` is the voucher's own number and is taken once: recording it again returns the first receipt.
    `receipt_number` is that of a receipt already handed over, otherwise one is issued. Raises Conflict when
    the voucher was recorded with another amount.
    """
    line = rules.Line(concept, amount, title, 1, amount, beneficiary).to_json()
    _, problems = rules.read_lines([line])
    if problems or amount <= 0:
        raise Invalid(
            problems
            or [
                Problem(
                    "/amount",
                    "minimum",
                    {
                        "es": "Valor: escriba un número entero de pesos mayor que cero.",
                        "en": "Amount: write a whole number of pesos above zero.",
                    },
                )
            ]
        )
    external = f"counter:{proof}"[:64]
    known = Payment.objects.filter(external_id=external).select_related("receipt").first()
    if known is not None:
        if known.amount != amount or known.payer != payer:
            raise Conflict(
                {
                    "es": f"El comprobante {proof} ya está registrado con otros datos. Revise el número.",
                    "en": f"The voucher {proof} is already recorded with other data. Check its number.",
                },
                field="proof",
                code="voucher-known",
            )
        return known.receipt
    payment = Payment.objects.create(
        external_id=external,
        payer=payer,
        method=method,
        amount=amount,
        approval=proof[:32],
        status=Payment.Status.HELD,
        held_because=Payment.Why.ADVANCE,
        paid_at=paid_at,
        noticed_at=clock.now(),
    )
    ledger.post("advance", [(ledger.BANK, amount), (ledger.CREDIT, -amount)], payment=payment)
    return issue_receipt(charge=None, payment=payment, lines=[line], number=receipt_number)


def void_charge(charge: Charge, *, reason: str) -> Charge:
    """Stop asking: the case was withdrawn or the charge was wrong. Credits go back to the payer.

    Raises NotPayable when it is paid, expired or refunded already, and PaymentPending's Conflict is the
    caller's to avoid: a pending payment that is approved later is held as credit. Voiding twice is harmless.
    """
    with transaction.atomic():
        locked = Charge.objects.select_for_update().get(pk=charge.pk)
        if locked.status == Charge.Status.VOID:
            return locked
        if locked.status not in (Charge.Status.OPEN, Charge.Status.PENDING):
            raise NotPayable(locked.status)
        locked.closed_reason = reason[:200]
        _close(locked, Charge.Status.VOID)
        return locked


def expire_charges() -> int:
    """Expire the charges whose time is over; return how many.

    The gateway is asked before each (network): what was paid in time counts, a payment that the bank still
    holds keeps the charge waiting, and an unreachable gateway postpones the expiry. Its session is closed
    first, so that nobody pays an expired charge.
    """
    expired = 0
    reachable = True
    over = Charge.objects.filter(
        status__in=[Charge.Status.OPEN, Charge.Status.PENDING], expires_at__lte=clock.now()
    ).order_by("expires_at")
    for charge in over.iterator():
        live = list(charge.sessions.filter(next_check_at__isnull=False))
        if (live and not reachable) or (charge.status == Charge.Status.PENDING and not _to_be_asked(live)):
            continue
        try:
            _close_sessions(charge, live)
        except GatewayUnavailable:
            logger.warning("expiry of charges is postponed: the gateway does not answer")
            reachable = False
            continue
        with transaction.atomic():
            locked = Charge.objects.select_for_update().get(pk=charge.pk)
            given_up = locked.status == Charge.Status.PENDING and not live
            if locked.status == Charge.Status.OPEN or given_up:
                _close(locked, Charge.Status.EXPIRED)
                expired += 1
    return expired


def _to_be_asked(live: Sequence[CheckoutSession]) -> bool:
    """Whether a pending charge's turn has come; with no session left to ask about, the bank has forgotten it."""
    now = clock.now()
    return not live or any(session.next_check_at and session.next_check_at <= now for session in live)


def _close_sessions(charge: Charge, live: Sequence[CheckoutSession]) -> None:
    from .checkout import reconcile

    for session in live:
        if session.gateway_id:
            current().close_session(session.gateway_id)
    if live:
        reconcile(charge, raise_unavailable=True)


def _close(charge: Charge, status: Charge.Status) -> None:
    charge.status = status
    charge.save(update_fields=["status", "closed_reason"])
    ledger.post(
        status.value,
        [(ledger.RECEIVABLE, -charge.total), *ledger.revenue_legs(charge.lines, sign=1)],
        charge=charge,
    )
    give_credits_back(charge)
    tell("charge.expired" if status == Charge.Status.EXPIRED else "charge.void", charge)


def give_credits_back(charge: Charge) -> None:
    """Free the receipts that an unpaid charge had used."""
    left = charge.credited
    for receipt in charge.credits.select_related("payment").order_by("number"):
        payment = receipt.payment
        assert payment is not None
        share = min(left, payment.used)
        left -= share
        payment.used -= share
        payment.save(update_fields=["used"])
        receipt.used_by = None
        receipt.save(update_fields=["used_by"])
        ledger.post(
            "credit-back",
            [(ledger.RECEIVABLE, share), (ledger.CREDIT, -share)],
            charge=charge,
            payment=payment,
        )
