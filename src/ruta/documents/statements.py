"""Detached signatures over statements of the platform (ECDSA P-256 with SHA-256), checked with our published keys."""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from . import keys


@dataclass(frozen=True)
class Signature:
    """A signature in base64, and the key that made it by its id in hexadecimal."""

    value: str
    key_id: str


def sign(data: bytes) -> Signature:
    """Sign `data` with the key that is in use now."""
    key = keys.qr_key()
    signature = key.key.sign(data, ec.ECDSA(hashes.SHA256()))
    return Signature(b64encode(signature).decode(), key.key_id.hex())


def is_ours(data: bytes, signature: Signature) -> bool:
    """Whether one of our keys, present or former, signed `data`."""
    public = _published(signature.key_id)
    if public is None:
        return False
    try:
        public.verify(b64decode(signature.value), data, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def _published(key_id: str) -> ec.EllipticCurvePublicKey | None:
    """Our key with this id, present or former: its file is named by it."""
    if not re.fullmatch(r"[0-9a-f]+", key_id):
        return None
    path = keys.folder() / "qr" / f"{key_id}.pem"
    try:
        public = _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None
    return public if public is not None and keys.key_id(public).hex() == key_id else None


@lru_cache(maxsize=64)
def _read(path: Path, changed_at: int) -> ec.EllipticCurvePublicKey | None:
    """The key in the file as it was written at `changed_at`."""
    public = serialization.load_pem_public_key(path.read_bytes())
    return public if isinstance(public, ec.EllipticCurvePublicKey) else None
