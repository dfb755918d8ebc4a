"""Messages between cases: found by key across all of them; one that comes early waits for who wants it."""

from datetime import date, timedelta

import pytest
from tests.cases.case_builders import a_case, ana
from tests.standing import SERVICES

from ruta.cases import correlation
from ruta.cases.models import Case, ThrownMessage
from ruta.cases.play.world import World
from ruta.definitions.loader import read_folder
from ruta.definitions.services import publish
from ruta.kernel import clock

pytestmark = pytest.mark.django_db
PROCESS = "acts/copy/process.bpmn"
WAIT = """
    <bpmn:intermediateCatchEvent id="hears" name="Otra entidad responde">
      <bpmn:extensionElements><zeebe:properties><zeebe:property name="ruta:stage" value="study" />
      </zeebe:properties></bpmn:extensionElements>
      <bpmn:incoming>f_to_hears</bpmn:incoming><bpmn:outgoing>f_hears</bpmn:outgoing>
      <bpmn:messageEventDefinition messageRef="m_reply" />
    </bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="f_to_hears" sourceRef="filed" targetRef="hears" />
    <bpmn:sequenceFlow id="f_hears" sourceRef="hears" targetRef="check_right" />
"""
MESSAGE = """  <bpmn:message id="m_reply" name="agency.reply"><bpmn:extensionElements>
    <zeebe:subscription correlationKey="=applicant.document_number" /></bpmn:extensionElements></bpmn:message>
"""


@pytest.fixture
def listening(world: World) -> World:
    """The service whose copies wait, right after filing, for news about the applicant's document."""
    folder = read_folder(SERVICES / "civil-registration")
    text = folder.files[PROCESS].decode()
    start = text.index('<bpmn:sequenceFlow id="f_filed_check_right"')
    text = text[:start] + text[text.index("/>", start) + 2 :]
    text = text.replace("  <bpmn:process ", f"{MESSAGE}  <bpmn:process ", 1)
    text = text.replace("</bpmn:process>", f"{WAIT}</bpmn:process>", 1)
    text = text.replace(
        "<bpmn:outgoing>f_filed_check_right</bpmn:outgoing>", "<bpmn:outgoing>f_to_hears</bpmn:outgoing>"
    )
    text = text.replace(
        "<bpmn:incoming>f_filed_check_right</bpmn:incoming>", "<bpmn:incoming>f_hears</bpmn:incoming>"
    )
    edge = text.index('bpmnElement="f_filed_check_right"')
    opens = text.rindex("<bpmndi:BPMNEdge", 0, edge)
    text = text[:opens] + text[text.index("</bpmndi:BPMNEdge>", edge) + len("</bpmndi:BPMNEdge>") :]
    publish(folder.replace(PROCESS, text), in_force_from=date(2025, 1, 1))
    return world


def said(name: str, key: str, **payload: object) -> int:
    """A message thrown by some case, and delivered: how many took it."""
    thrown = ThrownMessage.objects.create(name=name, key=key, payload=payload, at=clock.now())
    return correlation.deliver(thrown.id)


def standing(case: Case) -> list[str]:
    return sorted(case.tokens.filter(status="waiting").values_list("node", flat=True))


def test_a_message_finds_the_case_that_waits_for_its_key(listening: World) -> None:
    case = a_case(listening, ana(listening))
    assert standing(case) == ["hears"]
    assert said("agency.reply", "another") == 0
    assert said("agency.other", "1020304050") == 0
    assert standing(case) == ["hears"]
    assert said("agency.reply", "1020304050", answer=1) == 1
    assert standing(case) == ["charge"]
    case.refresh_from_db()
    assert case.variables["answer"] == 1
    assert set(ThrownMessage.objects.values_list("name", "key")) == {
        ("agency.reply", "another"),
        ("agency.other", "1020304050"),
    }


def test_a_message_that_comes_early_waits_for_the_case_and_is_used_up(listening: World) -> None:
    actor = ana(listening)
    assert said("agency.reply", "1020304050", answer="first") == 0
    assert said("agency.reply", "1020304050", answer="second") == 0
    assert ThrownMessage.objects.count() == 2
    case = a_case(listening, actor)
    assert standing(case) == ["charge"]
    assert case.variables["answer"] == "first"
    assert [kept.payload for kept in ThrownMessage.objects.all()] == [{"answer": "second"}]
    assert standing(a_case(listening, actor, key="twice")) == ["charge"]
    assert standing(a_case(listening, actor, key="thrice")) == ["hears"]


def test_a_message_reaches_every_case_that_waits(listening: World) -> None:
    actor = ana(listening)
    first, second = a_case(listening, actor), a_case(listening, actor, key="two")
    assert said("agency.reply", "1020304050") == 2
    assert standing(first) == standing(second) == ["charge"]
    assert not ThrownMessage.objects.exists()


def test_a_message_without_key_is_not_kept_and_an_old_one_is_forgotten(listening: World) -> None:
    clock.set_clock(clock.now())
    assert said("agency.reply", "") == 0
    said("agency.reply", "1")
    clock.set_clock(clock.now() + correlation.KEPT_FOR)
    assert correlation.forget() == 0
    clock.set_clock(clock.now() + timedelta(seconds=1))
    assert correlation.forget() == 1
