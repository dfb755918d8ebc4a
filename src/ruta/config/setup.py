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
