"""The address that the gateway calls: what it answers to good and bad notices."""

import json
from datetime import datetime

import pytest
from django.test import Client
from payments_builders import a_charge
from pytest_django.fixtures import Settings

from ruta.kernel import clock
from ruta.payments.gateways import signing
from ruta.payments.models import WebhookReceipt

pytestmark = pytest.mark.django_db
SECRET = "the gateway's secret"


@pytest.fixture(autouse=True)
def _secret(settings: Settings) -> None:
    settings.GATEWAY_SECRET = SECRET


@pytest.fixture(autouse=True)
def _a_whole_second() -> None:
    """The age of a notice is told in seconds: none passes, nor part of one, between signing and reading."""
    clock.set_clock(datetime(2026, 3, 16, 10))


def post(
    said: object, *, secret: str = SECRET, age: int = 0, body: bytes | None = None
) -> tuple[int, dict[str, object]]:
    raw = json.dumps(said).encode() if body is None else body
    stamp = int(clock.now().timestamp()) - age
    answer = Client(enforce_csrf_checks=True).post(
        "/pagos/aviso",
        raw,
        content_type="application/json",
        headers={signing.TIMESTAMP: str(stamp), signing.SIGNATURE: signing.sign(secret, stamp, raw)},
    )
    assert answer["Content-Type"].startswith(
        "application/" + ("json" if answer.status_code < 300 else "problem+json")
    )
    return answer.status_code, answer.json()


def a_notice(**changes: object) -> dict[str, object]:
    return {"id": "evt_1", "type": "payment.approved", "reference": a_charge().number, "amount": 21_600,
            "status": "approved"} | changes  # fmt: skip


def test_a_signed_notice_is_taken_and_its_repetition_is_known() -> None:
    said = a_notice()
    assert post(said) == (202, {"code": "taken"})
    assert post(said) == (200, {"code": "already-known"})
    assert WebhookReceipt.objects.get().repeated == 1


def test_a_wrong_signature_is_refused_and_nothing_is_kept() -> None:
    status, problem = post(a_notice(), secret="a guess")
    assert (status, problem["type"], problem["field"]) == (
        401,
        "urn:ruta:problem:signature-wrong",
        "signature",
    )
    assert not WebhookReceipt.objects.exists()


def test_a_forger_cannot_spend_the_id_of_a_true_notice() -> None:
    said = a_notice()
    post(said, secret="a guess")
    assert post(said)[0] == 202


@pytest.mark.parametrize("age", [301, -301])
def test_a_notice_signed_outside_five_minutes_is_stale(age: int) -> None:
    status, problem = post(a_notice(), age=age)
    assert (status, problem["type"]) == (400, "urn:ruta:problem:notice-stale")


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"{}", b'{"id": "", "type": "x", "reference": "1", "amount": 1, "status": "approved"}'],
)
def test_a_signed_notice_that_cannot_be_read_says_what_is_expected(body: bytes) -> None:
    status, problem = post(None, body=body)
    assert (status, problem["field"]) == (400, "body")
    assert "JSON" in str(problem["title_es"])


def test_a_notice_about_an_unknown_charge_is_kept_and_answered() -> None:
    assert post(a_notice(reference="20260000000000"))[1] == {"code": "unknown-charge"}


def test_co_b13_another_amount_is_answered_with_the_charges_own() -> None:
    status, problem = post(a_notice(amount=21_599))
    assert (status, problem["field"]) == (422, "amount")
    assert "$ 21.600" in str(problem["title"])


def test_only_post_is_taken() -> None:
    assert Client().get("/pagos/aviso").status_code == 405
