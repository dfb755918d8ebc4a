"""How often a page asks the database: a bounded number, and the same however many cases there are."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from tests.desk.desk_builders import Office, desk, open_office, page_of
from tests.web import filling, queries

from ruta.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    clock.set_clock(datetime(2026, 3, 16, 10))
    with filling.registry() as world:
        yield open_office(world)


def test_no_page_asks_the_database_more_often_when_there_are_more_cases(office: Office) -> None:
    case = office.asks()
    citizen, official = filling.signed_in(office.luis), desk(office.clara)
    draft = filling.begin(citizen)
    most = {
        (citizen, "/"): 14,
        (citizen, "/tramites/civil-registration/"): 8,
        (citizen, f"/borradores/{draft.pk}/entry/"): 9,
        (official, "/escritorio/?caja=team"): 14,
        (official, page_of(case)): 25,
    }

    def asked() -> dict[str, list[str]]:
        counted = {}
        for client, path in most:
            client.get(path)
            with queries.counted() as captured:
                assert client.get(path).status_code == 200, path
            counted[path] = queries.shapes(captured)
        return counted

    few = asked()
    for _ in range(8):
        office.asks()
    assert asked() == few
    said = {path: len(few[path]) for _, path in most}
    assert {path: count for (_, path), count in most.items() if said[path] > count} == {}, said
