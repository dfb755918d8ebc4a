"""Two mothers confirm at once and two registrars sign at once, over real connections: no NUIP is given twice."""

import threading
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from ruta.cases import asking, services
from ruta.cases.drafts import services as drafts
from ruta.cases.models import AskedPerson, Task
from ruta.cases.play.world import World
from ruta.definitions.loader import read_folder
from ruta.definitions.services import publish
from ruta.kernel import clock
from ruta.registers.models import Entry
from ruta.registers.services import open_range

ROOT = Path(__file__).resolve().parents[2]
OFFICE = "7601-76001"
NOW = datetime(2026, 3, 11, 10)
WHY = "Los testigos y la madre coinciden; Decreto-Ley 1260 de 1970, art. 49."
BIRTH: dict[str, Any] = {
    "given_names": "Valentina",
    "birth_date": "10/03/2026",
    "birth_place": "76001",
    "sex": "F",
    "witness_1_number": "16700001",
    "witness_1_names": "Rosa Cuero",
    "witness_2_number": "16700002",
    "witness_2_names": "Omar Díaz",
    "mother_given_names": "Luz",
    "mother_first_surname": "Díaz",
    "mother_birth_date": "20/05/1998",
    "second_parent": "none",
    "office": OFFICE,
}


def at_once(*acts: Callable[[], Any]) -> None:
    """Do each over a connection of its own, at the same time; raise what one of them raised."""
    failures: list[BaseException] = []

    def go(act: Callable[[], Any]) -> None:
        try:
            clock.set_clock(NOW)
            act()
        except BaseException as wrong:
            failures.append(wrong)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_births_at_once_never_get_the_same_nuip() -> None:
    folder = read_folder(ROOT / "services" / "civil-registration", shared=ROOT / "services" / "shared")
    publish(folder, in_force_from=date(2024, 1, 1))
    clock.set_clock(NOW)
    open_range("birth", "nuip", first=1140987652, last=1140987653, office=OFFICE)
    open_range("birth", "serial", first=760100001, last=760100002, office=OFFICE)
    world = World("civil-registration")
    with world.open():
        clara, edgar = (
            world.person(name, {"role": "registrar", "office": OFFICE}) for name in ("clara", "edgar")
        )
        mothers = [
            world.person(name, {"document": f"CC {number}", "born": date(1998, 5, 20)})
            for name, number in (("luz", "1144000001"), ("ana", "1144000003"))
        ]
        for number in ("1144000001", "1144000003"):
            draft = drafts.start_draft(
                clara, "civil-registration", "birth", channel="desk", typed=BIRTH | {"mother_number": number}
            )
            drafts.file_draft(draft, clara)
        for task in Task.objects.filter(node="check_evidence"):
            services.complete(task.id, actor=edgar, typed={"outcome": "approve", "motivation": WHY})
        asked = [AskedPerson.objects.get(person_id=each.person_id) for each in mothers]
        at_once(
            *(
                lambda who=who, one=one: asking.answer(one.id, actor=who, typed={"data_right": "yes"})
                for who, one in zip(mothers, asked, strict=True)
            )
        )
        at_once(
            *(
                lambda task=task: services.complete(
                    task.id, actor=edgar, typed={"outcome": "grant", "motivation": WHY}
                )
                for task in Task.objects.filter(node="sign")
            )
        )
    assert sorted(entry.data["nuip"] for entry in Entry.objects.filter(register="birth")) == [
        "1140987652",
        "1140987653",
    ]
