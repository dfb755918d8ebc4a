"""Look into a file that may be damaged or hostile: which signatures it bears, which of our codes it names.

Everything is bounded, and every failure of a reader means "found nothing", never an error for the person.
"""

import hashlib
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import pypdfium2
from asn1crypto import cms, x509
from cryptography.hazmat.primitives.serialization import Encoding

from ruta.kernel.errors import Invalid
from ruta.kernel.identifiers import parse_output_code

from .. import keys
from ..pdf import inflates, pikepdf

logger = logging.getLogger(__name__)

MAX_SIGNATURES = 20
MAX_PAGES = 20
MAX_TEXT = 200_000
MAX_STREAM = 2_000_000
MAX_CODES = 40

_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{4}\s?[-‐‑–]\s?[0-9A-Z]{4}\s?[-‐‑–]\s?[0-9A-Z]{4}(?![0-9A-Z])")


@dataclass(frozen=True)
class Signature:
    """A signature by its byte range: where the part it covers ends, and whether that part is what was
    signed.
    """

    end: int
    intact: bool


def signatures_in(data: bytes) -> list[Signature]:
    """Every signature of the file, read from its bytes and not through its cross-references, in order."""
    found: list[Signature] = []
    for match in _BYTE_RANGE.finditer(data):
        first, length, second, rest = (int(number) for number in match.groups())
        if len(found) >= MAX_SIGNATURES:
            break
        end = second + rest
        well_formed = first == 0 and length < second and end <= len(data)
        found.append(Signature(end, well_formed and _intact(data, length, second, end)))
    return found


def _intact(data: bytes, gap: int, resume: int, end: int) -> bool:
    """Whether the signature in the gap is cryptographically that of the bytes around it, whoever signed."""
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity  # slow to load, and seldom needed

    try:
        container = data[gap:resume].strip().removeprefix(b"<").removesuffix(b">")
        content = cms.ContentInfo.load(bytes.fromhex(container.decode("ascii")))
        signed = content["content"]
        signer_info = signed["signer_infos"][0]
        algorithm = signer_info["digest_algorithm"]["algorithm"].native
        digest = hashlib.new(algorithm, data[:gap] + data[resume:end]).digest()
        serial = signer_info["sid"].chosen["serial_number"].native
        certificate = next(
            each.chosen
            for each in signed["certificates"]
            if isinstance(each.chosen, x509.Certificate) and each.chosen.serial_number == serial
        )
        intact, valid = validate_sig_integrity(
            signer_info,
            certificate,
            expected_content_type="data",
            actual_digest=digest,
        )
        return bool(intact and valid)
    except Exception:
        logger.info("a signature container could not be read")
        return False


def signed_by_us(data: bytes) -> bool:
    """Whether the file carries, as a signature container does in hexadecimal, a certificate with which we sign."""
    lowered = data.lower()
    return any(
        each.public_bytes(Encoding.DER).hex().encode() in lowered for each in keys.issued_certificates()
    )


def codes_in(data: bytes) -> set[str]:
    """Codes of ours named in the file's text, metadata or attached data. At most `MAX_CODES`."""
    codes: set[str] = set()
    for text in (*_metadata(data), *_texts(data)):
        for match in _CODE.finditer(text.upper()):
            try:
                codes.add(parse_output_code(match.group()))
            except Invalid:
                continue
            if len(codes) >= MAX_CODES:
                return codes
    return codes


def _metadata(data: bytes) -> Iterator[str]:
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            for value in pdf.docinfo.values() if "/Info" in pdf.trailer else ():
                yield str(value)[:2000]
            if "/Metadata" in pdf.Root:
                yield pdf.Root.Metadata.read_bytes()[:MAX_STREAM].decode(errors="replace")
            for name in list(pdf.attachments)[:20]:
                yield pdf.attachments[name].get_file().read_bytes()[:MAX_STREAM].decode(errors="replace")
    except Exception:
        logger.info("the metadata of a file to verify could not be read")


def _texts(data: bytes) -> Iterator[str]:
    left = MAX_TEXT
    try:
        with pikepdf.open(BytesIO(data)) as opened:
            if inflates(opened):
                yield from _raw(data)
                return
    except pikepdf.PdfError:
        logger.info("a file to verify is damaged; it is read as far as possible")
    try:
        pdf = pypdfium2.PdfDocument(data)
        try:
            for index in range(min(len(pdf), MAX_PAGES)):
                text = pdf[index].get_textpage().get_text_bounded()[:left]
                left -= len(text)
                yield text
                if left <= 0:
                    return
        finally:
            pdf.close()
    except Exception:
        logger.info("the text of a file to verify could not be read")
    yield from _raw(data)


def _raw(data: bytes) -> Iterator[str]:
    """What stands uncompressed in the bytes, for a file whose structure is broken."""
    yield data[:MAX_STREAM].decode("latin-1")
    yield data[-MAX_STREAM:].decode("latin-1")
