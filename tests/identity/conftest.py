"""What the tests of accounts share: a quick hash of passwords, and no page's language left behind."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _spanish() -> Iterator[None]:
    yield
    translation.activate("es")
