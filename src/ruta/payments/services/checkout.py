"""Send the person to the gateway, and learn from the gateway what became of it.

A webhook is a hint to ask: forged, repeated, late, lost or out of order, it never changes a charge by itself.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from ruta.kernel import clock
from ruta.kernel.texts import current_language, pick

from .. import rules
from ..errors import AmountDiffers, GatewayUnavailable, NotPayable, PaymentPending
from ..gateways import Order, PaymentFact, SessionFact, current
from ..models import Charge, CheckoutSession, Difference, Payment, WebhookReceipt
from .settlement import take_payment

logger = logging.getLogger(__name__)
NOTICE_PATH = "/pagos/aviso"
_LIVE = (CheckoutSession.Status.CREATING, CheckoutSession.Status.OPEN, CheckoutSession.Status.PENDING)


def start_checkout(charge: Charge, return_url: str) -> str:
    """Open the gateway's page for a charge and return its address (network).

    A charge has one live session: a second click, another tab or an answer lost on the way lead to the same
    page. Raises NotPayable, PaymentPending or GatewayUnavailable.
    """
    if CheckoutSession.objects.filter(charge=charge, status__in=_LIVE).exclude(gateway_id="").exists():
        reconcile(charge)
    with transaction.atomic():
        locked = Charge.objects.select_for_update().get(pk=charge.pk)
        _check_payable(locked)
        session = locked.sessions.filter(status__in=_LIVE).order_by("-id").first()
        if session is None:
            now = clock.now()
            session = CheckoutSession.objects.create(
                charge=locked,
                return_url=return_url,
                created_at=now,
                next_check_at=rules.next_check(0, now, now),
            )
    if session.gateway_id:
        return session.url
    title = pick(locked.lines[0]["title"]) if locked.lines else locked.number
    opened = current().open_session(_order(session, locked, title, current_language()))
    CheckoutSession.objects.filter(pk=session.pk, gateway_id="").update(
        gateway_id=opened.id, url=opened.url, status=CheckoutSession.Status.OPEN
    )
    return opened.url


def _order(session: CheckoutSession, charge: Charge, description: str, lang: str) -> Order:
    return Order(
        key=session.id,
        reference=charge.number,
        amount=charge.due,
        description=description,
        return_url=session.return_url,
        notify_url=f"{settings.PUBLIC_URL}{NOTICE_PATH}",
        lang=lang,
        expires_at=charge.expires_at,
    )


def _check_payable(charge: Charge) -> None:
    if charge.status == Charge.Status.PENDING:
        raise PaymentPending
    if (
        charge.status == Charge.Status.OPEN
        and charge.expires_at is not None
        and charge.expires_at <= clock.now()
    ):
        raise NotPayable(Charge.Status.EXPIRED)
    if charge.status != Charge.Status.OPEN:
        raise NotPayable(charge.status)


@dataclass(frozen=True)
class WebhookAnswer:
    """What a signed notice is answered with: taken, or already known."""

    status: int
    code: str


def receive_webhook(headers: Mapping[str, str], body: bytes) -> WebhookAnswer:
    """Take a notice of the gateway: check it, keep it once by its event id, and have the gateway asked.

    Raises SignatureWrong (401), NoticeStale (400), NoticeUnreadable (400), AmountDiffers (422, CO-B13). An
    amount that differs is kept and asked about all the same: if the gateway holds that money, it becomes the
    payer's credit.
    """
    notice = current().read_notice(headers, body, clock.now())
    charge = Charge.objects.filter(number=notice.reference).first()
    differs = charge is not None and notice.status == "approved" and notice.amount != charge.due
    verdict = "unknown-charge" if charge is None else "amount-differs" if differs else "taken"
    try:
        with transaction.atomic():
            WebhookReceipt.objects.create(
                event_id=notice.event_id,
                kind=notice.kind,
                charge_number=notice.reference,
                sha256=hashlib.sha256(body).hexdigest(),
                verdict=verdict,
                received_at=clock.now(),
            )
            if charge is not None:
                from ..jobs import reconcile_charge

                reconcile_charge.defer(charge_id=str(charge.id))
    except IntegrityError:
        WebhookReceipt.objects.filter(pk=notice.event_id).update(repeated=F("repeated") + 1)
        return WebhookAnswer(200, "already-known")
    if differs:
        assert charge is not None
        raise AmountDiffers(charge.due)
    return WebhookAnswer(202, verdict)


def reconcile(charge: Charge, *, raise_unavailable: bool = False) -> Charge:
    """Ask the gateway about every session of the charge and take what it says (network); return the charge as
    it is.

    Harmless at any time and any number of times. Without `raise_unavailable` an unreachable gateway leaves
    things as they are, to be asked again by the clock.
    """
    for session in charge.sessions.order_by("id"):
        try:
            _ask_about(session)
        except GatewayUnavailable:
            _ask_later(session)
            if raise_unavailable:
                raise
    charge.refresh_from_db()
    return charge


def _ask_about(session: CheckoutSession) -> None:
    if not session.gateway_id:
        _recover(session)
    fact = current().session(session.gateway_id)
    for payment in fact.payments:
        take_payment(payment, session)
    _note(session, fact)


def _recover(session: CheckoutSession) -> None:
    """The gateway's answer was lost: the same key gives the same session."""
    charge = session.charge
    opened = current().open_session(_order(session, charge, charge.number, "es"))
    session.gateway_id, session.url = opened.id, opened.url
    session.save(update_fields=["gateway_id", "url"])


