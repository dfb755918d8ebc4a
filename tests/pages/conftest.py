"""The pages' tests see the real style sheet, fonts and icons."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker
from tests import standing
from tests.pages.whole_country import MONDAY, Country, build
from tests.web import filling

from ruta.kernel import clock


@pytest.fixture(scope="session", autouse=True)
def _with_assets(assets: None) -> None:
    """Every test here needs them."""


@pytest.fixture
def country(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Country]:
    """A sample country in which every address of the table has something to show."""
    monkeypatch.setattr(settings, "DEMO", True)
    with filling.registry() as world:
        yield build(world)


@pytest.fixture(scope="module")
def _made_once(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Country]:
    """The rows of `standing_country`, under the transaction of each test; LANGUAGE of the file is who applies's."""
    with django_db_blocker.unblock(), standing.rows():
        clock.set_clock(MONDAY)
        with filling.registry() as world:
            yield build(world, getattr(request.module, "LANGUAGE", "es"))


@pytest.fixture
def standing_country(_made_once: Country, db: None) -> Country:
    """The country on a Monday, made once for the tests of a file; what each of them does is undone."""
    clock.set_clock(MONDAY)
    return _made_once.fresh()
