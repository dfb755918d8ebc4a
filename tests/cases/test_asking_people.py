"""What a process asks of people: parties bound, asked, answered once, expired, withdrawn; nobody else sees it.

The service is another agency's (`tests/services/dog-register`, act `handover`): nothing of it is known to the platform.
Its stories (`ASK-…`) are played with those of the folder.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from tests.cases import asking_builders as kennel

from ruta.cases import asking, perms, sealing, selectors, services
from ruta.cases.asking import forms as asking_forms
from ruta.cases.correlation import NEWS
from ruta.cases.drafts import selectors as draft_reads
from ruta.cases.drafts import services as drafts
from ruta.cases.machine import advance
from ruta.cases.models import AskedPerson, Case, CaseEvent, Draft
from ruta.cases.play.world import World
from ruta.definitions.lint import asking as asking_lint
from ruta.definitions.lint import lint
from ruta.engine import bpmn
from ruta.identity import services as identity
from ruta.identity.actors import Actor, actor_of_account
from ruta.identity.models import Account, PersonDocument
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, Forbidden, NotFound
from ruta.notifications.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> Iterator[World]:
    with kennel.kennel() as opened:
        yield opened


@pytest.fixture
def ana(world: World) -> Actor:
    return kennel.ana(world)


def answered(case: Case) -> dict[str, Any]:
    """The result that the process got."""
    case.refresh_from_db()
    found = case.variables["answer"]
    assert isinstance(found, dict)
    return found


def test_who_is_asked_is_written_to_and_sees_the_case_and_nobody_else_does(world: World, ana: Actor) -> None:
    luis, other = kennel.luis(world), world.person("otto", {"document": "CC 79000111"})
    case = kennel.handed_over(world, ana)
    assert Message.objects.get(template="asked").person_id == luis.person_id
    assert [one.ask.title["es"] for one in selectors.open_asks(luis)] == [
        "Confirme los datos de su nuevo perro"
    ]
    assert selectors.cases_of_person(luis) == [case]
    assert selectors.seen_by_party(case, luis) == [
        "name",
        "born",
    ]  # what the act's `sees` names, not the price
    assert selectors.open_asks(other) == []
    assert selectors.cases_of_person(other) == []
    for reader in (other, Actor.anonymous()):
        with pytest.raises(NotFound):
            selectors.find(case.number, reader)
        with pytest.raises(NotFound):
            asking.find(AskedPerson.objects.get().id, reader)
    with pytest.raises(NotFound):  # papers, receipts and withdrawing are the applicant's
        selectors.find_whole(case.number, luis)
    with pytest.raises(Forbidden):
        services.withdraw(case, actor=luis)


def test_a_party_known_less_surely_than_the_act_asks_sees_nothing_yet(world: World, ana: Actor) -> None:
    luis = kennel.luis(world, assurance="low")
    case = kennel.handed_over(world, ana)
    assert selectors.cases_of_person(luis) == []
    assert selectors.level_lacking(case.number, luis) == "medium"
    draft = kennel.answers(case, luis)
    with pytest.raises(Forbidden, match="confirm your identity first"):
        drafts.send_answer(draft, luis)


def test_a_sealed_case_stays_sealed_for_its_parties_and_what_is_asked_can_be_answered(
    world: World, ana: Actor
) -> None:
    luis = kennel.luis(world)
    case = kennel.handed_over(world, ana)
    Case.objects.filter(pk=case.pk).update(sealed=True, confidentiality="L3")
    with pytest.raises(NotFound):
        selectors.find(case.number, luis)
    assert selectors.cases_of_person(luis) == []
    assert not perms.visible_to(luis).filter(pk=case.pk).exists()
    drafts.send_answer(kennel.answers(case, luis), luis)
    assert answered(case)["status"] == "answered"


def test_who_has_no_account_is_written_to_by_mail_and_finds_the_case_with_the_first_account_that_proves_the_document(
    world: World, ana: Actor
) -> None:
    case = kennel.handed_over(world, ana, buyer_email="luis@example.co")
    letter = Message.objects.get(template="asked")
    assert (letter.person_id, letter.email, letter.channels) == (None, "luis@example.co", ["email"])
    account = identity.create_account("luis@example.co", None, verified=True)
    assert selectors.open_asks(actor_of_account(account)) == []
    identity.identify_person(
        account,
        document_type="CC",
        document_number="52148963",
        given_names="Luis",
        first_surname="Paz",
        birth_date=date(1980, 1, 5),
        method="register:test",
    )
    luis = actor_of_account(Account.objects.get(pk=account.pk))
    assert selectors.cases_of_person(luis) == [case]
    drafts.send_answer(kennel.answers(case, luis), luis)
    told = answered(case)["persons"][0]
    assert (told["person"], told["names"], told["status"]) == (str(luis.person_id), "Luis Paz", "answered")


def test_a_party_is_named_anew_when_it_is_asked_and_the_history_tells(world: World, ana: Actor) -> None:
    luis, berta = kennel.luis(world), world.person("berta", {"document": "CC 41556677"})
    case = kennel.handed_over(world, ana)
    drafts.send_answer(
        kennel.answers(
            case, luis, {"data_right": "no", "data_wrong": ["name"], "data_note": "No", "home": "house"}
        ),
        luis,
    )
    Case.objects.filter(pk=case.pk).update(form={**case.form, "buyer": berta.document_number})
    drafts.send_answer(
        kennel.answers(case, ana, {"data_right": "no", "data_wrong": ["name"], "data_note": "Es de Berta"}),
        ana,
    )
    assert (selectors.cases_of_person(luis), selectors.cases_of_person(berta)) == ([], [case])
    named = CaseEvent.objects.filter(case_id=case.id, type="party-named").order_by("seq")
    assert [event.public for event in named] == [{"party": "buyers", "persons": 1}] * 2


def test_an_answer_is_given_once_and_what_a_second_tab_typed_is_kept(world: World, ana: Actor) -> None:
    luis = kennel.luis(world)
    case = kennel.handed_over(world, ana, second_buyer="41556677")
    draft = kennel.answers(case, luis)
    asked = drafts.send_answer(draft, luis)
    assert draft_reads.get_draft(draft.pk, luis).typed == {}
    later = kennel.answers(case, luis, {"data_right": "yes", "home": "farm", "farm": "La Paz"})
    with pytest.raises(Conflict, match="answered already") as told:
        drafts.send_answer(later, luis)
    assert told.value.code == asking.OVER
    assert draft_reads.get_draft(later.pk, luis).typed["farm"] == "La Paz"
    asked.refresh_from_db()
    assert asked.values == {"home": "house"}


def test_an_answer_after_the_last_day_is_refused_with_that_day_even_before_the_clock_was_told(
    world: World, ana: Actor
) -> None:
    luis = kennel.luis(world)
    case = kennel.handed_over(world, ana)
    draft = kennel.answers(case, luis)
    clock.set_clock(clock.instant(date(2026, 4, 7)))
    with pytest.raises(Conflict, match="ended on 06/04/2026"):
        drafts.send_answer(draft, luis)
    world.settle()
    world.move_to(date(2026, 4, 8))
    assert answered(case)["status"] == "expired"
    with pytest.raises(Conflict, match="ended on 06/04/2026"):
        drafts.send_answer(draft, luis)


def test_nobody_answers_for_who_has_died(world: World, ana: Actor) -> None:
    luis, berta = kennel.luis(world), world.person("berta", {"document": "CC 41556677"})
    case = kennel.handed_over(world, ana, second_buyer="41556677")
    draft = kennel.answers(case, luis)
    PersonDocument.objects.filter(person_id=luis.person_id).update(status="cancelled_death")
    with pytest.raises(Forbidden, match="the person died"):
        drafts.send_answer(draft, luis)
    again = kennel.handed_over(world, ana, second_buyer="41556677")  # who has died is not asked
    drafts.send_answer(kennel.answers(again, berta), berta)
    told = answered(again)
    assert (told["status"], [each["status"] for each in told["persons"]]) == (
        "answered",
        ["deceased", "answered"],
    )
    alone = kennel.handed_over(world, ana)
    assert answered(alone)["status"] == "nobody"


def test_what_the_process_no_longer_wants_is_taken_back_from_who_still_looks_at_it(
    world: World, ana: Actor
) -> None:
    luis = kennel.luis(world)
    sold, given_up = kennel.handed_over(world, ana), kennel.handed_over(world, ana)
    looking = [kennel.answers(case, luis) for case in (sold, given_up)]
    advance(sold.id, bpmn.Receive("dog.sold", sold.number, {}), actor=NEWS)
    services.withdraw(given_up, actor=ana)
    for case, draft in zip((sold, given_up), looking, strict=True):
        with pytest.raises(Conflict, match="no longer needed"):
            drafts.send_answer(draft, luis)
        assert CaseEvent.objects.filter(case_id=case.id, type="ask-withdrawn").count() == 1
    assert selectors.open_asks(luis) == []


def test_an_official_writes_down_what_somebody_present_says_and_the_history_tells_who(
    world: World, ana: Actor
) -> None:
    luis, clara = kennel.luis(world), kennel.clara(world)
    case = kennel.handed_over(world, ana)
    asked = drafts.send_answer(kennel.answers(case, clara, counter=True), clara)
    assert (asked.entered_by_id, asked.person_id) == (clara.official_id, luis.person_id)
    event = CaseEvent.objects.get(case_id=case.id, type="answered")
    assert (event.actor, event.public["by"]) == (clara.ref, "counter")
    for stranger in (ana, luis):
        with pytest.raises(NotFound):
            asking.find(asked.id, stranger, counter=True)


def test_an_official_who_is_asked_answers_as_a_person_and_not_at_the_own_counter(
    world: World, ana: Actor
) -> None:
    clara = kennel.clara(world)
    kennel.handed_over(world, ana, buyer=clara.document_number)
    with pytest.raises(NotFound):
        asking.find(AskedPerson.objects.get().id, clara, counter=True)


def test_one_account_has_one_draft_of_an_answer_and_no_application_shows_it(world: World, ana: Actor) -> None:
    luis = kennel.luis(world)
    case = kennel.handed_over(world, ana)
    first, again = (kennel.answers(case, luis) for _ in range(2))
    assert first.pk == again.pk
    assert not draft_reads.open_drafts(luis).exists()
    with pytest.raises(NotFound):
        drafts.file_draft(first, luis)
    assert Draft.objects.filter(asked__isnull=False).count() == 1


def test_what_is_answered_verifies_with_the_case_and_what_is_changed_afterwards_shows(
    world: World, ana: Actor
) -> None:
    luis = kennel.luis(world)
    case = kennel.handed_over(world, ana)
    asked = drafts.send_answer(kennel.answers(case, luis), luis)
    case.refresh_from_db()
    (record,) = sealing.records([case])
    assert sealing.verify_record(record) is None
    AskedPerson.objects.filter(pk=asked.pk).update(values={"home": "farm"})
    (record,) = sealing.records([case])
    broken = sealing.verify_record(record)
    assert broken is not None
    assert "answer" in broken.say["en"]


def test_the_lint_and_the_forms_reserve_the_same_names() -> None:
    assert asking_lint.RESERVED == asking_forms.RESERVED


PROCESS, SERVICE = "acts/handover/process.bpmn", "service.yaml"


@pytest.mark.parametrize(
    ("path", "before", "after", "check"),
    [
        (PROCESS, "=&quot;buyers&quot;", "=&quot;sellers&quot;", "party-unknown"),
        (PROCESS, "=&quot;buyers&quot;", "=form.name", "party-unknown"),
        (SERVICE, "may: [read, answer]", "may: [read]", "party-may-not-answer"),
        (SERVICE, "may: [read, answer]", "may: [read, answer, sign]", "not-built"),
        (SERVICE, "sees: [dog]", "sees: [cat]", "field-unknown"),
        (SERVICE, "id: buyers", "id: applicant", "duplicate-id"),
        (PROCESS, "[&quot;name&quot;, &quot;born&quot;]", "[&quot;nmae&quot;]", "field-unknown"),
        (PROCESS, "=&quot;home&quot;", "=&quot;hose&quot;", "form-key-unknown"),
        (PROCESS, "=&quot;confirmation&quot;", "=&quot;confirm&quot;", "term-unknown"),
        (PROCESS, "=&quot;correct&quot;", "=&quot;mend&quot;", "message-unknown"),
        (PROCESS, "=&quot;correct&quot;", "=&quot;Corrija los datos&quot;", "text-language"),
        ("acts/handover/tasks/home.json", '"since"', '"data_note"', "duplicate-id"),
        ("acts/handover/tasks/home.json", "form.born", "form.bron", "feel-unknown-name"),
        ("acts/handover/messages/correct.es.md", "asked.until", "aksed.until", "feel-unknown-name"),
    ],
)  # fmt: skip
def test_what_an_act_asks_wrongly_is_told_when_it_is_published(
    path: str, before: str, after: str, check: str
) -> None:
    text = kennel.FOLDER.text(path)
    assert before in text
    found = lint(kennel.FOLDER.replace(path, text.replace(before, after)))
    assert check in {one.check for one in found if one.severity == "error"}
