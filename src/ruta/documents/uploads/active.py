"""PDFs and images opened and looked through: nothing that runs, opens, sends or hides."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from PIL import Image, UnidentifiedImageError

from ..pdf import inflates, pikepdf

MAX_OBJECTS = 300_000
MAX_DEPTH = 60

_RUNS = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/RichMediaExecute", "/GoToE"}
)
_HIDES = frozenset({"/RichMedia", "/3D", "/Screen", "/Movie", "/FileAttachment"})
_KEYS = frozenset({"/JS", "/XFA", "/EF"})

MAX_PIXELS = {"image/jpeg": 250_000_000}
"""JPEG is decoded at an eighth of its size, so a large photo costs little; other images are decoded whole."""
MAX_PIXELS_OTHER = 40_000_000


class UnreadableError(Exception):
    """The file cannot be opened: damaged, or cut off."""


class EncryptedError(Exception):
    """The PDF asks for a password."""


class TooManyPixelsError(Exception):
    """The image would fill the memory when opened."""


def active_content(file: BinaryIO) -> str | None:
    """The first thing in a PDF that is not paper (`/JavaScript`, `/EF`…), or None.

    Every object is looked at, used or not. Raises EncryptedError and UnreadableError.
    """
    try:
        with pikepdf.open(file) as pdf:
            for index, item in enumerate(pdf.objects):
                if index > MAX_OBJECTS:
                    raise UnreadableError
                if found := _first_active(item):
                    return found
            len(pdf.pages)
            if inflates(pdf):
                raise UnreadableError
    except pikepdf.PasswordError as locked:
        raise EncryptedError from locked
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError) as wrong:
        raise UnreadableError from wrong
    return None


def _first_active(item: Any, depth: int = 0) -> str | None:  # noqa: PLR0911
    if depth > MAX_DEPTH:
        raise UnreadableError
    if isinstance(item, pikepdf.Array):
        return next((found for child in _direct(item) if (found := _first_active(child, depth + 1))), None)
    if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        return None
    for key in item.keys():  # noqa: SIM118  a pikepdf stream is not iterable
        if key in _KEYS:
            return str(key)
        value = item.get(key)
        if isinstance(value, pikepdf.Name):
            named = str(value)
            if (key == "/S" and named in _RUNS) or (key == "/Subtype" and named in _HIDES):
                return named
            if key == "/Type" and named == "/EmbeddedFile":
                return named
        elif isinstance(value, pikepdf.Object) and not value.is_indirect:
            found = _first_active(value, depth + 1)
            if found:
                return found
    return None


def _direct(array: pikepdf.Array) -> Iterator[Any]:
    for child in array:
        if isinstance(child, pikepdf.Object) and not child.is_indirect:
            yield child


def check_image(file: BinaryIO, media_type: str) -> None:
    """Decode the image to its end. Raises TooManyPixelsError and UnreadableError."""
    limit = MAX_PIXELS.get(media_type, MAX_PIXELS_OTHER)
    try:
        with Image.open(file) as image:
            if image.width * image.height > limit:
                raise TooManyPixelsError
            image.draft("L", (256, 256))
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise TooManyPixelsError from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as wrong:
        raise UnreadableError from wrong
