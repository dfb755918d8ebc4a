"""Other agencies' services that are told something: each takes a notice once, however often it is told."""

import asyncio
import json
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .faults import Faults
from .paging import page
from .store import Store, now

_NEVER = 120  # seconds; longer than anybody waits
_LATEST = 200


class Named(Protocol):
    """Who knows the services."""

    def receivers(self) -> dict[str, dict[str, Any]]:
        """Each by its code: {service, title}."""
        ...


Said = tuple[dict[str, Any], int]
"""Body and HTTP status."""


class Receivers:
    """The services and what each was told."""

    def __init__(self, store: Store, known: Named, faults: Faults) -> None:
        self._store, self._known, self._faults = store, known, faults

    def routes(self) -> list[Route]:
        """The page of what was told."""
        return [Route("/told", self.page)]

    def named(self, service: str) -> str | None:
        """The code of the service at a path."""
        return next(
            (code for code, one in self._known.receivers().items() if one["service"] == service), None
        )

    async def take(self, request: Request, name: str) -> Said | Response:
        """Take a notice: accepted, rejected, received, or nothing that can be understood."""
        raw, key = await request.body(), request.headers.get("Idempotency-Key", "")
        mode = self._faults.use(f"told:{name}", "reject", "lost", "later", "twice", "lying").mode
        try:
            body = json.loads(raw)
        except ValueError:
            body = None
        if not isinstance(body, dict) or not key:
            said = "Send one JSON object and an Idempotency-Key"
            return {"type": "urn:sandbox:bad-notice", "title": said, "status": 400}, 400
        kept = self._keep(name, key, raw, request.headers.get("X-Road-Issue", ""), mode)
        if kept is None:
            return {"type": "urn:sandbox:other-notice", "title": "This key came with something else"}, 422
        if mode == "lost":
            await asyncio.sleep(_NEVER)
        if mode == "lying":
            return Response("<html><body>Bienvenido</body></html>", media_type="text/html")
        return self._said(kept, mode)

    def _keep(self, name: str, key: str, raw: bytes, issue: str, mode: str) -> dict[str, Any] | None:
        """The notice with this key, kept once; None when the key came with something else before."""
        with self._store.together():
            found = self._store.row("SELECT * FROM told WHERE receiver = ? AND key = ?", name, key)
            if found is None:
                rejected = mode == "reject"
                self._store.add(
                    "told",
                    {
                        "key": key, "receiver": name, "issue": issue, "body": raw, "at": now().isoformat(),
                        "status": "rejected" if rejected else "accepted",
                        "reason": "No encontramos a esa persona en nuestra base" if rejected else "",
                    },
                )  # fmt: skip
            elif found["body"] != raw:
                return None
            else:
                again = "UPDATE told SET times = times + 1 WHERE serial = ?"
                self._store.run(again, found["serial"])
            return self._store.row("SELECT * FROM told WHERE receiver = ? AND key = ?", name, key)

    def _said(self, kept: dict[str, Any], mode: str) -> Said:
        reference = f"{kept['receiver'].upper()}-{kept['serial']:06d}"
        if mode == "later":
            return {"status": "received", "reference": reference}, 202
        if kept["status"] == "rejected":
            return {"status": "rejected", "reason": kept["reason"], "reference": reference}, 200
        return {"status": "accepted", "reference": reference}, 409 if mode == "twice" else 200

    def told(self, receiver: str = "") -> list[dict[str, Any]]:
        """What was told, the newest first, with its JSON body read."""
        rows = self._store.rows(
            "SELECT * FROM told WHERE ? IN ('', receiver) ORDER BY serial DESC LIMIT ?", receiver, _LATEST
        )
        return [{**row, "body": json.loads(row["body"])} for row in rows]

    async def page(self, request: Request) -> Response:
        """What the services were told, the newest first."""
        return page(request, "told.html", told=self.told(), receivers=self._known.receivers())
