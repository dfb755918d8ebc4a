"""Entries are versions in two times; nothing that was recorded changes, and keys belong to one."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction
from registers_builders import CLERK, pet, pets, recorded

from ruta.kernel import clock, events
from ruta.kernel.errors import Conflict, Invalid, NotFound
from ruta.kernel.models import DomainEvent
from ruta.registers import rules, selectors, services
from ruta.registers.models import Entry, EntryKey, EntryStatus
from ruta.registers.spec import spec_of

pytestmark = pytest.mark.django_db


def test_an_entry_is_valid_since_the_fact_and_known_since_it_was_recorded() -> None:
    pets()
    with clock.moved(date(2026, 3, 2)):
        entry = recorded()
    assert entry.valid_from == date(1998, 3, 27)
    assert clock.local_date(entry.recorded_at) == date(2026, 3, 2)
    assert (entry.version, entry.status, entry.office) == (1, "valid", "1501-15001")


def test_superseding_keeps_the_old_version_as_it_was() -> None:
    pets()
    with clock.moved(date(2026, 3, 2)):
        old = recorded(name="Gonzales")
    with clock.moved(date(2026, 4, 2)):
        new = services.supersede_entry(old, pet(name="González"), register="pet", actor=CLERK)
    old.refresh_from_db()
    assert (old.status, old.data["name"]) == ("replaced", "Gonzales")
    assert (new.entry_id, new.version, new.status) == (old.entry_id, 2, "valid")
    assert list(
        DomainEvent.objects.filter(name="register.changed")
        .order_by("at")
        .values_list("payload__change", flat=True)
    ) == ["recorded", "replaced"]


def test_only_the_version_that_was_seen_can_be_superseded() -> None:
    pets()
    old = recorded()
    services.supersede_entry(old, pet(name="Uno"), register="pet", actor=CLERK)
    with pytest.raises(Conflict, match="changed meanwhile"):
        services.supersede_entry(old, pet(name="Dos"), register="pet", actor=CLERK)


def test_a_key_of_a_valid_entry_is_refused_with_its_field() -> None:
    pets()
    recorded()
    with pytest.raises(Conflict) as refused:
        recorded(chip=None)
    assert refused.value.field == "/serial"
    assert "Indicativo serial: 28451190 ya pertenece a otro asiento" in refused.value.say("es")


def test_after_annulment_a_key_is_free_and_a_never_reused_number_is_not() -> None:
    pets()
    entry = recorded()
    services.annul_entry(entry.entry_id, reason="Sentencia 12 de 2026", actor=CLERK)
    with pytest.raises(Conflict) as refused:
        recorded()
    assert refused.value.field == "/chip"
    again = recorded(chip="1020304051")
    assert again.data["serial"] == entry.data["serial"]


def test_an_annulment_needs_a_reason_and_happens_once() -> None:
    pets()
    entry = recorded()
    with pytest.raises(Invalid, match="Reason"):
        services.annul_entry(entry.entry_id, reason=" ", actor=CLERK)
    services.annul_entry(entry.entry_id, reason="Doble inscripción", actor=CLERK)
    with pytest.raises(Conflict):
        services.annul_entry(entry.entry_id, reason="Doble inscripción", actor=CLERK)
    with pytest.raises(NotFound):
        services.annul_entry("01890000-0000-7000-8000-000000000000", reason="Otro", actor=CLERK)


def test_the_app_can_neither_change_nor_delete_what_was_recorded() -> None:
    pets()
    entry = recorded()
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(data={"name": "Otro"})
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registers_entry WHERE id = %s", [entry.pk])
    services.annul_entry(entry.entry_id, reason="Sentencia", actor=CLERK)
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(status="valid")


@pytest.mark.parametrize(
    ("change", "at", "said"),
    [
        ({"name": None}, "/name", "Nombre: falta."),
        ({"born": "1998-02-31"}, "/born", "Fecha de nacimiento: ese día no existe"),
        ({"serial": "28A"}, "/serial", "Indicativo serial: no tiene la forma que debe."),
        ({"owner": {}}, "/owner/names", "Nombres del dueño: falta."),
        ({"weight": 0}, "/weight", "Peso: es menos de lo permitido: al menos 1."),
        ({"famly": "x"}, "/famly", "¿Quiso decir family?"),
    ],
)
def test_a_fault_names_its_field_by_its_label_and_says_the_cure(
    change: dict[str, Any], at: str, said: str
) -> None:
    pets()
    with pytest.raises(Invalid) as refused:
        recorded(**change)
    assert [problem.at for problem in refused.value.problems] == [at]
    assert said in refused.value.problems[0].say["es"]
    assert refused.value.problems[0].say["en"]


def test_what_an_official_types_becomes_an_entry_or_problems_by_field() -> None:
    schema = pets().schema
    typed = {
        "serial": "28451190",
        "office": "1501-15001",
        "name": " Ana ",
        "born": "27/03/1998",
        "weight": "1.200",
        "owner.names": "Luis",
        "family": "",
    }
    entry, problems = rules.read_entry(schema, typed, clock.now())
    assert problems == ()
    assert entry == {
        "serial": "28451190",
        "office": "1501-15001",
        "name": "Ana",
        "born": "1998-03-27",
        "weight": 1200,
        "owner": {"names": "Luis"},
    }
    _, problems = rules.read_entry(schema, typed | {"born": "31/02/2026", "weight": "doce"}, clock.now())
    assert {problem.at for problem in problems} == {"/born", "/weight"}
    assert "febrero de 2026 tiene 28 días" in next(p.say["es"] for p in problems if p.at == "/born")


def test_a_note_sets_its_field_and_a_counter_note_takes_it_back() -> None:
    pets()
    entry = recorded()
    note = services.note_entry(
        entry.entry_id, kind="pairing", text="Con Luna", sets={"partner": "Luna"}, actor=CLERK
    )
    assert selectors.value_of(entry, ["partner"], actor=CLERK) == {"partner": "Luna"}
    services.counter_note(note, text="Se deshizo", actor=CLERK)
    value = selectors.value_of(entry, ["partner", "notes"], actor=CLERK)
    assert value == {"partner": None, "notes": []}
    with pytest.raises(Conflict):
        services.counter_note(note, text="Otra vez", actor=CLERK)


def test_a_note_may_empty_a_field_that_entries_may_lack() -> None:
    pets()
    entry = recorded(partner="Luna")
    services.note_entry(
        entry.entry_id, kind="pairing", text="Sin pareja", sets={"partner": None}, actor=CLERK
    )
    assert selectors.value_of(entry, ["partner"], actor=CLERK) == {"partner": None}


def test_a_note_sets_only_what_its_kind_may() -> None:
    pets()
    entry = recorded()
    with pytest.raises(Invalid, match="only partner is allowed"):
        services.note_entry(entry.entry_id, kind="pairing", text="x", sets={"name": "Otro"}, actor=CLERK)
    with pytest.raises(Invalid, match="only pairing, secret is allowed"):
        services.note_entry(entry.entry_id, kind="adoption", text="x", actor=CLERK)


def test_an_import_is_all_or_nothing_and_says_the_row() -> None:
    pets()
    rows = [pet(serial=f"{n:08d}", chip=f"{n:010d}") for n in range(500)]
    with pytest.raises(Invalid) as refused:
        services.import_entries("pet", [*rows, pet(born="hoy")], actor=CLERK)
    assert refused.value.problems[0].at == "/500/born"
    assert Entry.objects.count() == 0
    assert len(services.import_entries("pet", rows, actor=CLERK)) == 500
    assert Entry.objects.filter(status=EntryStatus.VALID).count() == 500
    with pytest.raises(Conflict):
        services.import_entries("pet", [pet(serial="00000007", chip=None)], actor=CLERK)


def test_an_import_takes_a_fixed_number_of_statements(django_assert_max_num_queries: Any) -> None:
    pets()
    rows = [pet(serial=f"{n:08d}", chip=f"{n:010d}") for n in range(200)]
    with django_assert_max_num_queries(12):
        services.import_entries("pet", rows, actor=CLERK)


def test_every_way_of_finding_is_a_row_and_a_key_is_never_left_out_of_a_search() -> None:
    spec = spec_of(pets().schema)
    ways = {row.fields: row.value for row in rules.key_rows(spec, pet())}
    assert ways == {
        "serial": "28451190",
        "chip": "1020304050",
        "chip+born": "1020304050|1998-03-27",
        "name+family+born+office": "nono jose|rojas|1998-03-27|1501-15001",
        "name+born+office": "nono jose|1998-03-27|1501-15001",
    }


@pytest.mark.django_db(transaction=True)
def test_of_two_recordings_of_one_key_at_once_exactly_one_wins() -> None:
    pets()
    start, outcomes = threading.Barrier(2), []

    def record(serial: str) -> None:
        try:
            with transaction.atomic():
                start.wait(10)
                recorded(serial=serial)
        except Conflict as lost:
            outcomes.append(lost.field)
        else:
            outcomes.append("won")
        finally:
            connection.close()

    threads = [threading.Thread(target=record, args=(serial,)) for serial in ("00000001", "00000002")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["/chip", "won"]
    assert EntryKey.objects.filter(fields="chip", valid=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_at_once_exactly_one_wins() -> None:
    pets()
    entry = recorded()
    start, outcomes = threading.Barrier(2), []

    def correct(name: str) -> None:
        try:
            start.wait(10)
            services.supersede_entry(entry.entry_id, pet(name=name), register="pet", actor=CLERK)
        except Conflict:
            outcomes.append("lost")
        else:
            outcomes.append("won")
        finally:
            connection.close()

    threads = [threading.Thread(target=correct, args=(name,)) for name in ("Uno", "Dos")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    # One after the other is right too: then both were made on what stood.
    assert outcomes.count("won") in (1, 2)
    assert Entry.objects.exclude(status="replaced").count() == 1
    versions = list(Entry.objects.order_by("version").values_list("version", flat=True))
    assert versions == list(range(1, 2 + outcomes.count("won")))


def test_news_of_a_change_reach_the_rooms_above_in_the_same_transaction() -> None:
    heard: list[Any] = []

    @events.handles("register.changed")
    def hear(news: events.News) -> None:
        heard.append((news.payload["change"], news.payload["version"]))

    pets()
    entry = recorded()
    services.annul_entry(entry.entry_id, reason="Doble inscripción", actor=CLERK)
    assert heard == [("recorded", 1), ("annulled", 1)]
