"""Translations: Spanish is the source; English lives in each room's `locale/en/LC_MESSAGES/django.po`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import typer

app = typer.Typer(no_args_is_help=True, help=__doc__)
SOURCE = Path(__file__).resolve().parents[2]
FUNCTIONS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


@dataclass
class Missing:
    """A text of the source that has no English: the text and where it stands (path, line)."""

    text: str
    places: list[tuple[str, int]] = field(default_factory=list)


@app.command("compile")
def compile_catalogues() -> None:
    """Compile every catalogue (`.po` to `.mo`)."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for po in sorted(SOURCE.rglob("locale/*/LC_MESSAGES/django.po")):
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parts[-3])
        with po.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)


@app.command("check")
def check(room: str = typer.Argument("", help="only this room, e.g. web/portal")) -> None:
    """List the texts that lack English, by room; exit code 1 when there are any."""
    found = missing(room)
    for name, texts in found.items():
        print(f"{name}: {len(texts)} without English")
        for text in texts:
            path, line = text.places[0]
            print(f"  {path}:{line}  {text.text!r}")
    if found:
        raise typer.Exit(1)
    print("Every text has its English.")


def missing(room: str = "") -> dict[str, list[Missing]]:
    """The texts without English by room (`web/portal`), each with its places; rooms with none are left out."""
    from ruta.config import setup

    setup.django(needs_database=False)
    english = _english()
    found: dict[str, dict[str, Missing]] = {}
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("templates/**/*.html"), *SOURCE.rglob("*.txt")]):
        name = _room_of(path)
        if room and name != room:
            continue
        for line, text in _texts(path):
            if text and text not in english:
                one = found.setdefault(name, {}).setdefault(text, Missing(text))
                one.places.append((str(path.relative_to(SOURCE)), line))
    return {name: list(texts.values()) for name, texts in found.items()}


def _room_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).parts
    return "/".join(parts[:2]) if parts[0] == "web" else parts[0]


def _english() -> set[str]:
    """Every msgid that some catalogue of ours, or Django's or allauth's own, has in English."""
    from babel.messages.pofile import read_po

    known: set[str] = set()
    for po in SOURCE.rglob("locale/en/LC_MESSAGES/django.po"):
        with po.open("rb") as source:
            for message in read_po(source, locale="en"):
                strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
                if message.id and all(strings) and not message.fuzzy:
                    known.add(message.id[0] if isinstance(message.id, tuple | list) else message.id)
    return known


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """(line, msgid) of each text that a source file marks for translation."""
    from io import BytesIO

    from babel.messages.extract import extract
    from django.utils.translation import templatize

    text = path.read_text()
    if path.suffix != ".py":
        text = templatize(text, origin=str(path))
    for line, marked, _comments, _context in extract("python", BytesIO(text.encode()), keywords=FUNCTIONS):
        yield line, str(marked[0]) if isinstance(marked, tuple) else str(marked)
