"""The web side of the sandbox: everything under one address, with a front page that lists it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from .faults import Fault, Faults, modes_of
from .gateway import Gateway
from .mail import Mailbox
from .notices import Messenger
from .options import Options
from .paging import form, page, stylesheet
from .receiving import Receivers
from .store import Store
from .xroad import Provider, Registers


class Sandbox:
    """The parts of the outside world over one store."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.store = Store(options.folder)
        self.faults = Faults(self.store)
        self.registers = Registers(options.folder / "registers.json")
        self.gateway = Gateway(self.store, self.faults, options.secret)
        self.mailbox = Mailbox(self.store)
        self.receivers = Receivers(self.store, self.registers, self.faults)
        self.provider = Provider(self.registers, self.faults, self.receivers)

    def app(self) -> Starlette:
        """The ASGI application; while it runs, notices are posted."""
        return Starlette(
            routes=[
                Route("/", self.front),
                Route("/control", self.control, methods=["GET"]),
                Route("/control", self.change, methods=["POST"]),
                Route("/sandbox.css", stylesheet),
                *self.gateway.routes(),
                *self.provider.routes(),
                *self.mailbox.routes(),
            ],
            lifespan=self._lifespan,
        )

    @contextlib.asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        messenger = Messenger(self.store, self.faults, self.options.secret)
        running = asyncio.create_task(messenger.run()) if self.options.notify else None
        yield
        if running is not None:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

    def targets(self) -> list[str]:
        """Everything that can misbehave."""
        return [
            "gateway",
            "smtp",
            *(f"xroad:{name}" for name in self.registers.all()),
            *(f"told:{name}" for name in self.registers.receivers()),
        ]

    async def front(self, request: Request) -> Response:
        count: Any = {
            table: (self.store.row(f"SELECT count(*) AS n FROM {table}") or {"n": 0})["n"]  # noqa: S608
            for table in ("session", "payment", "mail", "told")
        }
        return page(
            request,
            "front.html",
            count=count,
            registers=self.registers.all(),
            smtp_port=self.options.smtp_port,
            faults=[self.faults.peek(target) for target in self.targets()],
        )

    async def control(self, request: Request) -> Response:
        """GET: a page with buttons, or the present state as JSON for a program."""
        faults = [self.faults.peek(target) for target in self.targets()]
        if "text/html" not in request.headers.get("accept", ""):
            return JSONResponse({fault.target: _told(fault) for fault in faults})
        return page(
            request,
            "control.html",
            faults=faults,
            modes={fault.target: modes_of(fault.target) for fault in faults},
        )

    async def change(self, request: Request) -> Response:
        """POST: `{"target", "mode", "times", "delay"}` as JSON or a form."""
        posted = not request.headers.get("content-type", "").startswith("application/json")
        try:
            asked: dict[str, Any] = await form(request) if posted else await request.json()
            fault = _fault(asked)
        except (ValueError, TypeError, AttributeError) as wrong:
            return JSONResponse({"type": "urn:sandbox:invalid-fault", "detail": str(wrong)}, status_code=422,
                                media_type="application/problem+json")  # fmt: skip
        self.faults.set(fault)
        if posted:
            return RedirectResponse("/control", status_code=303)
        return JSONResponse({fault.target: _told(fault)})


def _fault(asked: dict[str, Any]) -> Fault:
    target, mode = str(asked.get("target", "")), str(asked.get("mode", ""))
    modes = modes_of(target)
    if not modes:
        raise ValueError(
            f"target: “{target}” is unknown; use gateway, smtp, xroad:‹register› or told:‹service›"
        )
    if mode not in modes:
        raise ValueError(f"mode: “{mode}” is unknown for {target}; use one of {', '.join(modes)}")
    times, delay = asked.get("times"), asked.get("delay")
    counted = int(times) if times not in (None, "", 0, "0") else None
    wait = float(delay) if delay not in (None, "") else 60.0 if mode == "late" else 3.0
    if (counted is not None and counted < 1) or not 0 <= wait <= 86_400:
        raise ValueError("times must be at least 1, delay between 0 and 86400 seconds")
    return Fault(target, mode, counted if mode != "ok" else None, wait)


def _told(fault: Fault) -> dict[str, Any]:
    return {"mode": fault.mode, "times": fault.times, "delay": fault.delay}
