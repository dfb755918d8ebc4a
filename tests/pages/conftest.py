"""The pages' tests see the real style sheet, fonts and icons."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from tests.pages.whole_country import Country, build
from tests.web import filling


@pytest.fixture(scope="session", autouse=True)
def _with_assets(assets: None) -> None:
    """Every test here needs them."""


@pytest.fixture
def country(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Country]:
    """A sample country in which every address of the table has something to show."""
    monkeypatch.setattr(settings, "DEMO", True)
    with filling.registry() as world:
        yield build(world)
