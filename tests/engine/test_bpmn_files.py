"""Files as other tools write them: any prefix, encoding and decoration reads the same; damage is refused, never a crash."""

from __future__ import annotations

import copy
import re
from contextlib import suppress
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.engine.bpmn_generator import Maker
from tests.engine.bpmn_models import (
    NOW,
    FeelRules,
    boundary,
    document,
    end,
    gate,
    line,
    message,
    multi,
    start,
    sub,
    timer,
    user,
)
from tests.engine.miwg import MODELS

from ruta.engine.bpmn import (
    BpmnError,
    Process,
    StaleToken,
    Start,
    check,
    process_ids,
    read,
    step,
    survey,
    svg,
)

PROCESS = document(
    start(), user("a", name="Revisión  del\nárea"), boundary("late", "a", timer("P3D"), interrupting=False),
    gate("parallel", "f"), sub("box", multi("=list"), start("s2"), user("b"), end("e2"), line("s2", "b", "e2")),
    boundary("stop", "box", message()), end(), end("e3"), end("e4"),
    line("s", "a", "f", "box", "e"), line("late", "e3"), line("stop", "e4"),
)  # fmt: skip


def same(xml: bytes) -> Process:
    """The process read from another writing of the same file."""
    found, expected = read(xml), read(PROCESS)
    for one in (found, expected):
        assert check(one) == ()
    strip = {id: (node.name, node.kind, node.incoming, node.outgoing and [f.target for f in node.outgoing], node.event,
                  node.loop) for id, node in found.nodes.items()}  # fmt: skip
    wanted = {id: (node.name, node.kind, node.incoming, node.outgoing and [f.target for f in node.outgoing], node.event,
                   node.loop) for id, node in expected.nodes.items()}  # fmt: skip
    assert strip == wanted
    return found


def text() -> str:
    return PROCESS.decode()


@pytest.mark.parametrize("prefix", ["bpmn2", "semantic", "model", "b-p.m_n", "ns0"])
def test_the_prefix_of_a_namespace_says_nothing(prefix: str) -> None:
    told = text().replace("<bpmn:", f"<{prefix}:").replace("</bpmn:", f"</{prefix}:")
    same(told.replace("xmlns:bpmn=", f"xmlns:{prefix}=").encode())


def test_the_namespace_may_be_the_default_one() -> None:
    same(text().replace("<bpmn:", "<").replace("</bpmn:", "</").replace("xmlns:bpmn=", "xmlns=").encode())


def test_the_prefix_of_an_extension_says_nothing_either() -> None:
    same(text().replace("zeebe:", "camunda8:").replace("xmlns:zeebe=", "xmlns:camunda8=").encode())


def test_a_prefix_that_nobody_declares_is_taken_at_its_word_or_passed_by() -> None:
    told = text().replace("<bpmn:", "<").replace("</bpmn:", "</").replace("xmlns:bpmn=", "xmlns=")
    told = told.replace('<userTask id="a"', '<bpmn:userTask acme:x="1" id="a"').replace(
        "</userTask>", "</bpmn:userTask>", 1
    )
    assert "xmlns:bpmn=" not in told and "xmlns:acme" not in told
    process = same(told.replace("xmlns:zeebe=", "xmlns:z=").encode())
    assert process.node("box").loop is not None


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "iso-8859-1", "windows-1252", "us-ascii"]
)
def test_every_encoding_of_xml_reads_the_same(encoding: str) -> None:
    name = {"utf-8-sig": "utf-8", "utf-16-le-bom": "utf-16"}.get(encoding, encoding)
    told = text().replace('encoding="UTF-8"', f'encoding="{name.upper()}"')
    if encoding == "utf-16-le-bom":
        xml = b"\xff\xfe" + told.encode("utf-16-le")
    elif encoding == "us-ascii":
        xml = told.encode("ascii", "xmlcharrefreplace")
    else:
        xml = told.encode(encoding)
    assert same(xml).node("a").name == "Revisión del área"


def test_a_file_without_declaration_or_with_other_line_ends_reads_the_same() -> None:
    same(re.sub(r"<\?xml.*?\?>\n", "", text()).encode())
    same(text().replace("\n", "\r\n").encode())


