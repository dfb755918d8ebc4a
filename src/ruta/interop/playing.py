"""Other agencies inside this process, for scenarios and tests, where nothing is to be asked over a network.

The exchange is logged as any other; only the transport is left out.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ruta.kernel import canonical
from ruta.registers.rules import value_at

from .xroad import Reply

Entries = Mapping[str, list[dict[str, Any]]]


class PlayingAgencies:
    """Entries by register name. `down` names who does not answer, `twice` who says everything twice, `always` what
    somebody answers whatever is asked."""

    def __init__(self, entries: Entries | None = None) -> None:
        self.entries: dict[str, list[dict[str, Any]]] = {
            name: list(rows) for name, rows in (entries or {}).items()
        }
        self.down: set[str] = set()
        self.twice: set[str] = set()
        self.always: dict[str, Any] = {}
        self.notices: dict[str, dict[str, dict[str, Any]]] = {}  # by receiver and key: what each was told

    def behave(self, agency: str) -> None:
        """From now on the agency answers as it should."""
        self.down.discard(agency)
        self.twice.discard(agency)
        self.always.pop(agency, None)

    def told(self, receiver: str, key: str, data: Mapping[str, Any]) -> Reply:
        """What a receiver answers to what it is told: accepted, and the same again for the same key.

        Twice: that it has it already (409). An answer of `always` may be {status, reason, reference}.
        """
        if receiver in self.down:
            return Reply(None, None, b"", "", "", 1, 0)
        if receiver in self.always:
            return _said(200, self.always[receiver])
        taken = self.notices.setdefault(receiver, {})
        taken.setdefault(key, dict(data))
        said = {"status": "accepted", "reference": f"{receiver}-{[*taken].index(key) + 1}"}
        return _said(409 if receiver in self.twice else 200, said)

    def reply(self, register: str, key: Mapping[str, str]) -> Reply:
        """What the register answers to the key: its first entry that has all parts, a 404, or nothing.

        Twice: all its entries that have them, and the first once more.
        """
        if register in self.down:
            return Reply(None, None, b"", "", "", 1, 0)
        if register in self.always:
            return _said(200, self.always[register])
        hits = [
            dict(entry)
            for entry in self.entries.get(register, [])
            if all(str(value_at(entry, name)) == value for name, value in key.items())
        ]
        if not hits:
            return _said(404, None)
        return _said(200, [*hits, hits[0]] if register in self.twice else hits[0])


def _said(status: int, body: Any) -> Reply:
    return Reply(status, body, canonical.dumps(body), "", "", 1, 0)


_chosen: ContextVar[PlayingAgencies | None] = ContextVar("ruta_agencies", default=None)


def current() -> PlayingAgencies | None:
    """The agencies chosen by `using`, or None where the network is asked."""
    return _chosen.get()


@contextmanager
def using(agencies: PlayingAgencies) -> Iterator[PlayingAgencies]:
    """Within the block, `agencies` answer."""
    token = _chosen.set(agencies)
    try:
        yield agencies
    finally:
        _chosen.reset(token)
