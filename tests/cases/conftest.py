"""A small country for stories about cases."""

from collections.abc import Iterator

import pytest

from ruta.cases.play.world import World


@pytest.fixture
def world(registry: None) -> Iterator[World]:
    """The civil registry in force since 2024, its office in Tunja, and nobody yet."""
    with World("civil-registration").open() as opened:
        yield opened
