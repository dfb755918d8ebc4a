"""Reading a file: what is understood, and what is refused by name, id and line."""

import re
from pathlib import Path

import pytest
from tests.engine.bpmn_models import (
    HEAD,
    boundary,
    compensate,
    document,
    el,
    end,
    error,
    ext,
    flow,
    gate,
    io,
    line,
    message,
    multi,
    prop,
    run,
    script,
    service,
    start,
    sub,
    timer,
    user,
)
from tests.engine.miwg import MODELS, rows

from ruta.engine.bpmn import (
    BpmnError,
    BpmnProblem,
    RuleEvaluated,
    Waiting,
    check,
    expressions,
    process_ids,
    read,
    survey,
    svg,
)


def refused(*parts: str) -> tuple[BpmnProblem, ...]:
    with pytest.raises(BpmnError) as error:
        read(document(*parts))
    return error.value.problems


def only(*parts: str) -> BpmnProblem:
    (problem,) = refused(*parts)
    assert problem.say["es"] and problem.say["en"] and problem.line > 0
    return problem


def around(node: str, *more: str, name: str = "x") -> tuple[str, ...]:
    return (start(), node, end(), line("s", name, "e"), *more)


def test_a_user_task_keeps_what_its_holder_needs() -> None:
    task = user(
        "u",
        "<bpmn:documentation>Mire bien.</bpmn:documentation>",
        ext(
            '<zeebe:formDefinition formKey="ruta.decide"/>',
            '<zeebe:assignmentDefinition candidateGroups="=[&quot;registrar@&quot; + office]" assignee="=who"/>',
            '<zeebe:taskSchedule dueDate="=due"/>',
            io({"outcomes": '=["grant", "refuse"]', "note": "plain"}),
            '<zeebe:properties><zeebe:property name="ruta:stage" value="study"/></zeebe:properties>',
        ),
        name="Revisar",
    )
    case = run(*around(task, name="u"), office="1501", who="ana", due="2026-05-19")
    node = case.process.node("u")
    assert (node.kind, node.name, node.form_key) == ("userTask", "Revisar", "ruta.decide")
    assert (node.properties, node.documentation) == ({"ruta:stage": "study"}, "Mire bien.")
    assert node.line == 12
    waiting = next(effect for effect in case.effects if isinstance(effect, Waiting))
    assert waiting.inputs == {
        "outcomes": ["grant", "refuse"],
        "note": "plain",
        "groups": ["registrar@1501"],
        "due": "2026-05-19",
        "assignee": "ana",
    }


def test_literal_groups_are_a_list_separated_by_commas() -> None:
    task = user("u", ext('<zeebe:assignmentDefinition candidateGroups="registrar, supervisor"/>'))
    case = run(*around(task, name="u"))
    waiting = next(effect for effect in case.effects if isinstance(effect, Waiting))
    assert waiting.inputs["groups"] == ["registrar", "supervisor"]
    assert waiting.inputs["due"] is None


def test_an_output_mapping_keeps_the_rest_of_a_result_out() -> None:
    task = service(
        "x", "ruta.record", io({"register": '="birth"'}, {"entry": "=record.id", "last.entry": "=record"})
    )
    case = run(*around(task))
    case.complete("x", record={"id": 7}, noise=1)
    assert case.variables["entry"] == 7
    assert case.variables["last"] == {"entry": {"id": 7}}
    assert "noise" not in case.variables and "record" not in case.variables


def test_a_result_without_mapping_is_merged_as_it_is() -> None:
    case = run(*around(service("x")))
    case.complete("x", charge={"status": "paid"})
    assert case.variables["charge"] == {"status": "paid"}


def test_a_sub_process_sees_its_own_inputs_and_gives_back_what_it_maps() -> None:
    box = sub(
        "x", ext(io({"local": "=n + 1"}, {"result": "=local * 10"})), start("s2"),
        script("t", "seen", "local"), end("e2"), line("s2", "t", "e2"),
    )  # fmt: skip
    case = run(*around(box), n=1)
    assert case.variables["result"] == 20
    assert case.variables["seen"] == 2
    assert "local" not in case.variables


