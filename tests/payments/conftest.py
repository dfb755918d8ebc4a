"""A sandbox for the room's stories."""

from collections.abc import Callable, Iterator

import pytest
from pytest_django.fixtures import Settings

from ruta.kernel import jobs
from ruta.kernel.errors import RutaError
from ruta.payments import services
from ruta.sandbox import testing


@pytest.fixture(scope="session")
def _sandbox() -> Iterator[testing.Playground]:
    with testing.running() as playground:
        yield playground


@pytest.fixture
def outside(_sandbox: testing.Playground, settings: Settings) -> testing.Playground:
    """The gateway of the sandbox, well behaved and without old notices; it is the one that Ruta asks."""
    _sandbox.misbehave("gateway", "ok")
    _sandbox.notices(early=True)
    settings.GATEWAY_URL, settings.GATEWAY_SECRET = _sandbox.gateway_url, _sandbox.secret
    return _sandbox


@pytest.fixture
def tell_ruta(outside: testing.Playground) -> Callable[..., list[int]]:
    """Deliver the notices that wait and let the jobs run; the statuses that Ruta answered with."""

    def deliver(*, early: bool = False) -> list[int]:
        answers = []
        for headers, body in outside.notices(early=early):
            try:
                answers.append(services.receive_webhook(headers, body).status)
            except RutaError as wrong:
                answers.append(wrong.status)
        jobs.run_due()
        return answers

    return deliver
