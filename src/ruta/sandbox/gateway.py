"""The payment gateway: an API for the merchant and a hosted checkout page for the person."""

import hmac
import secrets
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from . import notices
from .faults import Faults
from .paging import form, language, page
from .store import Store, now

_BOGOTA = ZoneInfo("America/Bogota")
METHODS = {"PSE": ("PSE, débito desde su cuenta", "PSE, debit from your account"),
           "CARD": ("Tarjeta de prueba terminada en 4242", "Test card ending in 4242"),
           "BREB": ("Bre-B, con su llave", "Bre-B, with your key"),
           "CASH": ("Efectivo en un corresponsal", "Cash at a correspondent")}  # fmt: skip
_ACTIONS = {"approve": "approved", "reject": "rejected", "pending": "pending"}


class Gateway:
    """One merchant's gateway. The secret authenticates the merchant and signs the notices."""

    def __init__(self, store: Store, faults: Faults, secret: str) -> None:
        self._store, self._faults, self._secret = store, faults, secret

    def routes(self) -> list[Route]:
        """Everything under /gateway."""
        return [
            Route("/gateway/sessions", self.open, methods=["POST"]),
            Route("/gateway/sessions/{id}", self.read),
            Route("/gateway/sessions/{id}/close", self.close, methods=["POST"]),
            Route("/gateway/refunds", self.refund, methods=["POST"]),
            Route("/gateway/payments", self.payments),
            Route("/gateway/checkout/{id}", self.checkout),
            Route("/gateway/checkout/{id}", self.act, methods=["POST"]),
            Route("/gateway", self.overview),
            Route("/gateway/payments/{id}", self.settle, methods=["POST"]),
        ]

    async def open(self, request: Request) -> Response:
        """POST: open a session; the same Idempotency-Key gives the same session."""
        if (refusal := await self._refuse(request)) is not None:
            return refusal
        asked, key = await request.json(), request.headers.get("Idempotency-Key", "")
        missing = [
            name for name in ("reference", "amount", "return_url", "notify_url") if not asked.get(name)
        ]
        if missing or not key or not isinstance(asked.get("amount"), int) or asked["amount"] <= 0:
            return _problem(
                422, "invalid-session", f"missing or wrong: {', '.join(missing) or 'key or amount'}"
            )
        known = self._store.row("SELECT * FROM session WHERE key = ?", key)
        if known is None:
            known = {
                "id": f"ses_{uuid.uuid4().hex}",
                "key": key,
                "reference": str(asked["reference"]),
                "amount": asked["amount"],
                "description": str(asked.get("description") or asked["reference"]),
                "return_url": asked["return_url"],
                "notify_url": asked["notify_url"],
                "lang": "en" if asked.get("lang") == "en" else "es",
                "expires_at": asked.get("expires_at"),
                "status": "open",
                "created_at": now().isoformat(),
            }
            self._store.add("session", known)
        elif known["amount"] != asked["amount"] or known["reference"] != asked["reference"]:
            return _problem(409, "key-reused", "this key opened a session of another amount or reference")
        url = str(request.base_url).rstrip("/") + f"/gateway/checkout/{known['id']}"
        return JSONResponse({**self._told(known), "url": url}, status_code=201)

    async def read(self, request: Request) -> Response:
        """GET: what became of a session."""
        if (refusal := await self._refuse(request)) is not None:
            return refusal
        session = self._session(request.path_params["id"])
        return (
            JSONResponse(self._told(session))
            if session
            else _problem(404, "unknown-session", "no such session")
        )

    async def close(self, request: Request) -> Response:
        """POST: take no more payments in a session."""
        if (refusal := await self._refuse(request)) is not None:
            return refusal
        self._store.run(
            "UPDATE session SET status = 'closed' WHERE id = ? AND status = 'open'", request.path_params["id"]
        )
        session = self._session(request.path_params["id"])
        return (
            JSONResponse(self._told(session))
            if session
            else _problem(404, "unknown-session", "no such session")
        )

    async def refund(self, request: Request) -> Response:
        """POST: send money of an approved payment back, at most what it took."""
        if (refusal := await self._refuse(request)) is not None:
            return refusal
        asked, key = await request.json(), request.headers.get("Idempotency-Key", "")
        known = self._store.row("SELECT * FROM refund WHERE key = ?", key)
        if known is not None:
            return JSONResponse({"id": known["id"], "amount": known["amount"]})
        with self._store.together():
            payment = self._store.row(
                "SELECT * FROM payment WHERE id = ? AND status = 'approved'", asked.get("payment")
            )
            back = self._store.row("SELECT coalesce(sum(amount), 0) AS sum FROM refund WHERE payment = ?",
                                   asked.get("payment"))  # fmt: skip
            left = payment["amount"] - back["sum"] if payment and back else 0
            amount = asked.get("amount")
            if not key or not isinstance(amount, int) or not 0 < amount <= left:
                return _problem(422, "not-refundable", f"at most {left} can be sent back")
            row = {"id": f"ref_{uuid.uuid4().hex}", "key": key, "payment": asked["payment"], "amount": amount,
                   "reason": str(asked.get("reason", "")), "at": now().isoformat()}  # fmt: skip
            self._store.add("refund", row)
        return JSONResponse({"id": row["id"], "amount": amount}, status_code=201)

    async def payments(self, request: Request) -> Response:
        """GET ?day=YYYY-MM-DD: the file of a day in Colombia, approved payments only."""
        if (refusal := await self._refuse(request)) is not None:
            return refusal
        day = request.query_params.get("day", "")
        rows = self._store.rows("SELECT * FROM payment WHERE status = 'approved' ORDER BY at")
        return JSONResponse({"day": day, "payments": [row for row in rows if _day(row["at"]) == day]})

    async def checkout(self, request: Request) -> Response:
        """The page that the person sees."""
        if not await self._faults.breathe("gateway"):
            return page(request, "down.html", code=503)
        session = self._session(request.path_params["id"])
        if session is None:
            return page(request, "unknown.html", code=404)
        return page(
            request,
            "checkout.html",
            lang=language(request, session["lang"]),
            session=session,
            status=self._told(session)["status"],
            methods=METHODS,
        )

    async def act(self, request: Request) -> Response:
        """The person decides: approve, reject, leave pending or close; then back to the merchant."""
        session = self._session(request.path_params["id"])
        if session is None:
            return page(request, "unknown.html", code=404)
        typed = await form(request)
        action = typed.get("action", "")
        if self._told(session)["status"] == "open":
            if action in _ACTIONS:
                self.pay(session, _ACTIONS[action], typed.get("method", "PSE"))
            elif action == "close":
                self._store.run("UPDATE session SET status = 'closed' WHERE id = ?", session["id"])
        return RedirectResponse(session["return_url"], status_code=303)

    def pay(self, session: dict[str, Any], status: str, method: str = "PSE") -> None:
        """Take (or refuse) the money of an open session, as honestly as the present fault lets it."""
        fault = self._faults.use(
            "gateway",
            "twice",
            "late",
            "lost",
            "forged",
            "wrong-amount",
            "out-of-order",
            "lying",
            "double-charge",
        )
        times = 2 if fault.mode == "double-charge" and status == "approved" else 1
        for _ in range(times):
            payment = {
                "id": f"pay_{uuid.uuid4().hex}",
                "session": session["id"],
                "reference": session["reference"],
                "amount": session["amount"] - (1 if fault.mode == "wrong-amount" else 0),
                "status": status,
                "method": method if method in METHODS else "PSE",
                "approval": f"{secrets.randbelow(10**8):08d}",
                "at": now().isoformat(),
            }
            with self._store.together():
                self._store.add("payment", payment)
                if status == "rejected":
                    self._store.run("UPDATE session SET status = 'rejected' WHERE id = ?", session["id"])
                notices.plan(self._store, fault, session, payment)

    async def settle(self, request: Request) -> Response:
        """The bank answers about a pending payment (from the overview page)."""
        typed = await form(request)
        self.decide(request.path_params["id"], "approved" if typed.get("action") == "approve" else "rejected")
        return RedirectResponse("/gateway", status_code=303)

    def decide(self, payment_id: str, status: str) -> None:
        """A pending payment becomes approved or rejected; decided twice, the first counts."""
        with self._store.together():
            changed = self._store.run(
                "UPDATE payment SET status = ?, at = ? WHERE id = ? AND status = 'pending'",
                status,
                now().isoformat(),
                payment_id,
            )
            payment = self._store.row("SELECT * FROM payment WHERE id = ?", payment_id)
            if not changed or payment is None:
                return
            if status == "rejected":
                self._store.run("UPDATE session SET status = 'rejected' WHERE id = ?", payment["session"])
        session = self._session(payment["session"])
        assert session is not None
        fault = self._faults.use("gateway", "twice", "late", "lost", "forged", "out-of-order", "lying")
        notices.plan(self._store, fault, session, payment)

    async def overview(self, request: Request) -> Response:
        """Sessions, payments and notices, newest first."""
        sessions = self._store.rows("SELECT * FROM session ORDER BY created_at DESC LIMIT 30")
        payments = self._store.rows("SELECT * FROM payment ORDER BY at DESC LIMIT 30")
        return page(
            request,
            "gateway.html",
            sessions=[{**row, "status": self._told(row)["status"]} for row in sessions],
            payments=payments,
            notices=notices.recent(self._store),
        )

    def _session(self, session_id: str) -> dict[str, Any] | None:
        return self._store.row("SELECT * FROM session WHERE id = ?", session_id)

    def _told(self, session: dict[str, Any]) -> dict[str, Any]:
        payments = self._store.rows("SELECT * FROM payment WHERE session = ? ORDER BY at, id", session["id"])
        statuses = {payment["status"] for payment in payments}
        status = next((known for known in ("approved", "pending") if known in statuses), session["status"])
        return {
            "id": session["id"],
            "reference": session["reference"],
            "amount": session["amount"],
            "status": status,
            "payments": payments,
        }

    async def _refuse(self, request: Request) -> Response | None:
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {self._secret}".encode()):
            return _problem(401, "unauthorised", "the merchant's secret is missing or wrong")
        if not await self._faults.breathe("gateway"):
            return _problem(503, "down", "the gateway is down")
        return None


def _day(instant: str) -> str:
    from datetime import datetime

    return datetime.fromisoformat(instant).astimezone(_BOGOTA).date().isoformat()


def _problem(status: int, code: str, detail: str) -> JSONResponse:
    return JSONResponse(
        {"type": f"urn:sandbox:{code}", "status": status, "detail": detail},
        status_code=status,
        media_type="application/problem+json",
    )