DECORATION = """
<bpmn:extensionElements>
  <signavio:signavioMetaData xmlns:signavio="http://www.signavio.com" metaKey="bgcolor" metaValue="#ffffff"/>
  <bizagi:BizagiExtensions xmlns:bizagi="http://www.bizagi.com/bpmn20"><bizagi:BizagiProperties/></bizagi:BizagiExtensions>
  <drools:metaData xmlns:drools="http://www.jboss.org/drools" name="elementname"><drools:metaValue>x</drools:metaValue></drools:metaData>
  <trisobpmn:participantProperties xmlns:trisobpmn="http://www.trisotech.com/2014/triso/bpmn" initial="true"/>
  <tns:unknown xmlns:tns="urn:x"><bpmn:userTask id="hidden"/></tns:unknown>
</bpmn:extensionElements>
"""  # noqa: E501


COLOUR = 'xmlns:color="http://www.omg.org/spec/BPMN/non-normative/color/1.0" color:background-color="#fff"'


def test_extensions_of_other_vendors_are_passed_by() -> None:
    told = text().replace('name="box">', f'name="box" {COLOUR}>{DECORATION}', 1)
    assert "signavio" in told
    same(told.encode())


AROUND = """
<bpmn:collaboration id="c">
  <bpmn:participant id="pool" name="Alcaldía" processRef="p"/>
  <bpmn:participant id="collapsed" name="Ciudadana"/>
  <bpmn:messageFlow id="mf" sourceRef="collapsed" targetRef="a"/>
  <bpmn:textAnnotation id="note"><bpmn:text>Ojo</bpmn:text></bpmn:textAnnotation>
  <bpmn:association id="as" sourceRef="note" targetRef="pool"/>
  <bpmn:group id="g" categoryValueRef="cv"/>
</bpmn:collaboration>
<bpmn:category id="cat"><bpmn:categoryValue id="cv" value="Fase 1"/></bpmn:category>
<bpmn:dataStore id="ds" name="Registro"/>
<bpmn:itemDefinition id="i" structureRef="xsd:string"/>
<bpmn:interface id="if" name="x"><bpmn:operation id="op" name="y">
<bpmn:inMessageRef>m_go</bpmn:inMessageRef></bpmn:operation></bpmn:interface>
<bpmn:import importType="http://www.w3.org/2001/XMLSchema" location="x.xsd" namespace="urn:x"/>
<bpmn:resource id="r" name="Registradora"/>
<bpmn:relationship type="x"><bpmn:source>p</bpmn:source><bpmn:target>p</bpmn:target></bpmn:relationship>
"""
INSIDE = """
<bpmn:laneSet id="ls"><bpmn:lane id="l" name="Ventanilla"><bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
<bpmn:dataObject id="do" isCollection="true"/><bpmn:dataObjectReference id="dor" name="Acta" dataObjectRef="do"/>
<bpmn:dataStoreReference id="dsr" dataStoreRef="ds"/>
<bpmn:textAnnotation id="n2"><bpmn:text>Nota</bpmn:text></bpmn:textAnnotation>
<bpmn:association id="a2" sourceRef="a" targetRef="n2"/>
<bpmn:property id="prop" name="x"/>
<bpmn:ioSpecification><bpmn:dataInput id="di"/><bpmn:inputSet/><bpmn:outputSet/></bpmn:ioSpecification>
"""


def test_pools_flows_of_messages_data_stores_groups_and_notes_are_kept_or_passed_by() -> None:
    told = (
        text()
        .replace("<bpmn:process ", f"{AROUND}<bpmn:process ", 1)
        .replace("</bpmn:process>", f"{INSIDE}</bpmn:process>")
    )
    process = same(told.encode())
    assert {each.id: each.label["es"] for each in process.artifacts} == {
        "dor": "Acta", "dsr": "Registro", "n2": "Nota", "note": "Ojo", "g": "Fase 1",
    }  # fmt: skip
    assert process.lanes[0].label == {"es": "Ventanilla"}
    drawn = svg(process)
    assert "Acta" in drawn and "Nota" in drawn and "Ventanilla" in drawn


def test_an_empty_pool_beside_the_process_does_not_make_two_of_it() -> None:
    other = '<bpmn:process id="black_box" isExecutable="false"/>'
    plain = (
        text()
        .replace(' isExecutable="true"', "")
        .replace("</bpmn:definitions>", f"{other}</bpmn:definitions>")
    )
    same(plain.encode())
    assert process_ids(plain.encode()) == ("p",)


def test_a_file_of_the_time_before_the_standard_is_refused() -> None:
    old = text().replace("http://www.omg.org/spec/BPMN/20100524/MODEL", "http://schema.omg.org/spec/BPMN/2.0")
    with pytest.raises(BpmnError) as error:
        read(old.encode())
    assert error.value.problems[0].check == "not-bpmn"


