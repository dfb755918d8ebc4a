"""The picture: readable without being seen, safe under a strict content policy, true to the case."""

from itertools import combinations
from random import Random
from xml.dom.minidom import parseString
from xml.etree import ElementTree

import pytest
from tests.engine.bpmn_generator import Maker
from tests.engine.bpmn_models import (
    boundary,
    document,
    end,
    flow,
    gate,
    handler,
    line,
    message,
    prop,
    start,
    sub,
    undoes,
    user,
)

from ruta.engine.bpmn import SVG_CSS, Token, read, svg
from ruta.engine.bpmn.layout import lay_out
from ruta.engine.bpmn.model import Box

DI = (
    '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI">'
    '<bpmndi:BPMNPlane bpmnElement="p">'
    '<bpmndi:BPMNShape bpmnElement="s"><dc:Bounds x="0" y="22" width="36" height="36"/></bpmndi:BPMNShape>'
    '<bpmndi:BPMNShape bpmnElement="u"><dc:Bounds x="100" y="0" width="100" height="80"/></bpmndi:BPMNShape>'
    '<bpmndi:BPMNShape bpmnElement="e"><dc:Bounds x="260" y="22" width="36" height="36"/></bpmndi:BPMNShape>'
    '<bpmndi:BPMNShape bpmnElement="note"><dc:Bounds x="100" y="100" width="100" height="50"/></bpmndi:BPMNShape>'
    '<bpmndi:BPMNShape bpmnElement="unknown"><dc:Bounds x="1" y="1" width="1" height="1"/></bpmndi:BPMNShape>'
    '<bpmndi:BPMNShape bpmnElement="d"><dc:Bounds x="NaN" y="1" width="1" height="1"/></bpmndi:BPMNShape>'
    '<bpmndi:BPMNEdge bpmnElement="s_u"><di:waypoint x="36" y="40"/><di:waypoint x="100" y="40"/></bpmndi:BPMNEdge>'
    "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"
)


def drawn(name: str = "Revisar", **options: object) -> str:
    note = '<bpmn:textAnnotation id="note"><bpmn:text>Ojo: &lt;b&gt;</bpmn:text></bpmn:textAnnotation>'
    xml = document(start(), user("u", name=name), end(), note, line("s", "u", "e")).decode()
    return svg(read(xml.replace("</bpmn:definitions>", DI).encode()), **options)  # type: ignore[arg-type]


def test_the_picture_is_well_formed_and_names_itself() -> None:
    picture = ElementTree.fromstring(drawn(tokens=[Token(1, "u")], done=["s", "s_u"]))
    assert picture.get("role") == "img"
    texts = {each.get("id"): each.text for each in picture.iter() if each.tag.endswith(("}title", "}desc"))}
    title, description = (picture.get("aria-labelledby") or "").split()
    assert texts[title] == "Diagrama del proceso: Proceso"
    assert texts[description] == "Está en: Revisar. Ya pasó por: s."
    assert picture.get("viewBox") == "-53 -16 402 182"


def test_the_picture_speaks_english_when_asked() -> None:
    assert "It is at: Revisar." in drawn(tokens=["u"], lang="en")
    assert "Revisar (it is here)" in drawn(tokens=["u"], lang="en")


def test_the_picture_has_the_names_of_the_readers_language() -> None:
    weigh, beware = prop("ruta:name-en", "Weigh it"), prop("ruta:name-en", "Beware")
    note = f'<bpmn:textAnnotation id="note">{beware}<bpmn:text>Ojo</bpmn:text></bpmn:textAnnotation>'
    xml = document(start(), user("u", weigh, name="Revisar"), end(), note, line("s", "u", "e")).decode()
    process = read(xml.replace("</bpmn:definitions>", DI).encode())

    in_english, in_spanish = (svg(process, tokens=["u"], lang=lang) for lang in ("en", "es"))
    for said in ("It is at: Weigh it.", "Weigh it (it is here)", ">Weigh it</tspan>", ">Beware</tspan>"):
        assert said in in_english
    assert "Revisar" not in in_english
    assert "Ojo" not in in_english
    assert "Está en: Revisar." in in_spanish
    assert "Weigh it" not in in_spanish


