"""Corners of models: boxes that meet null, item definitions, services, and the runner of the conformance kit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.engine.dmn_models import (
    decide,
    decision,
    document,
    inputs,
    literal,
    model_of,
    needs,
    requires,
    table,
)
from tests.engine.feel_world import WORLD

from ruta.engine import dmn, feel
from ruta.engine.dmn import conformance, reader


def loop(kind: str, source: str, body: str) -> str:
    result = "return" if kind == "for" else "satisfies"
    return f'<{kind} iteratorVariable="i"><in>{literal(source)}</in><{result}>{literal(body)}</{result}></{kind}>'


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (f"<invocation>{literal('1')}</invocation>", None),
        (f"<filter><in>{literal('null')}</in><match>{literal('true')}</match></filter>", None),
        (f"<filter><in>{literal('a')}</in><match>{literal('item = 2')}</match></filter>", [2]),
        (loop("for", "null", "i"), None),
        (loop("for", "[1, 2, 3]", "if count(partial) < 1 then i else i + partial[-1]"), [1, 3, 6]),
        (loop("some", "[1, null]", "i > 1"), None),
        (loop("some", "[1, 2]", "i > 1"), True),
        (loop("every", "[1, 2]", "i > 0"), True),
        (loop("every", "[1, 2]", "i"), None),
        (loop("every", "[0, null]", "i > 0"), False),
        (f"<conditional><if>{literal('null')}</if><then>{literal('1')}</then></conditional>", None),
        ("<context><contextEntry/></context>", None),
        ("<relation><column name='k'/></relation>", []),
    ],
)
def test_boxes_that_meet_null(logic: str, expected: Any) -> None:
    assert decide(model_of(logic), a=2) == expected


ITEMS = (
    '<itemDefinition name="tGrade"><typeRef>number</typeRef><allowedValues><text>1, 2, 3</text></allowedValues>'
    "</itemDefinition>"
    '<itemDefinition name="tGrades" isCollection="true"><typeRef>tGrade</typeRef><typeConstraint>'
    "<text>count(?) &lt; 3</text></typeConstraint></itemDefinition>"
    '<itemDefinition name="tSmall"><typeRef>tGrade</typeRef><allowedValues><text>&lt; 3</text></allowedValues>'
    "</itemDefinition>"
    '<itemDefinition name="tTwice"><functionItem outputTypeRef="number"><parameters name="x" typeRef="number"/>'
    "</functionItem></itemDefinition>"
    '<itemDefinition name="tAlias"><typeRef>tGrade</typeRef></itemDefinition>'
)


@pytest.mark.parametrize(
    ("of", "given", "expected"),
    [
        ("tGrade", "2", 2),
        ("tGrade", "4", None),
        ("tGrade", "[3]", 3),
        ("tGrade", '"a"', None),
        ("tGrades", "[1, 2]", [1, 2]),
        ("tGrades", "1", [1]),
        ("tGrades", "[1, 2, 3]", None),
        ("tGrades", "[1, 5]", None),
        ("tSmall", "2", 2),
        ("tSmall", "3", None),
        ("tAlias", "3", 3),
        ("tAlias", "9", None),
        ("string", "1", None),
        ("integer", "1", 1),
    ],
)
def test_item_definitions_limit_what_a_decision_may_give(of: str, given: str, expected: Any) -> None:
    model = dmn.load(document(ITEMS + decision("d", literal(given), "", of)))
    assert decide(model) == expected


def test_a_function_item_is_a_type_and_an_inner_limit_is_checked_in_tables() -> None:
    body = ITEMS + inputs("a") + decision("f", literal("function(x: number) x * 2"), "", "tTwice")
    uses = requires("requiredDecision", "#f") + needs("a")
    model = dmn.load(document(body + decision("d", literal("f(a)"), uses)))
    assert decide(model, a=3) == 6
    clause = table([("1", "0"), ("2", "1")], [("a", "")]).replace(
        "<inputExpression >", '<inputExpression typeRef="tAlias">'
    )
    graded = dmn.load(document(ITEMS + inputs("a") + decision("d", clause, needs("a"))))
    assert [finding.say["en"] for finding in dmn.check_tables(graded)] == ["d: a 3: no rule."]
    assert decide(graded, a=7) is None


def test_an_allowed_value_that_is_not_feel_is_a_fault() -> None:
    bad = (
        '<itemDefinition name="t"><typeRef>number</typeRef><allowedValues><text>1 +</text></allowedValues>'
        "</itemDefinition>"
    )
    with pytest.raises(dmn.DmnError, match="a value was expected"):
        dmn.load(document(bad))
    model = dmn.load(
        document(bad + inputs("a") + decision("d", table([("1 +", "1")], [("a", "")]), needs("a"))),
        strict=False,
    )
    assert decide(model, a=1) is None
    assert len(model.faults) == 2
    assert dmn.check_tables(model) == ()
    assert dmn.check_types(model) == ()


def test_a_service_with_several_outputs_gives_a_context_and_hides_what_it_replaces() -> None:
    service = (
        '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#y"/><outputDecision href="#z"/>'
        '<encapsulatedDecision href="#w"/><inputDecision href="#x"/></decisionService>'
    )
    body = (
        inputs("a")
        + decision("x", literal("a"), needs("a"), "number")
        + decision("w", literal("x * 10"), requires("requiredDecision", "#x"))
        + decision("y", literal("w + 1"), requires("requiredDecision", "#w"))
        + decision("z", literal("w + 2"), requires("requiredDecision", "#w"))
        + service
        + decision("d", literal("s(x: 2)"), requires("requiredKnowledge", "#s"))
        + decision("e", literal('s("two")'), requires("requiredKnowledge", "#s"))
        + decision("g", literal("s()"), requires("requiredKnowledge", "#s"))
    )
    model = dmn.load(document(body))
    assert decide(model) == {"y": 21, "z": 22}
    assert decide(model, "e") is None
    assert decide(model, "g") is None
    assert decide(model, "y", a=1) == 11
    assert decide(model, "s", x=3) == {"y": 31, "z": 32}


def test_a_decision_without_logic_is_null_and_a_table_inside_a_function_is_checked() -> None:
    inner = table([("1", "0")], [("n", "")])
    knowledge = (
        '<businessKnowledgeModel id="k" name="k"><variable name="k"/><encapsulatedLogic><formalParameter name="n"/>'
        f"{inner}</encapsulatedLogic></businessKnowledgeModel>"
    )
    model = dmn.load(document(knowledge + decision("d", "") + '<businessKnowledgeModel id="m" name="m"/>'))
    assert decide(model) is None
    assert [finding.decision for finding in dmn.check_tables(model)] == ["k"]
    assert feel.to_json(model.evaluate("k", {"n": 1}, WORLD).value) == 0


def test_a_table_judges_whatever_kinds_it_meets() -> None:
    rows = [("true", "1"), ('"x", "y"', "2"), ("not(true)", "3"), ("= 5", "4"), ("!= 5", "5"), ("1 +", "6")]
    model = dmn.load(
        document(inputs("a") + decision("d", table(rows, [("a", "")], policy="FIRST"), needs("a"))),
        strict=False,
    )
    assert [decide(model, a=given) for given in (True, "y", 5)] == [1, 2, 3]
    assert {finding.check for finding in dmn.check_tables(model)} <= {"gap", "never", "undecided"}


def test_knowledge_can_be_asked_with_wrong_arguments() -> None:
    knowledge = (
        '<businessKnowledgeModel id="k" name="k"><variable name="k"/><encapsulatedLogic><formalParameter name="n" '
        f'typeRef="number"/>{literal("n + 1")}</encapsulatedLogic></businessKnowledgeModel>'
    )
    model = dmn.load(document(knowledge))
    outcome = model.evaluate("k", {"n": "x"}, WORLD)
    assert outcome.value is None
    assert outcome.findings[0].say["en"] == "The argument n is not a number."
    with pytest.raises(dmn.DmnError, match="there are: "):
        model.evaluate("j", {}, WORLD)


def test_files_of_any_size_and_kind_are_refused_with_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(reader, "_LARGEST", 10)
    with pytest.raises(dmn.DmnError, match="too large"):
        dmn.load(document(""))


def test_an_import_that_is_not_dmn_is_passed_over_and_one_without_a_resolver_is_told(tmp_path: Path) -> None:
    schema = '<import name="x" namespace="urn:x" importType="http://www.w3.org/2001/XMLSchema"/>'
    assert decide(dmn.load(document(schema + decision("d", literal("1"))))) == 1
    with pytest.raises(dmn.DmnError, match="urn:x is not found"):
        dmn.load(document('<import name="x" namespace="urn:x"/>'))
    (tmp_path / "x.dmn").write_bytes(document(decision("r", literal("7")), namespace="urn:x"))
    needs_r = requires("requiredDecision", "urn:x#r")
    body = '<import name="x" namespace="urn:x" locationURI="x.dmn"/>' + decision("d", literal("x.r"), needs_r)
    (tmp_path / "main.dmn").write_bytes(document(body))
    assert decide(dmn.load(tmp_path / "main.dmn")) == 7


def test_a_model_that_imports_itself_ends() -> None:
    body = document('<import name="x" namespace="urn:test"/>')
    with pytest.raises(dmn.DmnError, match="not found"):
        dmn.load(body, resolve=lambda wanted: body)


CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><modelName>{model}</modelName>
<testCase id="1"><inputNode name="a"><value xsi:type="xsd:decimal">2</value></inputNode>
 <inputNode name="b"><component name="on"><value xsi:type="xsd:date">2026-01-01</value></component>
 <component name="l"><list><item><value xsi:type="xsd:boolean">true</value></item></list></component></inputNode>
 <resultNode name="d"><expected><list><item><value xsi:type="xsd:double">2.000000001</value></item>
 <item><value xsi:type="xsd:date">2026-01-01</value></item><item><component name="k">
 <value xsi:type="xsd:boolean">true</value></component></item>
 <item><value xsi:nil="true"/></item></list></expected></resultNode></testCase>
<testCase id="2"><inputNode name="a"><value xsi:type="xsd:string">x</value></inputNode>
 <inputNode name="b"><list xsi:nil="true"/></inputNode>
 <resultNode name="nobody"><expected><value xsi:type="xsd:duration">PT1H</value></expected></resultNode></testCase>
<testCase id="3" type="bkm" invocableName="k"><inputNode name="n">
 <value xsi:type="xsd:dateTime">nonsense</value></inputNode>
 <resultNode name="k"><expected><value xsi:type="xsd:string">unreadable dateTime nonsense</value></expected></resultNode>
</testCase>
<testCase id="4" type="decisionService" invocableName="s"><resultNode name="e"><expected>
 <value xsi:type="xsd:decimal">1</value></expected></resultNode><resultNode name="s"><expected/></resultNode></testCase>
</testCases>"""


