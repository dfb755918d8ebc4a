"""The office of Tunja, and a hospital whose system files by API."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from tests.api.api_builders import Hospital, hospital_of
from tests.desk.desk_builders import open_office
from tests.web import filling

from ruta.kernel import clock
from ruta.registers.services import open_range


@pytest.fixture
def hospital(db: None) -> Iterator[Hospital]:
    """Monday 16 March 2026, ten in the morning."""
    clock.set_clock(datetime(2026, 3, 16, 10))
    with filling.registry() as world:
        office = open_office(world)
        open_range("death", "serial", first=150100001, last=150199999, office="1501-15001")
        yield hospital_of(office)
