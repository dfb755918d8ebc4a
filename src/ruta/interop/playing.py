"""Registers of other agencies inside this process, for scenarios and tests, where nothing is to be asked over a network.

The exchange is logged as any other; only the transport is left out.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from .xroad import Reply

Entries = Mapping[str, list[dict[str, Any]]]


class PlayingRegisters:
    """Entries by register name. `down` names those that do not answer."""

    def __init__(self, entries: Entries | None = None) -> None:
        self.entries: dict[str, list[dict[str, Any]]] = {
            name: list(rows) for name, rows in (entries or {}).items()
        }
        self.down: set[str] = set()

    def reply(self, register: str, key: Mapping[str, str]) -> Reply:
        """What the register answers to the key: its first entry that has all parts, a 404, or nothing."""
        if register in self.down:
            return Reply(None, None, b"", "", "", 1, 0)
        for entry in self.entries.get(register, []):
            if all(str(entry.get(name)) == value for name, value in key.items()):
                return Reply(200, dict(entry), b"played", "", "", 1, 0)
        return Reply(404, None, b"", "", "", 1, 0)


_chosen: ContextVar[PlayingRegisters | None] = ContextVar("ruta_registers", default=None)


def current() -> PlayingRegisters | None:
    """The registers chosen by `using`, or None where the network is asked."""
    return _chosen.get()


@contextmanager
def using(registers: PlayingRegisters) -> Iterator[PlayingRegisters]:
    """Within the block, `registers` answer."""
    token = _chosen.set(registers)
    try:
        yield registers
    finally:
        _chosen.reset(token)
