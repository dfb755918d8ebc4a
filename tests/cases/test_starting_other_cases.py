"""One case starts another, of its own service or of one that lets it, and goes on when that is filed or closed.

Both services are of the tests: `animal-health` asks `dog-register` to strike a dog off, or itself for a visit.
"""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from ruta.cases import jobs, services
from ruta.cases.drafts import services as drafts
from ruta.cases.models import Case, CaseEvent, CaseStart
from ruta.cases.play.world import World
from ruta.definitions.lint import lint
from ruta.definitions.loader import Folder, read_folder
from ruta.definitions.services import publish
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.registers import services as registers
from ruta.registers.models import Entry

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db
DOG = {"number": "000100", "name": "Canela", "owner": "52148963", "office": "1501-15001"}


def folder(name: str) -> Folder:
    return read_folder(ROOT / "tests" / "services" / name, shared=ROOT / "services" / "shared")


@pytest.fixture
def world(db: None) -> Iterator[World]:
    for name in ("dog-register", "animal-health"):
        publish(folder(name), in_force_from=date(2024, 1, 1))
    clock.set_clock(datetime(2026, 3, 16, 10))
    with World("animal-health").open() as opened:
        registers.record_entry("dog", DOG, actor=opened.system)
        yield opened


@pytest.fixture
def ana(world: World) -> Actor:
    return world.person("ana", {"document": "CC 1020304050", "born": date(1998, 3, 27)})


def files(world: World, actor: Actor, **typed: object) -> Case:
    asked = {"number": "000100", "act": "strike-off", **typed}
    case = drafts.file_draft(drafts.start_draft(actor, "animal-health", "strike", typed=asked), actor)
    world.settle()
    case.refresh_from_db()
    return case


def told(case: Case, type: str) -> list[dict[str, object]]:
    return [dict(each.public) for each in CaseEvent.objects.filter(case_id=case.id, type=type)]


def test_a_case_that_waits_goes_on_when_the_other_is_closed(world: World, ana: Actor) -> None:
    """Done is closed: the decision of the other case must be firm first (CPACA art. 87)."""
    case = files(world, ana)
    child = case.starts.get().child
    assert child is not None
    assert (case.outcome, child.outcome, child.status, child.channel) == ("", "granted", "notified", "case")
    assert Entry.objects.get(register="dog").status == "annulled"
    world.move_to(date(2026, 4, 10))
    case.refresh_from_db()
    assert case.outcome == "granted"
    assert case.variables["started"] == {
        "number": child.number, "service": "dog-register", "act": "strike-off", "status": "closed", "outcome": "granted",
    }  # fmt: skip
    assert told(case, "case-started") == [
        {"service": "dog-register", "act": "strike-off", "number": child.number}
    ]
    assert told(child, "started-by") == [{"service": "animal-health", "act": "strike", "number": case.number}]


def test_a_case_that_does_not_wait_goes_on_when_the_other_is_filed(world: World, ana: Actor) -> None:
    case = files(world, ana, wait=False)
    assert case.outcome == "granted"
    assert case.variables["started"]["status"] == "filed"


def test_who_applied_applies_again_and_the_data_are_kept_once(world: World, ana: Actor) -> None:
    row = files(world, ana).starts.get()
    assert row.child is not None
    assert (row.child.applicant_id, row.child.applicant_document) == (ana.person_id, "1020304050")
    assert (row.child.form["number"], row.data, row.parties) == ("000100", {}, [])


def test_somebody_else_may_be_named_to_apply_known_here_or_not(world: World, ana: Actor) -> None:
    luz = world.person("luz", {"document": "CC 52148963"})
    known = files(world, ana, owner="52148963", wait=False).starts.get().child
    registers.record_entry("dog", {**DOG, "number": "000101"}, actor=world.system)
    unknown = files(world, ana, number="000101", owner="79000001", wait=False).starts.get().child
    assert known is not None
    assert unknown is not None
    assert known.applicant_id == luz.person_id
    assert (unknown.applicant_id, unknown.applicant_document) == (None, "79000001")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"act": "found"}, "no puede iniciar found de dog-register"),
        ({"act": "barking"}, "No existe acto: barking"),
        ({"number": "12"}, "Son 6 dígitos"),
    ],
)
def test_what_may_not_or_cannot_be_started_stops_the_step_with_the_reason(
    world: World, ana: Actor, typed: dict[str, str], said: str
) -> None:
    case = files(world, ana, **typed)
    assert case.incident is not None
    assert said in case.incident["say"]["es"]
    assert Case.objects.count() == 1


