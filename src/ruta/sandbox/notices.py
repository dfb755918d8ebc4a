"""Webhooks of the gateway: what is to be told, signed when it is sent, tried again until it is taken."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
import uuid
from typing import Any

import httpx

from .faults import Fault, Faults
from .store import Store, to_json

TIMESTAMP, SIGNATURE = "X-Gateway-Timestamp", "X-Gateway-Signature"
_ATTEMPTS = 12
_OPPOSITE = {"approved": "rejected", "rejected": "approved", "pending": "approved"}


def plan(store: Store, fault: Fault, session: dict[str, Any], payment: dict[str, Any]) -> None:
    """Write down the notices that a payment causes, as honest as `fault` lets them be."""
    mode, status = fault.mode, payment["status"]
    if mode == "lost":
        return
    body = to_json(_said(payment, _OPPOSITE[status] if mode == "lying" else status))
    bodies = [body]
    if mode == "twice":
        bodies = [body, body]
    elif mode == "out-of-order" and status != "pending":
        bodies = [body, to_json(_said(payment, "pending"))]
    due = time.time() + (fault.delay if mode == "late" else 0)
    for one in bodies:
        store.add(
            "notice", {"url": session["notify_url"], "body": one, "forged": mode == "forged", "due": due}
        )


def _said(payment: dict[str, Any], status: str) -> dict[str, Any]:
    return {
        "id": f"evt_{uuid.uuid4().hex}",
        "type": f"payment.{status}",
        "reference": payment["reference"],
        "session": payment["session"],
        "payment": payment["id"],
        "amount": payment["amount"],
        "currency": "COP",
        "status": status,
    }


def signed(secret: str, notice: dict[str, Any]) -> dict[str, str]:
    """The headers of a notice sent now. A forged one is signed with another secret."""
    stamp = str(int(time.time()))
    key = "somebody-else" if notice["forged"] else secret
    value = hmac.new(key.encode(), f"{stamp}.".encode() + notice["body"], hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", TIMESTAMP: stamp, SIGNATURE: value}


class Messenger:
    """Posts the notices that are due, for as long as it runs."""

    def __init__(self, store: Store, faults: Faults, secret: str) -> None:
        self._store, self._faults, self._secret = store, faults, secret

    async def run(self) -> None:
        """Look for due notices, five times a second, until cancelled."""
        async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
            while True:
                if self._faults.peek("gateway").mode != "down":
                    for notice in self._due():
                        await self._send(http, notice)
                await asyncio.sleep(0.2)

    def _due(self) -> list[dict[str, Any]]:
        return self._store.rows(
            "SELECT * FROM notice WHERE status = 'waiting' AND due <= ? ORDER BY due, serial LIMIT 50",
            time.time(),
        )

    async def _send(self, http: httpx.AsyncClient, notice: dict[str, Any]) -> None:
        answer, status = "", "waiting"
        with contextlib.suppress(httpx.HTTPError):
            reply = await http.post(
                notice["url"],
                content=notice["body"],
                headers=signed(self._secret, notice),
                follow_redirects=False,
            )
            answer = str(reply.status_code)
            if reply.status_code < 300:
                status = "taken"
            elif reply.status_code < 500 and reply.status_code not in (409, 429):
                status = "refused"
        attempts = notice["attempts"] + 1
        if status == "waiting" and attempts >= _ATTEMPTS:
            status = "given-up"
        self._store.run(
            "UPDATE notice SET status = ?, attempts = ?, answer = ?, due = ? WHERE serial = ?",
            status,
            attempts,
            answer or "no answer",
            time.time() + min(2**attempts, 600),
            notice["serial"],
        )


def collect(store: Store, secret: str, *, early: bool = False) -> list[tuple[dict[str, str], bytes]]:
    """Take the waiting notices as (headers, body) instead of having them posted; with `early` the late ones too."""
    horizon = time.time() + (10**9 if early else 0)
    waiting = store.rows(
        "SELECT * FROM notice WHERE status = 'waiting' AND due <= ? ORDER BY due, serial", horizon
    )
    for notice in waiting:
        store.run("UPDATE notice SET status = 'collected' WHERE serial = ?", notice["serial"])
    return [(signed(secret, notice), notice["body"]) for notice in waiting]


def recent(store: Store, limit: int = 20) -> list[dict[str, Any]]:
    """The newest notices with what they said and what became of them."""
    rows = store.rows("SELECT * FROM notice ORDER BY serial DESC LIMIT ?", limit)
    return [{**row, "said": json.loads(row["body"])} for row in rows]
