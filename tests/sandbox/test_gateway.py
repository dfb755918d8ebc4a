"""The gateway of the sandbox keeps a gateway's promises, so that what Ruta shows against it means something."""

import json
import threading
import uuid
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from ruta.sandbox import testing
from ruta.sandbox.testing import Playground


def ask(outside: Playground, method: str, path: str, key: str = "", **said: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {outside.secret}"} | ({"Idempotency-Key": key} if key else {})
    return httpx.request(method, f"{outside.gateway_url}/{path}", headers=headers, json=said or None)


def a_session(outside: Playground, **changes: Any) -> dict[str, Any]:
    said = {
        "reference": uuid.uuid4().hex[:14],
        "amount": 21_600,
        "description": "Copia",
        "return_url": "http://ruta.example/volver",
        "notify_url": "http://127.0.0.1:9/aviso",
    } | changes
    answer = ask(outside, "POST", "sessions", uuid.uuid4().hex, **said)
    assert answer.status_code == 201
    return dict(answer.json())


def test_only_the_merchant_may_ask(outside: Playground) -> None:
    assert httpx.get(f"{outside.gateway_url}/payments").status_code == 401
    assert (
        httpx.post(f"{outside.gateway_url}/sessions", headers={"Authorization": "Bearer guess"}).status_code
        == 401
    )


def test_the_same_key_opens_one_session_and_never_another_amount(outside: Playground) -> None:
    said = {"reference": "1", "amount": 5, "return_url": "http://a", "notify_url": "http://b"}
    key = uuid.uuid4().hex
    first, second = (ask(outside, "POST", "sessions", key, **said).json()["id"] for _ in range(2))
    assert first == second
    assert ask(outside, "POST", "sessions", key, **{**said, "amount": 6}).status_code == 409


@pytest.mark.parametrize("wrong", [{"amount": 0}, {"amount": "5"}, {"reference": ""}])
def test_a_session_that_makes_no_sense_is_refused(outside: Playground, wrong: dict[str, Any]) -> None:
    said = {"reference": "1", "amount": 5, "return_url": "http://a", "notify_url": "http://b"} | wrong
    assert ask(outside, "POST", "sessions", "k", **said).status_code == 422


def test_the_page_needs_no_script_and_speaks_both_languages(outside: Playground) -> None:
    url = a_session(outside)["url"]
    spanish, english = httpx.get(url), httpx.get(f"{url}?lang=en")
    assert "Aprobar el pago" in spanish.text
    assert "Approve the payment" in english.text
    assert "<script" not in spanish.text
    assert "default-src 'none'" in spanish.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("action", "status"),
    [("approve", "approved"), ("reject", "rejected"), ("pending", "pending"), ("close", "closed")],
)
def test_each_button_does_what_it_says_and_leads_back(outside: Playground, action: str, status: str) -> None:
    session = a_session(outside)
    back = httpx.post(session["url"], data={"action": action})
    assert back.headers["location"] == "http://ruta.example/volver"
    assert ask(outside, "GET", f"sessions/{session['id']}").json()["status"] == status


def test_a_form_sent_twice_takes_the_money_once(outside: Playground) -> None:
    session = a_session(outside)
    for _ in range(2):
        httpx.post(session["url"], data={"action": "approve"})
    assert len(ask(outside, "GET", f"sessions/{session['id']}").json()["payments"]) == 1


def test_a_closed_session_takes_no_money(outside: Playground) -> None:
    session = a_session(outside)
    ask(outside, "POST", f"sessions/{session['id']}/close")
    httpx.post(session["url"], data={"action": "approve"})
    assert ask(outside, "GET", f"sessions/{session['id']}").json()["payments"] == []


def test_a_pending_payment_is_decided_once_on_the_overview(outside: Playground) -> None:
    session = a_session(outside)
    httpx.post(session["url"], data={"action": "pending"})
    (payment,) = ask(outside, "GET", f"sessions/{session['id']}").json()["payments"]
    for action in ("approve", "reject"):
        httpx.post(f"{outside.gateway_url}/payments/{payment['id']}", data={"action": action})
    assert ask(outside, "GET", f"sessions/{session['id']}").json()["status"] == "approved"
    assert session["reference"] in httpx.get(outside.gateway_url).text


def test_no_more_goes_back_than_was_taken_and_a_key_sends_once(outside: Playground) -> None:
    session = a_session(outside)
    httpx.post(session["url"], data={"action": "approve"})
    (payment,) = outside.payments(session["reference"])
    said = {"payment": payment["id"], "amount": 20_000, "reason": "x"}
    first, again = (
        ask(outside, "POST", "refunds", "key-1" + payment["id"], **said).json()["id"] for _ in range(2)
    )
    assert first == again
    assert ask(outside, "POST", "refunds", "key-2" + payment["id"], **said).status_code == 422


def test_the_file_of_a_day_has_what_was_approved_that_day_in_colombia(outside: Playground) -> None:
    approved, rejected = a_session(outside), a_session(outside)
    httpx.post(approved["url"], data={"action": "approve"})
    httpx.post(rejected["url"], data={"action": "reject"})
    today = datetime.now(ZoneInfo("America/Bogota")).date()
    told = {
        day: {row["reference"] for row in ask(outside, "GET", f"payments?day={day}").json()["payments"]}
        for day in (today, today - timedelta(days=1))
    }
    assert approved["reference"] in told[today]
    assert rejected["reference"] not in told[today]
    assert told[today - timedelta(days=1)] == set()


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("ok", ["approved"]),
        ("twice", ["approved", "approved"]),
        ("lost", []),
        ("late", []),
        ("out-of-order", ["approved", "pending"]),
        ("lying", ["rejected"]),
        ("double-charge", ["approved", "approved"]),
    ],
)
def test_a_fault_that_was_asked_for_once_happens_once(
    outside: Playground, mode: str, told: list[str]
) -> None:
    outside.misbehave("gateway", mode, times=1, delay=60)
    for expected in (told, ["approved"]):
        session = a_session(outside)
        httpx.post(session["url"], data={"action": "approve"})
        assert [json.loads(body)["status"] for _, body in outside.notices()] == expected
    if mode == "late":
        assert len(outside.notices(early=True)) == 1


def test_notices_are_posted_until_they_are_taken_and_survive_a_restart(tmp_path: Path) -> None:
    answers, taken = [503, 202], threading.Event()

    class Merchant(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(answers.pop(0))
            self.end_headers()
            if not answers:
                taken.set()

        def log_message(self, *args: object) -> None:
            """Quiet."""

    with testing.running(tmp_path) as before:
        merchant = HTTPServer(("127.0.0.1", 0), Merchant)
        session = a_session(before, notify_url=f"http://127.0.0.1:{merchant.server_port}/aviso")
        httpx.post(session["url"], data={"action": "approve"})
    threading.Thread(target=merchant.serve_forever, daemon=True).start()
    try:
        with testing.running(tmp_path, notify=True) as after:
            assert taken.wait(20)
            assert ask(after, "GET", f"sessions/{session['id']}").json()["status"] == "approved"
    finally:
        merchant.shutdown()
        merchant.server_close()


def test_the_outside_world_keeps_its_own_clock() -> None:
    from ruta.sandbox.store import now

    assert abs(now() - datetime.now(UTC)) < timedelta(minutes=1)