def test_a_decision_is_an_effect_with_its_hits() -> None:
    called = '<zeebe:calledDecision decisionId="fee" resultVariable="due"/>'
    case = run(*around(el("businessRuleTask", "x", ext(called))), decisions={"fee": {"total": 5}})
    evaluated = next(effect for effect in case.effects if isinstance(effect, RuleEvaluated))
    assert (evaluated.decision, evaluated.variable, evaluated.value) == ("fee", "due", {"total": 5})
    assert case.variables["due"] == {"total": 5}


def test_what_camunda_7_says_is_understood_or_refused_by_name() -> None:
    head = HEAD.replace(
        "<bpmn:definitions ", '<bpmn:definitions xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    )
    body = "".join(around('<bpmn:userTask id="x" camunda:formKey="f" camunda:candidateGroups="a,b" {}/>'))
    xml = head + '<bpmn:process id="p" isExecutable="true">' + body + "</bpmn:process></bpmn:definitions>"
    node = read(xml.replace("{}", 'camunda:asyncBefore="true"').encode()).node("x")
    assert (node.form_key, node.groups) == ("f", "a,b")
    for strange in ('camunda:candidateUsers="ana"', 'camunda:assignee="${who}"'):
        with pytest.raises(BpmnError) as error:
            read(xml.replace("{}", strange).encode())
        assert [problem.check for problem in error.value.problems] == ["extension"]


@pytest.mark.parametrize(
    ("check_id", "parts"),
    [
        ("unsupported", (start(), el("complexGateway", "x"), end(), line("s", "e"))),
        ("unsupported", (start(), el("transaction", "x"), end(), line("s", "e"))),
        ("unsupported", (start(), el("adHocSubProcess", "x"), end(), line("s", "e"))),
        ("no-type", around(el("serviceTask", "x"))),
        ("no-decision", around(el("businessRuleTask", "x"))),
        ("no-script", around(el("scriptTask", "x"))),
        ("no-message", around(el("receiveTask", "x"))),
        ("no-message", around(el("intermediateCatchEvent", "x", "<bpmn:messageEventDefinition/>"))),
        ("no-signal", around(el("intermediateCatchEvent", "x", "<bpmn:signalEventDefinition/>"))),
        ("no-timer", around(el("intermediateCatchEvent", "x", "<bpmn:timerEventDefinition/>"))),
        ("no-condition", around(el("intermediateCatchEvent", "x", "<bpmn:conditionalEventDefinition/>"))),
        ("no-process", around(el("callActivity", "x"))),
        ("timer", around(el("intermediateCatchEvent", "x", timer("soon")))),
        ("compensation", (start(), end(), line("s", "e"), user("x", isForCompensation="true"))),
        ("compensation", around(el("intermediateThrowEvent", "x", compensate("s")))),
        ("compensation", around(el("intermediateThrowEvent", "x", compensate(wait=False)))),
        ("compensation", around(user("x"), boundary("b", "x", compensate()))),
        ("event-here", (*around(user("x")), sub("h", start("hs", compensate()), triggeredByEvent="true"))),
        ("event-here", around(el("intermediateCatchEvent", "x", compensate()))),
        (
            "not-feel",
            around(
                user(
                    "x",
                    "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>n"
                    "</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>",
                )
            ),
        ),
        ("startQuantity", around(user("x", startQuantity="2"))),
        ("instantiate", around(el("receiveTask", "x", messageRef="m_go", instantiate="true"))),
        ("multiple-event", around(el("intermediateCatchEvent", "x", message(), timer("P1D")))),
        ("event-here", around(el("intermediateCatchEvent", "x", error()))),
        ("event-here", around(el("intermediateCatchEvent", "x"))),
        ("no-collection", around(user("x", "<bpmn:multiInstanceLoopCharacteristics/>"))),
        ("no-loop-condition", around(user("x", "<bpmn:standardLoopCharacteristics/>"))),
        ("empty", around(el("subProcess", "x"))),
        ("extension", around(user("x", ext("<zeebe:executionListeners/>")))),
        ("extension", around(user("x", ext('<zeebe:assignmentDefinition candidateUsers="=[1]"/>')))),
        (
            "no-target",
            around(user("x", ext('<zeebe:ioMapping><zeebe:input source="=1"/></zeebe:ioMapping>'))),
        ),
        ("start-by-event", (el("startEvent", "s", error()), end(), line("s", "e"))),
        ("start-by-event", around(sub("x", start("s2", message()), end("e2"), line("s2", "e2")))),
        ("many-starts", (start(), start("s2"), end(), flow("s", "e"), flow("s2", "e"))),
        ("same-id", (start(), user("s"), end(), line("s", "e"))),
        ("no-id", (start(), "<bpmn:userTask/>", end(), line("s", "e"))),
        ("flow-in", (start(), end(), line("s", "e"), user("x"), flow("x", "s"))),
        ("flow-out", (start(), end(), line("s", "e"), user("x"), flow("e", "x"))),
        ("loose-flow", (start(), end(), line("s", "e"), flow("s", "nowhere"))),
        ("attached-to", (start(), end(), line("s", "e"), boundary("b", "s", message()))),
        ("error-interrupts", around(user("x"), boundary("b", "x", error(), interrupting=False))),
        ("default", around(el("exclusiveGateway", "x", default="s_x"))),
        ("loose-link", around(el("intermediateThrowEvent", "x", '<bpmn:linkEventDefinition name="L"/>'))),
        ("event-gateway", (start(), gate("eventBased", "g"), user("u"), line("s", "g", "u"))),
        ("event-start", (start(), end(), line("s", "e"), sub("h", start("hs"), triggeredByEvent="true"))),
    ],
)
def test_what_cannot_be_executed_is_refused_by_name_id_and_line(
    check_id: str, parts: tuple[str, ...]
) -> None:
    assert only(*parts).check == check_id


def test_conditions_must_be_feel_and_complete() -> None:
    parts = (start(), gate("exclusive", "g"), end(), end("e2"), flow("s", "g"))
    assert only(*parts, flow("g", "e", "${ok}"), flow("g", "e2", "=no")).check == "not-feel"
    missing = only(*parts, flow("g", "e"), flow("g", "e2", "=no"))
    assert missing.check == "no-condition"
    assert "«g_e»" in missing.say["es"]
    fork = (start(), gate("parallel", "g"), end(), flow("s", "g"), flow("g", "e", "=x"))
    assert only(*fork).check == "condition-here"


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    problems = refused(start(), el("serviceTask", "a"), el("complexGateway", "b"), end(), line("s", "a", "e"))
    assert [(problem.element, problem.line) for problem in problems] == [("a", 12), ("b", 13)]
    assert "line 12: a" in str(problems[0])


@pytest.mark.parametrize(
    ("xml", "check_id"),
    [
        (b"", "not-xml"),
        (b"not xml", "not-xml"),
        (b"<a/>", "not-bpmn"),
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "doctype"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "doctype"),
        (b"<a>" * 5000 + b"</a>" * 5000, "not-xml"),
        (f"{HEAD}</bpmn:definitions>".encode(), "which-process"),
    ],
)
def test_a_file_that_is_no_process_is_refused(xml: bytes, check_id: str) -> None:
    with pytest.raises(BpmnError) as error:
        read(xml)
    assert [problem.check for problem in error.value.problems] == [check_id]


