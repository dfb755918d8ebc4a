"""Asking for money: lines, receipts credited, expiry, numbers."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from payments_builders import ANA, LINE, a_charge, news

from ruta.kernel import clock
from ruta.kernel.errors import Conflict, Invalid, NotFound
from ruta.kernel.identifiers import gs1_check_digit
from ruta.kernel.ids import new_id
from ruta.payments import ledger, selectors, services
from ruta.payments.models import Charge, Receipt

pytestmark = pytest.mark.django_db

LUIS = UUID("018f0000-0000-7000-8000-00000000000b")


def paid_earlier(amount: int = 20_600, payer: UUID = ANA, proof: str = "", number: str = "") -> Receipt:
    return services.record_counter_payment(
        payer=payer,
        amount=amount,
        concept="copy",
        title={"es": "Copia", "en": "Copy"},
        paid_at=datetime(2026, 2, 20, 15, tzinfo=UTC),
        proof=proof or new_id().hex,
        receipt_number=number,
    )


def test_cr_09_an_earlier_receipt_is_credited_and_only_the_difference_is_due() -> None:
    with clock.moved(date(2026, 3, 5)):
        receipt = paid_earlier(number="RC-2026-900081")
        charge = a_charge(receipts=["rc-2026-900081 "])
    assert (charge.total, charge.credited, charge.due, charge.status) == (21_600, 20_600, 1_000, "open")
    receipt.refresh_from_db()
    assert receipt.used_by_id == charge.id


def test_a_receipt_is_credited_once() -> None:
    receipt = paid_earlier()
    a_charge(receipts=[receipt.number])
    with pytest.raises(Invalid) as wrong:
        a_charge(receipts=[receipt.number])
    (problem,) = wrong.value.problems
    assert (problem.at, problem.check) == ("/receipts/0", "receipt-used")
    assert "ya se usó" in problem.say["es"]


def test_somebody_elses_receipt_looks_like_one_that_does_not_exist() -> None:
    theirs = paid_earlier(payer=LUIS)
    told = {
        number: selectors.receipt_problems(ANA, [number])[0].say["en"].replace(number, "…")
        for number in (theirs.number, "RC-2026-999999")
    }
    assert len(set(told.values())) == 1
    with pytest.raises(Invalid):
        a_charge(receipts=[theirs.number])


def test_a_receipt_that_paid_its_own_charge_is_no_credit() -> None:
    spent = a_charge(receipts=[paid_earlier(21_600).number]).receipt
    (problem,) = selectors.receipt_problems(ANA, [spent.number])
    assert problem.check == "receipt-spent"


def test_a_charge_that_receipts_cover_is_paid_at_once_and_what_is_left_stays_the_payers() -> None:
    receipt = paid_earlier(30_000)
    charge = a_charge(receipts=[receipt.number])
    assert (charge.due, charge.status, charge.receipt.amount) == (0, "paid", 0)
    assert news("charge.paid", charge) == 1
    assert receipt.payment is not None
    receipt.payment.refresh_from_db()
    assert receipt.payment.used == 21_600
    assert ledger.balances()[ledger.CREDIT] == -8_400


def test_asking_twice_for_the_same_token_makes_one_charge() -> None:
    case_id = new_id()
    assert a_charge(case_id=case_id, token=7).id == a_charge(case_id=case_id, token=7).id
    assert Charge.objects.filter(case_id=case_id).count() == 1


@pytest.mark.parametrize(
    ("line", "at", "check"),
    [
        ({**LINE, "concept": " "}, "/lines/0/concept", "required"),
        ({**LINE, "amount": 10.5}, "/lines/0/amount", "integer"),
        ({**LINE, "amount": "mucho"}, "/lines/0/amount", "integer"),
        ({**LINE, "amount": -1}, "/lines", "total"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_asked(line: dict[str, object], at: str, check: str) -> None:
    with pytest.raises(Invalid) as wrong:
        a_charge(lines=[line])
    assert [(problem.at, problem.check) for problem in wrong.value.problems] == [(at, check)]
    assert not Charge.objects.exists()


def test_an_unpaid_charge_expires_after_its_last_instant_and_its_credits_go_back() -> None:
    receipt = paid_earlier()
    with clock.moved(date(2026, 3, 5)) as filed:
        charge = a_charge(receipts=[receipt.number], expires_at=filed + timedelta(days=3))
    with clock.moved(filed + timedelta(days=3, seconds=-1)):
        assert services.expire_charges() == 0
    with clock.moved(filed + timedelta(days=3)):
        assert services.expire_charges() == 1
        assert services.expire_charges() == 0
    charge.refresh_from_db()
    receipt.refresh_from_db()
    assert (charge.status, news("charge.expired", charge), receipt.used_by_id) == ("expired", 1, None)
    assert selectors.receipt_problems(ANA, [receipt.number]) == ()
    assert {account: balance for account, balance in ledger.balances().items() if balance} == {
        "bank": 20_600,
        "credit": -20_600,
    }


def test_a_withdrawn_charge_is_void_and_asks_for_nothing() -> None:
    charge = a_charge()
    services.void_charge(charge, reason="withdrawn")
    services.void_charge(charge, reason="withdrawn")
    charge.refresh_from_db()
    assert (charge.status, news("charge.void", charge)) == ("void", 1)
    assert not any(ledger.balances().values())


def test_a_voucher_is_recorded_once() -> None:
    first = paid_earlier(proof="V-1")
    assert paid_earlier(proof="V-1").number == first.number
    with pytest.raises(Conflict) as wrong:
        paid_earlier(amount=1, proof="V-1")
    assert wrong.value.field == "proof"


def test_co_56_the_check_digit_of_a_reference_is_that_of_gs1() -> None:
    assert gs1_check_digit("770999800123") == 7


def test_a_reference_with_a_wrong_digit_is_not_looked_for() -> None:
    number = a_charge().number
    assert selectors.charge(f"{number[:4]} {number[4:9]} {number[9:]}").number == number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    with pytest.raises(NotFound) as missing:
        selectors.charge(wrong)
    assert missing.value.field == "number"


def test_receipts_are_numbered_by_year_and_carry_a_code_that_anybody_can_check() -> None:
    with clock.moved(date(2031, 12, 31)):
        last = paid_earlier()
    with clock.moved(date(2032, 1, 1)):
        first = paid_earlier()
    assert re.fullmatch(r"RC-2031-\d{6}", last.number)
    assert re.fullmatch(r"RC-2032-\d{6}", first.number)
    assert selectors.receipt_by_code(f" {first.code.lower()} ") == first
    assert selectors.receipt(last.number.lower()) == last


@pytest.mark.django_db(transaction=True)
def test_two_charges_at_the_same_instant_do_not_share_one_receipt() -> None:
    receipt = paid_earlier()

    def ask() -> str:
        try:
            return str(a_charge(receipts=[receipt.number]).credited)
        except Invalid as wrong:
            return wrong.problems[0].check
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        answers = sorted(future.result() for future in [both.submit(ask), both.submit(ask)])
    assert answers == ["20600", "receipt-used"]
