"""Content-addressed files: bytes are named by their SHA-256, written once and never changed.

A file is complete when its name exists: it is written aside, forced to disk and renamed.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from ruta.kernel.errors import NotFound

CHUNK = 256 * 1024


@dataclass(frozen=True)
class Stored:
    """Bytes that are on disk: `sha256` in hexadecimal, `size` in bytes."""

    sha256: str
    size: int
    path: Path


def path_of(sha256: str) -> Path:
    """Where the bytes of this digest are or would be: `RUTA_HOME/files/aa/bb/<sha256>`."""
    return Path(settings.FILES_DIR) / sha256[:2] / sha256[2:4] / sha256


def write(chunks: Iterable[bytes]) -> Stored:
    """Store the bytes durably and return their digest; the same bytes are stored once."""
    root = Path(settings.FILES_DIR)
    incoming = root / "incoming"
    incoming.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    size = 0
    handle, name = tempfile.mkstemp(dir=incoming)
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        target = path_of(digest.hexdigest())
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            aside.chmod(0o400)
            aside.replace(target)
            _sync_folder(target.parent)
        return Stored(digest.hexdigest(), size, target)
    finally:
        aside.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(sha256: str) -> bytes:
    """The bytes of this digest, checked against it. Raises NotFound when they are absent or damaged."""
    try:
        data = path_of(sha256).read_bytes()
    except FileNotFoundError:
        data = b""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise NotFound(
            {
                "es": "El archivo no está en el almacén o está dañado. Avise al administrador.",
                "en": "The file is not in the store or is damaged. Tell the administrator.",
            },
            code="file-missing",
        )
    return data


class DamagedError(Exception):
    """What is stored is not what its name says."""


def checked_chunks(sha256: str) -> Iterator[bytes]:
    """The bytes of this digest, in pieces. Raises DamagedError before the last piece where they are not those bytes."""
    digest, held = hashlib.sha256(), b""
    try:
        for chunk in chunks_of(sha256):
            digest.update(chunk)
            if held:
                yield held
            held = chunk
    except FileNotFoundError as gone:
        raise DamagedError(sha256) from gone
    if digest.hexdigest() != sha256:
        raise DamagedError(sha256)
    if held:
        yield held


def remove(sha256: str) -> None:
    """Take the bytes of this digest away; the caller knows that nobody needs them. Absent bytes are no error."""
    path_of(sha256).unlink(missing_ok=True)


def chunks_of(sha256: str) -> Iterator[bytes]:
    """The bytes of this digest, in pieces, for an answer that streams."""
    with path_of(sha256).open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
