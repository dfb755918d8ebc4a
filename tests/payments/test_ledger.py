"""The ledger balances, whatever happens in whatever order, and the database sees to it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from payments_builders import a_charge, news, official

from ruta.kernel import clock, jobs
from ruta.kernel.errors import RutaError
from ruta.payments import gateways, ledger, services
from ruta.payments.gateways.playing import PlayingGateway
from ruta.payments.models import Charge, LedgerEntry, Payment, Refund

pytestmark = pytest.mark.django_db
WHAT_HAPPENS = (
    "checkout", "approve", "approve-less", "pending", "reject", "settle-approved", "settle-rejected", "notice",
    "notice-again", "reconcile", "day", "expire", "void", "refund", "approve-refund", "down", "up",
)  # fmt: skip


def test_the_database_refuses_a_movement_that_does_not_sum_to_zero() -> None:
    with pytest.raises(IntegrityError, match="does not sum to zero"), transaction.atomic():
        ledger.post("wrong", [(ledger.GATEWAY, 100), (ledger.CREDIT, -99)])


def test_the_database_refuses_to_change_or_remove_what_was_posted() -> None:
    a_charge()
    entry = LedgerEntry.objects.first()
    assert entry is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.filter(pk=entry.pk).update(amount=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.filter(pk=entry.pk).delete()


def test_a_charge_cannot_be_paid_by_two_payments_even_by_sql() -> None:
    charge = a_charge()
    paid = {"charge": charge, "method": "PSE", "amount": 21_600, "status": "accepted"}
    Payment.objects.create(external_id=uuid4().hex, paid_at=clock.now(), noticed_at=clock.now(), **paid)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(external_id=uuid4().hex, paid_at=clock.now(), noticed_at=clock.now(), **paid)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(WHAT_HAPPENS), max_size=25))
def test_whatever_happens_in_any_order_no_peso_is_lost_and_nobody_pays_twice(happens: list[str]) -> None:
    with transaction.atomic(), gateways.using(PlayingGateway()) as bank:
        assert isinstance(bank, PlayingGateway)
        charge = _play(bank, happens)
        bank.down = False
        services.reconcile(charge)
        taken = sum(fact.amount for fact in bank.payments_for(charge.number) if fact.status == "approved")
        known = Payment.objects.filter(charge=charge, status__in=["accepted", "held"])
        assert (known.aggregate(sum=Sum("amount"))["sum"] or 0) == taken
        assert known.filter(status="accepted").count() <= 1
        assert news("charge.paid", charge) == known.filter(status="accepted").count()
        assert (charge.status in ("paid", "refunded")) == known.filter(status="accepted").exists()
        assert sum(ledger.balances().values()) == 0
        returned = (
            Refund.objects.filter(charge=charge, status="sent").aggregate(sum=Sum("amount"))["sum"] or 0
        )
        assert ledger.balances().get(ledger.GATEWAY, 0) == taken - returned
        owed = 21_600 if charge.status in ("open", "pending") else 0
        assert ledger.balances().get(ledger.RECEIVABLE, 0) == owed
        transaction.set_rollback(True)


def _play(bank: PlayingGateway, happens: list[str]) -> Charge:
    start = clock.now()
    charge = a_charge(expires_at=start + timedelta(minutes=30))
    sent: list[tuple[dict[str, str], bytes]] = []
    last: list[tuple[dict[str, str], bytes]] = []
    for step, what in enumerate(happens):
        with clock.moved(start + timedelta(minutes=2 * step)):
            _happen(bank, charge, what, sent, last)
            jobs.run_due()
    return charge


def _happen(
    bank: PlayingGateway,
    charge: Charge,
    what: str,
    sent: list[tuple[dict[str, str], bytes]],
    last: list[tuple[dict[str, str], bytes]],
) -> None:
    opened = charge.sessions.exclude(gateway_id="").exists()
    pending = [fact.id for fact in bank.payments_for(charge.number) if fact.status == "pending"]
    refund = Refund.objects.filter(charge=charge, status="requested").first()
    try:
        match what:
            case "checkout":
                services.start_checkout(charge, "http://testserver/volver")
            case "approve" if opened:
                sent.append(bank.approve(charge.number))
            case "approve-less" if opened:
                sent.append(bank.approve(charge.number, amount=21_599))
            case "pending" if opened:
                sent.append(bank.leave_pending(charge.number))
            case "reject" if opened:
                sent.append(bank.reject(charge.number))
            case "settle-approved" | "settle-rejected" if pending:
                sent.append(bank.settle(pending[0], what.removeprefix("settle-")))
            case "notice" if sent:
                last[:] = [sent.pop()]  # the newest first: out of order
                services.receive_webhook(*last[0])
            case "notice-again" if last:
                services.receive_webhook(*last[0])
            case "reconcile":
                services.reconcile(charge)
            case "day":
                services.reconcile_day(clock.today())
            case "expire":
                services.expire_charges()
            case "void":
                services.void_charge(charge, reason="withdrawn")
            case "refund":
                services.request_refund(charge, reason="x", requested_by=official(1))
            case "approve-refund" if refund is not None:
                services.approve_refund(refund, actor=official(2))
            case "down" | "up":
                bank.down = what == "down"
    except RutaError:
        pass  # refused with words; the books must balance all the same
