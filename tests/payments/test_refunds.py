"""Money goes back when two people say so, once, and to the peso."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payments_builders import ANA, LINE, a_charge, official

from ruta.engine.terms import add_business_days
from ruta.identity.actors import Actor
from ruta.kernel import calendars, clock, jobs
from ruta.kernel.errors import Conflict, Forbidden, Invalid
from ruta.kernel.ids import new_id
from ruta.kernel.models import DomainEvent
from ruta.payments import gateways, ledger, selectors, services
from ruta.payments.gateways.playing import PlayingGateway
from ruta.payments.models import Charge, Refund
from ruta.sandbox.testing import Playground

pytestmark = pytest.mark.django_db


def a_paid_charge(outside: Playground, tell_ruta: Callable[..., list[int]], **changes: object) -> Charge:
    charge = a_charge(**changes)
    services.start_checkout(charge, "http://testserver/volver")
    outside.pay(charge.number)
    tell_ruta()
    charge.refresh_from_db()
    assert charge.status == "paid"
    return charge


def test_a_refund_asked_for_by_one_official_is_approved_by_another_and_sent_once(
    outside: Playground, tell_ruta: Callable[..., list[int]]
) -> None:
    charge = a_charge(case_id=new_id(), case_number="2026-CRB-000123-7", token=7)
    services.start_checkout(charge, "http://testserver/volver")
    outside.pay(charge.number)
    services.reconcile(charge)
    refund = services.request_refund(charge, reason="not found", requested_by=official(1), token=9)
    with pytest.raises(Forbidden) as wrong:
        services.approve_refund(refund, actor=official(1))
    assert wrong.value.code == "second-person"
    services.approve_refund(refund.id, actor=official(2))
    services.send_refund(refund.id)
    services.send_refund(refund.id)
    refund.refresh_from_db()
    charge.refresh_from_db()
    assert (refund.status, charge.status) == ("sent", "refunded")
    sent = outside.sandbox.store.rows(
        "SELECT amount FROM refund WHERE payment = ?", charge.payments.get().external_id
    )
    assert sent == [{"amount": 21_600}]
    told = DomainEvent.objects.get(name="refund.sent", payload__refund_id=str(refund.id)).payload
    assert (told["token"], told["case_id"]) == (9, str(charge.case_id))
    assert not any(ledger.balances().values())


def test_days_on_which_the_agency_is_closed_do_not_count_for_the_refund(
    outside: Playground, tell_ruta: Callable[..., list[int]]
) -> None:
    """Fifteen business days of the agency that sends it back, as all its terms (common facts §5, R11)."""
    agency = "899999040-4"
    charge = a_paid_charge(outside, tell_ruta)
    last = add_business_days(clock.today(), 15, calendars.national())
    calendars.close(agency, last, resolution="Resolución 1 de 2026")
    refund = services.request_refund(charge, reason="x", requested_by=Actor.system("step"), agency=agency)
    assert refund.due_on == add_business_days(last, 1, calendars.national())


def test_neither_a_person_nor_the_payer_in_office_approves(
    outside: Playground, tell_ruta: Callable[..., list[int]]
) -> None:
    charge = a_paid_charge(outside, tell_ruta)
    ana = Actor(kind="person", name="Ana", person_id=ANA)
    refund = services.request_refund(charge, reason="mistake", requested_by=ana)
    for nobody in (ana, official(3, ANA), Actor.system("step")):
        with pytest.raises(Forbidden):
            services.approve_refund(refund, actor=nobody)


def test_a_second_payment_goes_back_when_a_second_person_approves(
    outside: Playground, tell_ruta: Callable[..., list[int]]
) -> None:
    outside.misbehave("gateway", "double-charge", times=1)
    charge = a_paid_charge(outside, tell_ruta)
    held = selectors.held_payments([charge]).get()
    refund = services.request_refund(held, reason="twice", requested_by=official(1))
    assert refund == Refund.objects.get()
    services.approve_refund(refund, actor=official(2))
    jobs.run_due()
    charge.refresh_from_db()
    held.refresh_from_db()
    assert (charge.status, held.refunded) == ("paid", 21_600)


def test_asking_again_returns_the_refund_that_is_open(
    outside: Playground, tell_ruta: Callable[..., list[int]]
) -> None:
    charge = a_paid_charge(outside, tell_ruta)
    first = services.request_refund(charge, reason="a", requested_by=official(1))
    assert services.request_refund(charge, reason="b", requested_by=official(2)) == first


def test_no_more_goes_back_than_was_paid(outside: Playground, tell_ruta: Callable[..., list[int]]) -> None:
    charge = a_paid_charge(outside, tell_ruta)
    with pytest.raises(Invalid) as wrong:
        services.request_refund(charge, reason="x", requested_by=official(1), amount=21_601)
    assert "$ 21.600" in wrong.value.problems[0].say["es"]
    part = services.request_refund(charge, reason="x", requested_by=official(1), amount=600)
    services.approve_refund(part, actor=official(2))
    jobs.run_due()
    charge.refresh_from_db()
    assert charge.status == "paid"
    assert services.request_refund(charge, reason="rest", requested_by=official(1)).amount == 21_000


def test_an_unpaid_charge_has_nothing_to_send_back() -> None:
    with pytest.raises(Invalid):
        services.request_refund(a_charge(), reason="x", requested_by=official(1))


def test_a_charge_covered_by_a_receipt_and_a_payment_goes_back_whole(
    outside: Playground, tell_ruta: Callable[..., list[int]]
) -> None:
    receipt = services.record_counter_payment(
        payer=ANA,
        amount=20_600,
        concept="copy",
        title={"es": "Copia", "en": "Copy"},
        paid_at=clock.now(),
        proof="V9",
    )
    charge = a_paid_charge(outside, tell_ruta, receipts=[receipt.number])
    refund = services.request_refund(charge, reason="not found", requested_by=official(1))
    assert refund.amount == 21_600
    services.approve_refund(refund, actor=official(2))
    jobs.run_due()
    charge.refresh_from_db()
    assert charge.status == "refunded"
    assert not any(ledger.balances().values())


def test_a_declined_refund_leaves_the_money_and_may_be_asked_for_again(
    outside: Playground, tell_ruta: Callable[..., list[int]]
) -> None:
    charge = a_paid_charge(outside, tell_ruta)
    refund = services.request_refund(charge, reason="x", requested_by=official(1))
    services.decline_refund(refund, actor=official(2), note="The document was delivered")
    with pytest.raises(Conflict):
        services.approve_refund(refund, actor=official(2))
    assert services.request_refund(charge, reason="y", requested_by=official(1)) != refund


def test_an_approved_refund_waits_for_a_gateway_that_is_down(
    outside: Playground, tell_ruta: Callable[..., list[int]]
) -> None:
    charge = a_paid_charge(outside, tell_ruta)
    refund = services.request_refund(charge, reason="x", requested_by=official(1))
    services.approve_refund(refund, actor=official(2))
    outside.misbehave("gateway", "down")
    jobs.run_due()
    refund.refresh_from_db()
    assert refund.status == "approved"
    outside.misbehave("gateway", "ok")
    with clock.moved(clock.now().replace(year=2098)):
        jobs.run_due()
    refund.refresh_from_db()
    assert refund.status == "sent"


def test_a_refund_of_a_fee_is_due_in_fifteen_business_days() -> None:
    with gateways.using(PlayingGateway()) as bank, clock.moved(date(2026, 3, 2)):
        assert isinstance(bank, PlayingGateway)
        charge = a_charge()
        services.start_checkout(charge, "http://testserver/volver")
        bank.approve(charge.number)
        services.reconcile(charge)
        refund = services.request_refund(charge, reason="x", requested_by=official(1))
    assert refund.due_on == date(2026, 3, 24)  # Monday 23 March 2026 is a holiday (San José)


@given(amounts=st.lists(st.integers(1, 10**9), min_size=1, max_size=5), part=st.floats(0, 1))
def test_what_goes_back_is_shared_among_beneficiaries_to_the_peso(amounts: list[int], part: float) -> None:
    lines = [{**LINE, "amount": amount, "beneficiary": str(place)} for place, amount in enumerate(amounts)]
    whole = int(sum(amounts) * part)
    shares = dict(ledger.share(lines, whole))
    assert sum(shares.values()) == whole
    for line in lines:
        exact = whole * int(str(line["amount"])) / sum(amounts)
        assert abs(shares.get(ledger.revenue(str(line["beneficiary"])), 0) - exact) <= 1
