"""A mail server that keeps everything it is sent, for anybody at this machine to read."""

import asyncio
import json
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from .faults import Faults
from .paging import page
from .store import Store, now

# Nothing in a letter may run, load or send anything; its links open in a new tab.
_LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


class Receiver:
    """What aiosmtpd calls for each recipient and each letter."""

    def __init__(self, store: Store, faults: Faults) -> None:
        self._store, self._faults = store, faults

    async def handle_RCPT(  # noqa: N802  the library's own names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = self._faults.use("smtp", "down", "refuse", "slow")
        if fault.mode == "down":
            return "421 4.3.2 Service not available, try later"
        if fault.mode == "refuse":
            return "550 5.1.1 Mailbox unavailable"
        if fault.mode == "slow":
            await asyncio.sleep(fault.delay)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        mode = self._faults.use("smtp", "lost", "twice").mode
        raw = cast(bytes, envelope.content)
        letter = read(raw)
        for _ in range({"lost": 0, "twice": 2}.get(mode, 1)):
            self._store.add(
                "mail",
                {
                    "at": now().isoformat(),
                    "recipients": json.dumps([address.lower() for address in envelope.rcpt_tos]),
                    "sender": envelope.mail_from or "",
                    "subject": str(letter["Subject"] or ""),
                    "raw": raw,
                },
            )
        return "250 OK"


def controller(store: Store, faults: Faults, host: str, port: int) -> Controller:
    """The SMTP server, in a thread of its own once started."""
    return Controller(Receiver(store, faults), hostname=host, port=port, data_size_limit=26_000_000)


def read(raw: bytes) -> EmailMessage:
    """A letter from its bytes."""
    return message_from_bytes(raw, policy=policy.default)


class Mailbox:
    """The pages to read the mail, and the list as JSON."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        """Everything under /mailbox."""
        return [
            Route("/mailbox", self.inbox),
            Route("/mailbox/api", self.api),
            Route("/mailbox/{id:int}", self.letter),
            Route("/mailbox/{id:int}/html", self.html),
            Route("/mailbox/{id:int}/raw", self.raw),
        ]

    def letters(self, to: str = "", limit: int = 100) -> list[dict[str, Any]]:
        """The newest letters, those to addresses that contain `to`."""
        rows = self._store.rows(
            "SELECT * FROM mail WHERE instr(recipients, ?) ORDER BY id DESC LIMIT ?", to.strip().lower(), limit
        ) if to.strip() else self._store.rows("SELECT * FROM mail ORDER BY id DESC LIMIT ?", limit)  # fmt: skip
        return [_letter(row) for row in rows]

    async def inbox(self, request: Request) -> Response:
        to = request.query_params.get("to", "")
        return page(request, "mailbox.html", letters=self.letters(to), to=to)

    async def api(self, request: Request) -> Response:
        """GET ?to=: the letters with text, HTML and links, newest first."""
        return JSONResponse({"letters": self.letters(request.query_params.get("to", ""))})

    async def letter(self, request: Request) -> Response:
        row = self._row(request)
        if row is None:
            return page(request, "unknown.html", code=404)
        return page(request, "letter.html", letter=_letter(row))

    async def html(self, request: Request) -> Response:
        """The HTML of a letter as its own document, shut in."""
        row = self._row(request)
        body = _letter(row)["html"] if row else ""
        return HTMLResponse(
            f'<base target="_blank">{body}',
            headers={"Content-Security-Policy": _LETTER_POLICY, "Referrer-Policy": "no-referrer"},
        )

    async def raw(self, request: Request) -> Response:
        """The letter as it came."""
        row = self._row(request)
        return Response(row["raw"] if row else b"", media_type="text/plain; charset=utf-8")

    def _row(self, request: Request) -> dict[str, Any] | None:
        return self._store.row("SELECT * FROM mail WHERE id = ?", request.path_params["id"])


def _letter(row: dict[str, Any]) -> dict[str, Any]:
    letter = read(row["raw"])
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    said = text.get_content() if text is not None else ""
    return {
        "id": row["id"],
        "at": row["at"],
        "to": json.loads(row["recipients"]),
        "from": str(letter["From"] or row["sender"]),
        "subject": row["subject"],
        "message_id": str(letter["Message-ID"] or "").strip(),
        "text": said,
        "html": html.get_content() if html is not None else "",
        "links": re.findall(r"https?://[^\s)>\"]+", said),
        "attachments": [part.get_filename() or "" for part in letter.iter_attachments()],
    }
