"""A small country for stories about cases."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ruta.cases.play.world import World
from ruta.definitions.loader import read_folder
from ruta.definitions.services import publish

SERVICES = Path(__file__).resolve().parents[2] / "services"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The civil registry in force since 2024, its office in Tunja, and nobody yet."""
    publish(read_folder(SERVICES / "civil-registration"), in_force_from=date(2024, 1, 1))
    with World("civil-registration").open() as opened:
        yield opened
