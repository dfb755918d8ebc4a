"""Typst templates become PDF/A-3a with PDF/UA-1: the same template and data give the same bytes.

The template reads its data from `sys.inputs.doc` (JSON text). It sees no file, no network and no font but
those inside the compiler (Libertinus Serif, New Computer Modern, DejaVu Sans Mono), so any machine renders
alike.
"""

import json
import re
import tempfile
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import typst

from ruta.engine.forms import dates
from ruta.kernel.clock import BOGOTA
from ruta.kernel.errors import RutaError

STANDARDS: list[Literal["a-3a", "ua-1"]] = ["a-3a", "ua-1"]
_PACKAGE = re.compile(r"""["']@[\w-]+/""")


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


def render(template: str, doc: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of `template` with `doc`, dated `at`. Raises TemplateError with the compiler's words."""
    if _PACKAGE.search(template):
        raise TemplateError(
            {
                "es": "Plantilla: usa un paquete de internet (@…/). Copie en ella lo que necesita.",
                "en": "Template: it uses a package from the internet (@…/). Copy into it what it needs.",
            },
            field="/template",
        )
    try:
        pdf = _compiler().compile(
            template.encode(),
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
