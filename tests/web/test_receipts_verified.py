"""The code on a payment's receipt answers to anybody: what was paid, when and what for, never by whom."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from tests.desk.desk_builders import BOOKS, Office, open_office, task_of
from tests.web import filling

from ruta.cases import services
from ruta.cases.models import Case
from ruta.kernel import clock
from ruta.kernel.identifiers import output_code, parse_output_code
from ruta.payments.models import Receipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    cache.clear()
    clock.set_clock(datetime(2026, 3, 16, 10))
    with filling.registry() as world:
        yield open_office(world)


def paid(office: Office) -> tuple[Case, Receipt]:
    case = office.asks(BOOKS, pays=True)
    return case, Receipt.objects.get(charge__case_number=case.number)


def asked(code: str) -> dict[str, Any]:
    answer = Client().get(f"/v/{code}", headers={"Accept": "application/json"})
    return {"status": answer.status_code, **answer.json()}


def test_the_code_of_a_receipt_is_typed_where_all_codes_are(office: Office) -> None:
    _, receipt = paid(office)
    assert parse_output_code(receipt.code) == receipt.code
    answer = Client().get("/verificar/", {"codigo": receipt.code.lower().replace("-", "")})
    assert answer["Location"] == f"/v/{receipt.code}"


def test_a_valid_receipt_shows_number_amount_day_and_concept_and_no_person(office: Office) -> None:
    case, receipt = paid(office)
    page = filling.text(Client().get(f"/v/{receipt.code}"))
    for shown in (
        "Este recibo existe y el pago se recibió",
        receipt.number,
        "$ 6.000",
        "16 de marzo",
        "ertificado",
    ):
        assert shown in page, shown
    for hidden in ("Quiroga", "Luis", "52148963", case.number):
        assert hidden not in page
    told = asked(receipt.code)
    assert (told["verdict"], told["receipt"]["amount"], told["receipt"]["returned"]) == ("valid", 6000, 0)
    assert "payer" not in str(told)
    english = Client().get(f"/v/{receipt.code}", headers={"accept-language": "en"})
    assert "This receipt exists and the payment was received" in english.content.decode()


def test_a_payment_that_went_back_is_told(office: Office) -> None:
    case, receipt = paid(office)
    services.claim(task_of(case).id, actor=office.clara)
    services.complete(task_of(case).id, actor=office.clara, typed={"not_found": True})
    office.world.settle()
    services.claim(task_of(case).id, actor=office.beatriz)
    services.complete(task_of(case).id, actor=office.beatriz, typed={"outcome": "approve"})
    office.world.settle()
    page = filling.text(Client().get(f"/v/{receipt.code}"))
    assert "Este recibo existe, pero el pago se devolvió" in page
    assert "No lo acepte como prueba de pago." in page
    assert asked(receipt.code)["verdict"] == "reversed"


def test_a_code_that_no_receipt_has_is_unknown(office: Office) -> None:
    paid(office)
    assert asked(output_code())["status"] == 404


def test_the_receipt_of_a_sealed_case_is_for_its_payer(office: Office) -> None:
    case, receipt = paid(office)
    Case.objects.filter(id=case.id).update(sealed=True, confidentiality="L3")
    assert asked(receipt.code)["status"] == 404
    assert filling.signed_in(office.luis).get(f"/v/{receipt.code}").status_code == 200


def test_the_receipt_says_where_it_is_verified(office: Office) -> None:
    _, receipt = paid(office)
    page = filling.signed_in(office.luis).get(f"/recibos/{receipt.number}/").content.decode()
    assert f"/v/{receipt.code}" in page
