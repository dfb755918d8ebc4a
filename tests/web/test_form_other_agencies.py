"""A form that another agency's register helps to fill: whatever that answers, or not, the person goes on."""

import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings
from tests.web.filling import signed_in

from ruta.cases.models import Case, Draft
from ruta.cases.play.world import World
from ruta.definitions.loader import read_folder
from ruta.definitions.services import publish
from ruta.identity.actors import Actor
from ruta.interop import xroad
from ruta.kernel import clock
from ruta.sandbox import testing

ROOT = Path(__file__).resolve().parents[2]
ANI = "CO/GOB/899999040/ANI/identity/v1"
LUZ = {
    "document_type": "CC",
    "document_number": "52148963",
    "given_names": "Luz",
    "first_surname": "Rojas",
    "status": "valid",
}
OTHER = LUZ | {"document_number": "79000001", "given_names": "Otto"}
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _sandbox() -> Iterator[testing.Playground]:
    with testing.running() as playground:
        playground.fill("ani", ANI, [LUZ, OTHER])
        yield playground


@pytest.fixture
def ani(_sandbox: testing.Playground, settings: Settings) -> testing.Playground:
    _sandbox.misbehave("xroad:ani", "ok")
    settings.XROAD_URL = _sandbox.xroad_url
    xroad.breaker.forget()
    return _sandbox


@pytest.fixture
def ana(db: None) -> Actor:
    service = ROOT / "tests" / "services" / "animal-health"
    publish(read_folder(service, shared=ROOT / "services" / "shared"), in_force_from=date(2024, 1, 1))
    clock.set_clock(datetime(2026, 3, 16, 10))
    world = World("animal-health")
    return world.person("ana", {"document": "CC 1020304050", "born": date(1998, 3, 27)})


def filled(ana: Actor) -> tuple[Client, Draft, str]:
    """The page left, and what it says when it is looked at again."""
    client = signed_in(ana)
    client.post("/tramites/animal-health/bite/empezar/")
    draft = Draft.objects.get()
    page = f"/borradores/{draft.pk}/data/"
    day = {"bitten_on.day": "14", "bitten_on.month": "3", "bitten_on.year": "2026"}
    asked = {"asked": ["bitten", "bitten_on", "place"], "seen": str(draft.revision), "place": ""}
    client.post(page, {"bitten": "52148963", **day, **asked})
    draft.refresh_from_db()
    return client, draft, client.get(page).content.decode()


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("ok", "Lo que encontramos"),
        ("down", "no responde ahora. Puede continuar"),
        ("lost", "no responde ahora. Puede continuar"),
        ("another", "contestó con datos que no pueden ser los suyos"),
        ("lying", "contestó con datos que no pueden ser los suyos"),
    ],
)
def test_the_page_says_what_the_register_answered_and_keeps_nobody_waiting(
    ani: testing.Playground, ana: Actor, mode: str, said: str
) -> None:
    ani.misbehave("xroad:ani", mode)
    begun = time.monotonic()
    client, draft, page = filled(ana)
    assert said in page
    assert "Otto" not in page
    client.post(f"/borradores/{draft.pk}/revisar/")
    case = Case.objects.get()
    assert time.monotonic() - begun < 25  # three requests that ask, of three seconds each
    assert case.facts["person"]["status"] == ("found" if mode == "ok" else "unavailable")


def test_the_citizen_reads_that_another_agency_has_the_case(ani: testing.Playground, ana: Actor) -> None:
    ani.misbehave("xroad:ani", "down")
    client, draft, _page = filled(ana)
    client.post(f"/borradores/{draft.pk}/revisar/")
    page = client.get(f"/mis-tramites/{Case.objects.get().number}/").content.decode()
    assert "Lo tiene: Otra entidad" in page
