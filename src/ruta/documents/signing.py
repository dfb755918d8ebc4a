"""PAdES signatures with a key that stays loaded.

pyHanko's own signer parses and checks the private key at each signature (309 of 316 ms). This one keeps it.
The level is B-B; it is B-T when a time-stamping authority is configured (`RUTA_TSA_URL`).
"""

import asyncio
import io
import re
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import lru_cache
from typing import Any

from asn1crypto import algos, cms
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ruta.kernel.clock import BOGOTA

from . import keys

FIELD = "Sello"
_HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


class LoadedSigner(signers.Signer):
    """Signs RSA PKCS#1 v1.5 with the key object of `identity`."""

    def __init__(self, identity: keys.SigningIdentity) -> None:
        self._key = identity.key
        certificate, *above = (
            asn1_x509.Certificate.load(each.public_bytes(Encoding.DER))
            for each in (identity.certificate, *identity.chain)
        )
        registry: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        registry.register_multiple(above)
        super().__init__(
            signing_cert=certificate,
            cert_registry=registry,
            embed_roots=False,  # who verifies trusts the authority already, or does not
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "rsassa_pkcs1v15"}),
        )

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """The raw signature; a dry run answers zeros of the same length."""
        if dry_run:
            return bytes(self._key.key_size // 8)
        return self._key.sign(data, padding.PKCS1v15(), _HASHES[digest_algorithm])

    async def signed_attrs(self, *args: Any, **kwargs: Any) -> cms.CMSAttributes:
        """The signed attributes, encoded from the inside out."""
        attributes = await super().signed_attrs(*args, **kwargs)
        for attribute in attributes:
            for place, value in enumerate(attribute["values"]):
                attribute["values"][place] = _encoded(value)
        return _encoded(attributes)

    def signer_info(self, *args: Any, **kwargs: Any) -> cms.SignerInfo:
        """What is said of the signer, encoded."""
        return _encoded(super().signer_info(*args, **kwargs))


def _encoded(part: Any) -> Any:
    """The part as read from its bytes. asn1crypto encodes what was built, as against read, twice for each level above
    it, which took half of the time of a signature."""
    return type(part).load(part.dump())


class _DatedSigner(signers.PdfSigner):
    """Dates the signature with the instant of issue instead of the machine's clock."""

    at: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        """A session whose time is that of issue."""
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at.astimezone(BOGOTA)
        return session


@lru_cache(maxsize=4)
def _signer(identity: keys.SigningIdentity) -> LoadedSigner:
    return LoadedSigner(identity)


@lru_cache(maxsize=2)
def _time_stamper(url: str) -> HTTPTimeStamper | None:
    return HTTPTimeStamper(url) if url else None


def _finish(work: Coroutine[Any, Any, Any]) -> None:
    """Run pyHanko's coroutine to its end, also where an event loop already runs in this thread."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(work)
    else:
        with ThreadPoolExecutor(max_workers=1) as aside:
            aside.submit(asyncio.run, work).result()


def sign(
    pdf: bytes,
    *,
    at: datetime,
    reason: str,
    role: str,
    title: str,
    identity: keys.SigningIdentity | None = None,
) -> tuple[bytes, str]:
    """The PDF with one invisible signature over all of it, and the PAdES level reached (`B-B` or `B-T`).

    `title` names the field for screen readers; `identity` is the installation's unless given.
    It certifies: any later change but a time stamp breaks what it permits (DocMDP, no changes).
    """
    loaded = _signer(identity or keys.signing_identity())
    time_stamper = _time_stamper(getattr(settings, "TSA_URL", ""))
    signer = _DatedSigner(
        signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            reason=reason,
            name=role,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        ),
        signer=loaded,
        timestamper=time_stamper,
        new_field_spec=fields.SigFieldSpec(
            FIELD,
            readable_field_name=title,  # /TU: without it the file is no longer PDF/UA
            invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True),
        ),
    )
    signer.at = at
    out = io.BytesIO()
    room = _room.get(loaded) if time_stamper is None else None  # a time stamp is of any size
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    _finish(signer.async_sign_pdf(writer, bytes_reserved=room, output=out))
    signed = out.getvalue()
    if time_stamper is None and room is None:
        _room[loaded] = _gap(signed)
    return signed, "B-T" if time_stamper else "B-B"


def sign_detached(
    data: bytes, *, at: datetime, identity: keys.SigningIdentity | None = None
) -> tuple[bytes, str]:
    """A detached CMS signature over `data` in DER (CAdES, ETSI EN 319 122), and its level (`B-B` or `B-T`).

    Any tool reads it: `openssl cms -verify -binary -inform DER -in … -content … -CAfile authority.pem`.
    """
    time_stamper = _time_stamper(getattr(settings, "TSA_URL", ""))
    made: list[cms.ContentInfo] = []

    async def work() -> None:
        made.append(
            await _signer(identity or keys.signing_identity()).async_sign_general_data(
                data,
                "sha256",
                use_cades=True,
                timestamper=time_stamper,
                signed_attr_settings=PdfCMSSignedAttributes(signing_time=at.astimezone(BOGOTA)),
            )
        )

    _finish(work())
    return made[0].dump(), "B-T" if time_stamper else "B-B"


_room: dict[LoadedSigner, int] = {}
"""Hexadecimal digits that a signature of each signer needs: pyHanko finds it by signing twice, once is enough."""


def _gap(signed: bytes) -> int:
    found = re.findall(rb"/ByteRange\s*\[\s*\d+\s+(\d+)\s+(\d+)", signed)[-1]
    return int(found[1]) - int(found[0]) - 2  # without < and >
