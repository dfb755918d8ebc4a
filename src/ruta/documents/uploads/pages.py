"""How many pages a stored file has."""

from PIL import Image

from .. import store
from ..models import Blob
from ..pdf import pikepdf


def count_pages(blob: Blob) -> int:
    """Pages of a PDF or a TIFF; 1 for what has no pages (common facts §13)."""
    if blob.media_type == "application/pdf":
        with pikepdf.open(store.path_of(blob.sha256)) as pdf:
            return max(1, len(pdf.pages))
    if blob.media_type == "image/tiff":
        with Image.open(store.path_of(blob.sha256)) as image:
            return int(getattr(image, "n_frames", 1))
    return 1
