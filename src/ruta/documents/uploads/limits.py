"""How large a file may be, and how that is said."""

from ruta.engine.problems import Problem

MEGABYTE = 1024 * 1024
FORM_ALLOWANCE = 256 * 1024
"""Bytes of a multipart body that are not the file: its other fields and boundaries."""


def megabytes(size: int) -> str:
    """`12,5` or `60`: a size as a person reads it (decimal comma)."""
    return f"{size / MEGABYTE:.1f}".removesuffix(".0").replace(".", ",")


def weight(size: int) -> str:
    """`340 kB`, `12,5 MB`: the size of a file as a person reads it."""
    return f"{megabytes(size)} MB" if size >= MEGABYTE // 10 else f"{max(1, round(size / 1024))} kB"


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


def fits(length: int, *, max_mb: int) -> bool:
    """Whether a body of `length` bytes may hold files of `max_mb` together, and the other fields of a form."""
    return length <= max_mb * MEGABYTE + FORM_ALLOWANCE
