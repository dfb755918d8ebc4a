"""The suite runs on real PostgreSQL, as the app's role: one template database, a clone for each worker."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from psycopg.conninfo import make_conninfo

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from pytest_django import DjangoDbBlocker

ROOT = Path(__file__).resolve().parent.parent
# `make test` answers for a commit, so the same commit has the same answer; `make test-all` looks for new examples.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("searching", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("RUTA_HYPOTHESIS", "repeatable"))
os.environ.setdefault(
    "RUTA_HOME", str(ROOT / "var" / "tests" / os.environ.get("PYTEST_XDIST_WORKER", "main"))
)


def _superuser() -> str:
    from ruta.config import database

    if url := os.environ.get("RUTA_TEST_DATABASE_URL"):
        return url
    return database.start_embedded(ROOT / "var" / "test-postgres")


def _schema_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted((ROOT / "src" / "ruta").rglob("migrations/*.py")):
        digest.update(path.read_bytes())
    digest.update((ROOT / "src/ruta/config/database.py").read_bytes())
    return digest.hexdigest()[:16]


def _migrate(url: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    from ruta.config import database

    connection.close()
    connection.settings_dict.update(database.django_settings(url))
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Clone the template (made once per schema) for this process and use it as the app's role."""
    from django.db import connection

    from ruta.config import database

    superuser = _superuser()
    template = f"ruta_template_{_schema_digest()}"
    clone = f"ruta_test_{os.getpid()}"
    with django_db_blocker.unblock(), psycopg.connect(superuser, autocommit=True) as server:
        server.execute("ALTER SYSTEM SET fsync = off")
        server.execute("ALTER SYSTEM SET synchronous_commit = off")
        server.execute("ALTER SYSTEM SET max_connections = 200")
        server.execute("SELECT pg_reload_conf()")
        server.execute("SELECT pg_advisory_lock(7301)")
        ready = server.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [template]
        ).fetchone()
        if not ready:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(template)))
            database.prepare(superuser, template)
            _migrate(database.url_for(superuser, template, database.OWNER))
            with psycopg.connect(make_conninfo(superuser, dbname=template), autocommit=True) as inside:
                inside.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {database.APP}")
            server.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(sql.Identifier(template)))
        # Tests of tampering act as the owner in the same transaction; nothing is inherited without SET ROLE.
        server.execute(f"GRANT {database.OWNER} TO {database.APP} WITH INHERIT FALSE, SET TRUE")
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                sql.Identifier(clone), sql.Identifier(template), sql.Identifier(database.OWNER)
            )
        )
        server.execute("SELECT pg_advisory_unlock(7301)")
        url = database.url_for(superuser, clone, database.APP)
        os.environ["DATABASE_URL"] = url
        connection.close()
        connection.settings_dict.update(database.django_settings(url))
    yield
    with django_db_blocker.unblock():
        connection.close()
    with psycopg.connect(superuser, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(clone)))


@pytest.fixture(autouse=True)
def _real_clock() -> Iterator[None]:
    """No test leaves the clock moved, days closed for an agency, or public figures; counts begin with the calendar read."""
    import time

    from ruta.cases.selectors import figures
    from ruta.kernel import calendars, clock

    figures._read.clear()
    calendars._read.clear()
    calendars._read["899999040-4"] = (time.monotonic() + 3600, calendars.national())
    yield
    clock.set_clock(None)


@pytest.fixture(scope="session", autouse=True)
def plain_static_names() -> None:
    """Static files go by their plain names, also where `ruta assets` has collected them: tests serve what is built."""
    from django.contrib.staticfiles.storage import staticfiles_storage

    staticfiles_storage.hashed_files = {}


@pytest.fixture(scope="session")
def assets() -> None:
    """Build the style sheet, fonts and icons where this process keeps its files, unless they are there."""
    from django.conf import settings

    from ruta.web.site import assets as site

    site.install_packages()
    site.build(settings.ASSETS_DIR)


@pytest.fixture(scope="session")
def browser(assets: None) -> Iterator["Browser"]:
    """One Chromium for the session: Playwright does not start twice in a process."""
    from tests.web import screens

    # Playwright's loop runs in this thread; the ORM is not async.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with screens.chromium() as running:
        yield running


@pytest.fixture(scope="module")
def _registry_made_once(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> Iterator[None]:
    """The civil registry, published under the transaction of each test of the file."""
    from tests import standing

    with django_db_blocker.unblock(), standing.rows():
        standing.publish_civil_registry()
        yield


@pytest.fixture
def registry(_registry_made_once: None, db: None) -> None:
    """The civil registry in force since 2024, published once for the tests of a file; anew for one that commits."""
    from tests import standing

    standing.publish_civil_registry()


@pytest.fixture(autouse=True)
def _nothing_stands_where_tests_commit(request: pytest.FixtureRequest) -> None:
    """Rows that a file's tests share are not seen by the other connections of a test that commits."""
    marker = request.node.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction")
    if commits or {"transactional_db", "live_server"} & set(request.fixturenames):
        from tests import standing

        standing.clear()


@pytest.fixture(autouse=True)
def _no_jobs_of_other_tests(request: pytest.FixtureRequest) -> None:
    """A test that commits starts without the jobs of the one before: Django flushes its own tables only."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        return
    from django.db import connection

    request.getfixturevalue("transactional_db")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture(autouse=True)
def _spanish() -> Iterator[None]:
    """No test leaves another language active."""
    from django.utils import translation

    yield
    translation.deactivate()