def test_a_pool_has_the_english_of_its_process_where_it_has_none_of_its_own() -> None:
    pools = (
        '<bpmn:collaboration id="c"><bpmn:participant id="pool" name="Registraduría" processRef="p"/>'
        f'<bpmn:participant id="own" name="Notaría" processRef="p">{prop("ruta:name-en", "Notary")}</bpmn:participant>'
        "</bpmn:collaboration>"
    )
    shapes = "".join(
        f'<bpmndi:BPMNShape bpmnElement="{each}" isHorizontal="true">'
        '<dc:Bounds x="0" y="0" width="600" height="200"/></bpmndi:BPMNShape>'
        for each in ("pool", "own")
    )
    xml = document(prop("ruta:name-en", "Registry"), start(), end(), line("s", "e"), more=pools).decode()
    drawing = DI.replace("<bpmndi:BPMNShape", f"{shapes}<bpmndi:BPMNShape", 1)
    process = read(xml.replace("</bpmn:definitions>", drawing).encode())

    assert ">Registry</text>" in svg(process, lang="en")
    assert ">Notary</text>" in svg(process, lang="en")
    assert ">Registraduría</text>" in svg(process, lang="es")


def test_nothing_in_the_picture_needs_a_laxer_content_policy() -> None:
    picture = drawn(tokens=["u"])
    for forbidden in ("style=", "<style", "<script", "onload", "href=", "fill=", "stroke="):
        assert forbidden not in picture


def test_every_class_of_the_picture_that_carries_meaning_has_its_rule() -> None:
    for name in (
        "bpmn-live",
        "bpmn-done",
        "bpmn-stuck",
        "bpmn-shape",
        "bpmn-edge",
        "bpmn-count",
        "bpmn-arrow",
    ):
        assert f".{name}" in SVG_CSS
    assert "forced-colors" in SVG_CSS and "prefers-color-scheme: dark" in SVG_CSS


def test_live_done_and_stuck_are_told_apart_and_listeners_are_not_positions() -> None:
    live = drawn(tokens=[Token(1, "u"), Token(2, "u"), Token(3, "s", status="armed")])
    assert 'class="bpmn-node bpmn-userTask bpmn-live"' in live
    assert ">2</text>" in live
    assert "bpmn-startEvent bpmn-live" not in live
    stuck = drawn(tokens=[Token(1, "u", status="stuck")], lang="en")
    assert "bpmn-userTask bpmn-stuck" in stuck
    assert "Stopped by a problem at: Revisar." in stuck
    assert 'class="bpmn-line bpmn-sequenceFlow bpmn-done"' in drawn(done=["s_u"])


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><g onload="x">', "a & b", "]]>"])
def test_names_are_text_and_never_markup(name: str) -> None:
    picture = drawn(name)
    assert "<script>" not in picture and "<g onload" not in picture
    parseString(picture)


def test_long_names_are_broken_into_lines_and_the_whole_name_is_kept() -> None:
    name = (
        "Verificar la identidad de la persona solicitante con el registro nacional de las personas naturales"
    )
    picture = drawn(name)
    assert f"<title>{name}</title>" in picture
    assert picture.count("<tspan") >= 4
    assert "…" in picture
    assert "</tspan><tspan" not in picture  # a reader of the screen says two words, not one


def test_a_very_long_word_is_broken_too() -> None:
    assert "-</tspan>" in drawn("Otorrinolaringológicamente")


def test_two_pictures_on_one_page_do_not_share_ids() -> None:
    assert 'id="a-title"' in drawn(prefix="a") and 'id="b-title"' in drawn(prefix="b")


def test_a_process_without_diagram_is_laid_out() -> None:
    process = read(
        document(
            start(), gate("exclusive", "x", default="x_b"), user("a"), user("b"), boundary("m", "a", message()),
            sub("box", start("s2"), user("c"), end("e2"), line("s2", "c", "e2")), end(), line("s", "x"),
            flow("x", "a", "=n"), flow("x", "b"), line("a", "box", "e"), flow("b", "x2"), gate("exclusive", "x2"),
            flow("x2", "x", "=again"), flow("x2", "box", "=not(again)"), flow("m", "box", id="m_box"),
        )
    )  # fmt: skip
    picture = svg(process)
    parseString(picture)
    for node in process.nodes:
        assert f'data-element="{node}"' in picture
    for each in process.flows:
        assert f'data-element="{each}"' in picture


