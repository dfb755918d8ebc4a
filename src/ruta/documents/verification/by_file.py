"""Verify by file: is it the very document, was it touched, is it only a copy, or nothing of ours?

The digest decides what is authentic, so no flaw of a PDF reader can make a changed file pass. The signature
and the code inside the file only decide *which* of the other answers a person gets.
"""

import hashlib
from collections.abc import Iterable

from ruta.identity.actors import Actor

from .. import perms
from ..models import Output
from .by_code import of_output
from .reading import Signature, codes_in, signatures_in, signed_by_us
from .verdict import Kind, Original, Verdict

LARGEST_MB = 25


def verify_pdf(data: bytes) -> Verdict:
    """What a file is worth.

    - the bytes that we issued: the state of the output (`valid`, `suspended`, `superseded`, `revoked`);
    - those bytes and more after them (an incremental update): `appended`;
    - signed by us and no longer what we signed: `altered`;
    - not signed by us, with one of our codes in its text, metadata or attachment: `copy`;
    - anything else: `foreign`.
    """
    output = _with_digest([data])
    if output is not None:
        return of_output(output)
    signatures = signatures_in(data)
    output = _with_digest(data[: each.end] for each in signatures if each.end < len(data))
    if output is not None:
        added = len(data) - _length_of(output, data, signatures)
        return Verdict(Kind.APPENDED, output.code, Original.of(output), added_bytes=added)
    original = _original_named_in(data)
    code = original.code if original else ""
    ours = signed_by_us(data)
    if ours or (original is not None and any(not each.intact for each in signatures)):
        return Verdict(Kind.ALTERED, code, original)
    if original is not None:
        return Verdict(Kind.COPY, code, original, foreign_signature=bool(signatures))
    return Verdict(Kind.FOREIGN, foreign_signature=bool(signatures))


def _with_digest(candidates: Iterable[bytes]) -> Output | None:
    digests = [hashlib.sha256(each).hexdigest() for each in candidates]
    if not digests:
        return None
    return Output.objects.filter(pdf_sha256__in=digests).exclude(pdf_sha256="").first()


def _length_of(output: Output, data: bytes, signatures: Iterable[Signature]) -> int:
    return next(
        each.end for each in signatures if hashlib.sha256(data[: each.end]).hexdigest() == output.pdf_sha256
    )


def _original_named_in(data: bytes) -> Original | None:
    codes = codes_in(data)
    output = perms.known_to(Actor.anonymous()).filter(code__in=codes).order_by("issued_at").first()
    return Original.of(output) if output else None
