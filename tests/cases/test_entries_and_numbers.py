"""What a process may do with entries: reserve their numbers, note them, annul them; and let lots decide.

The service is another agency's (`tests/services/dog-register`): nothing of it is known to the platform.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from ruta.cases import services
from ruta.cases.drafts import services as drafts
from ruta.cases.models import Case, CaseEvent
from ruta.cases.play.world import World
from ruta.cases.verbs.drawing import by_lot
from ruta.definitions.loader import read_folder
from ruta.definitions.services import publish
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, Invalid
from ruta.registers import services as registers
from ruta.registers.models import Entry, EntryNote, NumberRange

ROOT = Path(__file__).resolve().parents[2]
OFFICE, OTHER = "1501-15001", "7601-76001"
pytestmark = pytest.mark.django_db


def the_service() -> World:
    publish(
        read_folder(ROOT / "tests" / "services" / "dog-register", shared=ROOT / "services" / "shared"),
        in_force_from=date(2024, 1, 1),
    )
    clock.set_clock(datetime(2026, 3, 16, 10))
    registers.open_range("dog", "number", first=100, last=104, office=OFFICE)
    registers.open_range("dog", "number", first=700, last=799, office=OTHER)
    return World("dog-register")


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with the_service().open() as opened:
        yield opened


@pytest.fixture
def ana(world: World) -> Actor:
    return world.person("ana", {"document": "CC 1020304050", "born": date(1998, 3, 27)})


def files(actor: Actor, act: str, **typed: Any) -> Case:
    draft = drafts.start_draft(actor, "dog-register", act, typed=typed)
    return drafts.file_draft(draft, actor)


def licence(actor: Actor, name: str = "Canela", count: int = 1, **more: Any) -> Case:
    return files(actor, "licence", name=name, count=count, **{"office": OFFICE, **more})


def numbers() -> list[str]:
    return sorted(entry.data["number"] for entry in Entry.objects.filter(register="dog"))


def test_a_case_gets_consecutive_numbers_of_its_office(world: World, ana: Actor) -> None:
    litter = licence(ana, count=3)
    assert litter.outcome == "granted"
    assert numbers() == ["000100", "000101", "000102"]
    licence(ana, "Nube", office=OTHER)
    assert numbers()[-1] == "000700"
    event = CaseEvent.objects.get(case_id=litter.id, type="reserved")
    assert event.public == {"register": "dog", "range": "number", "count": 3}


def test_a_range_that_runs_out_in_the_middle_files_nothing_and_spends_no_number(
    world: World, ana: Actor
) -> None:
    licence(ana, count=3)
    with pytest.raises(Conflict, match="No numbers of “number” are left"):
        licence(ana, "Gemelos", count=3)
    assert Case.objects.count() == 1
    assert NumberRange.objects.get(office=OFFICE).next == 103
    registers.open_range("dog", "number", first=200, last=299, office=OFFICE)
    assert licence(ana, "Gemelos", count=3).outcome == "granted"
    assert numbers()[3:] == ["000200", "000201", "000202"]


def test_a_note_is_written_on_anothers_entry_and_its_words_stand_from_then_on(
    world: World, ana: Actor
) -> None:
    licence(ana)
    luis = world.person("luis", {"document": "CC 52148963", "born": date(1980, 1, 5)})
    case = files(luis, "found", number="000100", place="El parque Santander")
    note = EntryNote.objects.get()
    assert (note.kind, note.text, note.case_number) == (
        "found", "Está en El parque Santander", case.number
    )  # fmt: skip
    assert note.sets == {"found_in": "El parque Santander"}
    assert case.variables["note"]["status"] == "noted"


def test_co_b09_a_mobile_and_an_address_that_cannot_be_are_refused_in_the_form(
    world: World, ana: Actor
) -> None:
    licence(ana)
    with pytest.raises(Invalid) as wrong:
        files(ana, "found", number="000100", place="El parque", mobile="123456789", email="ana@")
    assert [(each.at, each.check, each.say["en"]) for each in wrong.value.problems] == [
        ("/mobile", "format", "10 digits that start with 3. Check whether one is missing or too many."),
        ("/email", "format", "The part after @ is missing."),
    ]
    case = files(
        ana, "found", number="000100", place="El parque", mobile="+57 300 123-4567", email="Ana@X.CO"
    )
    assert (case.form["mobile"], case.form["email"]) == ("3001234567", "ana@x.co")


def test_annulling_an_entry_counters_the_notes_that_it_caused(world: World, ana: Actor) -> None:
    licence(ana, "Luna")
    licence(ana, "Sol", mother="000100")
    note = EntryNote.objects.get(kind="litter")
    puppy = Entry.objects.get(data__number="000101")
    assert note.because == puppy.entry_id
    files(ana, "strike-off", number="000101", reason="era un gato")
    puppy.refresh_from_db()
    assert (puppy.status, puppy.ended_reason) == ("annulled", "Se matriculó por error: era un gato")
    assert EntryNote.objects.get(counters=note).text == puppy.ended_reason
    with pytest.raises(Conflict):  # what is annulled is not annulled twice
        files(ana, "strike-off", number="000101", reason="otra vez")


def test_a_number_is_never_given_again_after_its_entry_was_annulled(world: World, ana: Actor) -> None:
    licence(ana)
    files(ana, "strike-off", number="000100", reason="era un gato")
    licence(ana, "Nube")
    assert numbers() == ["000100", "000101"]


def test_nothing_is_noted_where_nothing_was_found(world: World, ana: Actor) -> None:
    case = files(ana, "found", number="000999", place="Casa")
    assert case.incident is not None
    assert case.incident["say"]["es"].endswith("No hay un asiento sobre el cual actuar.")
    licence(ana)
    assert services.retry(case, actor=world.system).incident is not None


def test_a_lot_is_kept_with_its_seed_and_can_be_drawn_again(world: World, ana: Actor) -> None:
    case = licence(ana, count=3)
    drawn, told = case.variables["drawn"], CaseEvent.objects.get(case_id=case.id, type="drawn").public
    assert told == {"seed": drawn["seed"], "of": 3, "n": 1}
    assert by_lot(["000100", "000101", "000102"], 1, drawn["seed"]) == drawn["items"]


@given(
    items=st.lists(
        st.fixed_dictionaries({"id": st.integers(0, 99), "agency": st.integers(0, 3)}), max_size=12
    ),
    n=st.integers(0, 12),
    seed=st.text(max_size=8),
)
def test_a_lot_never_takes_one_twice_nor_two_of_one_kind(
    items: list[dict[str, int]], n: int, seed: str
) -> None:
    drawn = by_lot(items, n, seed)
    assert len(drawn) == min(n, len(items))
    assert not Counter(map(str, drawn)) - Counter(map(str, items))
    one_each = by_lot(items, n, seed, at_most_one_per="agency")
    assert len({item["agency"] for item in one_each}) == len(one_each)
    assert len(one_each) == min(n, len({item["agency"] for item in items}))


def test_every_ticket_wins_about_equally_often() -> None:
    wins = Counter(by_lot("abcd", 1, str(seed))[0] for seed in range(4000))
    assert min(wins.values()) > 850
    assert max(wins.values()) < 1150


@pytest.mark.django_db(transaction=True)
def test_two_cases_at_once_never_get_the_same_number() -> None:
    """Two real connections; the range holds exactly what both need together."""
    world = the_service()
    with world.open():
        people = [
            world.person(name, {"document": document, "born": date(1990, 1, 1)})
            for name, document in (("ana", "CC 1020304050"), ("luis", "CC 52148963"))
        ]
        made = [drafts.start_draft(who, "dog-register", "licence", typed=_two()) for who in people]
        failures: list[BaseException] = []

        def go(place: int) -> None:
            try:
                drafts.file_draft(made[place], people[place])
            except BaseException as wrong:
                failures.append(wrong)
            finally:
                connection.close()

        threads = [threading.Thread(target=go, args=(place,)) for place in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert numbers() == ["000100", "000101", "000102", "000103"]


def _two() -> dict[str, Any]:
    return {"name": "Canela", "count": 2, "office": OFFICE}
