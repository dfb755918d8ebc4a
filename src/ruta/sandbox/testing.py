"""The sandbox inside a test's own process: real HTTP and SMTP on free ports of the loopback."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn

from . import mail, notices
from .app import Sandbox
from .faults import Fault
from .options import Options
from .store import to_json

_SECRET = "sandbox-secret"  # noqa: S105  it guards a test


@dataclass(frozen=True)
class Playground:
    """A running sandbox and what a test does with it."""

    sandbox: Sandbox
    url: str
    smtp_port: int
    secret: str

    @property
    def gateway_url(self) -> str:
        """For `GATEWAY_URL`."""
        return f"{self.url}/gateway"

    @property
    def xroad_url(self) -> str:
        """For `XROAD_URL`."""
        return f"{self.url}/xroad"

    def misbehave(self, target: str, mode: str, *, times: int | None = None, delay: float = 0.2) -> None:
        """As POST /control."""
        self.sandbox.faults.set(Fault(target, mode, times, delay))

    def pay(self, reference: str, status: str = "approved", method: str = "PSE") -> None:
        """The person decides on the newest open session of a reference: approved, rejected or pending."""
        session = self.sandbox.store.row(
            "SELECT * FROM session WHERE reference = ? AND status = 'open' ORDER BY created_at DESC",
            reference,
        )
        assert session is not None, f"no open session for {reference}"
        self.sandbox.gateway.pay(session, status, method)

    def settle(self, reference: str, status: str) -> None:
        """The bank answers about the pending payment of a reference."""
        payment = self.sandbox.store.row(
            "SELECT * FROM payment WHERE reference = ? AND status = 'pending'", reference
        )
        assert payment is not None, f"nothing is pending for {reference}"
        self.sandbox.gateway.decide(payment["id"], status)

    def payments(self, reference: str) -> list[dict[str, Any]]:
        """What the gateway took or refused for a reference."""
        return self.sandbox.store.rows("SELECT * FROM payment WHERE reference = ? ORDER BY at", reference)

    def notices(self, *, early: bool = False) -> list[tuple[dict[str, str], bytes]]:
        """Take the webhooks that wait, as (headers, body), in the order of sending; `early` takes late ones too."""
        return notices.collect(self.sandbox.store, self.secret, early=early)

    def letters(self, to: str = "") -> list[dict[str, Any]]:
        """The mail to an address, newest first."""
        return self.sandbox.mailbox.letters(to)

    def fill(self, name: str, service: str, entries: Sequence[Mapping[str, Any]]) -> None:
        """Give another agency's register these entries."""
        registers = dict(self.sandbox.registers.all())
        registers[name] = {"service": service, "title": {"es": name, "en": name}, "entries": list(entries)}
        self._write(registers, self.sandbox.registers.receivers())

    def receive(self, name: str, service: str) -> None:
        """Let a service of another agency take notices."""
        receivers = self.sandbox.registers.receivers() | {
            name: {"service": service, "title": {"es": name, "en": name}}
        }
        self._write(self.sandbox.registers.all(), receivers)

    def told(self, name: str = "") -> list[dict[str, Any]]:
        """What a service was told, the newest first: key, body, status, times."""
        return self.sandbox.receivers.told(name)

    def _write(self, registers: Mapping[str, Any], receivers: Mapping[str, Any]) -> None:
        told = {"registers": dict(registers), "receivers": dict(receivers)}
        (self.sandbox.options.folder / "registers.json").write_bytes(to_json(told))


@contextmanager
def running(
    folder: Path | None = None, *, secret: str = _SECRET, notify: bool = False
) -> Iterator[Playground]:
    """Run a sandbox in threads for the length of the block; with `notify` it posts its webhooks itself."""
    with TemporaryDirectory() as temporary:
        port, smtp_port = free_port(), free_port()
        options = Options(folder or Path(temporary), secret, port=port, smtp_port=smtp_port, notify=notify)
        sandbox = Sandbox(options)
        smtp = mail.controller(sandbox.store, sandbox.faults, options.host, smtp_port)
        server = uvicorn.Server(
            uvicorn.Config(
                sandbox.app(),
                host=options.host,
                port=port,
                log_config=None,  # a library writes by no handler of its own
                log_level="error",
                access_log=False,
                timeout_graceful_shutdown=1,
            )
        )
        thread = threading.Thread(target=server.run, daemon=True)
        smtp.start()
        thread.start()
        try:
            _wait(server, thread)
            yield Playground(sandbox, f"http://{options.host}:{port}", smtp_port, secret)
        finally:
            server.should_exit = True
            thread.join(10)
            smtp.stop()
            sandbox.store.close()


def _wait(server: uvicorn.Server, thread: threading.Thread) -> None:
    until = time.monotonic() + 20
    while not server.started:
        if not thread.is_alive() or time.monotonic() > until:
            raise RuntimeError("the sandbox did not start")
        time.sleep(0.01)


def free_port() -> int:
    """A TCP port of the loopback that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
