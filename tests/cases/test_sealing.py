"""`ruta audit verify` finds the first broken link after anything was changed, added or removed behind our back."""

from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext
from tests.cases.case_builders import a_case, an_output, ana

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
    (named,) = CaseEvent.objects.filter(case_id=case.id, type="erased")
    assert 1 in named.public["of"]
    assert named.public["events"] == len(named.public["of"])


def test_an_event_of_erasure_excuses_only_the_data_that_it_names(case: Case) -> None:
    _tamper("DELETE FROM cases_eventpayload WHERE case_id = %s AND seq = 1", case.id)
    with transaction.atomic():
        machine = Machine.load(case.id, Actor.system("retention"))
        history.erase(machine.case, actor=machine.actor, reason="plazo cumplido")
        machine.save()
    broken = sealing.verify()
    assert broken is not None
    assert "data of event 1 are missing" in broken.say["en"]


@pytest.fixture
def decided(world: World, settings: object, tmp_path: Path) -> Case:
    """A case that went all its way: rules applied, paid, a document issued, decided and notified."""
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    output = an_output(world, ana(world))
    assert sealing.verify() is None
    return Case.objects.get(id=output.case_id)


ROWS = {
    "the data of an event, removed": (
        "DELETE FROM cases_eventpayload WHERE case_id = %s",
        "are missing and no",
    ),
    "the data of an event, emptied": (
        "UPDATE cases_eventpayload SET data = NULL WHERE case_id = %s",
        "are missing and no",
    ),
    "the number": ("UPDATE cases_case SET number = '2026-CRB-999999-9' WHERE id = %s", "holds a number"),
    "an answer": (
        """UPDATE cases_case SET form = jsonb_set(form, '{purpose}', '"pension"') WHERE id = %s""",
        "holds answers",
    ),
    "the applicant": (
        "UPDATE cases_case SET applicant_document = '99999999' WHERE id = %s",
        "holds an applicant",
    ),
    "the day of receipt": (
        "UPDATE cases_case SET received_on = received_on - 9 WHERE id = %s",
        "holds a day of receipt",
    ),
    "the outcome": ("UPDATE cases_case SET outcome = 'refused' WHERE id = %s", "holds an outcome"),
    "the status": ("UPDATE cases_case SET status = 'open' WHERE id = %s", "holds a status"),
    "the instant of decision": (
        "UPDATE cases_case SET decided_at = decided_at - interval '3 days' WHERE id = %s",
        "holds an instant of decision",
    ),
    "the day of notification": (
        "UPDATE cases_case SET notified_at = notified_at - interval '3 days' WHERE id = %s",
        "holds a day of notification",
    ),
    "the stage": ("UPDATE cases_case SET stage = 'x' WHERE id = %s", "holds a stage"),
    "a term removed": ("DELETE FROM cases_caseterm WHERE case_id = %s AND term = 'answer'", "is missing"),
    "a term moved": (
        "UPDATE cases_caseterm SET due_on = due_on + 5 WHERE case_id = %s AND term = 'answer'",
        "the term “answer” is not what",
    ),
    "a term reopened": (
        "UPDATE cases_caseterm SET status = 'running' WHERE case_id = %s AND term = 'answer'",
        "the term “answer” is not what",
    ),
    "a term added": (
        """INSERT INTO cases_caseterm (case_id, term, law, length, started_on, due_on, status, effect, state)
           SELECT case_id, 'other', law, length, started_on, due_on, status, effect, state
           FROM cases_caseterm WHERE case_id = %s AND term = 'answer'""",
        "no event tells the term “other”",
    ),
    "the results of rules removed": ("DELETE FROM cases_ruleresult WHERE case_id = %s", "is missing"),
    "the newest result removed": (
        "DELETE FROM cases_ruleresult WHERE id = (SELECT max(id) FROM cases_ruleresult WHERE case_id = %s)",
        "is missing",
    ),
    "the value of a rule": (
        """UPDATE cases_ruleresult SET value = '"other"' WHERE case_id = %s""",
        "is not what event",
    ),
    "a result added": (
        """INSERT INTO cases_ruleresult (case_id, node, decision, value, hits, at)
           SELECT case_id, node, 'other', value, hits, at FROM cases_ruleresult WHERE case_id = %s LIMIT 1""",
        "no event tells the result of “other”",
    ),
    "what a stranger sees": (
        """UPDATE documents_output SET public = '[["holder", "Otra Persona"]]' WHERE case_id = %s""",
        "is not what event",
    ),
    "what a document was made of": (
        """UPDATE documents_output SET data = jsonb_set(data, '{office}', '"x"') WHERE case_id = %s""",
        "is not what event",
    ),
    "the bytes of a document": (
        "UPDATE documents_output SET pdf_sha256 = repeat('0', 64) WHERE case_id = %s",
        "is not what event",
    ),
    "the state of a document": (
        "UPDATE documents_output SET state = 'revoked' WHERE case_id = %s",
        "is not that of its last change",
    ),
    "a document removed": (
        "WITH gone AS (DELETE FROM documents_outputchange) DELETE FROM documents_output WHERE case_id = %s",
        "is missing",
    ),
    "a document given to another case": (
        "UPDATE documents_output SET case_id = gen_random_uuid() WHERE case_id = %s",
        "is missing",
    ),
}


@pytest.mark.parametrize(("statement", "said"), ROWS.values(), ids=ROWS)
def test_a_row_that_no_longer_says_what_its_events_tell_is_found(
    decided: Case, statement: str, said: str
) -> None:
    _tamper(statement, decided.id)
    broken = sealing.verify()
    assert broken is not None
    assert broken.case == str(decided.id)
    assert said in broken.say["en"]


def test_a_document_added_for_a_case_that_never_ordered_it_is_found(decided: Case) -> None:
    _tamper(
        """CREATE TEMP TABLE forged ON COMMIT DROP AS SELECT * FROM documents_output WHERE case_id = %s;
           UPDATE forged SET code = '1111-1111-1111', token = '999', pdf_sha256 = '';
           INSERT INTO documents_output SELECT * FROM forged""",
        decided.id,
    )
    broken = sealing.verify()
    assert broken is not None
    assert "no event tells the document 1111-1111-1111" in broken.say["en"]


def test_the_verification_reads_as_many_times_for_many_cases_as_for_one(case: Case, world: World) -> None:
    with CaptureQueriesContext(connection) as one:
        assert sealing.verify() is None
    for number in range(5):
        a_case(world, world.actors["ana"], key=f"more-{number}")
    with CaptureQueriesContext(connection) as many:
        assert sealing.verify() is None
    assert len(many) == len(one)


def test_chunks_leave_no_case_out(case: Case, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "CHUNK", 2)
    made = [case, *(a_case(world, world.actors["ana"], key=f"more-{number}") for number in range(4))]
    assert sealing.verify() is None
    for each in made:
        stage = Case.objects.get(id=each.id).stage
        Case.objects.filter(id=each.id).update(stage="x")
        broken = sealing.verify()
        assert broken is not None
        assert broken.case == str(each.id)
        Case.objects.filter(id=each.id).update(stage=stage)
