"""An official sees what a case asked and told other agencies, who has not answered, and when it is tried again."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from tests.desk.desk_builders import desk, page_of, seen

from ruta.cases.drafts import services as drafts
from ruta.cases.models import Case
from ruta.cases.play.world import World
from ruta.definitions.loader import read_folder
from ruta.definitions.services import publish
from ruta.kernel import clock

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> Iterator[World]:
    service = ROOT / "tests" / "services" / "animal-health"
    publish(read_folder(service, shared=ROOT / "services" / "shared"), in_force_from=date(2024, 1, 1))
    clock.set_clock(datetime(2026, 3, 16, 10))
    with World("animal-health").open() as opened:
        yield opened


def a_bite(world: World) -> Case:
    """The insurer is silent, the police does not take it, the register answers about somebody else."""
    world.elsewhere.down.add("insurer")
    world.elsewhere.always |= {
        "police": {"status": "rejected", "reason": "No es de nuestra ciudad"},
        "ani": {"document_type": "CC", "document_number": "79000001", "given_names": "X", "status": "valid"},
    }
    ana = world.person("ana", {"document": "CC 1020304050", "born": date(1998, 3, 27)})
    typed = {"bitten": "52148963", "bitten_on": "14/03/2026"}
    case = drafts.file_draft(drafts.start_draft(ana, "animal-health", "bite", typed=typed), ana)
    world.move_to(date(2026, 3, 19))
    return case


def test_the_page_of_a_case_tells_every_exchange_in_both_languages(world: World) -> None:
    case = a_bite(world)
    clara = world.person("clara", {"role": "registrar", "office": "1501-15001"})
    spanish = seen(desk(clara), page_of(case))
    panel = spanish[spanish.index("Otras entidades") : spanish.index("Reglas aplicadas")]
    for said in (
        "Aseguradora: mordeduras falta que conteste",
        "no contestó a tiempo",
        "se intenta otra vez el",
        "Policía: mordeduras lo rechazó",
        "No es de nuestra ciudad",
        "Instituto de Salud: mordeduras lo recibió",
        "referencia institute-1",
        "Archivo Nacional de Identificación contestó algo que no sirve",
        "contestó sobre otra persona u otro registro; no se usó ni se guardó",
    ):
        assert said in panel, said
    assert "79000001" not in spanish
    english = seen(desk(clara, django_language="en"), page_of(case))
    for said in (
        "Insurer: bites no answer yet",
        "Police: bites rejected",
        "tried again on",
        "reference institute-1",
    ):
        assert said in english, said


def test_a_case_that_asked_nobody_has_no_such_panel(world: World) -> None:
    ana = world.person("ana", {"document": "CC 1020304050", "born": date(1998, 3, 27)})
    world.elsewhere.down.add("ani")
    typed = {"number": "000100", "act": "visit"}
    case = drafts.file_draft(drafts.start_draft(ana, "animal-health", "strike", typed=typed), ana)
    world.settle()
    clara = world.person("clara", {"role": "registrar", "office": "1501-15001"})
    assert "Otras entidades" not in seen(desk(clara), page_of(case))
