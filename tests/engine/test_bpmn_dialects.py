"""What other tools write, in our words: run where it means what it says, refused by name where it does not."""

from __future__ import annotations

import io
import zipfile

import pytest
from tests.engine.bpmn_models import (
    Case,
    boundary,
    compensate,
    document,
    el,
    end,
    ext,
    flow,
    gate,
    handler,
    line,
    message,
    multi,
    signal,
    standard,
    start,
    sub,
    timer,
    user,
)

from ruta.engine.bpmn import BpmnError, BpmnProblem, check, process_ids, read, survey, svg

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
WORK = (
    '<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/>'
    '<userTask id="t" name="Revisión" {attributes}>{inner}</userTask>'
    '<sequenceFlow id="g" sourceRef="t" targetRef="e"/><endEvent id="e"/>'
)


def written(*, attributes: str = "", inner: str = "", process: str = 'id="p"', around: str = "") -> str:
    """A file with one task, as a tool writes it whose namespace is the default one."""
    spaces = (
        f'xmlns="{MODEL}" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
        'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    )
    work = WORK.format(attributes=attributes, inner=inner)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions {spaces} id="d" targetNamespace="u">\n{around}\n'
        f"<process {process}>\n{work}\n</process>\n</definitions>"
    )


def checks(*parts: str, more: str = "") -> list[str]:
    return [each.check for each in problems(document(*parts, more=more))]


def problems(xml: bytes) -> tuple[BpmnProblem, ...]:
    try:
        found = survey(xml).problems
    except BpmnError as error:
        found = error.problems
    assert all(each.element and each.line and each.say["es"] != each.say["en"] for each in found)
    return found


# What is refused brings no second finding


