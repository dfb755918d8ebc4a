"""Detached signatures over statements of the platform (ECDSA P-256 with SHA-256), checked with our published keys."""

from base64 import b64decode, b64encode
from dataclasses import dataclass

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
    for path in sorted((keys.folder() / "qr").glob("*.pem")):
        public = serialization.load_pem_public_key(path.read_bytes())
        if not isinstance(public, ec.EllipticCurvePublicKey) or keys.key_id(public).hex() != signature.key_id:
            continue
        try:
            public.verify(b64decode(signature.value), data, ec.ECDSA(hashes.SHA256()))
        except (InvalidSignature, ValueError):
            return False
        return True
    return False
