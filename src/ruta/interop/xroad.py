"""The X-Road REST message protocol (version 1), as a consumer: one question, or one thing told, through our security
server."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import httpx

from .breaker import Breaker

TIMEOUT = 30.0  # seconds (common facts §11.2)
_PAUSES = (0.2, 1.0)  # seconds before the second and the third attempt: reads are idempotent
_ONCE_MORE = frozenset({429, 500, 502, 503, 504})
LARGEST = 1_000_000  # bytes of an answer
breaker = Breaker()


@dataclass(frozen=True)
class Reply:
    """What came back. `status` is the HTTP status, or None without any; `body` is its JSON, None when it is none."""

    status: int | None
    body: Any
    raw: bytes
    remote_id: str
    error: str  # X-Road-Error: a security server's own error, not the service's answer
    attempts: int
    milliseconds: int


@dataclass(frozen=True)
class Envelope:
    """The headers that say who asks, for whom, about what. `once` is the idempotency key of what is told."""

    id: UUID
    client: str
    user_id: str
    issue: str
    once: str = ""

    def headers(self) -> dict[str, str]:
        """As the protocol spells them; empty ones are left out."""
        named = {
            "X-Road-Client": self.client,
            "X-Road-Id": str(self.id),
            "X-Road-UserId": self.user_id,
            "X-Road-Issue": self.issue,
            "Idempotency-Key": self.once,
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
        call = _Call("GET", f"{base.rstrip('/')}/r1/{service}", dict(key), None, envelope)
        reply = call.made(left=left, attempt=attempt, begun=begun)
        if _judge(service, reply):
            return reply
    return reply


def post(base: str, service: str, body: bytes, envelope: Envelope, *, patience: float = TIMEOUT) -> Reply:
    """Tell `service` the JSON `body`, once: whoever calls tells it again later, with the same `envelope.once`.

    Never raises for the other side's failures: a Reply without status says that nobody answered.
    """
    if not breaker.allows(service):
        return Reply(None, None, b"", "", "", 0, 0)
    call = _Call("POST", f"{base.rstrip('/')}/r1/{service}", {}, body, envelope)
    reply = call.made(left=min(patience, TIMEOUT), attempt=1, begun=time.monotonic())
    _judge(service, reply)
    return reply


def _judge(service: str, reply: Reply) -> bool:
    """Whether the service answered, well or not; the breaker is told."""
    answered = reply.status is not None and reply.status not in _ONCE_MORE and not reply.error
    if answered:
        breaker.answered(service)
    else:
        breaker.failed(service)
    return answered


@dataclass(frozen=True)
class _Call:
    method: Literal["GET", "POST"]
    url: str
    params: Mapping[str, str]
    content: bytes | None
    envelope: Envelope

    def made(self, *, left: float, attempt: int, begun: float) -> Reply:
        """One HTTP request that takes `left` seconds at most, however slowly its answer trickles in."""
        status, raw, remote_id, error = None, b"", "", ""
        body: Any = None
        until = time.monotonic() + left
        try:
            with self._sent(left) as answer:
                remote_id = answer.headers.get("X-Road-Request-Id", "")[:64]
                error = answer.headers.get("X-Road-Error", "")[:100]
                raw = _read(answer, until)
                status = answer.status_code
            body = json.loads(raw) if raw else None
        except (httpx.HTTPError, ValueError):
            body = None
        return Reply(status, body, raw, remote_id, error, attempt, int((time.monotonic() - begun) * 1000))

    @contextmanager
    def _sent(self, left: float) -> Iterator[httpx.Response]:
        headers = self.envelope.headers() | ({"Content-Type": "application/json"} if self.content else {})
        timeout = httpx.Timeout(left, connect=min(left, 3.0))
        with (
            httpx.Client(timeout=timeout, trust_env=False) as http,
            http.stream(
                self.method, self.url, params=self.params, content=self.content, headers=headers
            ) as answer,
        ):
            yield answer


def _read(answer: httpx.Response, until: float) -> bytes:
    """The body. Raises httpx.ReadTimeout when it is not whole in time, ValueError when it is too large."""
    parts: list[bytes] = []
    size = 0
    for part in answer.iter_bytes():
        parts.append(part)
        size += len(part)
        if size > LARGEST:
            raise ValueError("the answer is too large")
        if time.monotonic() > until:
            raise httpx.ReadTimeout("the answer trickles")
    return b"".join(parts)