JUNK = (
    "",
    "x",
    "s",
    "=",
    "=)",
    "P1D",
    "ñ",
    "-1",
    "true",
    "999999999999",
    "${x}",
    "p",
    "a b",
    "../x",
    "\u202e",
    "²",
    "9" * 5000,
    "R²/PT1H",
    "R3/5 business days",
    "99999 years",
)


def mangled(random: Random, xml: bytes) -> bytes:
    """The file with a few elements or attributes dropped, moved, doubled, renamed or filled with junk."""
    root = etree.fromstring(xml)
    names = sorted({str(etree.QName(each).localname) for each in root.iter()})
    for _ in range(random.randint(1, 6)):
        victim = random.choice([each for each in root.iter() if each is not root] or [root])
        parent = victim.getparent()
        action = random.randint(0, 7)
        if parent is None:
            continue
        if action == 0:
            parent.remove(victim)
        elif action == 1 and victim.attrib:
            del victim.attrib[random.choice(sorted(victim.attrib))]
        elif action == 2 and victim.attrib:
            victim.set(random.choice(sorted(victim.attrib)), random.choice(JUNK))
        elif action == 3:
            parent.append(copy.deepcopy(victim))
        elif action == 4:
            target = random.choice(list(root.iter()))
            if target is not victim and victim not in target.iterancestors():
                target.append(victim)
        elif action == 5:
            victim.tag = f"{{{etree.QName(root).namespace}}}{random.choice(names)}"
        elif action == 6:
            victim.text = random.choice(JUNK)
        else:
            children = list(victim)
            random.shuffle(children)
            victim[:] = children
    return etree.tostring(root, encoding=random.choice(["utf-8", "utf-16", "us-ascii"]), xml_declaration=True)


def bear(xml: bytes) -> bool:
    """Read a file in every way; whether it can be executed. Only the errors that are promised may come."""
    try:
        ids = process_ids(xml)
        for id in ids:
            survey(xml, process_id=id)
        reading = survey(xml)
    except BpmnError as refused:
        assert all(each.say["es"] and each.say["en"] and each.element for each in refused.problems)
        return False
    assert svg(reading.process).endswith("</svg>")
    if reading.problems:
        assert all(each.say["es"] and each.say["en"] and each.element for each in reading.problems)
        return False
    check(reading.process, most=2_000)
    with suppress(StaleToken):
        step(reading.process, None, Start({}), now=NOW, rules=FeelRules(NOW), budget=500)
    return True


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_file_is_read_or_refused_and_never_crashes(seed: int) -> None:
    good = 0
    for each in range(seed * 25, seed * 25 + 25):
        random = Random(each)
        good += bear(mangled(random, Maker(random, 12).process()[0]))
    assert 0 < good < 25


@pytest.mark.slow
@pytest.mark.skipif(not MODELS, reason="reference models: not present")
@pytest.mark.parametrize("seed", range(0, 10_000, 500))
def test_damaged_reference_models_are_read_or_refused_and_never_crash(seed: int) -> None:
    for each in range(seed, seed + 500):
        random = Random(each)
        bear(mangled(random, random.choice(MODELS).read_bytes()))


@given(st.binary(max_size=200), st.integers(0, 4000), st.integers(0, 50))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_bytes_written_over_a_file_are_borne(junk: bytes, at: int, cut: int) -> None:
    bear(PROCESS[:at] + junk + PROCESS[at + cut :])


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_elements_in_a_file_says_nothing(seed: int) -> None:
    random = Random(seed)
    xml, _, variables = Maker(random, 20).process()
    root = etree.fromstring(xml)
    for container in [*root.iter("{*}process"), *root.iter("{*}subProcess")]:
        inner = list(container)
        loops = [each for each in inner if str(each.tag).endswith("Characteristics")]
        rest = [each for each in inner if each not in loops]
        random.shuffle(rest)
        container[:] = [*loops, *rest]
    turned = read(etree.tostring(root))
    plain = read(xml)
    assert {id: (node.kind, sorted(node.incoming), node.parent) for id, node in turned.nodes.items()} == {
        id: (node.kind, sorted(node.incoming), node.parent) for id, node in plain.nodes.items()
    }
    assert check(turned) == ()
    begun = step(turned, None, Start({"key": "K", **variables}), now=NOW, rules=FeelRules(NOW)).state
    expected = step(plain, None, Start({"key": "K", **variables}), now=NOW, rules=FeelRules(NOW)).state
    assert sorted((t.node, t.status) for t in begun.tokens) == sorted(
        (t.node, t.status) for t in expected.tokens
    )
