"""A form is filled over days, tabs and devices; nothing typed is lost and nothing is filed twice."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from tests.cases.case_builders import ENTRY

from ruta.cases.drafts import parking, selectors, services
from ruta.cases.models import Case, Draft, ParkedPost
from ruta.cases.play.world import World
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db

ENTRY_PAGE = {"search_by": "nuip", "nuip": "1020304050", "birth_date": "27/3/1998"}
DOCUMENT_PAGE = {"kind": "copy", "purpose": "marriage"}
DELIVERY_PAGE = {"copies": "3", "delivery": "online", "receipts": ""}


@pytest.fixture
def ana(world: World) -> Actor:
    """Ana, whose birth is in the register, on 2 March 2026."""
    clock.set_clock(datetime(2026, 3, 2, 10))
    world.entry("birth", ENTRY)
    return world.person("ana", {"document": "CC 1020304050", "born": date(1998, 3, 27)})


def begin(actor: Actor) -> Draft:
    return services.start_draft(actor, "civil-registration", "copy")


def save(
    draft: Draft, page: str, typed: dict[str, str], actor: Actor, seen: int | None = None
) -> services.Saved:
    draft.refresh_from_db()
    return services.save_page(draft, page, typed, draft.revision if seen is None else seen, actor)


def filled(actor: Actor) -> Draft:
    draft = begin(actor)
    for page, typed in (("entry", ENTRY_PAGE), ("document", DOCUMENT_PAGE), ("delivery", DELIVERY_PAGE)):
        saved = save(draft, page, typed, actor)
        assert saved.done, saved
    return saved.draft


def told(saved: services.Saved) -> list[tuple[str, str]]:
    return [(problem.at, problem.check) for problem in saved.problems]


def test_a_draft_begins_with_defaults_and_what_is_known_of_the_person(ana: Actor) -> None:
    draft = begin(ana)
    assert draft.typed == {"search_by": "nuip", "nuip": "1020304050", "copies": "1"}
    assert list(selectors.open_drafts(ana)) == [draft]


def test_a_day_that_does_not_exist_stays_as_typed_CR_B02(ana: Actor) -> None:
    saved = save(begin(ana), "entry", ENTRY_PAGE | {"birth_date": "31/02/2026"}, ana)
    assert told(saved) == [("/birth_date", "format")]
    saved.draft.refresh_from_db()
    assert saved.draft.typed["birth_date"] == "31/02/2026"
    assert "birth_date" not in saved.draft.values


def test_an_identifier_with_a_letter_and_an_unknown_one_are_told_apart_CR_B08(ana: Actor) -> None:
    assert told(save(begin(ana), "entry", ENTRY_PAGE | {"nuip": "10A2345678"}, ana)) == [("/nuip", "pattern")]
    saved = save(begin(ana), "entry", ENTRY_PAGE | {"nuip": "1098765432"}, ana)
    assert told(saved) == [("/nuip", "unknown-entry")]
    assert "1098765432" in saved.problems[0].say["es"]


def test_what_the_register_holds_is_fetched_and_kept_with_its_source(ana: Actor) -> None:
    saved = save(begin(ana), "entry", ENTRY_PAGE, ana)
    fact = saved.draft.facts["entry"]
    assert fact["status"] == "found"
    assert fact["value"]["first_surname"] == "Rojas"
    assert fact["source"] and fact["at"]


def test_a_disputed_fact_stays_disputed_until_the_answers_behind_it_change(ana: Actor) -> None:
    draft = save(begin(ana), "entry", ENTRY_PAGE, ana).draft
    services.dispute_read(draft, "entry", note="Mi segundo apellido es Peres", actor=ana)
    draft = save(draft, "document", {"kind": "certificate"}, ana).draft
    assert draft.facts["entry"]["status"] == "disputed"
    assert draft.disputes["entry"]["note"] == "Mi segundo apellido es Peres"
    draft = save(draft, "entry", ENTRY_PAGE | {"birth_date": "28/3/1998"}, ana).draft
    assert draft.facts["entry"]["status"] == "absent"
    assert draft.disputes == {}


def test_questions_that_an_answer_brings_up_are_asked_before_they_are_missed(ana: Actor) -> None:
    saved = save(
        begin(ana), "entry", {"search_by": "names", "nuip": "1020304050", "birth_date": "27/3/1998"}, ana
    )
    assert saved.problems == ()
    assert saved.appeared == ("given_names", "first_surname", "second_surname", "office")
    asked = {"search_by": "names", "given_names": "", "first_surname": "", "second_surname": "", "office": ""}
    saved = save(saved.draft, "entry", asked | {"birth_date": "27/3/1998"}, ana)
    assert told(saved) == [
        ("/given_names", "required"),
        ("/first_surname", "required"),
        ("/office", "required"),
    ]


def test_a_hidden_answer_is_not_kept_but_comes_back_when_it_is_asked_again(ana: Actor) -> None:
    draft = save(begin(ana), "entry", ENTRY_PAGE, ana).draft
    draft = save(draft, "entry", {"search_by": "names"}, ana).draft
    assert "nuip" not in draft.values
    draft = save(draft, "entry", {"search_by": "nuip"}, ana).draft
    assert draft.values["nuip"] == "1020304050"


def test_two_tabs_that_answer_differently_get_both_answers_back(ana: Actor) -> None:
    draft = save(begin(ana), "entry", ENTRY_PAGE, ana).draft
    seen = draft.revision
    save(draft, "delivery", DELIVERY_PAGE | {"copies": "2"}, ana, seen)
    late = save(draft, "delivery", {"copies": "5", "delivery": "online", "receipts": "AB-123456"}, ana, seen)
    [clash] = late.conflict
    assert (clash.field, clash.mine, clash.theirs) == ("copies", "5", "2")
    assert not late.done
    assert late.draft.typed["copies"] == "2"
    assert late.draft.typed["receipts"] == "AB-123456"  # what nobody else touched is saved at once
    chosen = save(draft, "delivery", {"copies": "5"}, ana, late.draft.revision)
    assert chosen.conflict == ()
    assert chosen.draft.typed["copies"] == "5"


def test_a_tab_that_saves_as_one_types_does_not_clash_with_itself(ana: Actor) -> None:
    draft = begin(ana)
    typing = {"copies": "1", "delivery": "online"}
    services.save_page(draft, "delivery", typing | {"copies": "4"}, 0, ana, tab="one", leaving=False)
    assert services.save_page(draft, "delivery", typing | {"copies": "5"}, 0, ana, tab="one").conflict == ()
    assert services.save_page(draft, "delivery", typing | {"copies": "6"}, 0, ana, tab="two").conflict != ()


def test_two_tabs_that_agree_do_not_clash(ana: Actor) -> None:
    draft = begin(ana)
    save(draft, "delivery", DELIVERY_PAGE, ana, 0)
    assert save(draft, "delivery", DELIVERY_PAGE, ana, 0).done


def test_a_draft_is_its_owners_alone(ana: Actor, world: World) -> None:
    draft = begin(ana)
    luis = world.person("luis", {"document": "CC 52148963"})
    for attempt in (
        lambda: selectors.get_draft(draft.pk, luis),
        lambda: services.save_page(draft, "entry", ENTRY_PAGE, 0, luis),
        lambda: services.file_draft(draft, luis),
        lambda: services.discard_draft(draft, luis),
        lambda: selectors.get_draft(draft.pk, Actor.anonymous()),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_filing_twice_makes_one_case(ana: Actor) -> None:
    draft = filled(ana)
    first = services.file_draft(draft, ana)
    second = services.file_draft(draft, ana)
    assert first.pk == second.pk
    assert Case.objects.count() == 1
    assert first.form["copies"] == 3
    draft.refresh_from_db()
    assert (draft.case_id, draft.typed) == (first.pk, {})
    with pytest.raises(Conflict):
        save(draft, "entry", ENTRY_PAGE, ana)


def test_an_incomplete_draft_is_not_filed_and_every_page_is_judged(ana: Actor) -> None:
    draft = save(begin(ana), "entry", ENTRY_PAGE, ana).draft
    with pytest.raises(Invalid) as refused:
        services.file_draft(draft, ana)
    assert [(one.at, one.check) for one in refused.value.problems] == [
        ("/kind", "required"),
        ("/delivery", "required"),
    ]
    assert not Case.objects.exists()


def test_a_weak_session_may_write_but_neither_look_up_nor_file(ana: Actor) -> None:
    weak = replace(ana, level="low")
    saved = save(begin(weak), "entry", ENTRY_PAGE, weak)
    assert (saved.level, saved.draft.facts) == ("medium", {})
    assert saved.draft.typed["birth_date"] == "27/3/1998"
    draft = filled(ana)
    with pytest.raises(services.NeedsLevel) as lacking:
        services.file_draft(draft, weak)
    assert lacking.value.level == "medium"
    assert not Case.objects.exists()


def test_an_act_of_the_agency_cannot_be_begun_by_a_citizen(ana: Actor, world: World) -> None:
    closed = next(
        (name for name, act in world.compiled.service.acts.items() if not act.can_be_started_by("citizen")),
        None,
    )
    if closed is None:
        pytest.skip("every act of the folder is open to citizens")
    with pytest.raises((Forbidden, NotFound)):
        services.start_draft(ana, "civil-registration", closed)


def test_a_refused_post_is_kept_a_day_encrypted_and_for_the_owner_alone(ana: Actor, world: World) -> None:
    draft = begin(ana)
    posted = {"asked": ["nuip"], "nuip": ["1020304050"]}
    assert parking.park(draft.pk, "entry", posted, reason="session")
    assert b"1020304050" not in bytes(ParkedPost.objects.get().sealed)
    luis = world.person("luis", {"document": "CC 52148963"})
    assert parking.parked_for(draft, "entry", luis) is None
    assert parking.parked_for(draft, "entry", Actor.anonymous()) is None
    given = parking.parked_for(draft, "entry", ana)
    assert given is not None and given.posted == posted
    clock.set_clock(clock.now() + timedelta(hours=24, seconds=1))
    assert parking.parked_for(draft, "entry", ana) is None
    assert parking.drop_expired() == 1


def test_saving_the_page_ends_what_was_parked_for_it(ana: Actor) -> None:
    draft = begin(ana)
    parking.park(draft.pk, "entry", {"nuip": ["1"]}, reason="csrf")
    save(draft, "entry", ENTRY_PAGE, ana)
    assert parking.parked_for(draft, "entry", ana) is None


def test_a_flood_of_refused_posts_keeps_only_the_newest(ana: Actor) -> None:
    draft = begin(ana)
    for number in range(parking.MOST + 3):
        parking.park(draft.pk, "entry", {"nuip": [str(number)]}, reason="csrf")
    assert ParkedPost.objects.count() == parking.MOST
    assert not parking.park(draft.pk, "entry", {"nuip": ["x" * parking.LARGEST]}, reason="csrf")
    given = parking.parked_for(draft, "entry", ana)
    assert given is not None and given.posted == {"nuip": [str(parking.MOST + 2)]}


def test_a_draft_that_nobody_touches_is_dropped_after_ninety_days(ana: Actor) -> None:
    draft = begin(ana)
    clock.set_clock(clock.now() + timedelta(days=91))
    assert list(selectors.open_drafts(ana)) == []
    assert services.drop_expired() == 1
    assert not Draft.objects.filter(pk=draft.pk).exists()


def test_what_the_database_cannot_hold_is_kept_without_it(ana: Actor) -> None:
    saved = save(begin(ana), "entry", {"search_by": "names", "given_names": "An\x00a\ud800"}, ana)
    saved.draft.refresh_from_db()
    assert saved.draft.typed["given_names"].startswith("An\ufffda")
