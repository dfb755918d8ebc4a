"""A gateway with a hosted checkout, spoken to over HTTP with JSON and idempotency keys."""

import logging
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

import httpx
from django.conf import settings

from ..errors import GatewayRefused, GatewayUnavailable
from . import Notice, OpenedSession, Order, PaymentFact, SessionFact, signing

logger = logging.getLogger(__name__)
_AGAIN = (408, 425, 429)
_TIMEOUT = httpx.Timeout(8, connect=3)


class _UnknownError(GatewayRefused):
    """What was asked about does not exist at the gateway."""


class HostedGateway:
    """The client of one gateway at `url`, which signs its notices with `secret`.

    The same secret authenticates us to the gateway (bearer).
    """

    def __init__(self, url: str, secret: str, *, timeout: httpx.Timeout = _TIMEOUT) -> None:
        self._secret = secret
        self._http = httpx.Client(
            base_url=url.rstrip("/") + "/",
            timeout=timeout,
            headers={"Authorization": f"Bearer {secret}"},
            trust_env=False,
        )

    @classmethod
    def of_settings(cls) -> "HostedGateway":
        """The gateway that the settings name; one client per process."""
        return _client(settings.GATEWAY_URL, settings.GATEWAY_SECRET)

    def open_session(self, order: Order) -> OpenedSession:
        said = self._ask(
            "POST",
            "sessions",
            headers={"Idempotency-Key": str(order.key)},
            json={
                "reference": order.reference,
                "amount": order.amount,
                "currency": "COP",
                "description": order.description,
                "return_url": order.return_url,
                "notify_url": order.notify_url,
                "lang": order.lang,
                "expires_at": order.expires_at.isoformat() if order.expires_at else None,
            },
        )
        return OpenedSession(str(said["id"]), str(said["url"]))

    def session(self, session_id: str) -> SessionFact:
        return self._session("GET", f"sessions/{session_id}", session_id)

    def close_session(self, session_id: str) -> SessionFact:
        return self._session("POST", f"sessions/{session_id}/close", session_id)

    def send_back(self, *, key: UUID, payment_id: str, amount: int, reason: str) -> str:
        said = self._ask(
            "POST",
            "refunds",
            headers={"Idempotency-Key": str(key)},
            json={"payment": payment_id, "amount": amount, "reason": reason},
        )
        return str(said["id"])

    def payments_of(self, day: date) -> tuple[PaymentFact, ...]:
        said = self._ask("GET", "payments", params={"day": day.isoformat()})
        return tuple(_payment(row) for row in said["payments"])

    def read_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        return signing.read_notice(self._secret, headers, body, now)

    def _session(self, method: str, path: str, session_id: str) -> SessionFact:
        try:
            return _session(self._ask(method, path))
        except _UnknownError:
            # The gateway has no such session: nobody can have paid in it, and nobody will.
            return SessionFact(session_id, "closed", ())

    def _ask(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        try:
            answer = self._http.request(method, path, **request)
            if answer.status_code == 404:
                raise _UnknownError
            if answer.is_client_error and answer.status_code not in _AGAIN:
                logger.error(
                    "the gateway refused %s %s: %s",
                    method,
                    path.split("/", maxsplit=1)[0],
                    answer.status_code,
                )
                raise GatewayRefused
            answer.raise_for_status()
            said = answer.json()
        except (httpx.HTTPError, ValueError) as wrong:
            raise GatewayUnavailable from wrong
        if not isinstance(said, dict):
            raise GatewayUnavailable
        return said


@cache
def _client(url: str, secret: str) -> HostedGateway:
    return HostedGateway(url, secret)


def _session(said: dict[str, Any]) -> SessionFact:
    try:
        return SessionFact(
            str(said["id"]), str(said["status"]), tuple(_payment(row) for row in said["payments"])
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise GatewayUnavailable from wrong


def _payment(row: dict[str, Any]) -> PaymentFact:
    return PaymentFact(
        id=str(row["id"]),
        session_id=str(row["session"]),
        reference=str(row["reference"]),
        amount=int(row["amount"]),
        status=str(row["status"]),
        method=str(row["method"]),
        approval=str(row.get("approval") or ""),
        at=datetime.fromisoformat(row["at"]),
    )
