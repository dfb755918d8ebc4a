"""Typst templates become PDF/A-3a with PDF/UA-1: the same template and data give the same bytes.

The template reads its data from `sys.inputs.doc` (JSON text). It sees no file but those kept with it, no network and
no font but those inside the compiler (Libertinus Serif, New Computer Modern, DejaVu Sans Mono), so any machine renders
alike.
"""

import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst

from ruta.engine.forms import dates
from ruta.kernel.clock import BOGOTA
from ruta.kernel.errors import RutaError

from .templates import Template, imports_of

STANDARDS: list[Literal["a-3a", "ua-1"]] = ["a-3a", "ua-1"]


class TemplateError(RutaError):
    """A document template that does not compile, or not to an accessible archival PDF; for its author."""

    status = 500
    code = "template"


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """One compiler a process: fonts are read once, and what did not change is not laid out again."""
    return typst.Compiler(root=tempfile.mkdtemp(prefix="ruta-paper-"), ignore_system_fonts=True)


def in_words(instant: datetime, lang: str) -> str:
    """The local day and hour as a document says them: `24 de noviembre de 2026, 9:05`."""
    local = instant.astimezone(BOGOTA)
    day = dates.long(local.date(), "en" if lang == "en" else "es")
    return f"{day}, {local.hour}:{local.minute:02d}"


@lru_cache(maxsize=256)
def _laid_out(packed: bytes) -> tuple[Path, Path]:
    """A folder that holds the files of a template and nothing else, and the file to be compiled in it."""
    template = Template.unpacked(packed)
    root = Path(tempfile.mkdtemp(prefix="ruta-paper-"))
    for path, text in template.files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root, root / template.main


def render(template: Template, doc: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of `template` with `doc`, dated `at`. Raises TemplateError with the compiler's words."""
    if any(each.is_package for path, text in template.files.items() for each in imports_of(path, text)):
        raise TemplateError(
            {
                "es": "Plantilla: usa un paquete de internet (@…/). Copie en ella lo que necesita.",
                "en": "Template: it uses a package from the internet (@…/). Copy into it what it needs.",
            },
            field="/template",
        )
    root, main = _laid_out(template.packed())
    try:
        pdf = _compiler().compile(
            str(main),
            root=str(root),
            format="pdf",
            sys_inputs={"doc": json.dumps(doc, ensure_ascii=False, default=str)},
            pdf_standards=[*STANDARDS],
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as wrong:
        said = " ".join(str(wrong).split())[:600]
        raise TemplateError(
            {
                "es": f"Plantilla: Typst no la compila: {said}",
                "en": f"Template: Typst does not compile it: {said}",
            },
            field="/template",
        ) from wrong
    assert isinstance(pdf, bytes)  # one document, not a list of pages
    return pdf
