"""Commands that run Ruta: the web, the worker, and the check of an installation."""

import os
from typing import Annotated, Any

import typer

from ruta.config import logs, setup


def register(root: typer.Typer) -> None:
    root.command()(serve)
    root.command()(worker)
    root.command()(check)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="Port (default: RUTA_PORT, 8000).")] = None,
    workers: Annotated[int, typer.Option(help="Processes.")] = 2,
) -> None:
    """Serve the portal, the desk and the verification pages. What `ruta assets` makes must be there."""
    setup.refuse_without_assets()
    setup.django()
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        "ruta.config.wsgi:application",
        address=host,
        port=port or int(os.environ.get("RUTA_PORT", "8000")),
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        respawn_failed_workers=True,
        log_access=False,
        log_dictconfig=logs.GRANIAN,
    ).serve()


def worker(
    concurrency: Annotated[int, typer.Option(help="Jobs at a time.")] = 2,
) -> None:
    """Do the work outside requests: documents, messages, payments' news, terms, sealing."""
    setup.django()
    from procrastinate.contrib.django import app

    connector: Any = app.connector  # the one of Django, which the typed base does not know
    with app.replace_connector(connector.get_worker_connector()) as working:
        working.run_worker(
            concurrency=concurrency,
            listen_notify=False,
            fetch_job_polling_interval=0.5,
            delete_jobs="successful",
        )


def check() -> None:
    """Say what of this installation works and what is missing. Exit code 1 when something needed is missing."""
    setup.django()
    from ruta.config import checks

    worst = 0
    for finding in checks.run():
        mark = {"ok": "✓", "warning": "!", "missing": "✗"}[finding.state]
        typer.echo(f"{mark} {finding.what}: {finding.said}")
        worst = max(worst, finding.state == "missing")
    raise typer.Exit(worst)
