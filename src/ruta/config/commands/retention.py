"""How long cases are kept, and what is done with those whose years are over."""

from typing import Annotated

import typer

from ruta.config import setup

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command("list")
def list_() -> None:
    """List the cases whose years are over: what follows, by which law, since when, and what it waits for."""
    setup.django()
    from ruta.cases import retention
    from ruta.kernel import clock

    today = clock.today()
    retention.list_due(today)
    rows = retention.waiting(today)
    for each in rows:
        row = each.row
        typer.echo(
            f"{row.case.number}  {row.then}  since {row.over_on}  {row.law}  {each.why or 'to be carried out'}"
        )
    typer.echo(f"{len(rows)} listed" if rows else "No case's years are over.")


@app.command()
def approve(
    act: Annotated[str, typer.Option(help="Act of the archive committee that approved the list.")],
    by: Annotated[str, typer.Option(help="E-mail of the official who enters it.")],
    service: Annotated[str, typer.Option(help="Only the cases of this service.")] = "",
) -> None:
    """Enter the act by which the archive committee approved what is listed."""
    setup.django()
    from ruta.cases import retention
    from ruta.config.officials import official

    count = retention.approve(act=act, by=official(by), service=service)
    typer.echo(f"{count} cases approved by {act}")


@app.command()
def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
) -> None:
    """Transfer or erase what is approved and no longer waits, as the worker does each night.

    Exit code 1 when one failed.
    """
    setup.django()
    from ruta.cases import retention
    from ruta.kernel import clock

    today = clock.today()
    if dry_run:
        new = list(retention.due(today))
        for due in new:
            typer.echo(f"{due.case.number}  would be listed: {due.then} since {due.over_on}  {due.law}")
        for each in retention.waiting(today):
            verb = "transferred" if each.row.then == "transfer" else "erased"
            typer.echo(f"{each.row.case.number}  {each.why or f'would be {verb}'}")
        return
    listed = retention.list_due(today)
    done, failed = retention.carry_out(today)
    for number, why in failed:
        typer.echo(f"{number}  {why}")
    typer.echo(f"{listed} listed, {done} carried out, {len(failed)} failed")
    raise typer.Exit(1 if failed else 0)
