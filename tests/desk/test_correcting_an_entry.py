"""An entry is corrected: the route is told before filing, and old and new stand side by side at desk and portal."""

from typing import Any

import pytest
from tests.desk.desk_builders import Office, desk, page_of, seen, task_of
from tests.web import filling

from ruta.cases import tasks
from ruta.cases.models import Case
from ruta.registers import services as registers
from ruta.registers.models import Entry
from ruta.web.site import entry_differences

SURNAME: dict[str, Any] = {
    "nuip": "1020304050",
    "birth_date": "27/03/1998",
    "correction_field": "first_surname",
    "cause": "error",
    "new_first_surname": "Rosas",
    "what_is_wrong": "El certificado de nacido vivo dice Rosas, con s.",
}
WHY = "El certificado de nacido vivo dice Rosas; Decreto 999 de 1988, artículo 2."


def decide(case: Case, actor: Any, outcome: str) -> None:
    tasks.complete(task_of(case).id, actor=actor, typed={"outcome": outcome, "motivation": WHY})


@pytest.fixture
def case(office: Office) -> Case:
    office.world.numbers(
        {
            "register": "birth",
            "range": "serial",
            "office": "1501-15001",
            "first": 150200001,
            "last": 150200099,
        }
    )
    return office.asks(SURNAME, act="correction", by=filling.ana(office.world))


def test_what_would_change_and_what_changed_stand_side_by_side(office: Office, case: Case) -> None:
    panel = "Qué cambia en el registro Qué cambia Dato Hoy dice Diría"
    clara, ana = desk(office.clara), filling.signed_in(office.world.actors["ana"])
    for page in (seen(clara, page_of(case)), seen(ana, f"/mis-tramites/{case.number}/")):
        assert panel in page
        assert "Primer apellido Rojas Rosas" in page
        assert "Segundo apellido Pérez Pérez" not in page
    decide(case, office.clara, "approve")
    decide(case, office.edgar, "grant")
    for page in (seen(clara, page_of(case)), seen(ana, f"/mis-tramites/{case.number}/")):
        assert "Qué cambió en el registro Qué cambió Dato Antes Ahora" in page
        assert "Indicativo serial 28451190 150200001" in page
        assert "Primer apellido Rojas Rosas" in page


def test_an_entry_that_changed_meanwhile_is_told_beside_the_difference(office: Office, case: Case) -> None:
    old = Entry.objects.get(register="birth", data__nuip="1020304050")
    registers.supersede_entry(
        old, old.data | {"second_surname": "Peres"}, register="birth", actor=office.world.system
    )
    assert "El registro cambió después de leerlo" in seen(desk(office.clara), page_of(case))


def test_what_a_note_gives_is_not_recorded_as_the_entrys_own(office: Office, case: Case) -> None:
    old = Entry.objects.get(register="birth", data__nuip="1020304050")
    registers.note_entry(
        old.entry_id, kind="marriage", text="Casada", sets={"spouse": "52148963"}, actor=office.world.system
    )
    decide(case, office.clara, "approve")
    decide(case, office.edgar, "grant")
    new = Entry.objects.get(register="birth", data__nuip="1020304050", status="valid")
    assert (new.version, new.data["first_surname"], "spouse" in new.data) == (2, "Rosas", False)


def test_who_chooses_reads_what_the_entry_says_and_by_which_route(office: Office) -> None:
    client = filling.signed_in(filling.ana(office.world))
    start = client.post("/tramites/civil-registration/correction/empezar/")
    first = start["Location"]
    found = client.post(
        first,
        {"asked": ["nuip", "birth_date"], "seen": "0", "nuip": "1020304050", "birth_date.day": "27",
         "birth_date.month": "3", "birth_date.year": "1998", "action": "go-on"},
    )  # fmt: skip
    assert "Rojas" in filling.text(found)
    change = first.replace("/entry/", "/change/")
    chosen = {"asked": ["correction_field", "cause"], "seen": "0", "correction_field": "first_surname"}
    told = filling.text(client.post(f"{change}parte/", chosen | {"cause": "error"}))
    assert "Hoy dice: Rojas" in told
    assert "Esto lo corrige la oficina donde está el registro, sin costo" in told
    assert "con escritura pública" in filling.text(
        client.post(f"{change}parte/", chosen | {"cause": "choice"})
    )


def test_codes_and_persons_of_an_entry_are_told_in_words() -> None:
    schema = {"properties": {"sex": {"x-ui": {"options": {"F": {"es": "Femenino", "en": "Female"}}}}}}
    assert entry_differences.shown(schema, schema["properties"]["sex"], "F") == "Femenino"
    assert entry_differences.shown(schema, {}, {"names": "Gloria", "document": "CC 40.023.114"}) == (
        "Gloria · CC 40.023.114"
    )
