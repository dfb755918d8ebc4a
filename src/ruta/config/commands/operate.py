"""Commands of the operator and the developer: the schema and Django's own commands."""

import typer

from ruta.config import setup


def register(root: typer.Typer) -> None:
    root.command()(migrate)
    root.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(manage)


def migrate() -> None:
    """Bring the database's schema up to this version (as the owner role)."""
    setup.django(owner=True)
    from django.core.management import call_command

    call_command("migrate", verbosity=1, interactive=False)


def manage(context: typer.Context) -> None:
    """Run one of Django's management commands, e.g. `ruta manage makemigrations cases`."""
    setup.django(owner=True)
    from django.core.management import execute_from_command_line

    execute_from_command_line(["ruta", *context.args])
