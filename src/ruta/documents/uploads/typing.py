"""What a file is, by its first bytes. Its name and what the browser says of it are never believed."""

import contextlib

import puremagic

PROGRAM = "application/x-program"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"#!", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"\xce\xfa\xed\xfe", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"\x00asm", PROGRAM),
    (b"dex\n", PROGRAM),
)

_BY_EXTENSION = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "gif": "image/gif",
    "webp": "image/webp",
}

_NAMES: dict[str, tuple[str, str]] = {
    "application/pdf": ("un PDF", "a PDF"),
    "image/jpeg": ("una foto JPG", "a JPG photo"),
    "image/png": ("una imagen PNG", "a PNG image"),
    "image/tiff": ("una imagen TIFF", "a TIFF image"),
    "image/gif": ("una imagen GIF", "a GIF image"),
    "image/webp": ("una imagen WebP", "a WebP image"),
    "image/heic": ("una foto HEIC", "a HEIC photo"),
    DOCX: ("un documento de Word", "a Word document"),
    XLSX: ("una hoja de Excel", "an Excel sheet"),
    "application/zip": ("un archivo comprimido", "a compressed archive"),
    "text/html": ("una página web", "a web page"),
    PROGRAM: ("un programa", "a program"),
}


def _container(head: bytes) -> str | None:
    """What formats that begin alike hold inside."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return "image/heic" if head[8:12] in (b"heic", b"heix", b"mif1", b"hevc") else "video/mp4"
    if head.startswith(b"PK\x03\x04"):
        return DOCX if b"word/" in head else XLSX if b"xl/" in head else "application/zip"
    return None


def sniff(head: bytes) -> str:
    """The media type of a file that begins with `head` (at least 4,096 bytes where there are so many).

    `application/octet-stream` when nothing is recognised; `PROGRAM` for what a machine would run.
    """
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return media_type
    if kind := _container(head):
        return kind
    if head[:512].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return "text/html"
    with contextlib.suppress(puremagic.PureError, ValueError):
        found = puremagic.magic_string(head)
        if found and found[0].mime_type and found[0].confidence >= 0.4:
            return str(found[0].mime_type)
    return "application/octet-stream"


def expected(name: str) -> str | None:
    """The media type that the end of the file's name announces, where we know it."""
    return _BY_EXTENSION.get(name.rsplit(".", 1)[-1].lower()) if "." in name else None


def in_words(media_type: str) -> tuple[str, str]:
    """`("un PDF", "a PDF")`: a media type as a person says it, es and en."""
    unknown = ("de un tipo que no se reconoce", "of a type that is not recognised")
    if media_type == "application/octet-stream":
        return unknown
    return _NAMES.get(media_type, (f"de tipo {media_type}", f"of type {media_type}"))
