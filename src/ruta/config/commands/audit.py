"""The history's proof: seal the heads of all cases, and verify everything again."""

import typer

from ruta.config import setup

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command()
def verify() -> None:
    """Read every event again and name the first broken link: changed, added or removed, a whole case included."""
    setup.django()
    from ruta.cases import sealing
    from ruta.cases.models import Case, CaseEvent

    broken = sealing.verify()
    if broken is not None:
        case = Case.objects.filter(id=broken.case).first() if broken.case else None
        name = case.number if case else broken.case or "seal"
        typer.echo(f"broken: {name}, event {broken.seq}: {broken.say['en']}")
        raise typer.Exit(1)
    typer.echo(f"{Case.objects.count()} cases and {CaseEvent.objects.count()} events verify")


@app.command()
def seal() -> None:
    """Sign the heads of the cases that moved since the last seal, now instead of at the hour."""
    setup.django()
    from ruta.cases import sealing

    sealed = sealing.seal_heads()
    typer.echo(
        "nothing moved since the last seal" if sealed is None else f"seal {sealed.number}: {sealed.root}"
    )
