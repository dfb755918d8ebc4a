"""The QR code of an output: its address, and in the fragment the facts signed, for checking without a
network.

    PUBLIC_URL/v/<code>#<base64url( version | key id | CBOR | signature )>

version 1 byte (1) · key id 4 bytes · CBOR array [code, kind, holder, day issued, digest] · ECDSA P-256 with
SHA-256 over all before it, 64 bytes (r, s). At most 150 bytes. `code` is its 8 bytes, `day issued` days
since 2000-01-01, `digest` the first 6 bytes of the digest of the data. A fragment never leaves the browser,
so no log ever holds it.
"""

import io
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import cbor2
import segno
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.conf import settings

from . import keys

VERSION = 1
LARGEST = 150
EPOCH = date(2000, 1, 1)
KIND_BYTES = 44
HOLDER_BYTES = 12
MASK = 4
"""Trying all eight masks costs ten times the rest; a signature looks random, so each mask does as well."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Facts:
    """What the QR code says of an output. `holder`: initials and last four characters (`MFRP 4050`)."""

    code: str
    kind: str
    holder: str
    issued_on: date
    digest: str


class NotOursError(Exception):
    """The fragment is damaged, or nobody here signed it."""


def _pack_code(code: str) -> bytes:
    number = 0
    for character in code.replace("-", ""):
        number = number * 32 + _ALPHABET.index(character)
    return number.to_bytes(8, "big")


def _unpack_code(packed: bytes) -> str:
    number = int.from_bytes(packed, "big")
    text = "".join(_ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(12)))
    return "-".join(text[start : start + 4] for start in range(0, 12, 4))


def _clip(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore").strip()


def _clip_words(text: str, size: int) -> str:
    """As many whole words as fit; half of a person's initials would be another's."""
    kept = ""
    for word in text.split():
        longer = f"{kept} {word}".strip()
        if len(longer.encode()) > size:
            break
        kept = longer
    return kept or _clip(text, size)


def fragment(facts: Facts) -> str:
    """The signed facts, as the text after `#`."""
    key = keys.qr_key()
    payload = cbor2.dumps(
        [
            _pack_code(facts.code),
            _clip(facts.kind, KIND_BYTES),
            _clip_words(facts.holder, HOLDER_BYTES),
            (facts.issued_on - EPOCH).days,
            bytes.fromhex(facts.digest[:12]),
        ]
    )
    body = bytes([VERSION]) + key.key_id + payload
    r, s = decode_dss_signature(key.key.sign(body, ec.ECDSA(hashes.SHA256())))
    signed = body + r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert len(signed) <= LARGEST
    return urlsafe_b64encode(signed).rstrip(b"=").decode()


def open_fragment(text: str) -> Facts:
    """The facts of a fragment, its signature checked against our keys. Raises NotOursError."""
    try:
        signed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if len(signed) > LARGEST or signed[0] != VERSION:
            raise NotOursError
        body, signature = signed[:-64], signed[-64:]
        public = load_pem_public_key((keys.folder() / "qr" / f"{body[1:5].hex()}.pem").read_bytes())
        assert isinstance(public, ec.EllipticCurvePublicKey)
        pair = encode_dss_signature(
            int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        )
        public.verify(pair, body, ec.ECDSA(hashes.SHA256()))
        code, kind, holder, day, digest = _decoded(body[5:])
    except (ValueError, IndexError, OSError, InvalidSignature, cbor2.CBORDecodeError) as wrong:
        raise NotOursError from wrong
    return Facts(_unpack_code(code), kind, holder, EPOCH + timedelta(days=day), digest.hex())


def _decoded(payload: bytes) -> Any:
    return cbor2.loads(payload)


def url(code: str) -> str:
    """The address that verifies an output: `PUBLIC_URL/v/<code>`."""
    return f"{settings.PUBLIC_URL}/v/{code}"


def svg(facts: Facts) -> str:
    """The QR code as SVG: error correction M, quiet zone of four modules, black on white."""
    code = segno.make(f"{url(facts.code)}#{fragment(facts)}", error="m", micro=False, mask=MASK)
    out = io.BytesIO()
    code.save(
        out,
        kind="svg",
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        omitsize=True,
    )
    return out.getvalue().decode()
