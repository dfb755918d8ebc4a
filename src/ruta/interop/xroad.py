"""The X-Road REST message protocol (version 1), as a consumer: one GET through our security server."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from .breaker import Breaker

TIMEOUT = 30.0  # seconds (common facts §11.2)
_PAUSES = (0.2, 1.0)  # seconds before the second and the third attempt: reads are idempotent
_ONCE_MORE = frozenset({429, 500, 502, 503, 504})
breaker = Breaker()


@dataclass(frozen=True)
class Reply:
    """What came back. `status` is the HTTP status, or None without any; `body` is the JSON object of a
    200."""

    status: int | None
    body: dict[str, Any] | None
    raw: bytes
    remote_id: str
    error: str  # X-Road-Error: a security server's own error, not the register's answer
    attempts: int
    milliseconds: int


@dataclass(frozen=True)
class Envelope:
    """The headers that say who asks, for whom, about what."""

    id: UUID
    client: str
    user_id: str
    issue: str

    def headers(self) -> dict[str, str]:
        """As the protocol spells them; empty ones are left out."""
        named = {
            "X-Road-Client": self.client,
            "X-Road-Id": str(self.id),
            "X-Road-UserId": self.user_id,
            "X-Road-Issue": self.issue,
        }
        return {name: value for name, value in named.items() if value}


def get(
    base: str, service: str, key: Mapping[str, str], envelope: Envelope, *, patience: float = TIMEOUT
) -> Reply:
    """Ask `service` (`CO/GOB/<NIT>/SUBSYSTEM/service/v1`) for what `key` names, within `patience` seconds in
    all.

    Never raises for the other side's failures: a Reply without status says that nobody answered.
    """
    begun = time.monotonic()
    reply = Reply(None, None, b"", "", "", 0, 0)
    for attempt, pause in enumerate((0.0, *_PAUSES), start=1):
        left = min(patience, TIMEOUT) - (time.monotonic() - begun) - pause
        if left <= 0 or not breaker.allows(service):
            break
        time.sleep(pause)
        reply = _attempt(
            f"{base.rstrip('/')}/r1/{service}", key, envelope, left=left, attempt=attempt, begun=begun
        )
        if reply.status is not None and reply.status not in _ONCE_MORE and not reply.error:
            breaker.answered(service)
            return reply
        breaker.failed(service)
    return reply


def _attempt(
    url: str, key: Mapping[str, str], envelope: Envelope, *, left: float, attempt: int, begun: float
) -> Reply:
    status, raw, remote_id, error = None, b"", "", ""
    body: dict[str, Any] | None = None
    try:
        with httpx.Client(timeout=httpx.Timeout(left, connect=min(left, 3.0)), trust_env=False) as http:
            answer = http.get(url, params=dict(key), headers=envelope.headers())
        status, raw = answer.status_code, answer.content
        remote_id = answer.headers.get("X-Road-Request-Id", "")[:64]
        error = answer.headers.get("X-Road-Error", "")[:100]
        said = answer.json() if raw else None
        body = said if isinstance(said, dict) else None
    except (httpx.HTTPError, ValueError):
        body = None
    return Reply(status, body, raw, remote_id, error, attempt, int((time.monotonic() - begun) * 1000))
