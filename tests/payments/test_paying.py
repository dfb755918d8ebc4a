"""Paying at a gateway that misbehaves: never charged twice, never paid and forgotten."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from django.db import connection
from payments_builders import a_charge, news

from ruta.kernel import clock, jobs
from ruta.payments import gateways, ledger, selectors, services
from ruta.payments.errors import AmountDiffers, GatewayRefused, GatewayUnavailable, NotPayable, PaymentPending
from ruta.payments.gateways.hosted import HostedGateway
from ruta.payments.gateways.playing import PlayingGateway
from ruta.payments.models import Charge, Difference, Payment, Refund, WebhookReceipt
from ruta.sandbox.testing import Playground

pytestmark = pytest.mark.django_db
BACK = "http://testserver/volver"
Deliver = Callable[..., list[int]]


def at_the_gateway(charge: Charge) -> str:
    return services.start_checkout(charge, BACK)


def fresh(charge: Charge) -> Charge:
    charge.refresh_from_db()
    return charge


def test_the_person_pays_and_has_a_receipt_at_once(outside: Playground, tell_ruta: Deliver) -> None:
    charge = a_charge()
    url = at_the_gateway(charge)
    page = httpx.get(url).text
    assert "$ 21.600" in page
    assert charge.number in page
    back = httpx.post(url, data={"action": "approve", "method": "PSE"})
    assert (back.status_code, back.headers["location"]) == (303, BACK)
    assert tell_ruta() == [202]
    paid = selectors.charge(charge.number)
    assert (paid.status, paid.receipt.amount, news("charge.paid", charge)) == ("paid", 21_600, 1)
    payment = paid.payments.get()
    assert (payment.method, len(payment.approval)) == ("PSE", 8)


def test_a_second_click_leads_to_the_same_page(outside: Playground) -> None:
    charge = a_charge()
    assert at_the_gateway(charge) == at_the_gateway(charge)


def test_an_answer_lost_on_the_way_opens_no_second_session(outside: Playground) -> None:
    charge = a_charge()
    outside.misbehave("gateway", "slow", times=1, delay=1.0)
    hasty = HostedGateway(outside.gateway_url, outside.secret, timeout=httpx.Timeout(0.3))
    with gateways.using(hasty), pytest.raises(GatewayUnavailable):
        at_the_gateway(charge)
    at_the_gateway(charge)
    sessions = outside.sandbox.store.rows("SELECT id FROM session WHERE reference = ?", charge.number)
    assert len(sessions) == 1


def test_a_gateway_that_is_down_takes_nothing_and_the_person_tries_later(outside: Playground) -> None:
    charge = a_charge()
    outside.misbehave("gateway", "down", times=1)
    with pytest.raises(GatewayUnavailable) as wrong:
        at_the_gateway(charge)
    assert wrong.value.status == 503
    assert at_the_gateway(charge).startswith(outside.gateway_url)
    assert fresh(charge).status == "open"


def test_a_lost_notice_is_found_when_the_person_comes_back(outside: Playground, tell_ruta: Deliver) -> None:
    charge = a_charge()
    at_the_gateway(charge)
    outside.misbehave("gateway", "lost", times=1)
    outside.pay(charge.number)
    assert tell_ruta() == []
    assert services.reconcile(charge).status == "paid"


def test_a_lost_notice_is_found_by_the_clock_when_nobody_comes_back(outside: Playground) -> None:
    charge = a_charge()
    at_the_gateway(charge)
    outside.misbehave("gateway", "lost", times=1)
    outside.pay(charge.number)
    with clock.moved(clock.now() + timedelta(minutes=1)):
        services.reconcile_pending()
    assert fresh(charge).status == "paid"


def test_a_lost_notice_is_found_by_the_daily_file_when_all_else_failed(outside: Playground) -> None:
    charge = a_charge()
    at_the_gateway(charge)
    outside.misbehave("gateway", "lost", times=1)
    outside.pay(charge.number)
    differences = services.reconcile_day(clock.today())
    told = {(row.kind, row.mended) for row in differences if row.reference == charge.number}
    assert told == {(Difference.Kind.MISSING_IN_LEDGER, True)}
    assert fresh(charge).status == "paid"


def test_the_daily_file_names_a_payment_that_is_not_ours(outside: Playground) -> None:
    charge = a_charge()
    at_the_gateway(charge)
    outside.sandbox.store.run("UPDATE session SET reference = 'AJENA' WHERE reference = ?", charge.number)
    outside.pay("AJENA")
    (difference,) = [row for row in services.reconcile_day(clock.today()) if row.reference == "AJENA"]
    assert (difference.kind, difference.mended) == (Difference.Kind.UNKNOWN_REFERENCE, False)


def test_a_notice_sent_twice_is_kept_once(outside: Playground, tell_ruta: Deliver) -> None:
    charge = a_charge()
    at_the_gateway(charge)
    outside.misbehave("gateway", "twice", times=1)
    outside.pay(charge.number)
    assert tell_ruta() == [202, 200]
    receipt = WebhookReceipt.objects.get(charge_number=charge.number)
    assert (receipt.repeated, news("charge.paid", charge)) == (1, 1)


def test_a_replayed_notice_changes_nothing(outside: Playground) -> None:
    charge = a_charge()
    at_the_gateway(charge)
    outside.pay(charge.number)
    ((headers, body),) = outside.notices()
    assert services.receive_webhook(headers, body).status == 202
    assert services.receive_webhook(headers, body).code == "already-known"
    jobs.run_due()
    assert Payment.objects.filter(charge=charge).count() == 1


def test_a_late_notice_finds_the_charge_paid_already(outside: Playground, tell_ruta: Deliver) -> None:
    charge = a_charge()
    at_the_gateway(charge)
    outside.misbehave("gateway", "late", times=1, delay=3600)
    outside.pay(charge.number)
    assert tell_ruta() == []
    services.reconcile(charge)
    assert tell_ruta(early=True) == [202]
    assert news("charge.paid", charge) == 1


def test_a_forged_notice_is_refused_and_the_truth_is_asked_for(
    outside: Playground, tell_ruta: Deliver
) -> None:
    charge = a_charge()
    at_the_gateway(charge)
    outside.misbehave("gateway", "forged", times=1)
    outside.pay(charge.number, "rejected")
    assert tell_ruta() == [401]
    assert not WebhookReceipt.objects.filter(charge_number=charge.number).exists()
    assert services.reconcile(charge).status == "open"


@pytest.mark.parametrize(("truth", "status"), [("approved", "paid"), ("rejected", "open")])
def test_a_signed_notice_that_lies_does_not_decide(
    outside: Playground, tell_ruta: Deliver, truth: str, status: str
) -> None:
    charge = a_charge()
    at_the_gateway(charge)
    outside.misbehave("gateway", "lying", times=1)
    outside.pay(charge.number, truth)
    tell_ruta()
    assert fresh(charge).status == status


def test_notices_out_of_order_do_not_unpay(outside: Playground, tell_ruta: Deliver) -> None:
    charge = a_charge()
    at_the_gateway(charge)
    outside.misbehave("gateway", "out-of-order", times=1)
    outside.pay(charge.number)
    assert tell_ruta() == [202, 202]
    assert fresh(charge).status == "paid"


def test_after_a_rejection_the_person_pays_with_another_session(
    outside: Playground, tell_ruta: Deliver
) -> None:
    charge = a_charge()
    first = at_the_gateway(charge)
    outside.pay(charge.number, "rejected")
    tell_ruta()
    assert at_the_gateway(charge) != first
    outside.pay(charge.number)
    tell_ruta()
    assert fresh(charge).status == "paid"


def test_while_the_bank_thinks_the_person_is_told_not_to_pay_again(
    outside: Playground, tell_ruta: Deliver
) -> None:
    charge = a_charge()
    at_the_gateway(charge)
    outside.pay(charge.number, "pending")
    tell_ruta()
    assert fresh(charge).status == "pending"
    with pytest.raises(PaymentPending):
        at_the_gateway(charge)
    outside.settle(charge.number, "approved")
    tell_ruta()
    assert fresh(charge).status == "paid"
    with pytest.raises(NotPayable):
        at_the_gateway(charge)


def test_a_payment_that_the_bank_still_holds_keeps_the_charge_from_expiring(
    outside: Playground, tell_ruta: Deliver
) -> None:
    charge = a_charge(expires_at=clock.now() + timedelta(hours=1))
    at_the_gateway(charge)
    outside.pay(charge.number, "pending")
    with clock.moved(clock.now() + timedelta(hours=2)):
        assert services.expire_charges() == 0
        outside.settle(charge.number, "approved")
    with clock.moved(clock.now() + timedelta(hours=3)):
        services.expire_charges()
    assert fresh(charge).status == "paid"


def test_a_payment_about_which_the_bank_never_answers_expires_after_ten_days() -> None:
    with gateways.using(PlayingGateway()) as bank:
        assert isinstance(bank, PlayingGateway)
        start = clock.now()
        charge = a_charge(expires_at=start + timedelta(hours=1))
        at_the_gateway(charge)
        bank.leave_pending(charge.number)
        services.reconcile(charge)
        for day in range(1, 13):
            with clock.moved(start + timedelta(days=day)):
                services.reconcile_pending()
                services.expire_charges()
                if day < 10:
                    assert fresh(charge).status == "pending"
        assert fresh(charge).status == "expired"


def test_a_session_that_the_gateway_does_not_know_is_over_and_another_is_opened(outside: Playground) -> None:
    charge = a_charge()
    with gateways.using(PlayingGateway()):
        elsewhere = at_the_gateway(charge)
    here = at_the_gateway(charge)
    assert here != elsewhere
    assert here.startswith(outside.gateway_url)


def test_an_operation_that_the_gateway_refuses_is_not_called_unavailable(outside: Playground) -> None:
    with gateways.using(HostedGateway(outside.gateway_url, "not the secret")), pytest.raises(GatewayRefused):
        at_the_gateway(a_charge())


def test_what_was_paid_in_time_counts_though_no_notice_came(outside: Playground) -> None:
    charge = a_charge(expires_at=clock.now() + timedelta(hours=1))
    at_the_gateway(charge)
    outside.misbehave("gateway", "lost", times=1)
    outside.pay(charge.number)
    with clock.moved(clock.now() + timedelta(hours=2)):
        assert services.expire_charges() == 0
    assert fresh(charge).status == "paid"


def test_a_charge_does_not_expire_while_the_gateway_cannot_be_asked(outside: Playground) -> None:
    charge = a_charge(expires_at=clock.now() + timedelta(hours=1))
    at_the_gateway(charge)
    with clock.moved(clock.now() + timedelta(hours=2)):
        outside.misbehave("gateway", "down")
        assert services.expire_charges() == 0
        outside.misbehave("gateway", "ok")
        assert services.expire_charges() == 1
    assert "Esta sesión se cerró sin pago" in httpx.get(charge.sessions.get().url).text


def test_money_that_comes_after_expiry_is_held_and_a_refund_is_opened() -> None:
    with gateways.using(PlayingGateway()) as bank:
        assert isinstance(bank, PlayingGateway)
        charge = a_charge(expires_at=clock.now() + timedelta(hours=1))
        at_the_gateway(charge)
        with clock.moved(clock.now() + timedelta(hours=2)):
            assert services.expire_charges() == 1
            services.receive_webhook(*bank.approve(charge.number, method="CASH"))
            jobs.run_due()
    payment = Payment.objects.get(charge=charge)
    assert (fresh(charge).status, payment.status, payment.held_because) == ("expired", "held", "late")
    assert payment.receipt.amount == 21_600
    refund = Refund.objects.get(charge=charge)
    assert (refund.amount, refund.status, refund.requested_by) == (21_600, "requested", "system:payments")


def test_money_taken_twice_pays_once_and_the_second_is_held(outside: Playground, tell_ruta: Deliver) -> None:
    charge = a_charge()
    at_the_gateway(charge)
    outside.misbehave("gateway", "double-charge", times=1)
    outside.pay(charge.number)
    tell_ruta()
    statuses = sorted(Payment.objects.filter(charge=charge).values_list("status", "held_because"))
    assert statuses == [("accepted", ""), ("held", "second")]
    assert (news("charge.paid", charge), Refund.objects.get(charge=charge).amount) == (1, 21_600)


def test_co_b13_a_notice_of_49_999_for_a_charge_of_50_000_is_not_accepted() -> None:
    with gateways.using(PlayingGateway()) as bank:
        assert isinstance(bank, PlayingGateway)
        charge = a_charge(lines=[{"concept": "fee", "amount": 50_000}])
        at_the_gateway(charge)
        headers, body = bank.approve(charge.number, amount=49_999)
        with pytest.raises(AmountDiffers) as wrong:
            services.receive_webhook(headers, body)
        assert wrong.value.say("es") == "Valor: el cobro es de $ 50.000; no se tomó nada."
        assert fresh(charge).status == "open"


def test_co_b13_money_really_taken_in_another_amount_is_the_payers_and_pays_nothing(
    outside: Playground, tell_ruta: Deliver
) -> None:
    charge = a_charge(lines=[{"concept": "fee", "amount": 50_000}])
    at_the_gateway(charge)
    outside.misbehave("gateway", "wrong-amount", times=1)
    outside.pay(charge.number)
    assert tell_ruta() == [422]
    payment = Payment.objects.get(charge=charge)
    assert (fresh(charge).status, payment.amount, payment.held_because) == ("open", 49_999, "amount")
    assert Refund.objects.get(charge=charge).amount == 49_999
    at_the_gateway(charge)
    outside.pay(charge.number)
    tell_ruta()
    assert fresh(charge).status == "paid"


def test_the_gateway_is_asked_less_and_less_often_and_never_forgotten_in_the_first_days() -> None:
    from ruta.payments import rules

    start = now = clock.now()
    asked = []
    checks = 0
    while (later := rules.next_check(checks, start, now)) is not None:
        asked.append(later - now)
        now, checks = later, checks + 1
    assert asked[:3] == [timedelta(seconds=10), timedelta(seconds=20), timedelta(seconds=40)]
    assert max(asked[:50]) == timedelta(minutes=30)
    assert asked[-1] == timedelta(hours=6)
    assert now - start > timedelta(days=10)


@pytest.mark.django_db(transaction=True)
def test_the_page_the_webhook_and_the_clock_at_the_same_instant_take_one_payment() -> None:
    bank = PlayingGateway()
    with gateways.using(bank):
        charge = a_charge()
        at_the_gateway(charge)
        bank.approve(charge.number)

    def ask() -> str:
        try:
            with gateways.using(bank):
                return services.reconcile(Charge.objects.get(pk=charge.pk)).status
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as everybody:
        answers = [future.result() for future in [everybody.submit(ask) for _ in range(4)]]
    assert set(answers) == {"paid"}
    assert (Payment.objects.filter(charge=charge).count(), news("charge.paid", charge)) == (1, 1)


def test_a_session_that_is_final_is_not_asked_again(outside: Playground, tell_ruta: Deliver) -> None:
    charge = a_charge()
    at_the_gateway(charge)
    outside.pay(charge.number)
    tell_ruta()
    assert charge.sessions.get().next_check_at is None
    assert ledger.balances()[ledger.RECEIVABLE] == 0
