"""The electronic file of a case as one ZIP: take it out, and check one that somebody gives you."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ruta.config import database, setup

if TYPE_CHECKING:
    from cryptography import x509

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command()
def export(
    number: Annotated[str, typer.Argument(help="Case number.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where to write the ZIP.")],
    reason: Annotated[str, typer.Option(help="Why it is taken out; it stands in the log of reads.")] = "",
    purpose: Annotated[str, typer.Option(help="Purpose of the read (Ley 1581 de 2012).")] = "legal_order",
) -> None:
    """Write the whole file of a case, the agency's view; the persons of the case see in their folder that it was taken."""
    setup.django()
    from ruta.cases import efile
    from ruta.identity.actors import Actor

    if not out.parent.is_dir():
        raise typer.BadParameter(f"the folder {out.parent} does not exist", param_hint="--out")
    found = efile.open_file(number, Actor.system("operator"))
    efile.log(found.case, found.actor, purpose=purpose, reason=reason)
    size = efile.write(found.gathered, out)
    typer.echo(
        f"{out}: case {found.case.number}, {len(found.gathered.index.leaves)} documents, "
        f"{len(found.gathered.members)} members, {size} bytes"
    )


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="The ZIP.", metavar="ZIP")],
    authority: Annotated[
        Path | None,
        typer.Option(help="Certificates (PEM) that are trusted, instead of this installation's own."),
    ] = None,
) -> None:
    """Name every change, removal, addition and reordering in an electronic file. Needs no network and no database.

    Exit code 1 when anything is wrong with it, 2 when it is no electronic file.
    """
    from ruta.documents.efile import verify as look

    if not file.is_file():
        raise typer.BadParameter(f"{file} does not exist", param_hint="ZIP")
    report = look(file, trusted=_trusted(authority))
    for fault in report.faults:
        typer.echo(f"{fault.kind}: {fault.say}")
    if not report.whole:
        typer.echo(f"{file.name} is not the file that was signed: {len(report.faults)} found")
        raise typer.Exit(1)
    index, when = report.index, f"{report.signed_at:%Y-%m-%d %H:%M} UTC" if report.signed_at else "no time"
    typer.echo(
        f"{file.name} is whole: case {index['file_id']}, {len(index['documents'])} documents on "
        f"{index['total_pages']} pages, {index['history']['events']} events; signed {when} by {report.signer}"
    )


def _trusted(authority: Path | None) -> list["x509.Certificate"]:
    """The certificates of `authority`, by default those with which this installation signs or signed."""
    from cryptography.x509 import load_pem_x509_certificates

    folder = database.home() / "keys"
    paths = [authority] if authority else [*folder.glob("certificates/*.pem"), *folder.glob("authority.pem")]
    found = []
    for path in paths:
        try:
            found += load_pem_x509_certificates(path.read_bytes())
        except (OSError, ValueError) as wrong:
            raise typer.BadParameter(
                f"{path} holds no certificate in PEM", param_hint="--authority"
            ) from wrong
    return found
