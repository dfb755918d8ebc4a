"""Refuse what is too large before its body is read."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from ruta.engine.problems import Problem
from ruta.kernel.errors import Invalid

MEGABYTE = 1024 * 1024
FORM_ALLOWANCE = 256 * 1024
"""Bytes of a multipart body that are not the file: its other fields and boundaries."""


def megabytes(size: int) -> str:
    """`12,5` or `60`: a size as a person reads it (decimal comma)."""
    return f"{size / MEGABYTE:.1f}".removesuffix(".0").replace(".", ",")


def too_large(size: int, *, max_mb: int, at: str) -> Problem:
    """The problem that says how large the file is, how large it may be, and what to do."""
    weight = megabytes(size)
    return Problem(
        at,
        "file-size",
        {
            "es": f"Archivo: pesa {weight} MB y el máximo es {max_mb} MB. "
            "Envíe menos páginas, una foto con menos resolución o el documento en partes.",
            "en": f"File: it is {weight.replace(',', '.')} MB and the most is {max_mb} MB. "
            "Send fewer pages, a photo of lower resolution, or the document in parts.",
        },
    )


def refuse_length(content_length: int | str | None, *, max_mb: int, at: str = "/file") -> None:
    """Raise Invalid when a request announces more than one file of `max_mb`; call it before reading the
    body.
    """
    try:
        length = int(content_length or 0)
    except ValueError:
        length = 0
    if length > max_mb * MEGABYTE + FORM_ALLOWANCE:
        raise Invalid([too_large(length, max_mb=max_mb, at=at)])


class LimitedUpload(FileUploadHandler):
    """First in `request.upload_handlers`: stops a body that grows beyond `max_mb`, announced or not.

    After parsing, `refused` holds the problem, if any; the connection is not read to its end.
    """

    def __init__(self, *, max_mb: int, at: str = "/file") -> None:
        super().__init__()
        self.max_mb = max_mb
        self.at = at
        self.received = 0
        self.refused: Problem | None = None

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Refuse by the announced length."""
        if content_length > self.max_mb * MEGABYTE + FORM_ALLOWANCE:
            self._stop(content_length)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Refuse by what really came."""
        self.received += len(raw_data)
        if self.received > self.max_mb * MEGABYTE:
            self._stop(self.received)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Let the next handler keep the file."""
        return

    def _stop(self, size: int) -> None:
        self.refused = too_large(size, max_mb=self.max_mb, at=self.at)
        raise StopUpload(connection_reset=True)
