"""The player of stories tells what did not hold, and does not guess at what it does not understand."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from ruta.cases.models import Case
from ruta.cases.play.run import play
from ruta.cases.play.sentences import SENTENCES
from ruta.cases.play.story import StoryUnreadable, read_story, stories_of
from ruta.cases.play.world import plain
from ruta.definitions.loader import read_folder
from ruta.definitions.selectors import current_version, trying
from ruta.definitions.services import publish
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.payments.models import Receipt
from ruta.payments.services import record_counter_payment
from ruta.registers.services import record_entry

SERVICES = Path(__file__).resolve().parents[2] / "services"
STORY = """
id: told
given:
  people: {luis: {document: CC 52148963, born: 1970-01-05}}
  registers:
    birth: [{serial: "28451190", nuip: "1020304050", office: 1501-15001, given_names: Ana, first_surname: Rojas,
             birth_date: 1998-03-27, birth_place: "15001", sex: F, entry_date: 1998-04-02}]
  today: 2026-03-02
when:
  - luis files copy: {search_by: nuip, nuip: "1020304050", birth_date: 27/03/1998, kind: certificate, copies: 1,
                      delivery: online}
  - SENTENCE
then: EXPECTED
"""

pytestmark = pytest.mark.usefixtures("registry")


def _failures(sentence: str = "luis pays", expected: str = "{outcome: granted}") -> tuple[str, ...]:
    (story,) = read_story(
        STORY.replace("SENTENCE", sentence).replace("EXPECTED", expected), source="told.yaml"
    )
    return play(story, "civil-registration").failures


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ("{outcome: refused}", "outcome: expected refused, found granted"),
        ("{charge: {total: 5999}}", "charge: expected {total: 5999}"),
        ("{outputs: []}", "outputs: expected []"),
        ("{decided_by: [who_may_ask_2]}", "decided_by: expected ['who_may_ask_2']"),
        ("{messages: [refused]}", "messages: expected ['refused'], found ['issued']"),
        ("{terms: {answer: {state: expired}}}", "terms: expected"),
        ("{problems: [{at: /nuip, check: pattern}]}", "problems: expected"),
        ("{case: none}", "case: expected none"),
        ("{charge: none}", "charge: expected none"),
    ],
)
def test_an_expectation_that_does_not_hold_is_told_with_what_was_found(expected: str, told: str) -> None:
    (failure,) = _failures(expected=expected)
    assert failure.startswith(told)


def test_a_sentence_that_nobody_understands_fails_the_story() -> None:
    assert _failures("luis dances") == ("The sentence “luis dances” is not understood.",)


def test_an_unknown_word_of_then_fails_the_story() -> None:
    assert "weather is unknown" in _failures(expected="{weather: fair}")[0]


def test_a_task_that_is_not_open_is_told() -> None:
    assert "There is no open task find_in_books" in _failures("luis completes find_in_books")[0]


def test_a_story_leaves_no_row_behind() -> None:
    assert _failures() == ()
    assert not Case.objects.exists()


def test_a_receipt_whose_number_is_taken_here_does_not_stop_a_story() -> None:
    """CR-09 in a home in use: somebody holds the receipt of that number already, and its voucher too."""
    folder = read_folder(SERVICES / "civil-registration")
    (story,) = [each for each in stories_of(folder) if each.id == "CR-09"]
    (told,) = (paid["receipt"] for paid in story.given["payments"])
    held = record_counter_payment(
        payer=None,
        amount=1000,
        concept="advance",
        title={"es": "Pago anticipado", "en": "Paid in advance"},
        paid_at=clock.now(),
        proof=told,
        receipt_number=told,
    )
    assert play(story, "civil-registration").failures == ()
    assert Receipt.objects.get(number=told) == held


def _entry_told() -> dict[str, Any]:
    """The entry of birth that the story gives, as JSON has it."""
    (story,) = read_story(STORY, source="told.yaml")
    (entry,) = story.given["registers"]["birth"]
    told: dict[str, Any] = plain(entry)
    return told


def test_an_entry_that_the_register_holds_already_is_taken_as_it_is() -> None:
    record_entry("birth", _entry_told(), actor=Actor.system("test"))
    assert _failures() == ()


def test_another_entry_under_the_same_key_is_told() -> None:
    record_entry("birth", _entry_told() | {"given_names": "Otra"}, actor=Actor.system("test"))
    (failure,) = _failures()
    assert "1020304050 already belongs to another entry" in failure


def test_a_story_that_breaks_is_told_and_the_next_one_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    def trips(*told: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    monkeypatch.setattr(
        "ruta.cases.play.sentences.SENTENCES", ((re.compile("luis trips"), trips), *SENTENCES)
    )
    (failure,) = _failures("luis trips")
    assert failure.startswith("the story broke: DataError: division by zero")
    assert _failures() == ()


def test_a_folder_is_tried_though_another_version_is_in_force_later() -> None:
    folder = read_folder(SERVICES / "civil-registration")
    text = folder.text("service.yaml").replace("Falta el pago", "Falta pagar")
    mended = publish(folder.replace("service.yaml", text), in_force_from=date(1990, 1, 1))
    assert current_version("civil-registration") != mended
    with trying(mended):
        assert current_version("civil-registration") == mended
        assert _failures() == ()
    assert current_version("civil-registration") != mended


def test_an_unknown_key_of_a_scenario_is_refused() -> None:
    with pytest.raises(StoryUnreadable, match="the key whenn is unknown"):
        list(read_story("id: x\nwhenn: []\n", source="x.yaml"))


def test_each_sentence_of_the_contract_that_is_built_has_one_reading() -> None:
    for sentence in ("ana files copy", "ana pays", "clara decides weigh_purpose", "the registrar decides grant",
                     "the registrar completes find_in_books", "ana opens refused", "the clock reaches",
                     "birth changes", "ruv is down", "ruv answers", "ana withdraws"):  # fmt: skip
        assert sum(1 for pattern, _ in SENTENCES if pattern.fullmatch(sentence)) == 1, sentence
