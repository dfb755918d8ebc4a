"""Files that a page of the documentation shows, by the title of their code block."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
_BLOCK = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.DOTALL | re.MULTILINE)


def files_of(page: str) -> dict[str, str]:
    """The files by their path, as the page shows them."""
    return dict(_BLOCK.findall((DOCS / page).read_text(encoding="utf-8")))


def write_files(page: str, folder: Path) -> Path:
    """Write every file of the page under `folder`."""
    for name, text in files_of(page).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
