"""A certified copy is asked for, paid, issued and known to everybody who should know."""

from datetime import date, datetime

import pytest

from ruta.cases import filing
from ruta.cases.models import CaseEvent
from ruta.cases.play.world import World
from ruta.definitions.selectors import current_version
from ruta.documents.models import Output
from ruta.kernel import clock
from ruta.payments.models import Charge

pytestmark = pytest.mark.django_db

ENTRY = {
    "serial": "28451190",
    "nuip": "1020304050",
    "office": "1501-15001",
    "given_names": "María Fernanda",
    "first_surname": "Rojas",
    "second_surname": "Pérez",
    "birth_date": "1998-03-27",
    "birth_place": "15001",
    "sex": "F",
    "entry_date": "1998-04-02",
}
ANSWERS = {
    "search_by": "nuip",
    "nuip": "1020304050",
    "birth_date": "27/03/1998",
    "kind": "copy",
    "purpose": "marriage",
    "copies": "3",
    "delivery": "online",
}


def test_a_copy_is_filed_paid_and_issued(world: World) -> None:
    clock.set_clock(datetime(2026, 3, 2, 10))
    ana = world.person("ana", {"document": "CC 1020304050", "born": date(1998, 3, 27)})
    world.entry("birth", ENTRY)
    case = filing.file_case(
        version_id=current_version("civil-registration").pk,
        act="copy",
        form=ANSWERS,
        actor=ana,
        channel="portal",
        lang="es",
        submission_key="once",
    )
    world.settle()
    charge = Charge.objects.get(case_number=case.number)
    assert charge.total == 56250
    world.pay(charge)
    case.refresh_from_db()
    output = Output.objects.get(case_number=case.number)
    assert (case.outcome, output.state) == ("granted", "valid")
    assert output.pdf_sha256
    assert [event.seq for event in CaseEvent.objects.filter(case_id=case.id).order_by("seq")] == list(
        range(1, case.head_seq + 1)
    )