def kit(folder: Path, model: str = "m.dmn") -> Path:
    """A kit of one folder; the model is one that is named otherwise than the cases say, or no model at all."""
    here = folder / "compliance-level-3" / "0001-x"
    here.mkdir(parents=True)
    knowledge = (
        '<businessKnowledgeModel id="k" name="k"><variable name="k"/><encapsulatedLogic><formalParameter name="n"/>'
        f"{literal('n')}</encapsulatedLogic></businessKnowledgeModel>"
    )
    service = (
        '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#e"/>'
        '<outputDecision href="#h"/></decisionService>'
    )
    body = (
        inputs("a", "b")
        + knowledge
        + decision("d", literal("[a, b.on, {k: b.l[1]}, null]"), needs("a", "b"))
        + decision("e", literal("1"))
        + decision("h", literal("2"))
        + service
    )
    (here / "m.dmn").write_bytes(document(body) if model == "m.dmn" else b"<nonsense/>")
    (here / "m-test.xml").write_text(CASES.format(model="other.dmn"))
    return folder


def test_the_kits_cases_are_read_run_and_compared(tmp_path: Path) -> None:
    levels = conformance.run(kit(tmp_path))
    report = conformance.total(levels["compliance-level-3"])
    assert [(result.node, result.passed) for result in report.results] == [
        ("d", True),
        ("nobody", False),
        ("k", True),
        ("e", True),
        ("s", False),
    ]
    assert report.columns == (3, 5, 3, 4)
    assert "failed value compliance-level-3/0001-x/m-test/2/nobody" in conformance.listing(levels)
    assert conformance.run(tmp_path / "compliance-level-3").keys() == levels.keys()


def test_a_model_that_cannot_be_read_answers_null_to_all(tmp_path: Path) -> None:
    report = conformance.total(conformance.run(kit(tmp_path, "none"))["compliance-level-3"])
    assert [result.passed for result in report.results] == [False, False, False, False, True]
