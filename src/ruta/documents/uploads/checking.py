"""The checks of an upload, in order: present, not too large, of a type that is asked for, whole, harmless."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings

from ruta.engine.problems import Problem
from ruta.kernel.errors import Invalid

from . import active, scanner
from .limits import MEGABYTE, too_large
from .typing import PROGRAM, expected, in_words, sniff

CHUNK = 256 * 1024
HEAD = 4096

AGAIN_ES = "Imprímalo de nuevo a PDF o tómele una foto."
AGAIN_EN = "Print it to PDF again or take a photo of it."


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: its type by content and its bytes."""

    media_type: str
    size: int
    file: Any

    def chunks(self) -> Iterator[bytes]:
        """The bytes, from the beginning."""
        self.file.seek(0)
        while chunk := self.file.read(CHUNK):
            yield chunk


def check(file: IO[bytes] | Any, *, accept: Sequence[str], max_mb: int, name: str, at: str) -> Checked:
    """Answer what the file is. `file` can be read and wound back; raises Invalid (422) or Unavailable
    (scanner).
    """
    size = file.seek(0, os.SEEK_END)
    size = file.tell() if size is None else size
    if size == 0:
        raise _refused(
            at,
            "file-empty",
            "Archivo: está vacío. Elija otra vez el documento.",
            "File: it is empty. Choose the document again.",
        )
    if size > max_mb * MEGABYTE:
        raise Invalid([too_large(size, max_mb=max_mb, at=at)])
    file.seek(0)
    media_type = sniff(file.read(HEAD))
    _check_type(media_type, accept=accept, name=name, at=at)
    file.seek(0)
    if media_type == "application/pdf":
        _check_pdf(file, at)
    elif media_type.startswith("image/"):
        _check_image(file, media_type, at)
    if address := getattr(settings, "CLAMD", ""):
        file.seek(0)
        _check_virus(file, address, at)
    return Checked(media_type, size, file)


def _refused(at: str, check_id: str, es: str, en: str) -> Invalid:
    return Invalid([Problem(at, check_id, {"es": es, "en": en})])


def _check_type(media_type: str, *, accept: Sequence[str], name: str, at: str) -> None:
    announced = expected(name)
    contradicts = (
        announced is not None and announced != media_type and "application/pdf" in (announced, media_type)
    )
    if media_type in accept and not contradicts:
        return
    is_es, is_en = in_words(media_type)
    if media_type == PROGRAM:
        es = (
            f"Archivo: no es {in_words(announced)[0]}, es un programa. "
            if announced
            else "Archivo: es un programa. "
        )
        en = (
            f"File: it is not {in_words(announced)[1]}, it is a program. "
            if announced
            else "File: it is a program. "
        )
    elif announced and announced != media_type:
        es = f"Archivo: no es {in_words(announced)[0]} aunque su nombre lo dice; es {is_es}. "
        en = f"File: it is not {in_words(announced)[1]} although its name says so; it is {is_en}. "
    else:
        es, en = f"Archivo: es {is_es}. ", f"File: it is {is_en}. "
    wanted_es = " o ".join(in_words(each)[0] for each in accept)
    wanted_en = " or ".join(in_words(each)[1] for each in accept)
    raise _refused(
        at, "file-type", f"{es}Se recibe {wanted_es}. {AGAIN_ES}", f"{en}We take {wanted_en}. {AGAIN_EN}"
    )


def _check_pdf(file: Any, at: str) -> None:
    try:
        found = active.active_content(file)
    except active.EncryptedError:
        raise _refused(
            at,
            "file-locked",
            "Archivo: el PDF pide una contraseña. Guárdelo sin contraseña e inténtelo de nuevo.",
            "File: the PDF asks for a password. Save it without one and try again.",
        ) from None
    except active.UnreadableError:
        raise _damaged(at) from None
    if found and not _issued_here(file):
        raise _refused(
            at,
            "file-active",
            f"Archivo: contiene un programa u otro archivo escondido ({found}). {AGAIN_ES}",
            f"File: it contains a program or another file hidden in it ({found}). {AGAIN_EN}",
        )


def _issued_here(file: Any) -> bool:
    """Whether these are the exact bytes of an output of ours, which carries its data as an attachment."""
    from ..models import Output

    file.seek(0)
    return Output.objects.filter(pdf_sha256=hashlib.file_digest(file, "sha256").hexdigest()).exists()


def _check_image(file: Any, media_type: str, at: str) -> None:
    try:
        active.check_image(file, media_type)
    except active.TooManyPixelsError:
        raise _refused(
            at,
            "file-pixels",
            "Archivo: la imagen es demasiado grande al abrirla. Tome la foto con menos resolución.",
            "File: the image is too large when opened. Take the photo at a lower resolution.",
        ) from None
    except active.UnreadableError:
        raise _damaged(at) from None


def _damaged(at: str) -> Invalid:
    return _refused(
        at,
        "file-damaged",
        f"Archivo: está dañado o incompleto y no se puede abrir. {AGAIN_ES}",
        f"File: it is damaged or incomplete and cannot be opened. {AGAIN_EN}",
    )


def _check_virus(file: Any, address: str, at: str) -> None:
    if virus := scanner.virus_in(file, address=address):
        raise _refused(
            at,
            "file-virus",
            f"Archivo: el antivirus encontró {virus}. No lo guardamos. {AGAIN_ES}",
            f"File: the antivirus found {virus}. We did not keep it. {AGAIN_EN}",
        )
