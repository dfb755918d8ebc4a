"""Cases in which a step stopped: see them, and resume them once the cause is mended."""

from typing import Annotated

import typer

from ruta.config import setup

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command()
def stopped() -> None:
    """List the cases in which a step stopped: number, step, since when, why. Exit code 1 when there are any."""
    setup.django()
    from ruta.cases.selectors import every_stopped_case

    found = 0
    for case in every_stopped_case():
        found += 1
        incident = case.incident or {}
        typer.echo(f"{case.number}  {incident['node']}  {incident['at'][:16]}  {incident['say']['en']}")
    typer.echo(f"{found} stopped" if found else "No step is stopped.")
    raise typer.Exit(1 if found else 0)


@app.command()
def retry(
    numbers: Annotated[list[str] | None, typer.Argument(help="Case numbers.", metavar="[NUMBER]...")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every stopped case.")] = False,
) -> None:
    """Do the stopped steps again. Exit code 1 when one stopped again."""
    setup.django()
    from ruta.cases import services
    from ruta.cases.selectors import every_stopped_case, find
    from ruta.identity.actors import Actor

    if not numbers and not every:
        raise typer.BadParameter("name the cases, or say --all")
    operator = Actor.system("operator")
    again = 0
    for case in every_stopped_case() if every else [find(number, operator) for number in numbers or ()]:
        incident = services.retry(case, actor=operator).incident
        said = "goes on" if incident is None else f"stopped again: {incident['say']['en']}"
        again += incident is not None
        typer.echo(f"{case.number}  {said}")
    raise typer.Exit(1 if again else 0)
