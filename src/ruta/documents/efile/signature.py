"""The seal over an index: is it of these bytes, and is it ours?"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from .index import SIGNATURE


@dataclass(frozen=True)
class Seal:
    """Who signed and when, as the signature says; `fault` says in words why it does not count, or is empty."""

    signer: str = ""
    at: datetime | None = None
    fault: str = ""


def over(data: bytes, signature: bytes | None, trusted: Sequence[x509.Certificate]) -> Seal:
    """Look at a detached CMS signature over `data`; it counts from a trusted certificate or one that a trusted issued."""
    if signature is None:
        return Seal(fault=f"{SIGNATURE} is missing or cannot be read: nobody vouches for the index")
    try:
        signed = cms.ContentInfo.load(signature, strict=True)["content"]
        info = signed["signer_infos"][0]
        certificate = _signer_of(signed, info)
        at = next(
            (v["values"][0].native for v in info["signed_attrs"] if v["type"].native == "signing_time"), None
        )
        holds = _is_of(data, info, certificate)
    except Exception:  # a hostile container may fail in any way
        return Seal(fault=f"{SIGNATURE} was changed: it is no signature")
    known = x509.load_der_x509_certificate(certificate.dump())
    name = known.subject.rfc4514_string()
    if not holds:
        return Seal(name, at, "index.json or its signature was changed: the signature is not of this index")
    if not any(_vouches(each, known) for each in trusted):
        return Seal(name, at, f"signed by {name}, whom no certificate at hand vouches for")
    return Seal(name, at)


def _signer_of(signed: cms.SignedData, info: cms.SignerInfo) -> asn1_x509.Certificate:
    serial = info["sid"].chosen["serial_number"].native
    return next(
        each.chosen
        for each in signed["certificates"]
        if isinstance(each.chosen, asn1_x509.Certificate) and each.chosen.serial_number == serial
    )


def _is_of(data: bytes, info: cms.SignerInfo, certificate: asn1_x509.Certificate) -> bool:
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity  # slow to load

    digest = hashlib.new(info["digest_algorithm"]["algorithm"].native, data).digest()
    intact, valid = validate_sig_integrity(
        info, certificate, expected_content_type="data", actual_digest=digest
    )
    return bool(intact and valid)


def _vouches(trusted: x509.Certificate, signer: x509.Certificate) -> bool:
    if trusted.public_bytes(Encoding.DER) == signer.public_bytes(Encoding.DER):
        return True
    try:
        signer.verify_directly_issued_by(trusted)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
