"""A register that is away for a while does not lose its say: the case asks again while the read has patience."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from tests.cases.case_builders import a_case, ana
from tests.standing import SERVICES

from ruta.cases import facts
from ruta.cases.models import Case, CaseEvent
from ruta.cases.play.world import World
from ruta.definitions.loader import Folder, read_folder
from ruta.definitions.services import publish
from ruta.interop.models import ExchangeRecord
from ruta.kernel import clock

pytestmark = pytest.mark.django_db
FILED = datetime(2026, 3, 2, 10)  # by ana
ASK = """<bpmn:serviceTask id="ask_ruv" name="Consultar el registro de víctimas">
  <bpmn:extensionElements>
    <zeebe:taskDefinition type="ruta.look-up" />
    <zeebe:ioMapping><zeebe:input source="=&quot;victim&quot;" target="read" /></zeebe:ioMapping>
    <zeebe:properties><zeebe:property name="ruta:stage" value="study" /></zeebe:properties>
  </bpmn:extensionElements>
  <bpmn:incoming>f_filed_ask</bpmn:incoming>
  <bpmn:outgoing>f_filed_check_right</bpmn:outgoing>
</bpmn:serviceTask>
<bpmn:sequenceFlow id="f_filed_ask" sourceRef="filed" targetRef="ask_ruv" />
<bpmn:businessRuleTask id="check_right\""""


def _that_asks_first() -> Folder:
    """The folder whose process begins by asking the register of victims, with 48 hours of patience."""
    folder = read_folder(SERVICES / "civil-registration")
    process = folder.text("acts/copy/process.bpmn")
    start = "<bpmn:outgoing>f_filed_check_right</bpmn:outgoing>"
    flow = '<bpmn:sequenceFlow id="f_filed_check_right" sourceRef="filed"'
    for old, new in (
        (start, "<bpmn:outgoing>f_filed_ask</bpmn:outgoing>"),
        (flow, flow.replace('"filed"', '"ask_ruv"')),
        ('<bpmn:businessRuleTask id="check_right"', ASK),
    ):
        assert process.count(old) == 1, old
        process = process.replace(old, new)
    return folder.replace("acts/copy/process.bpmn", process)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    publish(_that_asks_first(), in_force_from=date(2024, 1, 1))
    with World("civil-registration").open() as opened:
        opened.elsewhere.down.add("ruv")
        yield opened


def _after(world: World, case: Case, **passed: float) -> Case:
    """The case when that much time has passed since filing, and all that was due is done."""
    end = clock.instant(FILED) + timedelta(**passed)
    while clock.now() < end:  # workers look at the queue all the time
        clock.set_clock(min(clock.now() + timedelta(minutes=30), end))
        world.settle()
    world.settle()
    case.refresh_from_db()
    return case


def _looked_up(case: Case) -> list[str]:
    events = CaseEvent.objects.filter(case_id=case.id, type="looked-up").order_by("seq")
    return [event.public["status"] for event in events]


def test_the_case_waits_and_goes_on_with_the_answer_that_comes_within_the_patience(world: World) -> None:
    case = a_case(world, ana(world))
    _after(world, case, hours=20)
    assert (_looked_up(case), case.facts["victim"]["status"]) == ([], "unavailable")
    assert case.tokens.get().node == "ask_ruv"
    world.elsewhere.down.clear()
    _after(world, case, hours=22)
    assert _looked_up(case) == ["absent"]
    assert not case.tokens.filter(node="ask_ruv").exists()


def test_when_the_patience_is_over_the_case_goes_on_without_the_answer(world: World) -> None:
    case = a_case(world, ana(world))
    _after(world, case, hours=47)
    assert case.tokens.get().node == "ask_ruv"
    _after(world, case, hours=49)
    assert _looked_up(case) == ["unavailable"]
    assert not case.tokens.filter(node="ask_ruv").exists()


def test_a_register_that_is_away_is_asked_often_at_first_and_once_an_hour_later(world: World) -> None:
    case = a_case(world, ana(world))
    _after(world, case, hours=48)
    asked = list(
        ExchangeRecord.objects.filter(register="ruv", actor="system:news")
        .order_by("at")
        .values_list("at", flat=True)
    )
    first_hours = sum(at <= clock.instant(FILED) + timedelta(hours=4) for at in asked)
    assert first_hours >= 5
    assert len(asked) <= 70


def test_who_withdraws_meanwhile_is_asked_about_no_more(world: World) -> None:
    from ruta.cases import services

    actor = ana(world)
    case = a_case(world, actor)
    world.settle()
    services.withdraw(case, actor=actor)
    before = ExchangeRecord.objects.count()
    _after(world, case, hours=3)
    assert ExchangeRecord.objects.count() == before


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"document_type": "CC", "document_number": "52148963", "displaced": True}, "another"),
        ({"document_type": "CC", "document_number": "1020304050", "displaced": "perhaps"}, "impossible"),
        ("Bienvenido", "unreadable"),
    ],
)
def test_an_answer_of_no_use_is_asked_again_and_never_decides(world: World, said: object, fault: str) -> None:
    """Somebody else's data, data that cannot be, or no data at all: the official reads which."""
    world.elsewhere.behave("ruv")
    world.elsewhere.always["ruv"] = said
    case = a_case(world, ana(world))
    _after(world, case, hours=47)
    assert case.tokens.get().node == "ask_ruv"
    _after(world, case, hours=49)
    event = CaseEvent.objects.get(case_id=case.id, type="looked-up")
    assert event.public == {"read": "victim", "status": "unavailable", "fault": fault}
    assert case.facts["victim"]["value"] is None
    assert {*ExchangeRecord.objects.values_list("fault", flat=True)} == {fault}


def test_what_the_person_did_not_authorise_is_not_asked_by_the_process_either(world: World) -> None:
    """Ley 1581 de 2012, art. 9: the read is offered, at the page and afterwards."""
    world.elsewhere.behave("ruv")
    case = a_case(world, ana(world), consents=())
    world.settle()
    case.refresh_from_db()
    assert case.facts["victim"]["status"] == "offered"
    assert _looked_up(case) == ["offered"]
    assert not ExchangeRecord.objects.exists()


def test_several_agencies_that_do_not_answer_cost_a_page_hardly_more_than_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each takes all the seconds that it is given; the last of eight gets half a second."""
    spent: list[float] = []

    def slow(*args: object, wait: float, **rest: object) -> facts.Fact:
        spent.append(wait)
        return dict(facts.NOT_ASKED)

    monkeypatch.setattr(facts, "look_up", slow)
    monkeypatch.setattr(facts, "monotonic", lambda: sum(spent))
    facts.gather(world.compiled, ("entry",) * 8, evaluate=str, known={}, actor=world.system)
    assert (spent[0], spent[-1]) == (3.0, 0.5)
    assert sum(spent) <= 9
