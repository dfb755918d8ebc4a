"""Bring Django up inside a command."""

import os

from . import database


def django(*, owner: bool = False, needs_database: bool = True) -> None:
    """Set Django up; start or join the embedded PostgreSQL unless `DATABASE_URL` names another one."""
    if needs_database:
        database.use_embedded(owner=owner)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruta.config.settings")
    import django as framework

    framework.setup()


def assets_are_there() -> bool:
    """Whether `ruta assets` has collected the static files."""
    return (database.home() / "static" / "staticfiles.json").exists()


def refuse_without_assets() -> None:
    """Raise RuntimeError where there are none: the web reads their names once, when it starts."""
    if not assets_are_there():
        raise RuntimeError("style sheet and scripts are not built: run `ruta assets`, then start again")
