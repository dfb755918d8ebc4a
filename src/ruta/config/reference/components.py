"""The components of the pages, from the comment at the head of each template."""

import re
from pathlib import Path

from django.conf import settings

from . import markdown

HEAD = re.compile(r"\{#\s*(.*?)\s*#\}", re.DOTALL)


def folder() -> Path:
    """Where the components are."""
    return Path(settings.BASE_DIR) / "web" / "site" / "templates" / "site" / "components"


def page() -> str:
    """`reference/components.md`."""
    rows = []
    for path in sorted(folder().glob("*.html")):
        head = HEAD.match(path.read_text(encoding="utf-8"))
        rows.append([markdown.code(path.stem), head.group(1) if head else ""])
    return markdown.document(
        "Components",
        'The pieces of which every page is made: `{% include "site/components/‹name›.html" with … only %}`. A running '
        "installation shows each with data and in its error state at `/_components`, in both languages and appearances. "
        "Values named `parts.…` are data classes of `ruta.web.site.parts`.",
        markdown.table(["Component", "What it is, and what it takes"], rows),
    )
