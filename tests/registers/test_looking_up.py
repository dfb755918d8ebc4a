"""A register answers by a declared key only, logs who asked what for, and is silent about what is sealed."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from registers_builders import CLERK, pet, pets, recorded

from ruta.identity.actors import Actor
from ruta.kernel import audit
from ruta.kernel.errors import Invalid, NotFound, RutaError
from ruta.kernel.models import AccessRead
from ruta.registers import selectors, services

pytestmark = pytest.mark.django_db

ANA = Actor(kind="person", name="Ana", person_id=uuid4(), document_number="52148963", document_type="CC")
CLARA = Actor(
    kind="official",
    name="Clara",
    account_id=7,
    official_id=3,
    agency_name="Registro",
    roles=frozenset({"registrar", "registrar@1501-15001"}),
)


def ask(key: dict[str, Any], *, actor: Actor = ANA, **more: Any) -> selectors.Answer:
    return selectors.look_up("pet", key, **{"actor": actor, "purpose": "case_processing", **more})


def test_a_search_by_names_forgives_case_accents_and_the_letter_enie() -> None:
    pets()
    entry = recorded()
    answer = ask(
        {"name": "NONO  JOSÉ", "family": "rojas", "born": date(1998, 3, 27), "office": "1501-15001"},
        fields=["serial", "status"],
    )
    assert (answer.status, answer.value, answer.entry_id, answer.version) == (
        "found",
        {"serial": "28451190", "status": "valid"},
        entry.entry_id,
        1,
    )


def test_an_optional_field_left_out_does_not_restrict() -> None:
    pets()
    recorded()
    key = {"name": "Ñoño José", "born": "1998-03-27", "office": "1501-15001"}
    assert ask(key | {"family": None}).status == "found"
    assert ask(key | {"family": "Pérez"}).status == "absent"


def test_several_that_fit_are_ambiguous_when_one_is_asked_for() -> None:
    pets()
    recorded()
    recorded(serial="28451191", chip="1020304051")
    key = {"name": "Ñoño José", "family": "Rojas", "born": "1998-03-27", "office": "1501-15001"}
    one = ask(key)
    assert (one.status, one.value, one.entry_id) == ("ambiguous", None, None)
    many = ask(key, match="many", fields=["serial"])
    assert sorted(value["serial"] for value in many.value) == ["28451190", "28451191"]


def test_a_register_is_not_searched_by_what_it_does_not_declare() -> None:
    pets()
    for key in ({"name": "Ñoño José"}, {"born": "1998-03-27"}, {"weight": 3}, {}):
        with pytest.raises(Invalid) as refused:
            ask(key)
        assert refused.value.problems[0].check == "not-searchable"
        assert "It is searched by: serial; chip; chip, born;" in refused.value.say("en")


def test_an_annulled_entry_is_found_as_such_until_a_valid_one_has_its_key() -> None:
    pets()
    entry = recorded()
    services.annul_entry(entry.entry_id, reason="Doble inscripción", actor=CLERK)
    assert ask({"serial": "28451190"}, fields=["status"]).value == {"status": "annulled"}
    recorded(chip="1020304051")
    assert ask({"serial": "28451190"}, fields=["status", "chip"]).value == {
        "status": "valid",
        "chip": "1020304051",
    }


def test_a_replaced_version_is_found_no_more() -> None:
    pets()
    old = recorded()
    services.supersede_entry(old, pet(serial="99999999"), register="pet", actor=CLERK)
    assert ask({"serial": "28451190"}).status == "absent"
    assert ask({"chip": "1020304050"}).version == 2


def test_every_look_up_is_logged_whatever_it_finds() -> None:
    pets()
    recorded()
    ask({"chip": "1020304050"}, actor=CLARA, fields=["name"], case_number="2026-CRB-000123-7")
    ask({"chip": "9999999999"}, actor=CLARA)
    line = audit.reads_about("1020304050").get()
    assert (line.actor_kind, line.actor_id, line.actor_name, line.agency) == (
        "official",
        "3",
        "Clara",
        "Registro",
    )
    assert (line.role, line.purpose, line.case_number) == (
        "registrar@1501-15001",
        "case_processing",
        "2026-CRB-000123-7",
    )
    assert (line.what, line.fields) == ("register:pet", ["name"])
    assert audit.reads_about("9999999999").count() == 1


def test_reading_oneself_is_logged_as_own_data() -> None:
    pets()
    recorded(chip="1020304050")
    me = Actor(kind="person", name="Yo", person_id=uuid4(), document_type="CC", document_number="1020304050")
    ask({"chip": "1020304050"}, actor=me)
    assert AccessRead.objects.get().purpose == "own_data"
    assert not audit.reads_about("1020304050").exists()


def test_a_sealed_entry_answers_exactly_like_an_absent_one() -> None:
    pets()
    hidden = recorded(reserved=True)
    absent = {"serial": "00000000"}
    for actor in (ANA, CLARA, CLERK):
        sealed = ask({"serial": "28451190"}, actor=actor, fields=["name"])
        unknown = ask(absent, actor=actor, fields=["name"])
        assert (sealed.status, sealed.value, sealed.entry_id) == (
            unknown.status,
            unknown.value,
            unknown.entry_id,
        )
        assert hidden not in selectors.visible_to(actor)
    assert not selectors.search_entries("pet", "ñoño", actor=CLARA, purpose="case_processing")


def test_a_grant_opens_the_sealed_entry_it_names() -> None:
    pets()
    hidden = recorded(reserved=True)
    other = recorded(serial="28451191", chip="1020304051", reserved=True)
    keeper = Actor(
        kind="official", name="Clara", grants=frozenset({f"register:pet/{hidden.entry_id}"}), official_id=3
    )
    assert ask({"serial": "28451190"}, actor=keeper, fields=["name"]).value == {"name": "Ñoño José"}
    assert list(selectors.visible_to(keeper)) == [hidden]
    chief = Actor(kind="official", name="Jefa", grants=frozenset({"register:pet"}), official_id=4)
    assert set(selectors.visible_to(chief)) == {hidden, other}


def test_a_decision_that_must_know_of_the_seal_learns_nothing_else() -> None:
    pets()
    recorded(reserved=True)
    answer = ask({"serial": "28451190"}, fields=["reserved", "status", "name", "owner"])
    assert answer.status == "found"
    assert answer.value == {"reserved": True, "status": "valid", "name": None, "owner": None}
    assert ask({"serial": "28451190"}, fields=["reserved"], actor=CLARA, purpose="audit").status == "absent"


def test_sealing_a_correction_seals_what_was_open_before() -> None:
    pets()
    old = recorded()
    services.supersede_entry(old, pet(reserved=True), register="pet", actor=CLERK)
    assert not selectors.visible_to(CLARA).exists()


def test_a_sealed_note_is_read_only_with_a_grant() -> None:
    pets()
    entry = recorded()
    services.note_entry(entry.entry_id, kind="secret", text="Reserva", actor=CLERK)
    assert selectors.value_of(entry, ["notes"], actor=CLARA) == {"notes": []}
    keeper = Actor(kind="official", grants=frozenset({"register:pet"}))
    assert [note["kind"] for note in selectors.value_of(entry, ["notes"], actor=keeper)["notes"]] == [
        "secret"
    ]


def test_a_person_sees_only_the_entries_held() -> None:
    pets()
    mine, _ = recorded(chip="1052148963"), recorded(serial="28451191", chip="1020304051")
    me = Actor(kind="person", document_number="1052148963", person_id=uuid4())
    assert list(selectors.visible_to(me)) == [mine]
    assert not selectors.visible_to(Actor.anonymous()).exists()


def test_an_official_finds_by_a_part_of_the_names_and_each_is_logged() -> None:
    pets()
    recorded()
    recorded(serial="28451191", chip="1020304051", name="Luna")
    found = selectors.search_entries("pet", "nono roj", actor=CLARA, purpose="case_processing")
    assert [entry.data["serial"] for entry in found] == ["28451190"]
    assert audit.reads_about("1020304050").count() == 1


def test_another_agencys_register_is_not_answered_here() -> None:
    pets(source={"xroad": "CO/GOB/899999040/ANI/persons", "patience": "48 hours"})
    with pytest.raises(RutaError) as refused:
        ask({"serial": "28451190"})
    assert refused.value.code == "register-elsewhere"
    with pytest.raises(RutaError):
        recorded()
    with pytest.raises(RutaError):
        services.import_entries("pet", [pet()], actor=CLERK)
    with pytest.raises(NotFound):
        selectors.definition("plant")


def test_a_look_up_costs_the_same_among_many(django_assert_num_queries: Any) -> None:
    pets()
    services.import_entries(
        "pet", [pet(serial=f"{n:08d}", chip=f"{n:010d}", name=f"N{n % 7}") for n in range(300)], actor=CLERK
    )
    ask({"serial": "00000041"})  # the register's file is read once per process
    with django_assert_num_queries(6):  # definition, savepoint, keys with entries, log, notes, release
        assert ask({"serial": "00000042"}).status == "found"


COUPLE = ("1020304050", "1020304051")


def couples() -> None:
    """A register whose entries are of two: found by either, and each one's own."""
    services.define_register(
        "animals",
        "pair",
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["serial", "one", "other", "since"],
            "properties": {
                "serial": {"type": "string"},
                "since": {"type": "string", "format": "date"},
                **{
                    name: {
                        "type": "object",
                        "properties": {"chip": {"type": "string"}, "name": {"type": "string"}},
                    }
                    for name in ("one", "other")
                },
            },
            "x-register": {
                "title": "Pairs",
                "key": [["serial"]],
                "either": {"chip": ["one.chip", "other.chip"], "name": ["one.name", "other.name"]},
                "holder": "chip",
                "searchable": [["chip"], ["name", "since"]],
            },
        },
        1,
    )
    services.record_entry(
        "pair",
        {
            "serial": "1",
            "since": "2019-03-16",
            "one": {"chip": COUPLE[0], "name": "Ñoño"},
            "other": {"chip": COUPLE[1], "name": "Luna"},
        },
        actor=CLERK,
    )


