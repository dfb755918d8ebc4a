"""The hash chain of a case and the Merkle tree over all cases (contract §6). Pure: no database, no clock.

An event's personal payload lies outside the chain, in a row that the law may have erased; the event holds a salted
commitment to it, so that the chain verifies with or without the payload. Heads of all chains are leaves of a Merkle
tree (hashed as in RFC 6962: a leaf cannot pass for a node); its signed root shows a removed newest event or case.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from . import canonical

GENESIS = "0" * 64


@dataclass(frozen=True)
class Link:
    """One event as it is hashed: `at` in canonical form, hashes as 64 hexadecimal digits."""

    case: str
    seq: int
    type: str
    version: int
    at: str
    actor: str
    public: Mapping[str, Any]
    commitment: str
    previous: str
    hash: str


@dataclass(frozen=True)
class Break:
    """The first thing found wrong in a chain; `seq` is the event's place, from 1."""

    case: str
    seq: int
    fault: str
    say: Mapping[str, str]


def new_salt() -> bytes:
    """32 random bytes; erased with the payload, they make the commitment unguessable."""
    return secrets.token_bytes(32)


def commitment(payload: Mapping[str, Any], salt: bytes) -> str:
    """HMAC-SHA-256 of the canonical payload under the salt: binds it, and tells nothing once the salt is gone."""
    return hmac.new(salt, canonical.dumps(payload), hashlib.sha256).hexdigest()


def link(
    *,
    case: str,
    seq: int,
    type: str,
    version: int,
    at: datetime,
    actor: str,
    public: Mapping[str, Any],
    commitment: str,
    previous: str,
) -> Link:
    """The event with its hash; `seq` counts from 1 and the first `previous` is `GENESIS`."""
    hashed = {
        "case": case,
        "seq": seq,
        "type": type,
        "version": version,
        "at": canonical.instant_text(at),
        "actor": actor,
        "public": dict(public),
        "commitment": commitment,
        "previous": previous,
    }
    return Link(**hashed, hash=canonical.sha256_hex(canonical.dumps(hashed)))  # type: ignore[arg-type]


def recomputed_hash(event: Link) -> str:
    """The hash that the event's content gives."""
    hashed = asdict(event)
    del hashed["hash"]
    return canonical.sha256_hex(canonical.dumps(hashed))


def _broken(event: Link, fault: str, es: str, en: str) -> Break:
    return Break(event.case, event.seq, fault, {"es": es, "en": en})


def verify(
    events: Iterable[Link], payloads: Mapping[int, tuple[Mapping[str, Any], bytes]] | None = None
) -> Break | None:
    """The first broken link of one case's events in order, or None.

    `payloads` gives (payload, salt) by `seq` for those not erased; each must match its commitment.
    """
    previous, expected = GENESIS, 1
    for event in events:
        if event.seq != expected:
            return _broken(
                event,
                "missing",
                f"falta la actuación {expected}: sigue la {event.seq}",
                f"event {expected} is missing: {event.seq} follows",
            )
        if event.previous != previous:
            return _broken(
                event,
                "unlinked",
                f"la actuación {event.seq} no continúa la anterior",
                f"event {event.seq} does not continue the one before",
            )
        if recomputed_hash(event) != event.hash:
            return _broken(
                event, "changed", f"la actuación {event.seq} fue cambiada", f"event {event.seq} was changed"
            )
        if payloads is not None and event.seq in payloads:
            payload, salt = payloads[event.seq]
            if not hmac.compare_digest(commitment(payload, salt), event.commitment):
                return _broken(
                    event,
                    "payload-changed",
                    f"los datos de la actuación {event.seq} fueron cambiados",
                    f"the data of event {event.seq} were changed",
                )
        previous, expected = event.hash, expected + 1
    return None


def leaf(case: str, head: str, count: int) -> bytes:
    """The Merkle leaf of a case whose newest event's hash is `head` and which has `count` events."""
    return hashlib.sha256(b"\x00" + canonical.dumps([case, head, count])).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def merkle_root(leaves: Sequence[bytes]) -> str:
    """The root over the leaves in the order given (callers order by case id); of none, the digest of nothing.

    The tree of RFC 6962 §2.1: the left part is the largest power of two smaller than the number of leaves.
    """
    if not leaves:
        return hashlib.sha256(b"").hexdigest()
    level = list(leaves)
    while len(level) > 1:
        # An odd last node is carried up unchanged, which gives the same tree as RFC 6962's definition.
        level = [
            _node(level[at], level[at + 1]) if at + 1 < len(level) else level[at]
            for at in range(0, len(level), 2)
        ]
    return level[0].hex()


def merkle_proof(leaves: Sequence[bytes], index: int) -> tuple[tuple[str, str], ...]:
    """The path from leaf `index` to the root: (`left` or `right`, hash of the sibling), from the leaf up."""
    path: list[tuple[str, str]] = []
    level, at = list(leaves), index
    while len(level) > 1:
        sibling = at ^ 1
        if sibling < len(level):
            path.append(("left" if sibling < at else "right", level[sibling].hex()))
        level = [
            _node(level[i], level[i + 1]) if i + 1 < len(level) else level[i] for i in range(0, len(level), 2)
        ]
        at //= 2
    return tuple(path)


def proves(leaf_hash: bytes, path: Iterable[tuple[str, str]], root: str) -> bool:
    """Whether `path` leads from the leaf to `root`."""
    node = leaf_hash
    for side, sibling in path:
        node = _node(bytes.fromhex(sibling), node) if side == "left" else _node(node, bytes.fromhex(sibling))
    return hmac.compare_digest(node.hex(), root)
