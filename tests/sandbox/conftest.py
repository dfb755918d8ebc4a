"""One sandbox for the stories of the outside world."""

from collections.abc import Iterator

import pytest

from ruta.sandbox import testing


@pytest.fixture
def outside(_running: testing.Playground) -> testing.Playground:
    """The sandbox, well behaved and empty of mail and notices."""
    for target in ("gateway", "smtp", "xroad:ani"):
        _running.misbehave(target, "ok")
    _running.sandbox.store.run("DELETE FROM mail")
    _running.notices(early=True)
    return _running


@pytest.fixture(scope="session")
def _running() -> Iterator[testing.Playground]:
    with testing.running() as playground:
        yield playground