def test_a_stopped_start_goes_on_once_its_cause_is_mended(world: World, ana: Actor) -> None:
    register = folder("dog-register")
    closed = register.text("service.yaml").replace(", {service: animal-health}", "")
    publish(register.replace("service.yaml", closed), in_force_from=date(2026, 3, 16))
    case = files(world, ana, wait=False)
    assert case.incident is not None
    open_again = register.text("service.yaml") + "# the same again, later\n"
    publish(register.replace("service.yaml", open_again), in_force_from=date(2026, 3, 16))
    services.retry(case, actor=world.system)
    world.settle()
    case.refresh_from_db()
    assert (case.incident, case.outcome) == (None, "granted")


def test_what_is_filed_twice_by_a_worker_is_one_case(world: World, ana: Actor) -> None:
    case = files(world, ana)
    row = case.starts.get()
    jobs.start(start_id=row.pk)
    jobs.start(start_id=row.pk)
    world.settle()
    assert Case.objects.count() == 2
    assert len(told(case, "case-started")) == 1


def test_an_act_that_only_cases_start_is_nobody_elses(world: World, ana: Actor) -> None:
    from ruta.kernel.errors import Forbidden

    with pytest.raises(Forbidden):
        drafts.start_draft(ana, "animal-health", "visit", typed={"number": "000100"})


def test_who_withdraws_withdraws_what_was_started_too(world: World, ana: Actor) -> None:
    world.person("clara", {"role": "registrar", "office": "1501-15001"})
    case = files(world, ana, act="visit")
    child = case.starts.get().child
    assert child is not None
    assert (child.status, child.tasks.filter(status="open").count()) == ("open", 1)
    services.withdraw(case, actor=ana)
    world.settle()
    child.refresh_from_db()
    assert (child.outcome, child.tasks.filter(status="open").count()) == ("withdrawn", 0)


def test_a_start_that_nobody_waits_for_any_more_files_nothing(world: World, ana: Actor) -> None:
    asked = {"number": "000100", "act": "strike-off"}
    case = drafts.file_draft(drafts.start_draft(ana, "animal-health", "strike", typed=asked), ana)
    services.withdraw(case, actor=ana)
    world.settle()
    assert CaseStart.objects.get().child is None
    assert Case.objects.count() == 1


def test_cases_that_start_one_another_for_ever_are_stopped(world: World, ana: Actor) -> None:
    case = files(world, ana, act="visit")
    CaseStart.objects.update(depth=8, child=None)
    Case.objects.exclude(id=case.id).delete()
    CaseStart.objects.update(depth=9)
    jobs.start(start_id=case.starts.get().pk)
    case.refresh_from_db()
    assert case.incident is not None
    assert "se inician unos a otros" in case.incident["say"]["es"]


def test_an_act_of_ones_own_that_does_not_exist_is_told_when_the_folder_is_checked() -> None:
    health = folder("animal-health")
    process = health.text("acts/strike/process.bpmn")
    service = process[process.index("<zeebe:input source=") : process.index('target="service"')]
    spelled = process.replace(service, '<zeebe:input source="=&quot;animal-health&quot;" ')
    right = spelled.replace('"=form.act"', '"=&quot;visit&quot;"')
    wrong = spelled.replace('"=form.act"', '"=&quot;visti&quot;"')
    assert lint(health.replace("acts/strike/process.bpmn", right)) == []
    (found,) = lint(health.replace("acts/strike/process.bpmn", wrong))
    assert found.check == "act-unknown"
    assert "visit" in found.cure["en"]
