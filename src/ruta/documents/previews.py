"""A small picture of a document's first page: looking does not mean opening the file."""

import io

import pypdfium2
from PIL import Image

from . import store
from .models import Blob

PICTURED = ("application/pdf", "image/png", "image/jpeg")
"""Media types that have a picture."""
WIDTH = 480  # pixels
MOST_PIXELS = 40_000_000


def preview(blob: Blob) -> bytes | None:
    """A PNG of the first page, 480 pixels wide; None for a type that has no picture, or a file that cannot be read."""
    data = store.read(str(blob.sha256))
    try:
        if blob.media_type == "application/pdf":
            picture = _first_page(data)
        elif blob.media_type in PICTURED:
            picture = Image.open(io.BytesIO(data))
        else:
            return None
        if picture.width * picture.height > MOST_PIXELS:
            return None
        picture = picture.convert("RGB")
        picture.thumbnail((WIDTH, WIDTH * 2))
    except (pypdfium2.PdfiumError, OSError, ValueError, Image.DecompressionBombError):
        return None
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _first_page(data: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(data)
    try:
        page = document[0]
        scale = WIDTH / max(page.get_width(), 1)
        picture: Image.Image = page.render(scale=min(scale, 4), may_draw_forms=False).to_pil()
        return picture
    finally:
        document.close()
