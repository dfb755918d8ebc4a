"""The business calendar: closed days of an agency."""

from datetime import datetime
from typing import Annotated

import typer

from ruta.config import setup

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command()
def close(
    agency: Annotated[str, typer.Argument(help="NIT with its check digit.")],
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The day.")],
    resolution: Annotated[str, typer.Option(help="The published resolution that closes it.")],
) -> None:
    """Write down a day on which an agency is closed: no business day in its terms from now on (R11)."""
    setup.django()
    from ruta.kernel import calendars
    from ruta.kernel.identifiers import parse_nit

    closed = calendars.close(parse_nit(agency), day.date(), resolution=resolution)
    typer.echo(f"{closed.agency} is closed on {closed.day} ({closed.resolution})")
