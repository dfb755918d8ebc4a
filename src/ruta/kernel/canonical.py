"""Canonical JSON (RFC 8785) and its digest: one value, one sequence of bytes, whoever writes it."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import rfc8785


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


def instant_text(at: datetime) -> str:
    """An instant as it is hashed: UTC with microseconds, `2026-03-02T14:00:00.000000Z`."""
    if at.tzinfo is None:
        raise ValueError("an instant without a zone has no canonical form")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def dumps(value: Any) -> bytes:
    """Canonical JSON of `value`; dates, instants and UUIDs as text. Raises ValueError for what JSON cannot hold."""
    try:
        return bytes(rfc8785.dumps(_plain(value)))
    except rfc8785.CanonicalizationError as wrong:
        raise ValueError(str(wrong)) from wrong


def sha256_hex(data: bytes) -> str:
    """SHA-256 of `data`, 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()