def _note(session: CheckoutSession, fact: SessionFact) -> None:
    final = fact.status in ("approved", "rejected", "closed")
    now = clock.now()
    CheckoutSession.objects.filter(pk=session.pk).update(
        status=fact.status,
        checks=F("checks") + 1,
        next_check_at=None if final else rules.next_check(session.checks + 1, session.created_at, now),
    )
    with transaction.atomic():
        charge = Charge.objects.select_for_update().get(pk=session.charge_id)
        waiting = Payment.objects.filter(charge=charge, status=Payment.Status.PENDING).exists()
        status = Charge.Status.PENDING if waiting else Charge.Status.OPEN
        if charge.status in (Charge.Status.OPEN, Charge.Status.PENDING) and charge.status != status:
            charge.status = status
            charge.save(update_fields=["status"])


def _ask_later(session: CheckoutSession) -> None:
    now = clock.now()
    CheckoutSession.objects.filter(pk=session.pk).update(
        checks=F("checks") + 1, next_check_at=rules.next_check(session.checks + 1, session.created_at, now)
    )


def reconcile_pending(*, limit: int = 500) -> int:
    """Ask about the sessions whose time to be asked has come (network); return how many charges were asked
    about."""
    due = (
        CheckoutSession.objects.filter(next_check_at__lte=clock.now())
        .order_by("next_check_at")
        .values_list("charge_id", flat=True)[:limit]
    )
    charges = Charge.objects.in_bulk(list(dict.fromkeys(due)))
    for charge in charges.values():
        reconcile(charge)
    return len(charges)


def reconcile_day(day: date) -> list[Difference]:
    """Compare the gateway's file of a day with the ledger, mend what can be mended, and return the
    differences (network).

    The last net under lost notices: a payment that nobody told us of is taken now. Classes as in common facts
    §16.
    """
    told = {fact.id: fact for fact in current().payments_of(day)}
    known = {payment.external_id: payment for payment in Payment.objects.filter(external_id__in=list(told))}
    found: list[Difference] = []
    for fact in told.values():
        payment = known.get(fact.id)
        if payment is None or payment.status in (Payment.Status.PENDING, Payment.Status.REJECTED):
            found.append(_take_missing(day, fact))
        elif payment.amount != fact.amount:
            found.append(_difference(day, Difference.Kind.AMOUNT_DIFFERS, fact, mended=False))
        elif payment.held_because == Payment.Why.SECOND:
            found.append(_difference(day, Difference.Kind.DUPLICATE, fact, mended=True))
    start = clock.instant(day, time(0))
    unseen = Payment.objects.filter(
        session__isnull=False,
        status__in=[Payment.Status.ACCEPTED, Payment.Status.HELD],
        paid_at__gte=start,
        paid_at__lt=start + timedelta(days=1),
    ).exclude(external_id__in=list(told))
    for payment in unseen.select_related("charge"):
        fact = PaymentFact(
            payment.external_id,
            "",
            payment.charge.number if payment.charge else "",
            payment.amount,
            "approved",
            payment.method,
            payment.approval,
            payment.paid_at,
        )
        found.append(_difference(day, Difference.Kind.MISSING_AT_GATEWAY, fact, mended=False))
    return found


def _take_missing(day: date, fact: PaymentFact) -> Difference:
    charge = Charge.objects.filter(number=fact.reference).first()
    if charge is None:
        return _difference(day, Difference.Kind.UNKNOWN_REFERENCE, fact, mended=False)
    session = CheckoutSession.objects.filter(gateway_id=fact.session_id, charge=charge).first()
    take_payment(fact, session or charge.sessions.order_by("id").first(), charge=charge)
    return _difference(day, Difference.Kind.MISSING_IN_LEDGER, fact, mended=True)


def _difference(day: date, kind: Difference.Kind, fact: PaymentFact, *, mended: bool) -> Difference:
    row, _ = Difference.objects.get_or_create(
        kind=kind,
        external_id=fact.id,
        defaults={
            "day": day,
            "reference": fact.reference[:32],
            "amount": fact.amount,
            "found_at": clock.now(),
            "mended": mended,
        },
    )
    return row


__all__ = [
    "WebhookAnswer",
    "receive_webhook",
    "reconcile",
    "reconcile_day",
    "reconcile_pending",
    "start_checkout",
]
