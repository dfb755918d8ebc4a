"""An office for stories of officials."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from tests.desk.desk_builders import Office, open_office
from tests.web import filling

from ruta.kernel import clock


@pytest.fixture
def office(registry: None) -> Iterator[Office]:
    """Monday 16 March 2026, ten in the morning."""
    clock.set_clock(datetime(2026, 3, 16, 10))
    with filling.registry() as world:
        yield open_office(world)