def test_entities_are_never_expanded_nor_files_read() -> None:
    bomb = b"<!DOCTYPE d [" + b"".join(
        b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10 if n else b"x" * 10) for n in range(10)
    )
    with pytest.raises(BpmnError):
        read(bomb + b"]><d>&a9;</d>")


def test_one_of_several_processes_is_chosen_by_its_id() -> None:
    one = document(*around(user("x"))).decode()
    second = '<bpmn:process id="q" isExecutable="true"><bpmn:startEvent id="qs"/></bpmn:process>'
    both = one.replace("</bpmn:definitions>", f"{second}</bpmn:definitions>").encode()
    assert process_ids(both) == ("p", "q")
    with pytest.raises(BpmnError) as error:
        read(both)
    assert error.value.problems[0].check == "which-process"
    assert read(both, process_id="q").nodes.keys() == {"qs"}


def test_every_expression_is_listed_with_its_place() -> None:
    process = read(
        document(
            start(), user("u", ext(io({"a": "=1", "b": "plain"}), '<zeebe:taskSchedule dueDate="=due"/>')),
            el("userTask", "m", multi("=list", gather=("o", "=item"), until="=done")),
            boundary("b", "m", timer("=span")), gate("exclusive", "g", default="g_e"), end(), end("e2"),
            line("s", "u", "m", "g", "e"), flow("g", "e2", "=n > 1"), flow("b", "e2", id="b_e2"),
        )
    )  # fmt: skip
    found = {(each.element, each.place, each.text) for each in expressions(process)}
    assert found == {
        ("g_e2", "condition", "n > 1"),
        ("u", "input a", "1"),
        ("u", "dueDate", "due"),
        ("m", "inputCollection", "list"),
        ("m", "outputElement", "item"),
        ("m", "condition", "done"),
        ("b", "event", "span"),
    }


