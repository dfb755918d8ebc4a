"""The pages' tests see the real style sheet, fonts and icons; those of the form have Ana and her draft."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.test import Client
from tests.web import filling

from ruta.cases.models import Draft
from ruta.cases.play.world import World
from ruta.identity.actors import Actor
from ruta.kernel import clock


@pytest.fixture(scope="session", autouse=True)
def _with_assets(assets: None) -> None:
    """Every test here needs them."""


@pytest.fixture
def world(registry: None) -> Iterator[World]:
    """The civil registry on Monday 2 March 2026 at ten."""
    clock.set_clock(datetime(2026, 3, 2, 10))
    with filling.registry() as opened:
        yield opened


@pytest.fixture
def ana(world: World) -> Actor:
    """The person of the entry."""
    return filling.ana(world)


@pytest.fixture
def client(ana: Actor) -> Client:
    """A browser in which she has signed in."""
    return filling.signed_in(ana)


@pytest.fixture
def draft(client: Client) -> Draft:
    """The form that she has begun."""
    return filling.begin(client)
