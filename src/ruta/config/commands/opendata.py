"""Datasets: what is released of each, and releasing now what the worker releases each night."""

from typing import Annotated

import typer

from ruta.config import setup

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command("list")
def list_() -> None:
    """List the datasets of the services in force: how fine, how much is counted and how much of it is hidden."""
    setup.django()
    from ruta.opendata import selectors

    for each in selectors.datasets():
        kept = each.dataset
        if kept is None or not each.is_released:
            typer.echo(f"{each.name}  nothing released")
        else:
            typer.echo(
                f"{each.name}  by {kept.grain}  {kept.counted} counted, {kept.hidden} hidden  version {kept.version}"
            )


@app.command()
def run() -> None:
    """Feed and release every dataset now. Exit code 1 when one could not be."""
    setup.django()
    from ruta.opendata import services

    told = services.publish_all()
    for fed in told:
        typer.echo(f"{fed.dataset}  {fed.why or ('changed' if fed.changed else 'unchanged')}")
    raise typer.Exit(1 if any(fed.why for fed in told) else 0)


@app.command()
def again(dataset: Annotated[str, typer.Argument(help="Name of the dataset.")]) -> None:
    """Withdraw what is released of a dataset, so that the next release chooses anew how fine it is told.

    Who kept the old files may hold them beside the new ones: what the old ones hid may then be told.
    """
    setup.django()
    from ruta.opendata import services

    services.begin_again(dataset)
    typer.echo(f"{dataset}  withdrawn; the next release chooses anew")
