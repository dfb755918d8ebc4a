"""Keys that sign documents and QR codes."""

import typer

from ruta.config import setup

app = typer.Typer(no_args_is_help=True, help=__doc__)


@app.command()
def ensure() -> None:
    """Make the keys that are missing; existing ones are never replaced."""
    setup.django(needs_database=False)
    from ruta.documents import keys

    made = keys.ensure_keys()
    typer.echo(f"Made {', '.join(made)} in {keys.folder()}." if made else f"All keys are in {keys.folder()}.")


@app.command()
def show() -> None:
    """Show which certificate signs documents, until when, and the ids of the QR keys."""
    setup.django(needs_database=False)
    from cryptography.hazmat.primitives import hashes

    from ruta.documents import keys

    identity = keys.signing_identity()
    certificate = identity.certificate
    typer.echo(f"Documents  {certificate.subject.rfc4514_string()}")
    typer.echo(
        f"           RSA {identity.key.key_size} bits, valid until {certificate.not_valid_after_utc:%Y-%m-%d}"
    )
    typer.echo(f"           SHA-256 {certificate.fingerprint(hashes.SHA256()).hex()}")
    present = keys.qr_key().key_id.hex()
    for each in keys.public_qr_keys():
        typer.echo(f"QR         {each['kid']}{' (signs now)' if each['kid'] == present else ' (former)'}")


@app.command()
def rotate_qr() -> None:
    """Make a new key for QR codes. What the former one signed keeps verifying."""
    setup.django(needs_database=False)
    from ruta.documents import keys

    typer.echo(f"New QR codes are signed by {keys.rotate_qr_key()}; restart web and worker.")