@pytest.mark.parametrize(
    "key",
    [
        {"chip": COUPLE[0]},
        {"chip": COUPLE[1]},
        {"name": "nono", "since": "2019-03-16"},
        {"name": "LUNA", "since": "2019-03-16"},
    ],
)
def test_an_entry_of_two_is_found_by_either(key: dict[str, str]) -> None:
    couples()
    assert ask_pair(key).value == {"serial": "1"}


def ask_pair(key: dict[str, str], actor: Actor = ANA) -> selectors.Answer:
    return selectors.look_up("pair", key, fields=["serial"], actor=actor, purpose="case_processing")


def test_by_the_number_of_one_and_another_day_an_entry_of_two_is_not_found() -> None:
    couples()
    assert ask_pair({"name": "Luna", "since": "2009-03-16"}).status == "absent"
    assert ask_pair({"chip": "1020304052"}).status == "absent"


@pytest.mark.parametrize("number", COUPLE)
def test_an_entry_of_two_is_in_the_folder_of_each_and_the_other_sees_who_looked(number: str) -> None:
    couples()
    one = Actor(kind="person", name="One", person_id=uuid4(), document_number=number, document_type="CC")
    assert selectors.visible_to(one).count() == 1
    assert selectors.visible_to(ANA).count() == 0
    ask_pair({"chip": number}, actor=one)
    other = next(each for each in COUPLE if each != number)
    assert {read.document_number: read.purpose for read in AccessRead.objects.all()} == {
        number: "own_data",
        other: "case_processing",
    }