@pytest.mark.parametrize(
    ("check_id", "node", "more"),
    [
        ("unsupported", el("complexGateway", "x"), ""),
        ("unsupported", el("adHocSubProcess", "x", user("inner")), ""),
        ("unsupported", el("transaction", "x", start("s2"), user("t2"), end("e2"), line("s2", "t2", "e2")),
         boundary("b", "x", timer("P1D")) + end("e3") + line("b", "e3")),
        ("unsupported", el("transaction", "x"), ""),
        ("unsupported", el("subChoreography", "x"), ""),
        ("unsupported", el("intermediateThrowEvent", "x", "<bpmn:cancelEventDefinition/>"), ""),
        ("multiple-event", el("intermediateCatchEvent", "x", message(), signal()), ""),
        ("no-id", user("x") + "<bpmn:userTask/>", ""),
        ("no-id", user("x") + '<bpmn:sequenceFlow sourceRef="x" targetRef="e"/>', ""),
        ("same-id", user("x") + sub("x", start("s2"), end("e2")), ""),
        ("same-id", user("x") + sub("y", user("x")) + line("x", "y", "e"), ""),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_once_and_not_its_flows(check_id: str, node: str, more: str) -> None:
    joined = () if "y_e" in node else (line("s", "x", "e"),)
    assert checks(start(), node, end(), *joined, more) == [check_id]


def test_a_refused_start_or_gateway_leaves_what_follows_in_peace() -> None:
    several = el("startEvent", "s", message(), timer("P1D"))
    assert checks(several, start("s2"), user("a"), end(), line("s", "a", "e"), line("s2", "a")) == [
        "multiple-event"
    ]
    waits = (gate("eventBased", "g"), el("intermediateCatchEvent", "x", message(), timer("P1D")))
    assert checks(start(), *waits, end(), line("s", "g", "x", "e")) == ["multiple-event"]
    inside = sub("h", el("startEvent", "hs", "<bpmn:cancelEventDefinition/>"), triggeredByEvent="true")
    assert checks(start(), user("a"), end(), line("s", "a", "e"), inside) == ["unsupported"]


def test_what_is_refused_is_drawn_where_it_stands() -> None:
    inner = (start("s2"), user("t2", name="Dentro"), end("e2"), line("s2", "t2", "e2"))
    shown = survey(
        document(start(), el("transaction", "x", *inner, name="Trato"), end(), line("s", "x", "e"))
    ).process
    drawn = svg(shown)
    assert "Trato" in drawn and "Dentro" in drawn


# Half understood is not understood


@pytest.mark.parametrize(
    ("check_id", "parts"),
    [
        ("instantiate", (start(), el("eventBasedGateway", "g", eventGatewayType="Parallel"),
                         el("intermediateCatchEvent", "x", timer("P1D")), end(), line("s", "g", "x", "e"))),
        ("event-subprocess", (start(), user("x"), end(), line("s", "x", "e"),
                              sub("h", multi("=[1]"), start("hs", message()), triggeredByEvent="true"))),
        ("attached-to", (start(), user("x"), end(), line("s", "x", "e"),
                         sub("h", start("hs", message()), triggeredByEvent="true"), boundary("b", "h", timer("P1D")))),
        ("computed", (start(), el("serviceTask", "x", ext('<zeebe:taskDefinition type="=kind"/>')), end(),
                      line("s", "x", "e"))),
        ("computed", (start(), el("businessRuleTask", "x", ext('<zeebe:calledDecision decisionId="=d"/>')), end(),
                      line("s", "x", "e"))),
        ("loop-maximum", (start(), user("x", standard("=again").replace("testBefore", 'loopMaximum="²" testBefore')),
                          end(), line("s", "x", "e"))),
        ("resource", (start(), user("x", "<bpmn:potentialOwner><bpmn:resourceAssignmentExpression>"
                                         "<bpmn:formalExpression>group(x)</bpmn:formalExpression>"
                                         "</bpmn:resourceAssignmentExpression></bpmn:potentialOwner>"), end(),
                      line("s", "x", "e"))),
        ("data-mapping", (start(), user("x", "<bpmn:dataInputAssociation><bpmn:transformation>a.b"
                                             "</bpmn:transformation></bpmn:dataInputAssociation>"), end(),
                          line("s", "x", "e"))),
        ("extension", (start(), user("x"), end(), line("s", "x"),
                       el("sequenceFlow", "x_e", ext("<zeebe:executionListeners/>"), sourceRef="x", targetRef="e"))),
        ("extension", (ext("<zeebe:executionListeners/>"), start(), user("x"), end(), line("s", "x", "e"))),
    ],
)  # fmt: skip
def test_what_would_change_what_is_done_is_never_dropped_in_silence(
    check_id: str, parts: tuple[str, ...]
) -> None:
    assert checks(*parts) == [check_id]


def test_a_message_signal_or_error_whose_name_is_computed_is_refused() -> None:
    more = '<bpmn:message id="m" name="=&quot;a&quot;"/>'
    catch = el("intermediateCatchEvent", "x", '<bpmn:messageEventDefinition messageRef="m"/>')
    assert checks(start(), catch, end(), line("s", "x", "e"), more=more) == ["computed"]


# Camunda 7 and 8


@pytest.mark.parametrize(
    "attributes",
    [
        'camunda:assignee="${who}"',
        'camunda:candidateUsers="ana"',
        'camunda:formKey="#{form}"',
        'camunda:class="a.B"',
    ],
)
def test_camunda_7_with_juel_or_java_is_refused_by_the_name_of_the_attribute(attributes: str) -> None:
    (problem,) = problems(written(attributes=attributes).encode())
    name = attributes.split(":")[1].split("=", maxsplit=1)[0]
    assert (problem.check, problem.element, problem.name) == ("extension", "t", "Revisión")
    assert f'"{name}"' in problem.say["en"]


@pytest.mark.parametrize(
    ("space", "attributes", "inner", "refused"),
    [
        ("http://flowable.org/bpmn", 'x:async="true" x:exclusive="false"', "", []),
        ("http://flowable.org/bpmn", 'x:assignee="${starter}" x:formKey="f"', "", ["assignee", "formKey"]),
        ("http://activiti.org/bpmn", "", '<x:taskListener event="create" class="a.B"/>', ["taskListener"]),
        ("http://www.jboss.org/drools", 'x:taskName="review"', '<x:metaData name="elementname"/>', []),
        ("http://www.jboss.org/drools", "", '<x:onEntry-script scriptFormat="java"/>', ["onEntry-script"]),
        ("http://www.signavio.com", 'x:userstory=""', '<x:signavioMetaData metaKey="bgcolor"/>', []),
        ("http://www.bizagi.com/bpmn20", "", "<x:BizagiExtensions><x:BizagiProperties/></x:BizagiExtensions>", []),
    ],
)  # fmt: skip
def test_what_another_engine_is_told_is_refused_and_what_a_drawing_tool_keeps_is_borne(
    space: str, attributes: str, inner: str, refused: list[str]
) -> None:
    inner = f"<extensionElements>{inner}</extensionElements>" if inner else ""
    xml = written(attributes=f'xmlns:x="{space}" {attributes}', inner=inner)
    found = problems(xml.encode())
    assert [each.say["en"].split('"')[1] for each in found] == refused
    assert {(each.check, each.name) for each in found} <= {("extension", "Revisión")}


def test_camunda_7_that_says_the_same_as_we_do_is_read() -> None:
    process = 'id="p" isExecutable="true" camunda:historyTimeToLive="P180D" camunda:versionTag="1"'
    node = read(written(attributes='camunda:formKey="embedded:app:f.html" camunda:assignee="ana"',
                        process=process).encode()).node("t")  # fmt: skip
    assert (node.form_key, node.assignee) == ("embedded:app:f.html", "ana")


def test_what_camunda_7_writes_into_an_event_is_refused_too() -> None:
    thrown = (
        '<bpmn:messageEventDefinition messageRef="m_go" camunda:type="external" camunda:expression="${x}"/>'
    )
    xml = document(start(), el("intermediateThrowEvent", "x", thrown), end(), line("s", "x", "e")).decode()
    xml = xml.replace(
        "<bpmn:definitions ", '<bpmn:definitions xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    )
    assert [each.check for each in problems(xml.encode())] == ["extension"]


def test_a_user_task_of_camunda_8_has_its_form_group_and_date() -> None:
    inner = (
        '<extensionElements><zeebe:userTask/><zeebe:formDefinition formId="decide"/>'
        '<zeebe:assignmentDefinition candidateGroups="office"/><zeebe:taskSchedule dueDate="=due"/>'
        '<zeebe:properties><zeebe:property name="a" value="b"/></zeebe:properties></extensionElements>'
    )
    node = read(written(inner=inner).encode()).node("t")
    assert (node.form_key, node.groups, node.due, node.properties) == ("decide", "office", "=due", {"a": "b"})


# Other tools


def test_an_event_defined_once_for_the_file_is_the_event_of_who_refers_to_it() -> None:
    more = '<bpmn:timerEventDefinition id="td"><bpmn:timeDuration>P3D</bpmn:timeDuration></bpmn:timerEventDefinition>'
    catch = el("intermediateCatchEvent", "x", "<bpmn:eventDefinitionRef>td</bpmn:eventDefinitionRef>")
    process = read(document(start(), catch, end(), line("s", "x", "e"), more=more))
    event = process.node("x").event
    assert event is not None and (event.kind, event.text) == ("timer", "P3D")
    lost = el("intermediateCatchEvent", "x", "<bpmn:eventDefinitionRef>gone</bpmn:eventDefinitionRef>")
    assert checks(start(), lost, end(), line("s", "x", "e")) == ["unsupported"]


def test_a_namespace_that_is_no_address_says_nothing() -> None:
    xml = written().replace('id="d"', 'xmlns:Odd="http://A.3.0/Initial Import/Process" id="d"')
    assert read(xml.encode()).node("t").name == "Revisión"


def test_blanks_before_the_declaration_and_a_wrong_width_are_borne_and_lines_stay() -> None:
    xml = "\n\n" + written()
    assert read(xml.encode()).node("t").line == 2 + 5
    narrow = written().replace("UTF-8", "utf-16").encode()
    assert read(narrow).node("t").name == "Revisión"


def test_a_file_of_a_tool_that_executes_nothing_is_read_as_drawn() -> None:
    one = read(written(process='id="p" isExecutable="false" processType="Private"').encode())
    assert check(one) == ()
    inner = (
        '<documentation textFormat="text/x-comments"/><extensionElements>'
        '<signavio:signavioMetaData xmlns:signavio="http://www.signavio.com" metaKey="bgcolor" metaValue="#fff"/>'
        '<bizagi:BizagiExtensions xmlns:bizagi="http://www.bizagi.com/bpmn20"/>'
        '<vdx:shape xmlns:vdx="http://schemas.microsoft.com/visio/2003/core" id="t"/>'
        '<triso:x xmlns:triso="http://www.trisotech.com/2015/triso/modeling"><![CDATA[a < b]]></triso:x>'
        "</extensionElements><!-- a remark --><?tool says?><standardLoopCharacteristics>"
        "<loopCondition>=again</loopCondition></standardLoopCharacteristics>"
    )
    assert read(written(inner=inner).encode()).node("t").loop is not None


POOLS = (
    '<collaboration id="c"><participant id="ours" name="Alcaldía" processRef="p"/>'
    '<participant id="theirs" name="Banco" processRef="q"/><participant id="box" name="Ciudadana"/>'
    '<messageFlow id="mf" sourceRef="box" targetRef="t"/></collaboration>'
)
SECOND = '<process id="q"><startEvent id="qs"/><sequenceFlow id="qf" sourceRef="qs" targetRef="qe"/><endEvent id="qe"/>'


def test_of_several_pools_the_executable_one_runs_and_without_one_the_file_asks_which() -> None:
    xml = written(around=POOLS).replace("</definitions>", f"{SECOND}</process></definitions>")
    (asked,) = problems(xml.encode())
    assert asked.check == "which-process" and "(p, q)" in asked.say["es"]
    assert process_ids(xml.encode()) == ("p", "q")
    assert read(xml.encode(), process_id="q").nodes.keys() == {"qs", "qe"}
    marked = xml.replace('<process id="p">', '<process id="p" isExecutable="true">')
    assert read(marked.encode()).id == "p"


def test_a_process_without_an_id_or_without_anything_is_refused_under_a_name() -> None:
    assert [(each.element, each.check) for each in problems(written(process="").encode())] == [
        ("process", "no-id")
    ]
    empty = f'<definitions xmlns="{MODEL}"><process/><process id="b"/></definitions>'
    assert [each.check for each in problems(empty.encode())] == ["which-process"]
    single = f'<definitions xmlns="{MODEL}"><process id="b"/></definitions>'
    assert [(each.element, each.check) for each in problems(single.encode())] == [("b", "empty")]


def test_a_process_without_anything_in_it_is_drawn_empty() -> None:
    assert svg(survey(document()).process).endswith("</svg>")
    assert svg(survey(document(start(), sub("x"), end(), line("s", "x", "e"))).process).count("<rect") == 1


def test_a_diagram_that_misses_shapes_is_drawn_as_far_as_it_goes() -> None:
    di = (
        '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/'
        '20100524/DC" xmlns:w="http://www.omg.org/spec/DD/20100524/DI"><di:BPMNPlane bpmnElement="p">'
        '<di:BPMNShape bpmnElement="t"><dc:Bounds x="10" y="20" width="100" height="80"/><di:BPMNLabel/></di:BPMNShape>'
        '<di:BPMNShape bpmnElement="s"/><di:BPMNShape bpmnElement="e"><dc:Bounds x="a" y="1" width="2" height="3"/>'
        '</di:BPMNShape><di:BPMNShape bpmnElement="gone"/><di:BPMNEdge bpmnElement="f"><w:waypoint x="1" y="1"/>'
        '</di:BPMNEdge><di:BPMNEdge bpmnElement="g"><w:waypoint x="1" y="1"/><w:waypoint x="9" y="9"/></di:BPMNEdge>'
        "</di:BPMNPlane></di:BPMNDiagram>"
    )
    drawing = read(written().replace("</definitions>", f"{di}</definitions>").encode()).drawing
    assert [box.element for box in drawing.boxes] == ["t"]
    assert [edge.element for edge in drawing.lines] == ["g"]


def test_an_element_on_the_border_of_what_bears_none_is_drawn_all_the_same() -> None:
    into = (start(), user("a"), boundary("b", "a", timer("P1D")), end(), line("s", "a", "b", "e"))
    assert checks(*into) == ["flow-in"]
    assert "<svg" in svg(survey(document(*into)).process)


@pytest.mark.parametrize(
    "parts",
    [
        (user("x"), boundary("b", "gone", compensate()), handler("r"),
         '<bpmn:association id="as" sourceRef="b" targetRef="r"/>', el("intermediateThrowEvent", "t", compensate("x"))),
        (user("x", attachedToRef="s"), user("y", triggeredByEvent="true")),
        (el("intermediateCatchEvent", "x", timer("R99999999999/PT1H")), user("y", standard("=a", most=10**12))),
    ],
    ids=["an undoing of nothing", "attributes of other elements", "numbers without measure"],
)  # fmt: skip
def test_what_a_fuzzer_found_is_borne(parts: tuple[str, ...]) -> None:
    reading = survey(document(start(), *parts, end(), line("s", "x", "e")))
    assert svg(reading.process).endswith("</svg>")
    assert reading.problems or check(reading.process)


# What is no BPMN at all


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.bpmn", "x")
    return out.getvalue()


NO_BPMN = {
    "nothing": (b"", "vacío"),
    "blanks": (b"\xef\xbb\xbf \n", "vacío"),
    "archive": (archive(), "ZIP"),
    "json": (b'{"id": 1}', "no empieza con"),
    "words": ("Señores".encode("latin-1"), "no empieza con"),
    "page": (b"<html><br></html>", "bien formado"),
    "other": (b"<a/>", "su ra\u00edz es"),
    "latin": (written().encode("latin-1"), "bien formado"),
    "cut": (written().encode()[:400], "bien formado"),
    "doctype": (b"<!DOCTYPE a>" + written().encode()[38:], "DOCTYPE"),
    "zeroes": (b"\0" * 64, "bien formado"),
    "prefix": (b"<a><x:b/></a>", "bien formado"),
    "large": (b"<" * 20_000_001, "20 MB"),
}


@pytest.mark.parametrize(("xml", "said"), NO_BPMN.values(), ids=NO_BPMN)
def test_what_is_no_bpmn_is_told_in_one_line(xml: bytes, said: str) -> None:
    with pytest.raises(BpmnError) as error:
        process_ids(xml)
    (problem,) = error.value.problems
    assert said in problem.say["es"] and "\n" not in problem.say["es"] + problem.say["en"]


def test_deep_nesting_and_a_huge_name_are_borne() -> None:
    inner = user("t")
    for depth in range(80):
        inner = sub(
            f"u{depth}", start(f"s{depth}"), inner, flow(f"s{depth}", f"u{depth - 1}" if depth else "t")
        )
    process = read(document(start("s"), inner, line("s", "u79")))
    assert check(process) == ()
    assert Case(process).waiting == ["t"]
    assert svg(process).count("<rect") == 81
    long = read(document(start(), user("a", name="x" * 3_000_000), end(), line("s", "a", "e")))
    assert svg(long).count("<tspan") < 10
