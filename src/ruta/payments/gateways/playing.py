"""A gateway inside this process, for scenarios and the sample country, whose clock is moved by hand.

It keeps the same contract as a real one, signature included; only the network is left out.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from ruta.kernel import clock
from ruta.kernel.ids import new_id

from ..errors import GatewayUnavailable
from . import Notice, OpenedSession, Order, PaymentFact, SessionFact, signing


class PlayingGateway:
    """Opens sessions in memory; `approve`, `reject` and `leave_pending` play the person at the bank."""

    def __init__(self, secret: str = "playing-gateway") -> None:  # noqa: S107  it guards nothing: same process
        self.secret = secret
        self.down = False
        self._orders: dict[str, Order] = {}
        self._by_key: dict[UUID, str] = {}
        self._closed: set[str] = set()
        self._payments: dict[str, PaymentFact] = {}
        self._refunds: dict[UUID, str] = {}

    def open_session(self, order: Order) -> OpenedSession:
        self._answer()
        session_id = self._by_key.setdefault(order.key, f"ses_{new_id().hex}")
        self._orders[session_id] = order
        return OpenedSession(session_id, f"http://gateway.invalid/checkout/{session_id}")

    def session(self, session_id: str) -> SessionFact:
        self._answer()
        payments = tuple(fact for fact in self._payments.values() if fact.session_id == session_id)
        statuses = {fact.status for fact in payments}
        status = next((known for known in ("approved", "pending") if known in statuses), "")
        return SessionFact(
            session_id, status or ("closed" if session_id in self._closed else "open"), payments
        )

    def close_session(self, session_id: str) -> SessionFact:
        self._answer()
        self._closed.add(session_id)
        return self.session(session_id)

    def send_back(self, *, key: UUID, payment_id: str, amount: int, reason: str) -> str:
        self._answer()
        return self._refunds.setdefault(key, f"ref_{new_id().hex}")

    def payments_of(self, day: date) -> tuple[PaymentFact, ...]:
        self._answer()
        return tuple(
            fact
            for fact in self._payments.values()
            if fact.status == "approved" and clock.local_date(fact.at) == day
        )

    def read_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        return signing.read_notice(self.secret, headers, body, now)

    def approve(
        self, reference: str, *, amount: int | None = None, method: str = "PSE"
    ) -> tuple[dict[str, str], bytes]:
        """The person pays the newest session of `reference`; returns the webhook (headers, body) that
        follows."""
        return self._pay(reference, "approved", amount, method)

    def leave_pending(self, reference: str, *, method: str = "PSE") -> tuple[dict[str, str], bytes]:
        """The bank does not answer yet; `settle` says later what came of it."""
        return self._pay(reference, "pending", None, method)

    def reject(self, reference: str, *, method: str = "PSE") -> tuple[dict[str, str], bytes]:
        """The bank says no."""
        return self._pay(reference, "rejected", None, method)

    def settle(self, payment_id: str, status: str) -> tuple[dict[str, str], bytes]:
        """The bank answers about a pending payment: `approved` or `rejected`."""
        fact = self._payments[payment_id]
        changed = PaymentFact(**{**fact.__dict__, "status": status, "at": clock.now()})
        self._payments[payment_id] = changed
        return self.notice_of(changed)

    def payments_for(self, reference: str) -> tuple[PaymentFact, ...]:
        """All payments of a reference, in order."""
        return tuple(fact for fact in self._payments.values() if fact.reference == reference)

    def notice_of(self, fact: PaymentFact) -> tuple[dict[str, str], bytes]:
        """A signed webhook about a payment."""
        body = json.dumps(
            {
                "id": f"evt_{new_id().hex}",
                "type": f"payment.{fact.status}",
                "reference": fact.reference,
                "amount": fact.amount,
                "status": fact.status,
            }
        ).encode()
        stamp = int(clock.now().timestamp())
        headers = {signing.TIMESTAMP: str(stamp), signing.SIGNATURE: signing.sign(self.secret, stamp, body)}
        return headers, body

    def _pay(
        self, reference: str, status: str, amount: int | None, method: str
    ) -> tuple[dict[str, str], bytes]:
        session_id, order = next(
            (key, order) for key, order in reversed(self._orders.items()) if order.reference == reference
        )
        fact = PaymentFact(
            id=f"pay_{new_id().hex}",
            session_id=session_id,
            reference=reference,
            amount=order.amount if amount is None else amount,
            status=status,
            method=method,
            approval=f"{len(self._payments) + 1:08d}",
            at=clock.now(),
        )
        self._payments[fact.id] = fact
        return self.notice_of(fact)

    def _answer(self) -> None:
        if self.down:
            raise GatewayUnavailable
