"""An official reads above each look-up whose entries they are, and all of them."""

import pytest
from tests.desk.desk_builders import Office

from ruta.cases.models import Case
from ruta.web.desk import sheet

pytestmark = pytest.mark.django_db


def test_each_look_up_says_whose_it_is_and_shows_every_entry(office: Office) -> None:
    entry = {"celebration_date": "2019-03-16", "dissolved_on": None}
    several = {"status": "found", "value": [{**entry, "serial": "10455120"}, {**entry, "serial": "10455121"}]}
    case = Case(facts={"spouse_b_marriages": several, "own_entry": {"status": "absent", "value": None}})
    told, absent = sheet.found(case, office.world.compiled)
    assert told.title == "Matrimonios del segundo contrayente"
    assert [fact.value for fact in told.facts if fact.value.startswith("104")] == ["10455120", "10455121"]
    assert "Registro civil de nacimiento" in absent.title
    assert absent.facts == ()
