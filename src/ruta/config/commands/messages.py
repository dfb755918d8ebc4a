"""Translations: Spanish is the source; English lives in each room's `locale/en/LC_MESSAGES/django.po`."""

from pathlib import Path

import typer

app = typer.Typer(no_args_is_help=True, help=__doc__)
SOURCE = Path(__file__).resolve().parents[2]


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
