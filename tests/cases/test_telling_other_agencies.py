"""What a process tells other agencies: each has it once, however often it is told, and the case waits for its answer.

The service is one of the tests (`tests/services/animal-health`): the platform knows no act and no agency by name.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from ruta.cases import erasure, jobs, services
from ruta.cases.drafts import services as drafts
from ruta.cases.models import Case, CaseEvent
from ruta.cases.play.run import play
from ruta.cases.play.story import Story, stories_in
from ruta.cases.play.world import World
from ruta.definitions.lint import lint
from ruta.definitions.loader import read_folder
from ruta.definitions.services import publish
from ruta.identity.actors import Actor
from ruta.interop import jobs as interop_jobs
from ruta.interop import telling, xroad
from ruta.interop.models import ExchangeRecord, Telling
from ruta.kernel import audit, clock
from ruta.kernel import jobs as work
from ruta.sandbox import testing

ROOT = Path(__file__).resolve().parents[2]
FOLDER = read_folder(ROOT / "tests" / "services" / "animal-health", shared=ROOT / "services" / "shared")
STORIES = stories_in(ROOT / "tests" / "services" / "animal-health" / "scenarios")
LIST = "lists/agency_services.csv"
PROCESS = "acts/bite/process.bpmn"
pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> Iterator[World]:
    publish(FOLDER, in_force_from=date(2024, 1, 1))
    clock.set_clock(datetime(2026, 3, 16, 10))
    with World("animal-health").open() as opened:
        yield opened


@pytest.fixture
def ana(world: World) -> Actor:
    return world.person("ana", {"document": "CC 1020304050", "born": date(1998, 3, 27)})


def a_bite(actor: Actor, **more: str) -> Case:
    typed = {"bitten": "52148963", "bitten_on": "14/03/2026", **more}
    return drafts.file_draft(drafts.start_draft(actor, "animal-health", "bite", typed=typed), actor)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story_of_the_service(world: World, story: Story) -> None:
    assert play(story, "animal-health").failures == ()


def test_the_folder_is_right() -> None:
    assert [str(found) for found in lint(FOLDER)] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "check", "named"),
    [
        (PROCESS, '={document_number: form.bitten, ', "={", "", ""),
        (PROCESS, "&quot;legal_order&quot;", "&quot;curiosity&quot;", "purpose-unknown", "curiosity"),
        (PROCESS, 'source="=service"', 'source="=&quot;insurers&quot;"', "agency-service-unknown", "insurer"),
        (PROCESS, 'target="purpose"', 'target="why"', "verb-input", "purpose"),
        (LIST, "CO/PRI/800088702/SALUD/bites/v1", "https://example.co", "agency-service-invalid", "X-Road"),
        (LIST, ",bite,,\npolice", ",bites,,\npolice", "agency-service-invalid", "bite"),
        ("notices/bite.json", '"holder": "document_number"', '"holder": "documento"', "schema-invalid", "documento"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_when_the_folder_is_checked(
    file: str, old: str, new: str, check: str, named: str
) -> None:
    assert old in FOLDER.text(file)
    found = lint(FOLDER.replace(file, FOLDER.text(file).replace(old, new)))
    # Which services a list computed from others names is not known before it runs.
    assert {one.check for one in found} == ({check} if check else set())
    assert all(named in one.say["en"] + one.cure["en"] for one in found)


def test_a_spelled_notice_is_checked_field_by_field() -> None:
    process = FOLDER.text(PROCESS)
    listed = process.replace(
        "list codes(&quot;agency_services&quot;, {takes: &quot;bite&quot;})", "[&quot;police&quot;]"
    )
    wrong = listed.replace("={document_number: form.bitten, ", "={documents: form.bitten, ")
    assert lint(FOLDER.replace(PROCESS, listed)) == []
    found = lint(FOLDER.replace(PROCESS, wrong))
    assert sorted((one.check, one.say["en"]) for one in found) == [
        ("field-unknown", "The notice to police has no documents."),
        ("verb-input", "The notice to police needs document_number."),
    ]


def test_the_history_tells_and_nothing_personal_stays_where_it_is_not_needed(
    world: World, ana: Actor
) -> None:
    case = a_bite(ana)
    world.settle()
    events = CaseEvent.objects.filter(case_id=case.id, type__in=("telling", "told")).order_by("seq")
    assert [event.type for event in events] == ["telling"] * 3 + ["told"] * 3
    assert "52148963" not in str([event.public for event in events])
    assert set(Telling.objects.values_list("data", flat=True)) == {None}
    lines = ExchangeRecord.objects.filter(case_number=case.number, kind="tell")
    assert {(line.status, line.purpose) for line in lines} == {("accepted", "legal_order")}
    whats = set(audit.reads_about("52148963").values_list("what", flat=True))
    assert {"told:insurer", "told:police", "told:institute"} <= whats


def test_what_a_service_does_not_take_stops_the_step_with_the_field(world: World, ana: Actor) -> None:
    case = a_bite(ana, place="x" * 50)
    world.settle()
    case.refresh_from_db()
    assert case.incident is not None
    assert "Lugar" in case.incident["say"]["es"]
    assert not Telling.objects.exists()


def test_a_step_that_does_not_wait_keeps_the_answer_once_in_the_history(world: World, ana: Actor) -> None:
    asked = FOLDER.text(PROCESS).replace(
        '<zeebe:input source="=service"',
        '<zeebe:input source="=false" target="wait" /><zeebe:input source="=service"',
    )
    publish(FOLDER.replace(PROCESS, asked), in_force_from=date(2026, 3, 16))
    world.elsewhere.down.add("police")
    case = a_bite(ana)
    world.settle()
    case.refresh_from_db()
    assert case.outcome == "granted"
    told = CaseEvent.objects.filter(case_id=case.id, type="told")
    assert sorted(event.public["service"] for event in told) == ["institute", "insurer"]
    insurer = Telling.objects.get(receiver="insurer")
    jobs.finish(case_id=str(case.id), token=insurer.token, kind="telling.answered", about=str(insurer.id))
    assert told.count() == 2


def test_who_withdraws_has_nobody_told_any_more(world: World, ana: Actor) -> None:
    world.elsewhere.down |= {"insurer", "police", "institute"}
    case = a_bite(ana)
    world.settle()
    services.withdraw(case, actor=ana)
    before = ExchangeRecord.objects.count()
    clock.set_clock(clock.now() + timedelta(hours=5))
    world.settle()
    assert set(Telling.objects.values_list("status", "data")) == {("withdrawn", None)}
    assert ExchangeRecord.objects.count() == before


def test_a_case_that_is_erased_leaves_no_reason_of_others_behind(world: World, ana: Actor) -> None:
    world.elsewhere.down.add("insurer")
    world.elsewhere.always["police"] = {"status": "rejected", "reason": "Luz vive en otra parte"}
    case = a_bite(ana)
    world.settle()
    services.withdraw(case, actor=ana)
    assert Telling.objects.get(receiver="police").reason
    closed = erasure.locked(case.id)
    erasure.erase_case(closed, actor=world.system, reason="prueba", law="L1581-15")
    assert set(Telling.objects.values_list("reason", "data")) == {("", None)}


def test_a_job_that_was_lost_with_its_worker_is_done_again(world: World, ana: Actor) -> None:
    world.elsewhere.down.add("police")
    a_bite(ana)
    world.settle()
    (row,) = Telling.objects.filter(status="waiting")
    with work.connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
    world.elsewhere.behave("police")
    clock.set_clock(clock.now() + timedelta(hours=1))
    interop_jobs.tell_again()
    world.settle()
    row.refresh_from_db()
    assert row.status == "accepted"


# -- the real way: HTTP to the sandbox on the loopback

SERVICE = "CO/GOB/800141397/CONVIVENCIA/bites/v1"


@pytest.fixture(scope="session")
def _sandbox() -> Iterator[testing.Playground]:
    with testing.running() as playground:
        playground.receive("police", SERVICE)
        yield playground


@pytest.fixture
def outside(_sandbox: testing.Playground, settings: Settings) -> testing.Playground:
    _sandbox.misbehave("told:police", "ok")
    _sandbox.sandbox.store.run("DELETE FROM told")
    xroad.breaker.forget()
    settings.XROAD_URL = _sandbox.xroad_url
    return _sandbox


def one_telling(until: timedelta | None = None) -> Telling:
    now = clock.now()
    return Telling.objects.create(
        case_id="0198c5c1-7c1e-7b1f-a4c0-5f0f7e8f2a11",
        case_number="2026-ANH-000001-5",
        token=1,
        receiver="police",
        title={"es": "Policía", "en": "Police"},
        service=SERVICE,
        purpose="legal_order",
        data={"document_number": "52148963", "bitten_on": "2026-03-14"},
        since=now,
        until=now + until if until else None,
        next_at=now,
    )


def tell(row: Telling) -> Telling:
    telling.attempt(row.id)
    row.refresh_from_db()
    return row


def test_a_notice_goes_over_the_protocol_and_comes_back_with_a_reference(outside: testing.Playground) -> None:
    row = tell(one_telling())
    (told,) = outside.told("police")
    assert (row.status, row.reference[:7], row.next_at) == ("accepted", "POLICE-", None)
    assert (told["key"], told["issue"]) == (str(row.id), "2026-ANH-000001-5")
    assert told["body"] == {"document_number": "52148963", "bitten_on": "2026-03-14"}


def test_a_rejection_brings_its_reason(outside: testing.Playground) -> None:
    outside.misbehave("told:police", "reject")
    row = tell(one_telling())
    assert (row.status, row.reason) == ("rejected", "No encontramos a esa persona en nuestra base")


def test_an_answer_that_was_lost_makes_no_second_notice(
    outside: testing.Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xroad, "TIMEOUT", 0.5)
    outside.misbehave("told:police", "lost", times=1)
    row = tell(one_telling())
    assert (row.status, row.fault, row.tries) == ("waiting", "silent", 1)
    row = tell(row)
    (told,) = outside.told("police")
    assert (row.status, row.tries, told["times"]) == ("accepted", 2, 2)


@pytest.mark.parametrize(("mode", "fault"), [("down", "silent"), ("lying", "unreadable"), ("later", "")])
def test_what_is_no_answer_yet_is_told_again_until_it_is_one(
    outside: testing.Playground, mode: str, fault: str
) -> None:
    outside.misbehave("told:police", mode, times=1)
    row = tell(one_telling())
    assert (row.status, row.fault) == ("waiting", fault)
    assert row.next_at is not None
    assert tell(row).status == "accepted"
    assert len(outside.told("police")) == 1


def test_who_has_it_already_has_accepted_it(outside: testing.Playground) -> None:
    outside.misbehave("told:police", "twice")
    assert tell(one_telling()).status == "accepted"


def test_two_workers_at_once_make_one_notice_and_one_answer(outside: testing.Playground) -> None:
    row = one_telling()
    sent = telling.log.envelope(telling.TELLER, row.case_number, once=str(row.id))
    replies = [telling._reply(row, sent) for _ in range(2)]
    assert [telling._settle(row.id, telling.understood(reply)) for reply in replies] == [None, None]
    row.refresh_from_db()
    assert (row.status, row.tries, len(outside.told("police"))) == ("accepted", 1, 1)


def test_a_key_that_comes_with_something_else_is_refused_by_the_other_side(
    outside: testing.Playground,
) -> None:
    row = one_telling()
    tell(row)
    Telling.objects.update(status="waiting", data={"document_number": "1", "bitten_on": "2026-03-14"})
    assert tell(row).status == "rejected"


@pytest.mark.parametrize(
    ("status", "body", "raw", "meant"),
    [
        (201, None, b"", ("accepted", "")),
        (202, None, b"", ("received", "")),
        (200, {"status": "rejected", "reason": "No"}, b"{}", ("rejected", "No")),
        (422, {"title": "Bad", "detail": "No such person"}, b"{}", ("rejected", "No such person")),
        (409, {}, b"{}", ("rejected", "HTTP 409")),
        (409, {"reference": "A-1"}, b"{}", ("accepted", "")),
        (403, {"detail": "not you"}, b"{}", ("unavailable", "")),
        (200, {"status": "perhaps"}, b"{}", ("unavailable", "")),
        (200, None, b"<html>", ("unavailable", "")),
    ],
)
def test_what_each_answer_means(status: int, body: object, raw: bytes, meant: tuple[str, str]) -> None:
    said = telling.understood(xroad.Reply(status, body, raw, "", "", 1, 1))
    assert (said.status, said.reason) == meant


def test_a_security_server_that_refuses_is_no_rejection(outside: testing.Playground) -> None:
    reply = xroad.Reply(500, {"message": "AccessDenied"}, b"{}", "", "Server.ServerProxy.AccessDenied", 1, 1)
    assert telling.understood(reply).status == "unavailable"
