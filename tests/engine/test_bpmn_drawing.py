"""The picture: readable without being seen, safe under a strict content policy, true to the case."""

from xml.dom.minidom import parseString
from xml.etree import ElementTree

import pytest
from tests.engine.bpmn_models import (
    boundary,
    document,
    end,
    flow,
    gate,
    line,
    message,
    prop,
    start,
    sub,
    user,
)

from ruta.engine.bpmn import SVG_CSS, Token, read, svg

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
    assert picture.get("viewBox") == "-16 -16 328 182"


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
