"""The pages' tests see the real style sheet, fonts and icons."""

import os
from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import Browser
from tests.web import screens


@pytest.fixture(scope="session", autouse=True)
def assets() -> None:
    """Build the assets where this process keeps its files, unless they are there."""
    from django.conf import settings

    from ruta.web.site import assets as site

    site.install_packages()
    site.build(settings.ASSETS_DIR)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
        "true"  # Playwright's loop runs in this thread; the ORM is not async
    )
    with screens.chromium() as running:
        yield running


@pytest.fixture(autouse=True)
def _no_jobs_of_other_tests(request: pytest.FixtureRequest) -> None:
    """A test that commits starts without the jobs of the one before: Django flushes its own tables only."""
    marker = request.node.get_closest_marker("django_db")
    if marker is None or not marker.kwargs.get("transaction"):
        return
    request.getfixturevalue("transactional_db")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
