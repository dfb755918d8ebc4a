"""How a gateway signs its notices: HMAC-SHA256 over the timestamp, a dot and the body."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from ..errors import NoticeStale, NoticeUnreadable, SignatureWrong
from . import Notice

TIMESTAMP, SIGNATURE = "X-Gateway-Timestamp", "X-Gateway-Signature"
WINDOW = timedelta(minutes=5)


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """The signature of a notice, in hexadecimal."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def read_notice(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
    """Check signature (in constant time), then age, then shape: a forger learns nothing about the other
    two."""
    named = {name.lower(): value for name, value in headers.items()}
    stamp, given = named.get(TIMESTAMP.lower(), ""), named.get(SIGNATURE.lower(), "")
    timestamp = int(stamp) if stamp.isascii() and stamp.isdigit() and len(stamp) < 13 else 0
    if not hmac.compare_digest(sign(secret, timestamp, body).encode(), given.encode("utf-8", "replace")):
        raise SignatureWrong
    if abs(now - datetime.fromtimestamp(timestamp, UTC)) > WINDOW:
        raise NoticeStale
    try:
        said = json.loads(body)
        return _notice(said)
    except (ValueError, KeyError, TypeError) as wrong:
        raise NoticeUnreadable from wrong


def _notice(said: dict[str, Any]) -> Notice:
    event_id, reference = str(said["id"]), str(said["reference"])
    if not 0 < len(event_id) <= 64 or len(reference) > 32 or isinstance(said["amount"], bool):
        raise ValueError
    return Notice(event_id, str(said["type"])[:40], reference, int(said["amount"]), str(said["status"]))
