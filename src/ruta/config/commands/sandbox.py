"""The command that plays the outside world."""

import os
from pathlib import Path
from typing import Annotated

import typer

from ruta.config import database, secrets


def register(root: typer.Typer) -> None:
    root.command()(sandbox)


def sandbox(
    port: Annotated[int | None, typer.Option(help="HTTP port (default: RUTA_PORT + 1).")] = None,
    smtp_port: Annotated[int | None, typer.Option(help="SMTP port (default: RUTA_PORT + 2).")] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    folder: Annotated[Path | None, typer.Option(help="State (default: RUTA_HOME/sandbox).")] = None,
) -> None:
    """Play the outside world: payment gateway, other agencies' registers, mailbox. Each misbehaves on request."""
    from ruta.sandbox.options import Options
    from ruta.sandbox.server import run

    home = database.home()
    portal = int(os.environ.get("RUTA_PORT", "8000"))
    run(
        Options(
            folder=folder or home / "sandbox",
            secret=secrets.shared_secret(home, "gateway"),
            host=host,
            port=port or portal + 1,
            smtp_port=smtp_port or portal + 2,
        )
    )
