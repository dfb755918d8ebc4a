"""`ruta audit verify` finds the first broken link after anything was changed, added or removed behind our back."""

from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from tests.cases.case_builders import a_case, ana

from ruta.cases import history, sealing
from ruta.cases.machine import Machine
from ruta.cases.models import Case, CaseEvent
from ruta.cases.play.world import World
from ruta.identity.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world: World, settings: object, tmp_path: Path) -> Case:
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    made = a_case(world, ana(world))
    world.settle()
    made.refresh_from_db()
    sealing.seal_heads()
    assert sealing.verify() is None
    return made


def _tamper(statement: str, *values: object) -> None:
    """What somebody with the owner's rights could do: grants do not stop an owner."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE ruta_owner")
        cursor.execute(statement, values)
        cursor.execute("RESET ROLE")


def test_an_untouched_history_verifies(case: Case) -> None:
    assert sealing.verify() is None
    assert sealing.seal_heads() is None


@pytest.mark.parametrize(
    "statement", ["UPDATE cases_caseevent SET type = 'x'", "DELETE FROM cases_caseevent"]
)
def test_the_app_may_not_change_or_remove_an_event(case: Case, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_changed_event_is_found(case: Case) -> None:
    _tamper("UPDATE cases_caseevent SET public = '{}' WHERE case_id = %s AND seq = 2", case.id)
    broken = sealing.verify()
    assert broken is not None
    assert (broken.case, broken.seq) == (str(case.id), 2)


def test_changed_personal_data_are_found(case: Case) -> None:
    _tamper("UPDATE cases_eventpayload SET data = '{\"form\": {}}' WHERE case_id = %s AND seq = 1", case.id)
    broken = sealing.verify()
    assert broken is not None
    assert (broken.seq, "data of event 1" in broken.say["en"]) == (1, True)


def test_an_added_event_is_found(case: Case) -> None:
    _tamper(
        """INSERT INTO cases_caseevent (case_id, seq, type, version, at, actor, public, commitment, previous, hash)
           SELECT case_id, seq + 1, 'decided', 1, at, actor, '{}', '', hash, repeat('0', 64)
           FROM cases_caseevent WHERE case_id = %s ORDER BY seq DESC LIMIT 1""",
        case.id,
    )
    broken = sealing.verify()
    assert broken is not None
    assert broken.seq == case.head_seq + 1


def test_the_newest_event_removed_is_found_even_with_the_case_made_to_agree(case: Case) -> None:
    last = CaseEvent.objects.get(case_id=case.id, seq=case.head_seq)
    _tamper("DELETE FROM cases_caseevent WHERE case_id = %s AND seq = %s", case.id, case.head_seq)
    _tamper(
        "UPDATE cases_case SET head_seq = head_seq - 1, head_hash = %s WHERE id = %s", last.previous, case.id
    )
    broken = sealing.verify()
    assert broken is not None
    assert (broken.case, broken.seq) == (str(case.id), case.head_seq)


def test_a_whole_case_removed_is_found(case: Case) -> None:
    for table in ("caseevent", "eventpayload"):
        _tamper(f"DELETE FROM cases_{table} WHERE case_id = %s", case.id)
    for table in ("flowtoken", "task", "caseterm", "party", "ruleresult", "note", "presence"):
        _tamper(f"DELETE FROM cases_{table} WHERE case_id = %s", case.id)
    _tamper("DELETE FROM cases_case WHERE id = %s", case.id)
    broken = sealing.verify()
    assert broken is not None
    assert "whole case is missing" in broken.say["en"]


def test_a_seal_rewritten_to_fit_is_found_by_its_signature(case: Case) -> None:
    _tamper("UPDATE cases_sealedheads SET at = at + interval '1 second'")
    broken = sealing.verify()
    assert broken is not None
    assert "not signed by us" in broken.say["en"]


def test_the_last_seal_removed_is_found_by_its_copy_outside(case: Case) -> None:
    _tamper("DELETE FROM cases_sealedheads")
    broken = sealing.verify()
    assert broken is not None
    assert "seal 1 is missing" in broken.say["en"]


def test_erasing_the_personal_data_leaves_the_chain_verifying(case: Case) -> None:
    with transaction.atomic():
        machine = Machine.load(case.id, Actor.system("retention"))
        assert history.erase(machine.case, actor=machine.actor, reason="plazo cumplido") > 0
        machine.save()
    assert sealing.verify() is None
    assert CaseEvent.objects.filter(case_id=case.id, type="erased").exists()
