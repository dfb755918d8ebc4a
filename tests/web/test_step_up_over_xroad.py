"""Identity is proved by the register of persons that another agency keeps, asked over X-Road."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from ruta.definitions.loader import read_folder
from ruta.definitions.services import publish
from ruta.identity import proofing, services
from ruta.identity.models import Account
from ruta.interop import playing
from ruta.kernel import audit, clock
from ruta.kernel.errors import Conflict, Unavailable
from ruta.web.portal import folder

pytestmark = pytest.mark.django_db

CARD = {
    "document_type": "CC",
    "document_number": "1020304050",
    "given_names": "María Fernanda",
    "first_surname": "Rojas",
    "second_surname": "Pérez",
    "birth_date": "1998-03-27",
    "birth_place": "15759",
    "issued_on": "2016-06-05",
    "issued_at": "15001",
    "voting_place": "15238",
    "mother_given_names": "Lucía",
    "father_given_names": "Ramiro",
    "status": "valid",
}
RIGHT = {"Sogamoso", "Tunja", "Duitama", "Lucía", "Ramiro"}
CLAIM = proofing.Claim(
    "CC", "1020304050", "Maria Fernanda", "Rojas", "Perez", date(1998, 3, 27), date(2016, 6, 5)
)


@pytest.fixture
def persons() -> Iterator[playing.PlayingAgencies]:
    publish(read_folder(Path(settings.SERVICES_DIR) / "civil-registration"), in_force_from=clock.today())
    with playing.using(playing.PlayingAgencies({settings.RUTA_PROOFING_REGISTER: [dict(CARD)]})) as registers:
        yield registers


@pytest.fixture
def ana() -> Account:
    return services.create_account("ana@ejemplo.co", None, verified=True)


def test_codes_are_asked_as_words_and_the_right_answers_raise_the_level(
    persons: playing.PlayingAgencies, ana: Account
) -> None:
    attempt = proofing.begin(ana, CLAIM)
    questions = proofing.questions_of(attempt)
    assert [len(question.options) for question in questions] == [5, 5, 5, 5]
    assert not any(option.isdigit() for question in questions for option in question.options)
    answers = [next(option for option in question.options if option in RIGHT) for question in questions]
    assert proofing.answer(ana, attempt.id, answers).assurance == "medium"


def test_whoever_tries_is_seen_by_the_person_asked_about(
    persons: playing.PlayingAgencies, ana: Account
) -> None:
    proofing.begin(ana, CLAIM)
    line = audit.reads_about("1020304050").get()
    assert (line.actor_name, line.purpose) == ("identity-proofing", "legal_order")
    for lang, who in (("es", "Comprobación de identidad"), ("en", "Check of identity")):
        with translation.override(lang):
            assert folder.who_looked(line) == who


@pytest.mark.parametrize("status", ["cancelled_by_death", "cancelled_by_double_identity", "lost"])
def test_a_document_that_is_not_valid_proves_nothing(
    persons: playing.PlayingAgencies, ana: Account, status: str
) -> None:
    persons.entries[settings.RUTA_PROOFING_REGISTER][0]["status"] = status
    with pytest.raises(Conflict):
        proofing.begin(ana, CLAIM)


def test_a_register_that_does_not_answer_costs_no_attempt(
    persons: playing.PlayingAgencies, ana: Account
) -> None:
    persons.down.add(settings.RUTA_PROOFING_REGISTER)
    with pytest.raises(Unavailable, match="still here"):
        proofing.begin(ana, CLAIM)
    assert not ana.proofings.exists()


def test_every_question_of_the_register_names_a_field_and_has_answers(
    persons: playing.PlayingAgencies,
) -> None:
    from ruta.web.portal.proofing import questions

    schema: dict[str, Any] = json.loads(
        (Path(settings.SERVICES_DIR) / "shared/registers/ani.json").read_text()
    )
    asked = questions()
    assert {each["field"] for each in asked} <= set(schema["properties"])
    assert min(len(each["decoys"]) for each in asked) >= proofing.OPTIONS
