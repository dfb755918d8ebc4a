"""The documentation's pages that are made from the code."""

from typing import Annotated

import typer

from ruta.config import setup


def register(root: typer.Typer) -> None:
    root.command()(docs)


def docs(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit code 1 when a page is stale.")
    ] = False,
) -> None:
    """Write the reference, the dependencies and the picture of the rooms into `docs/`, from the code."""
    setup.django(needs_database=False)
    from ruta.config import reference

    if check:
        stale = reference.stale()
        for name in stale:
            typer.echo(f"docs/{name} is stale: run ruta docs")
        raise typer.Exit(bool(stale))
    changed = reference.write()
    typer.echo(f"Wrote {', '.join(changed)}." if changed else "Every page is up to date.")
