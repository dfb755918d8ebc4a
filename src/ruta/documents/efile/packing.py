"""One ZIP and no other for the same members: stored, in order, all dated by the index.

So a ZIP can be made again from what it holds and compared byte by byte, and nothing in it unpacks to more than it weighs.
"""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ruta.kernel.clock import BOGOTA

from .index import INDEX, SIGNATURE, Index

OWNER_ONLY = 0o100600 << 16
UNIX = 3
MOST_WITHOUT_ZIP64 = 2**31 - 1


@dataclass(frozen=True)
class Member:
    """A file of the ZIP: its path, bytes, SHA-256 in hexadecimal, and how to read it in pieces."""

    path: str
    size: int
    digest: str
    chunks: Callable[[], Iterable[bytes]]

    @classmethod
    def of(cls, path: str, data: bytes, digest: str) -> "Member":
        """A member whose bytes are at hand."""
        return cls(path, len(data), digest, lambda: (data,))


class _Pipe(io.RawIOBase):
    """What a ZIP is written to, to be taken out again piece by piece; it cannot be wound back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: object) -> int:
        """Keep the piece."""
        piece = bytes(data)  # type: ignore[call-overload]
        self._pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def packed(index: Index, members: Sequence[Member], *, at: datetime) -> Iterator[bytes]:
    """The ZIP in pieces: the index, the signature over it by the platform's seal, and what it lists.

    The signature is made before the first piece is given out; `at` is the instant that it and the ZIP bear.
    """
    from .. import signing  # a quarter of the start of every process, and only who takes a file away signs

    listed = index.to_bytes()
    signature, _ = signing.sign_detached(listed, at=at)
    front = [Member.of(INDEX, listed, ""), Member.of(SIGNATURE, signature, "")]
    return pack([*front, *members], at=at)


def pack(members: Iterable[Member], *, at: datetime) -> Iterator[bytes]:
    """The members as a ZIP, in pieces and in this order."""
    local = at.astimezone(BOGOTA)
    date = (local.year, local.month, local.day, local.hour, local.minute, local.second)
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for member in members:
            info = zipfile.ZipInfo(member.path, date)
            info.create_system, info.external_attr, info.file_size = UNIX, OWNER_ONLY, member.size
            with archive.open(info, "w", force_zip64=member.size > MOST_WITHOUT_ZIP64) as file:
                for chunk in member.chunks():
                    file.write(chunk)
                    yield pipe.take()
            yield pipe.take()
    yield pipe.take()
