"""Identifiers of rows: UUID version 7 (RFC 9562), which sort by time and so keep indexes compact."""

from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A new UUIDv7."""
    return UUID(bytes=uuid_utils.uuid7().bytes)
