"""Who answers from the register is known with level medium; who guesses is stopped."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from identity_builders import ANA, CLAIM, a_person, a_register_of_persons, an_account, right_answers

from ruta.identity import proofing
from ruta.identity.models import Account, ProofingAttempt
from ruta.identity.views import read_claim
from ruta.kernel import clock, jobs
from ruta.kernel.errors import Conflict, Forbidden, Invalid, Unavailable
from ruta.kernel.models import DomainEvent

pytestmark = pytest.mark.django_db


def attempt(account: Account, **changes: str) -> ProofingAttempt:
    return proofing.begin(account, read_claim(CLAIM | changes))


def answered(account: Account, *, wrong: int) -> Any:
    tried = attempt(account)
    return proofing.answer(account, tried.id, right_answers(proofing.questions_of(tried), wrong))


@pytest.mark.parametrize("wrong", [0, 1])
def test_three_of_four_right_answers_make_the_account_that_person_at_level_medium(wrong: int) -> None:
    account = an_account()
    with a_register_of_persons():
        person = answered(account, wrong=wrong)
    account.refresh_from_db()
    assert account.person == person
    assert (person.assurance, person.assured_by) == ("medium", "register:persons")
    assert person.full_name == "María Fernanda Rojas Pérez"  # as the register has it, not as typed
    assert person.documents.get().number == "1020304050"
    assert DomainEvent.objects.filter(name="person.identified").count() == 1


def test_two_right_answers_do_not() -> None:
    account = an_account()
    with a_register_of_persons(), pytest.raises(Conflict) as refused:
        answered(account, wrong=2)
    assert refused.value.code == "proofing-failed"
    account.refresh_from_db()
    assert account.person is None
    assert ProofingAttempt.objects.get().wrong == 2


def test_somebody_known_before_is_recognised_and_an_assurance_never_falls() -> None:
    ana = a_person(assurance="high")
    account = an_account()
    with a_register_of_persons():
        assert answered(account, wrong=0) == ana
    ana.refresh_from_db()
    assert ana.assurance == "high"


@pytest.mark.parametrize(
    "change",
    [
        {"issue_date": "06/06/2016"},
        {"birth_date": "28/03/1998"},
        {"first_surname": "Rozas"},
        {"second_surname": ""},
        {"document_number": "52148963"},
    ],
)
def test_whatever_does_not_agree_gets_the_same_answer(change: dict[str, str]) -> None:
    with a_register_of_persons(), pytest.raises(Conflict) as refused:
        attempt(an_account(), **change)
    assert refused.value.code == "proofing-mismatch"
    assert "do not match the register" in refused.value.say("en")
    assert ProofingAttempt.objects.get().wrong == 1


def test_five_wrong_answers_in_fifteen_minutes_wait_fifteen_minutes() -> None:
    account = an_account()
    with a_register_of_persons():
        for _ in range(5):
            with pytest.raises(Conflict):
                attempt(account, issue_date="01/01/2020")
        with pytest.raises(Forbidden) as refused:
            attempt(account)
        assert refused.value.code == "proofing-wait"
        with clock.moved(clock.now() + timedelta(minutes=16)):
            assert answered(account, wrong=0)


def test_ten_wrong_answers_in_a_month_leave_only_the_counter_whatever_the_account() -> None:
    start = clock.now()
    with a_register_of_persons():
        for number in range(10):
            account = an_account(f"a{number}@ejemplo.co")
            with clock.moved(start + timedelta(hours=number)), pytest.raises(Conflict):
                attempt(account, issue_date="01/01/2020")
        with clock.moved(start + timedelta(hours=11)), pytest.raises(Forbidden) as refused:
            attempt(an_account("nueva@ejemplo.co"))
        assert refused.value.code == "proofing-counter"
        with clock.moved(start + timedelta(days=32)):
            assert answered(account, wrong=0)


def test_trying_again_draws_the_same_questions_and_decoys() -> None:
    with a_register_of_persons():
        one = proofing.questions_of(attempt(an_account()))
        two = proofing.questions_of(attempt(an_account("b@ejemplo.co")))
    assert one == two
    assert len(one) == 4
    for question in one:
        assert 3 <= len(question.options) <= 5
        assert len([option for option in question.options if option in ANA.values()]) == 1


def test_the_right_answers_cannot_be_read_from_the_row_and_go_once_given() -> None:
    account = an_account()
    with a_register_of_persons():
        tried = attempt(account)
        assert all(len(each["right"]) == 64 for each in tried.quiz)
        proofing.answer(account, tried.id, right_answers(proofing.questions_of(tried)))
    tried.refresh_from_db()
    assert (tried.quiz, tried.claim, tried.outcome) == ([], {}, "passed")


def test_a_question_left_open_costs_nothing_and_is_named() -> None:
    account = an_account()
    with a_register_of_persons():
        tried = attempt(account)
        answers = right_answers(proofing.questions_of(tried))
        with pytest.raises(Invalid) as refused:
            proofing.answer(account, tried.id, [*answers[:2], "", ""])
        assert [problem.at for problem in refused.value.problems] == ["/answers/2", "/answers/3"]
        assert proofing.answer(account, tried.id, answers)


def test_an_attempt_is_answered_once_in_time_and_by_its_account() -> None:
    account, other = an_account(), an_account("b@ejemplo.co")
    with a_register_of_persons():
        tried = attempt(account)
        answers = right_answers(proofing.questions_of(tried))
        with pytest.raises(Conflict):
            proofing.answer(other, tried.id, answers)
        with clock.moved(clock.now() + timedelta(minutes=16)), pytest.raises(Conflict) as late:
            proofing.answer(account, tried.id, answers)
        assert late.value.code == "proofing-over"
        proofing.answer(account, tried.id, answers)
        with pytest.raises(Conflict):
            proofing.answer(account, tried.id, answers)


def test_an_account_is_of_one_person() -> None:
    account = an_account(person=a_person(document_number="52148963", birth_date=date(1970, 1, 5)))
    with a_register_of_persons(), pytest.raises(Conflict) as refused:
        attempt(account)
    assert refused.value.code == "account-of-another"


def test_without_enough_to_ask_only_the_counter_is_left() -> None:
    with a_register_of_persons(mother="", father=""), pytest.raises(Forbidden, match="Go to an office"):
        attempt(an_account())
    with a_register_of_persons(), pytest.raises(Forbidden) as refused:
        attempt(an_account("b@ejemplo.co"), document_type="PA", document_number="AB123456")
    assert refused.value.field == "/document_type"


def test_one_known_fact_is_one_right_answer_at_most() -> None:
    with a_register_of_persons(issue_place="Cali", birth_place="CALI"):
        asked = proofing.questions_of(attempt(an_account()))
    labels = {question.label["en"] for question in asked}
    assert len(labels) == 4
    assert not {"issue_place?", "birth_place?"} <= labels


def test_too_few_distinct_answers_leave_only_the_counter() -> None:
    everything_in_cali = {"issue_place": "Cali", "birth_place": "Cali", "blood_group": "cali"}
    with a_register_of_persons(**everything_in_cali), pytest.raises(Forbidden, match="Go to an office"):
        attempt(an_account())


def test_the_account_that_a_person_had_is_told_of_another(mailoutbox: list[EmailMessage]) -> None:
    ana = a_person()
    an_account("primera@ejemplo.co", person=ana)
    an_account("ajena@ejemplo.co")
    second = an_account("segunda@ejemplo.co")
    with a_register_of_persons():
        assert answered(second, wrong=0) == ana
        jobs.run_due()
        assert [letter.to for letter in mailoutbox] == [["primera@ejemplo.co"]]
        assert "otra cuenta" in mailoutbox[0].body and "segunda" not in mailoutbox[0].body
        answered(second, wrong=0)  # proved anew: it is no new account
        jobs.run_due()
    assert len(mailoutbox) == 1


def test_an_installation_without_a_register_says_so() -> None:
    with a_register_of_persons():
        proofing._source.clear()
        with pytest.raises(Unavailable):
            attempt(an_account())


def test_every_fault_of_what_was_typed_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        read_claim(
            CLAIM
            | {
                "document_number": "52.148.96A",
                "given_names": "Mar1a",
                "birth_date": "31/02/2026",
                "issue_date": "",
            }
        )
    assert {problem.at for problem in refused.value.problems} == {
        "/document_number",
        "/given_names",
        "/birth_date",
        "/issue_date",
    }