def overlap(a: Box, b: Box) -> bool:
    return a.x < b.x + b.width and b.x < a.x + a.width and a.y < b.y + b.height and b.y < a.y + a.height


@pytest.mark.parametrize("seed", range(25))
def test_what_is_laid_out_stands_apart_and_inside_what_holds_it(seed: int) -> None:
    xml, _, _ = Maker(Random(seed), 40).process()
    process = read(xml)
    at = {box.element: box for box in lay_out(process).boxes}
    assert set(at) == set(process.nodes)
    for scope in process.scopes.values():
        nodes = [process.node(id) for id in scope.nodes]
        apart = [at[node.id] for node in nodes if node.kind != "boundaryEvent"]
        for a, b in combinations(apart, 2):
            assert not overlap(a, b), (a.element, b.element)
        for box in apart if scope.id else ():
            around = at[scope.id]
            assert around.x < box.x and box.x + box.width < around.x + around.width
            assert around.y < box.y and box.y + box.height < around.y + around.height


def test_lanes_are_bands_and_notes_and_data_stand_below_what_they_are_about() -> None:
    lanes = (
        '<bpmn:laneSet><bpmn:lane id="l1" name="Alcaldía"><bpmn:flowNodeRef>s</bpmn:flowNodeRef>'
        '<bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane><bpmn:lane id="l2" name="Notaría">'
        "<bpmn:flowNodeRef>b</bpmn:flowNodeRef><bpmn:flowNodeRef>e</bpmn:flowNodeRef>"
        '<bpmn:childLaneSet><bpmn:lane id="l3"><bpmn:flowNodeRef>b</bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet>'
        "</bpmn:lane></bpmn:laneSet>"
    )
    data = (
        '<bpmn:dataObject id="do"/><bpmn:dataObjectReference id="doc" name="Acta" dataObjectRef="do"/>'
        '<bpmn:textAnnotation id="n"><bpmn:text>Ojo</bpmn:text></bpmn:textAnnotation>'
        '<bpmn:association id="as" sourceRef="n" targetRef="a"/>'
    )
    out = "<bpmn:dataOutputAssociation><bpmn:targetRef>doc</bpmn:targetRef></bpmn:dataOutputAssociation>"
    process = read(document(lanes, start(), user("a"), user("b", out), end(), line("s", "a", "b", "e"), data))
    assert [(lane.id, lane.parent, lane.nodes) for lane in process.lanes] == [
        ("l1", "", ("s", "a")), ("l2", "", ("b", "e")), ("l3", "l2", ("b",)),
    ]  # fmt: skip
    assert [(each.id, each.kind, each.label["es"]) for each in process.artifacts] == [
        ("doc", "dataObjectReference", "Acta"), ("n", "textAnnotation", "Ojo"),
    ]  # fmt: skip
    assert set(process.links) == {("n", "a"), ("b", "doc")}
    drawing = lay_out(process)
    at = {box.element: box for box in drawing.boxes}
    assert at["l1"].y + at["l1"].height <= at["l3"].y
    assert at["l1"].y < at["a"].y and at["a"].y + at["a"].height < at["l1"].y + at["l1"].height
    assert at["doc"].y > at["b"].y + at["b"].height
    assert {each.kind for each in drawing.lines} == {"sequenceFlow", "association"}
    assert "Notaría" in svg(process) and "Alcaldía" in svg(process)


def test_a_handler_of_compensation_is_drawn_with_what_it_undoes() -> None:
    process = read(
        document(start(), user("a"), undoes("a", "no_a"), handler("no_a"), end(), line("s", "a", "e"))
    )
    drawing = lay_out(process)
    assert any(each.kind == "association" for each in drawing.lines)
    assert 'data-element="undo.a"' in svg(process)
