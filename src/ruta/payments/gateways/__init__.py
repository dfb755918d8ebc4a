"""What Ruta asks of a payment gateway, and which one it asks.

A gateway hosts the checkout page: card and account numbers never reach Ruta. What a gateway *says* by webhook
is a hint; what it *answers* when asked is what counts.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Order:
    """What a session is opened for. `key` makes the request idempotent; `amount` is in pesos."""

    key: UUID
    reference: str
    amount: int
    description: str
    return_url: str
    notify_url: str
    lang: str
    expires_at: datetime | None


@dataclass(frozen=True)
class OpenedSession:
    """A session that the gateway has opened; the person is sent to `url`."""

    id: str
    url: str


@dataclass(frozen=True)
class PaymentFact:
    """What a gateway says of one payment. `status`: pending, approved or rejected."""

    id: str
    session_id: str
    reference: str
    amount: int
    status: str
    method: str
    approval: str
    at: datetime


@dataclass(frozen=True)
class SessionFact:
    """What a gateway says of one session. `status`: open, pending, approved, rejected or closed."""

    id: str
    status: str
    payments: tuple[PaymentFact, ...]


@dataclass(frozen=True)
class Notice:
    """A webhook whose signature and time are right."""

    event_id: str
    kind: str
    reference: str
    amount: int
    status: str


class Gateway(Protocol):
    """A payment gateway. Each call may raise GatewayUnavailable or GatewayRefused, and be repeated freely."""

    def open_session(self, order: Order) -> OpenedSession:
        """Open a hosted checkout, or return the one already opened for `order.key`."""
        ...

    def session(self, session_id: str) -> SessionFact:
        """What became of a session."""
        ...

    def close_session(self, session_id: str) -> SessionFact:
        """Take no more payments in this session; a payment under way stays pending."""
        ...

    def send_back(self, *, key: UUID, payment_id: str, amount: int, reason: str) -> str:
        """Send `amount` of a payment back; return the gateway's number of the refund."""
        ...

    def payments_of(self, day: date) -> tuple[PaymentFact, ...]:
        """The gateway's file of a day in Colombia: every approved payment."""
        ...

    def read_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        """Read a webhook. Raises SignatureWrong, NoticeStale or NoticeUnreadable."""
        ...


_chosen: ContextVar[Gateway | None] = ContextVar("ruta_gateway", default=None)


def current() -> Gateway:
    """The gateway of this installation, or the one chosen by `using`."""
    if (chosen := _chosen.get()) is not None:
        return chosen
    from .hosted import HostedGateway

    return HostedGateway.of_settings()


@contextmanager
def using(gateway: Gateway) -> Iterator[Gateway]:
    """Within the block, `gateway` is the one that is asked."""
    token = _chosen.set(gateway)
    try:
        yield gateway
    finally:
        _chosen.reset(token)
