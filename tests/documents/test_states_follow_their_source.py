"""What an output is worth follows the entry or the charge that it came from (contract §2)."""

from typing import Any

import pytest

from ruta.documents import rules, services
from ruta.documents.models import Output
from ruta.documents.selectors import verify_code
from ruta.kernel import clock, events
from ruta.kernel.errors import Conflict, Invalid, NotFound
from ruta.kernel.models import DomainEvent

from .builders import ENTRY, an_output

pytestmark = pytest.mark.django_db


def register_says(change: str, version: int, entry: str = ENTRY, register: str = "birth") -> None:
    events.publish(
        "register.changed",
        key=entry,
        payload={"register": register, "entry_id": entry, "change": change, "version": version},
    )


def state(output: Output) -> str:
    output.refresh_from_db()
    return output.state


def test_an_entry_that_is_replaced_supersedes_the_copies_of_its_earlier_versions() -> None:
    output = an_output()
    with clock.moved(clock.instant(clock.today())):
        register_says("replaced", 2)
        verdict = verify_code(output.code)
        assert verdict.kind == "superseded"
        assert verdict.original and verdict.original.state_since == clock.now()
    assert "corregido o reemplazado" in verdict.original.reason["es"]


def test_a_copy_of_the_new_version_stays_valid() -> None:
    output = an_output(source=("birth", ENTRY, 2))
    register_says("replaced", 2)
    assert state(output) == "valid"


def test_an_entry_that_is_annulled_revokes_its_copies_of_every_version() -> None:
    old, new = an_output(), an_output(source=("birth", ENTRY, 2))
    register_says("replaced", 2)
    register_says("annulled", 2)
    assert (state(old), state(new)) == ("revoked", "revoked")
    verdict = verify_code(new.code)
    assert verdict.original and "anulado" in verdict.original.reason["es"]


@pytest.mark.parametrize("where", [{"entry": "another"}, {"register": "marriage"}])
def test_other_entries_change_nothing(where: dict[str, Any]) -> None:
    output = an_output()
    register_says("annulled", 2, **where)
    assert state(output) == "valid"


def test_a_new_entry_changes_nothing() -> None:
    output = an_output()
    register_says("recorded", 1)
    assert state(output) == "valid"


def test_a_charge_that_is_reversed_revokes_what_followed_it() -> None:
    output = an_output(source=("charge", "c-1", 1))
    events.publish("charge.reversed", key="c-1", payload={"charge_id": "c-1", "case_id": "x", "token": "1"})
    assert state(output) == "revoked"


def test_a_suspension_can_be_lifted() -> None:
    output = an_output()
    services.set_output_state(output.code, "suspended", "En revisión.")
    assert verify_code(output.code).kind == "suspended"
    services.set_output_state(output.code, "valid")
    assert verify_code(output.code).kind == "valid"
    assert [change.state for change in output.changes.all()] == ["valid", "suspended", "valid"]


def test_what_was_revoked_never_lives_again() -> None:
    output = an_output()
    services.set_output_state(output.code, "revoked", "Error.")
    with pytest.raises(Conflict, match="can no longer become valid"):
        services.set_output_state(output.code, "valid")
    assert rules.FOLLOWS["revoked"] == frozenset()


def test_the_same_state_again_is_no_news() -> None:
    output = an_output()
    services.set_output_state(output.code, "revoked", "Error.")
    services.set_output_state(output.code, "revoked", "Otra vez.")
    assert DomainEvent.objects.filter(name="output.changed").count() == 1


def test_an_unknown_code_changes_nothing() -> None:
    with pytest.raises(NotFound):
        services.set_output_state("K7QF-9M2P-XW4X", "revoked")
    with pytest.raises(Invalid):
        services.set_output_state("nada", "revoked")


def test_a_code_is_unknown_until_its_document_is_signed() -> None:
    assert verify_code(an_output(render=False).code).kind == "unknown"


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code} "])
def test_a_code_is_read_as_people_type_it(typed: Any) -> None:
    output = an_output()
    assert verify_code(typed(output.code)).kind == "valid"


def test_the_letter_o_is_read_as_zero() -> None:
    output = next(each for each in iter(an_output, None) if "0" in each.code)
    assert verify_code(output.code.replace("0", "O")).kind == "valid"


def test_a_wrong_character_is_said_to_be_mistyped() -> None:
    output = an_output()
    wrong = output.code[:-1] + ("A" if output.code[-1] != "A" else "B")
    verdict = verify_code(wrong)
    assert verdict.kind == "unknown"
    assert verdict.mistyped and "equivocado" in verdict.mistyped["es"]


def test_a_stranger_sees_only_what_the_service_lists() -> None:
    data = {
        "entry": {"nuip": "1020304050", "given_names": "Ana", "mother": {"nuip": "99887766"}, "serial": "1"}
    }
    assert rules.public_view(data, ["nuip_last_4", "state", "issued_on"]) == [["nuip_last_4", "4050"]]
    assert rules.public_view(data, ["initials"]) == [["initials", "A."]]
    assert rules.public_view({"mother": {"names": "Lucía"}}, ["mother"]) == []


def test_of_a_person_whom_the_entry_names_a_stranger_sees_what_is_listed_by_its_path() -> None:
    data = {
        "entry": {
            "serial": "1",
            "spouse_a": {"names": "Ana Ríos", "number": "40023114"},
            "spouse_b": {"names": "Luis"},
        }
    }
    shows = [
        "spouse_a.initials",
        "spouse_a.number_last_4",
        "spouse_b.initials",
        "spouse_b.number_last_4",
        "spouse_c.initials",
    ]
    assert rules.public_view(data, shows) == [
        ["spouse_a.initials", "A. R."],
        ["spouse_a.number_last_4", "3114"],
        ["spouse_b.initials", "L."],
    ]
