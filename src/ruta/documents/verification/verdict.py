"""The answer of a verification."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from ..models import Output


class Kind(StrEnum):
    """What is said of a code or a file. The first five also come from a code; the last four only from a
    file.
    """

    VALID = "valid"
    SUSPENDED = "suspended"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    ALTERED = "altered"
    APPENDED = "appended"
    COPY = "copy"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class Original:
    """What a stranger may see of the output that a code names; nothing else leaves the room."""

    code: str
    title: Mapping[str, str]
    service_title: Mapping[str, str]
    shown: tuple[tuple[str, Any], ...]
    state: str
    state_since: datetime
    reason: Mapping[str, str]
    issued_at: datetime
    role: Mapping[str, str]
    signature_level: str
    register: str
    holder_id: UUID | None = field(repr=False)

    @classmethod
    def of(cls, output: Output) -> "Original":
        """The public view of a rendered output."""
        assert output.issued_at is not None
        return cls(
            code=output.code,
            title=output.title,
            service_title=output.service_title,
            shown=tuple((str(name), value) for name, value in output.public),
            state=output.state,
            state_since=output.state_since,
            reason=output.reason,
            issued_at=output.issued_at,
            role=output.role,
            signature_level=output.signature_level,
            register=output.source_register,
            holder_id=output.holder_id,
        )


@dataclass(frozen=True)
class Verdict:
    """`kind` is the answer; `original` what we issued, when one is known; `mistyped`: the code cannot be one
    of ours.

    Of an `appended` file `added_bytes` came after the signed part. `foreign_signature`: somebody else signed
    the file.
    """

    kind: Kind
    code: str = ""
    original: Original | None = None
    mistyped: Mapping[str, str] | None = None
    added_bytes: int = 0
    foreign_signature: bool = False

    @property
    def exact(self) -> bool:
        """Whether the very bytes that we issued were given, or only a code."""
        return self.kind in (Kind.VALID, Kind.SUSPENDED, Kind.SUPERSEDED, Kind.REVOKED)
