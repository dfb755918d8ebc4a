"""A mail server of the sandbox for the room's stories."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from ruta.sandbox import testing


@pytest.fixture(scope="session")
def _sandbox() -> Iterator[testing.Playground]:
    with testing.running() as playground:
        yield playground


@pytest.fixture
def post_office(_sandbox: testing.Playground, settings: Settings) -> testing.Playground:
    """The sandbox's SMTP server, empty and well behaved; Ruta sends its mail there."""
    _sandbox.misbehave("smtp", "ok")
    _sandbox.sandbox.store.run("DELETE FROM mail")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", _sandbox.smtp_port
    settings.PUBLIC_URL = "https://ruta.example.co"
    return _sandbox
