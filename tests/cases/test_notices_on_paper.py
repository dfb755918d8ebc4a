"""An electronic notice that nobody opens notifies nobody: the office does, and the term to appeal runs from then."""

from datetime import date, datetime

import pytest
from tests.cases.case_builders import ENTRY

from ruta.cases import selectors, services
from ruta.cases.models import Case, Task
from ruta.cases.play.sentences import Play
from ruta.cases.play.world import World
from ruta.kernel import clock
from ruta.kernel.errors import Forbidden, Invalid

pytestmark = pytest.mark.django_db

WHY = "El solicitante no prueba parentesco con la inscrita ni un propósito legítimo; art. 115."


@pytest.fixture
def refused(world: World) -> Case:
    """Refused on Monday 16 March 2026; the notice waits in the folder."""
    clock.set_clock(datetime(2026, 3, 16, 10))
    world.entry("birth", ENTRY)
    world.person("luis", {"document": "CC 52148963", "born": date(1970, 1, 5)})
    world.person("clara", {"role": "registrar", "office": "1501-15001"})
    play = Play(world)
    play.do(
        "luis files copy",
        {
            "search_by": "nuip",
            "nuip": "1020304050",
            "birth_date": "27/03/1998",
            "kind": "copy",
            "purpose": "other",
            "purpose_text": "Quiero saber quiénes son los padres de mi vecina.",
            "copies": 1,
            "delivery": "online",
        },
    )
    play.do("clara decides weigh_purpose", {"outcome": "refuse", "motivation": WHY})
    return play.the_case()


def _task(case: Case) -> Task:
    return Task.objects.get(case=case, form_key="ruta.notify", status="open")


def test_after_five_business_days_the_office_is_asked_to_notify(world: World, refused: Case) -> None:
    world.move_to(date(2026, 3, 23))
    assert not Task.objects.filter(case=refused, form_key="ruta.notify").exists()
    world.move_to(date(2026, 3, 26))
    assert _task(refused).groups == ["registrar@1501-15001"]
    refused.refresh_from_db()
    assert refused.notified_at is None


def test_a_delivered_notice_notifies_at_the_end_of_the_next_business_day(world: World, refused: Case) -> None:
    world.move_to(date(2026, 3, 27))
    services.complete(
        _task(refused).id, actor=world.actor("clara"), typed={"way": "notice", "day": "26/03/2026"}
    )
    world.settle()
    refused.refresh_from_db()
    assert refused.notified_at is not None
    assert clock.local_date(refused.notified_at) == date(2026, 3, 27)
    assert refused.terms.get(term="appeal").due_on == date(2026, 4, 14)
    assert refused.outcome == "refused"


def test_a_day_in_the_future_and_a_way_not_chosen_are_told_and_nothing_happens(
    world: World, refused: Case
) -> None:
    world.move_to(date(2026, 3, 27))
    with pytest.raises(Invalid) as wrong:
        services.complete(_task(refused).id, actor=world.actor("clara"), typed={"day": "30/03/2026"})
    assert [problem.at for problem in wrong.value.problems] == ["/way", "/day"]
    assert _task(refused).status == "open"


def test_opening_it_after_all_takes_the_task_away(world: World, refused: Case) -> None:
    world.move_to(date(2026, 3, 27))
    assert _task(refused)
    play = Play(world)
    play.case = refused
    play.do("luis opens refused", None)
    assert Task.objects.get(case=refused, form_key="ruta.notify").status == "withdrawn"
    refused.refresh_from_db()
    assert clock.local_date(refused.notified_at or clock.now()) == date(2026, 3, 27)


def test_the_answer_was_given_when_its_notice_was_put_at_the_persons_disposal(
    world: World, refused: Case
) -> None:
    """Otherwise whoever does not open the refusal of 16 March would win by silence on the tenth business day."""
    refused.refresh_from_db()
    assert {term.status for term in refused.terms.exclude(term="appeal")} == {"met"}
    world.move_to(date(2026, 4, 20))
    refused.refresh_from_db()
    assert refused.status == "open"
    assert "accepted_information" not in {term.effect for term in refused.terms.all()}


def test_a_refusal_whose_notice_waits_is_told_as_decided_and_cannot_be_withdrawn(
    world: World, refused: Case
) -> None:
    view = selectors.case_view(refused)
    assert view.told
    assert view.holder is not None
    assert view.holder.who == "applicant"
    with pytest.raises(Forbidden):
        services.withdraw(refused, actor=world.actor("luis"))
