"""Registers of other agencies, answered over the X-Road REST protocol from a JSON file, and services that are told.

The file names registers, each a list of entries: `{"ani": [{…}], "ruv": [{…}]}`. A register is every service of the
subsystem of its name (`CO/GOB/899999040/ANI/…`), or the one that it names itself:
`{"registers": {"ani": {"service": "CO/GOB/899999040/ANI/identity/v1", "entries": [{…}]}}}`.
Beside `registers` it may name `receivers` by code: `{"adres": {"service": "CO/GOB/…", "title": {…}}}`.
Whatever a question's parameters name (dotted names too: `mother.number`) must be equal in the entry.
"""

import asyncio
import base64
import hashlib
import json
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .faults import Faults
from .receiving import Receivers

_NEVER = 120  # seconds; longer than anybody waits


class Registers:
    """The registers file, read again when it changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._all: dict[str, dict[str, Any]] = {}
        self._receivers: dict[str, dict[str, Any]] = {}

    def all(self) -> dict[str, dict[str, Any]]:
        """Each register by its short name; none while there is no file."""
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return {}
        stamp = (stat.st_mtime_ns, stat.st_size)
        if stamp != self._stamp:
            file = json.loads(self._path.read_text("utf-8"))
            self._all = _read(file)
            self._receivers = dict(file.get("receivers", {})) if "registers" in file else {}
            self._stamp = stamp
        return self._all

    def receivers(self) -> dict[str, dict[str, Any]]:
        """Each service that may be told something, by its code: {service, title}."""
        self.all()
        return self._receivers

    def named(self, service: str) -> tuple[str, dict[str, Any]] | None:
        """(short name, register) of a service path."""
        parts = service.split("/")
        subsystem = parts[3].lower() if len(parts) == 6 else ""
        for name, one in self.all().items():
            if one["service"] == service or (not one["service"] and name == subsystem):
                return name, one
        return None


def _read(file: dict[str, Any]) -> dict[str, dict[str, Any]]:
    registers = file.get("registers", file)
    return {
        name: one if isinstance(one, dict) else {"service": "", "title": {}, "entries": one}
        for name, one in registers.items()
    }


class Provider:
    """The security server of the other side and what lies behind it."""

    def __init__(self, registers: Registers, faults: Faults, receivers: Receivers) -> None:
        self._registers, self._faults, self._receivers = registers, faults, receivers

    def routes(self) -> list[Route]:
        """Everything under /xroad."""
        return [
            Route("/xroad/r1/{service:path}", self.answer, methods=["GET"]),
            Route("/xroad/r1/{service:path}", self.take, methods=["POST"]),
            *self._receivers.routes(),
        ]

    async def take(self, request: Request) -> Response:
        """POST: a receiver is told something."""
        if request.headers.get("X-Road-Client", "").count("/") != 3:
            said = "X-Road-Client must name instance/class/member/subsystem"
            return self._error(request, 400, "Client.MissingHeader", said)
        name = self._receivers.named(request.path_params["service"])
        if name is None:
            return self._error(request, 404, "Server.ServerProxy.UnknownService", "unknown service")
        if not await self._faults.breathe(f"told:{name}"):
            return self._error(request, 503, "Server.ServerProxy.NetworkError", "the service does not answer")
        answer = await self._receivers.take(request, name)
        return answer if isinstance(answer, Response) else self._reply(request, *answer)

    async def answer(self, request: Request) -> Response:
        """GET: one entry (200), no entry (404, answered by the register), or an error of the security server."""
        client, asked_id = request.headers.get("X-Road-Client", ""), request.headers.get("X-Road-Id", "")
        service = request.path_params["service"]
        if client.count("/") != 3:
            said = "X-Road-Client must name instance/class/member/subsystem"
            return self._error(request, 400, "Client.MissingHeader", said)
        found = self._registers.named(service)
        if found is None:
            return self._error(
                request, 404, "Server.ServerProxy.UnknownService", f"unknown service {service}"
            )
        name, register = found
        refusal = await self._misbehave(request, name)
        if refusal is not None:
            return refusal
        wanted = dict(request.query_params)
        if not wanted:
            return self._reply(request, {"type": "BadRequest", "message": "Name at least one key"}, 400)
        entries = [one for one in register["entries"] if _matches(one, wanted)]
        if not entries:
            absent = {"type": "NotFound", "message": "There is no entry for this key", "detail": asked_id}
            return self._reply(request, absent, 404)
        return self._reply(request, self._said(name, register, entries[0], wanted), 200)

    def _said(
        self, name: str, register: dict[str, Any], entry: dict[str, Any], wanted: dict[str, str]
    ) -> Any:
        """The entry, or what the register makes of it while it misbehaves."""
        mode = self._faults.use(f"xroad:{name}", "twice", "another", "impossible").mode
        if mode == "twice":
            return [entry, _dated(entry, lambda day: day + timedelta(days=1))]
        if mode == "another":
            others = (one for one in register["entries"] if not _matches(one, wanted))
            return next(others, entry | dict.fromkeys(wanted, "0"))
        if mode == "impossible":
            return _dated(entry, lambda day: day.replace(year=day.year + 100, day=1))
        return entry

    async def _misbehave(self, request: Request, name: str) -> Response | None:
        target = f"xroad:{name}"
        if not await self._faults.breathe(target):
            return self._error(
                request, 503, "Server.ServerProxy.NetworkError", "the register does not answer"
            )
        mode = self._faults.use(target, "lost", "lying", "absent").mode
        if mode == "lost":
            await asyncio.sleep(_NEVER)
        if mode == "lying":
            return Response("<html><body>Bienvenido</body></html>", media_type="text/html")
        if mode == "absent":
            return self._reply(
                request, {"type": "NotFound", "message": "There is no entry for this key"}, 404
            )
        return None

    def _reply(self, request: Request, body: dict[str, Any], status: int) -> Response:
        digest = hashlib.sha512(f"{request.method} {request.url.path}?{request.url.query}".encode()).digest()
        headers = {
            "X-Road-Client": request.headers.get("X-Road-Client", ""),
            "X-Road-Service": request.path_params["service"],
            "X-Road-Id": request.headers.get("X-Road-Id", ""),
            "X-Road-Request-Id": str(uuid.uuid4()),
            "X-Road-Request-Hash": base64.b64encode(digest).decode(),
        }
        return JSONResponse(body, status_code=status, headers=headers)

    def _error(self, request: Request, status: int, kind: str, message: str) -> Response:
        detail = str(uuid.uuid4())
        return JSONResponse(
            {"type": kind, "message": message, "detail": detail},
            status_code=status,
            headers={"X-Road-Error": kind, "X-Road-Request-Id": detail},
        )


def _matches(entry: dict[str, Any], wanted: dict[str, str]) -> bool:
    return all(str(_at(entry, name)) == value for name, value in wanted.items())


def _at(entry: Any, name: str) -> Any:
    for part in name.split("."):
        entry = entry.get(part) if isinstance(entry, dict) else None
    return entry


def _dated(entry: dict[str, Any], moved: Callable[[date], date]) -> dict[str, Any]:
    """The entry with every day that it tells moved."""
    said = dict(entry)
    for name, value in entry.items():
        try:
            said[name] = moved(date.fromisoformat(value)).isoformat()
        except (TypeError, ValueError):
            continue
    return said
