"""Erasure of one person's data on request: one official asks, another decides, and what a law keeps is named."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from ruta.config import setup

if TYPE_CHECKING:
    from ruta.identity.models import Person

app = typer.Typer(no_args_is_help=True, help=__doc__)
Type = Annotated[str, typer.Argument(help="Type of the person's document.", metavar="TYPE")]
Number = Annotated[str, typer.Argument(help="Its number.", metavar="NUMBER")]
By = Annotated[str, typer.Option(help="E-mail of the official who does it.")]


def _person(type: str, number: str) -> "Person":
    from ruta.identity.selectors import find_person
    from ruta.kernel.errors import NotFound

    found = find_person(type, number)
    if found is None:
        raise NotFound({"es": "No hay nadie con ese documento.", "en": "Nobody has that document."})
    return found


@app.command()
def show(type: Type, number: Number) -> None:
    """Say what of a person may be erased today, and what must be kept by which law and until when."""
    setup.django()
    from ruta.cases import forgetting
    from ruta.kernel import clock

    found = forgetting.reach(_person(type, number), clock.today())
    for case in found.erases:
        typer.echo(f"erase  case {case.number}")
    for kept in found.keeps:
        until = f"until {kept.until}" if kept.until else "being worked on"
        typer.echo(f"keep   case {kept.number}: {kept.law}, {until}")
    typer.echo(f"erase  {found.drafts} unfiled drafts")
    typer.echo("erase  the person, documents and accounts" if found.whole else "keep   the person")


@app.command()
def ask(
    type: Type,
    number: Number,
    reason: Annotated[str, typer.Option(help="Who asked for it, when and how.")],
    by: By,
) -> None:
    """Ask for the erasure; another official decides. Refused with the law where everything must be kept."""
    setup.django()
    from ruta.cases import forgetting
    from ruta.config.officials import official

    row = forgetting.ask(_person(type, number), reason=reason, by=official(by))
    typer.echo(f"{row.id} waits for another official: ruta erasure approve {row.id} --by …")


@app.command("list")
def list_() -> None:
    """List the requests that wait for a decision."""
    setup.django()
    from ruta.cases.models import ErasureRequest

    rows = list(ErasureRequest.objects.filter(decided_at=None).order_by("asked_at"))
    for row in rows:
        typer.echo(f"{row.id}  {row.asked_at:%Y-%m-%d}  {row.asked_by}  {row.reason}")
    typer.echo(f"{len(rows)} waiting" if rows else "No request waits.")


@app.command()
def approve(request: Annotated[UUID, typer.Argument(help="Id of the request.")], by: By) -> None:
    """Approve a request: what may be erased is erased now."""
    setup.django()
    from ruta.cases import forgetting
    from ruta.config.officials import official

    told = forgetting.decide(request, by=official(by), approved=True).result
    typer.echo(
        f"erased {len(told['erased'])} cases, {told['drafts']} drafts{', the person' if told['person'] else ''}"
    )
    for kept in told["kept"]:
        typer.echo(
            f"kept {kept['case']}: {kept['law']}" + (f", until {kept['until']}" if kept["until"] else "")
        )


@app.command()
def decline(request: Annotated[UUID, typer.Argument(help="Id of the request.")], by: By) -> None:
    """Decline a request: nothing is erased."""
    setup.django()
    from ruta.cases import forgetting
    from ruta.config.officials import official

    forgetting.decide(request, by=official(by), approved=False)
    typer.echo("declined")
