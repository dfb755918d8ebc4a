"""How often a page asks the database: a bounded number, and the same however many rows it shows."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.conf import settings
from tests.desk.desk_builders import Office, desk, open_office, page_of
from tests.web import filling, queries

from ruta.kernel import audit, clock

pytestmark = pytest.mark.django_db
WEDDING = {
    "office": "1501-15001",
    "entry_date": "1998-04-02",
    "spouse_a": {"names": "Luis Quiroga Díaz", "type": "CC", "number": "52148963"},
    "spouse_b": {"names": "Rosa Paz"},
    "celebration_date": "1998-03-27",
    "celebration_place": "15001",
    "celebrant_type": "notary",
}


def learns(office: Office, number: int) -> None:
    """Another entry about Luis, and one more look at his data."""
    office.world.entry("marriage", {**WEDDING, "serial": str(30000000 + number)})
    audit.log_read(
        office.clara, persons=[office.luis.document], purpose="case_processing", what="register:birth"
    )


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    clock.set_clock(datetime(2026, 3, 16, 10))
    with filling.registry() as world:
        yield open_office(world)


def test_no_page_asks_the_database_more_often_when_there_are_more_rows(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DEMO", True)
    case = office.asks()
    learns(office, 0)
    citizen, official = filling.signed_in(office.luis), desk(office.clara)
    draft = filling.begin(citizen)
    counts = {
        (citizen, "/"): 12,
        (citizen, "/tramites/civil-registration/"): 5,
        (citizen, f"/borradores/{draft.pk}/entry/"): 7,
        (citizen, f"/mis-tramites/{case.number}/"): 16,
        (citizen, "/mensajes/"): 4,
        (citizen, "/carpeta/"): 4,
        (citizen, "/demo/"): 11,
        (citizen, "/carpeta/registros/"): 6,
        (citizen, "/carpeta/consultas/"): 5,
        (official, "/escritorio/?caja=team"): 9,
        (official, "/escritorio/buscar/?q=quiroga"): 8,
        (official, page_of(case)): 25,
    }

    def asked() -> dict[str, list[str]]:
        counted = {}
        for client, path in counts:
            client.get(path)
            with queries.counted() as captured:
                assert client.get(path).status_code == 200, path
            counted[path] = queries.shapes(captured)
        return counted

    few = asked()
    for number in range(1, 9):
        office.asks()
        learns(office, number)
    assert asked() == few
    assert filling.text(citizen.get("/carpeta/registros/")).count("3000000") == 9
    assert filling.text(citizen.get("/carpeta/consultas/")).count("Registro civil de nacimiento") == 9
    assert {path: len(few[path]) for _, path in counts} == {
        path: count for (_, path), count in counts.items()
    }
