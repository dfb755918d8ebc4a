"""PDFs of strangers are opened within limits: a small file may not become gigabytes of memory.

Whoever opens a PDF that was not made here takes `pikepdf` from this module, so that qpdf's limits hold in the process.
"""

from typing import Any

import pikepdf
from pikepdf import settings

__all__ = ["MOST_INSIDE", "inflates", "pikepdf"]

MEGABYTE = 1024 * 1024
MOST_STREAM = 64 * MEGABYTE
MOST_INSIDE = 160 * MEGABYTE
"""Bytes that one stream, and all streams but pictures together, may have when decompressed."""
MOST_PIXELS = 120_000_000

settings.set_qpdf_limits(
    flate_max_memory=MOST_STREAM,
    png_max_memory=MOST_STREAM,
    run_length_max_memory=MOST_STREAM,
    tiff_max_memory=MOST_STREAM,
    dct_max_memory=MOST_STREAM,
    max_stream_filters=6,
)


def inflates(pdf: pikepdf.Pdf) -> bool:
    """Whether the PDF holds more than it should when opened: a stream or a picture that would fill the memory."""
    inside = 0
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Stream):
            continue
        if item.get("/Subtype") == "/Image":
            if _side(item, "/Width") * _side(item, "/Height") > MOST_PIXELS:
                return True
            continue
        try:
            inside += len(item.read_bytes())
        except pikepdf.PdfError as wrong:
            if "unfilterable" not in str(wrong):  # a thumbnail, compressed as a picture
                return True
        if inside > MOST_INSIDE:
            return True
    return False


def _side(image: Any, key: str) -> int:
    try:
        return max(0, int(image.get(key, 0)))
    except (TypeError, ValueError):
        return 0
