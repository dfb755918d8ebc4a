"""The good folder, and what breaks it."""

from pathlib import Path

from ruta.definitions.findings import Finding
from ruta.definitions.lint import lint
from ruta.definitions.loader import Folder, read_folder

SERVICES = Path(__file__).resolve().parents[2] / "services"
GOOD = read_folder(SERVICES / "civil-registration")


def changed(path: str, old: str, new: str, *, folder: Folder = GOOD) -> Folder:
    """The good folder with one text of one file replaced; it must be there."""
    text = folder.text(path)
    assert old in text, f"{path} does not hold {old!r}"
    return folder.replace(path, text.replace(old, new, 1))


def findings(folder: Folder, check: str) -> list[Finding]:
    """What the lint finds of one check."""
    return [one for one in lint(folder) if one.check == check]


def line_of(folder: Folder, path: str, text: str) -> int:
    """The first line of a file that holds `text`."""
    return next(at for at, line in enumerate(folder.text(path).splitlines(), 1) if text in line)