def test_a_process_without_start_event_begins_where_no_flow_leads() -> None:
    case = run(user("a"), user("b"), line("a", "b"))
    assert case.waiting == ["a"]


def test_properties_of_an_end_event_are_kept() -> None:
    assert read(document(start(), end(outcome="granted"), line("s", "e"))).node("e").properties == {
        "ruta:outcome": "granted"
    }


REFERENCE_MODELS = [
    "A.1.0",
    "A.2.0",
    "A.2.1",
    "A.3.0",
    "A.4.0",
    "A.4.1",
    "B.1.0",
    "B.2.0",
    "C.1.0",
    "C.1.1",
    "C.2.0",
    "C.3.0",
    "C.4.0",
    "C.5.0",
    "C.6.0",
    "C.7.0",
    "C.8.0",
    "C.8.1",
    "C.9.0",
    "C.9.1",
    "C.9.2",
]
TABLE = re.compile(r"\| ([ABC]\.\d\.\d) \| .*")


def told_of_models() -> list[tuple[str, str]]:
    """The rows of the table in the documentation, each with the name of its model."""
    page = Path(__file__).resolve().parents[2] / "docs" / "reference" / "bpmn.md"
    return [(match[1], match[0]) for match in map(TABLE.match, page.read_text().splitlines()) if match]


def test_the_table_of_reference_models_has_each_of_the_twenty_one() -> None:
    assert list(dict.fromkeys(model for model, _ in told_of_models())) == REFERENCE_MODELS


@pytest.mark.skipif(not MODELS, reason="reference models: not present")
def test_the_table_of_reference_models_in_the_documentation_is_true_of_those_that_are_there() -> None:
    there = {path.stem for path in MODELS}
    assert there <= set(REFERENCE_MODELS)
    assert [row for model, row in told_of_models() if model in there] == list(rows())


@pytest.mark.skipif(not MODELS, reason="reference models: not present")
@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_reference_models_of_other_tools_are_read_or_refused_by_name(path: Path) -> None:
    xml = path.read_bytes()
    ids = process_ids(xml)
    assert ids
    for id in ids:
        reading = survey(xml, process_id=id)
        for problem in reading.problems:
            assert problem.line > 0 and problem.element and problem.say["es"] and problem.say["en"]
        drawn = svg(reading.process)
        assert drawn.startswith("<svg") and drawn.endswith("</svg>")
        if not reading.problems:
            check(reading.process)
            assert read(xml, process_id=id).nodes == reading.process.nodes


EN = "ruta:name-en"


def test_a_name_is_kept_in_both_languages_wherever_it_stands() -> None:
    body = [
        prop(EN, "The process"),
        start("s", prop(EN, "Filed"), name="Radicada"),
        user("u", ext('<zeebe:properties><zeebe:property name="ruta:stage" value="study"/>'
                      '<zeebe:property name="ruta:name-en" value=" Weigh\n it "/></zeebe:properties>'), name="Revisar"),
        end(),
        el("sequenceFlow", "s_u", prop(EN, "yes"), name="sí", sourceRef="s", targetRef="u"),
        line("u", "e"),
    ]  # fmt: skip
    process = read(document(*body))

    assert process.label == {"es": "Proceso", "en": "The process"}
    assert process.node("u").label == {"es": "Revisar", "en": "Weigh it"}
    assert process.node("u").properties["ruta:stage"] == "study"
    assert process.flows["s_u"].label == {"es": "sí", "en": "yes"}
    assert (process.name, process.node("s").name, process.flows["s_u"].name) == ("Proceso", "Radicada", "sí")


def test_an_element_without_english_is_called_by_its_spanish_and_one_without_name_by_its_id() -> None:
    process = read(
        document(start(), user("u", name="Revisar"), el("endEvent", "e", name=""), line("s", "u", "e"))
    )

    assert process.node("u").label == {"es": "Revisar"}
    assert process.node("u").called("en") == "Revisar"
    assert process.node("e").label == {}
    assert (process.node("e").called("es"), process.node("e").called("en")) == ("e", "e")
