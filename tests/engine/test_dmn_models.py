"""Models: boxed expressions, knowledge, services, types, imports; and files that are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.engine.dmn_models import decide, decision, document, inputs, literal, model_of, needs, table
from tests.engine.feel_world import WORLD

from ruta.engine import dmn, feel


def entry(name: str, logic: str, type_ref: str = "") -> str:
    variable = f'<variable name="{name}" typeRef="{type_ref}"/>' if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


FACTORIAL = literal("if n < 2 then 1 else n * f(n - 1)")


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (
            f"<context>{entry('x y', literal('a + 1'))}{entry('z', literal('x y * 2'))}</context>",
            {"x y": 3, "z": 6},
        ),
        (f"<context>{entry('x', literal('a'))}{entry('', literal('x + 5'))}</context>", 7),
        (f"<context>{entry('x', literal('a'), 'string')}</context>", {"x": None}),
        (f"<list>{literal('a')}{literal('a * 2')}</list>", [2, 4]),
        (
            f'<relation><column name="k"/><column name="v"/><row>{literal("a")}{literal("1")}</row></relation>',
            [{"k": 2, "v": 1}],
        ),
        (
            f"<conditional><if>{literal('a > 1')}</if><then>{literal('1')}</then><else>{literal('0')}</else></conditional>",
            1,
        ),
        (f"<filter><in>{literal('[1,2,3]')}</in><match>{literal('item >= a')}</match></filter>", [2, 3]),
        (
            f'<for iteratorVariable="i"><in>{literal("[1..3]")}</in><return>{literal("i * a")}</return></for>',
            [2, 4, 6],
        ),
        (
            f'<some iteratorVariable="i"><in>{literal("[1,2]")}</in><satisfies>{literal("i = a")}</satisfies></some>',
            True,
        ),
        (
            f'<every iteratorVariable="i"><in>{literal("[1,2]")}</in><satisfies>{literal("i = a")}</satisfies></every>',
            False,
        ),
        (
            f'<invocation>{literal("function(p, q) p - q")}<binding><parameter name="q"/>{literal("1")}</binding>'
            f'<binding><parameter name="p"/>{literal("a")}</binding></invocation>',
            1,
        ),
        (
            "<context>"
            + entry(
                "f",
                f'<functionDefinition><formalParameter name="n"/>{FACTORIAL}</functionDefinition>',
            )
            + entry("", literal("f(a + 2)"))
            + "</context>",
            24,
        ),
    ],
)
def test_every_boxed_expression_has_its_value(logic: str, expected: Any) -> None:
    assert decide(model_of(logic), a=2) == expected


KNOWLEDGE = (
    '<businessKnowledgeModel id="k" name="power of"><variable name="power of"/><encapsulatedLogic>'
    '<formalParameter name="base" typeRef="number"/><formalParameter name="n" typeRef="number"/>'
    + literal("if n = 0 then 1 else base * power of(base, n - 1)")
    + "</encapsulatedLogic></businessKnowledgeModel>"
)
USES = '<knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>'


def test_knowledge_is_a_function_that_may_call_itself() -> None:
    model = dmn.load(
        document(
            KNOWLEDGE + inputs("a") + decision("d", literal("power of(n: a, base: 2)"), needs("a") + USES)
        )
    )
    assert decide(model, a=10) == 1024
    assert decide(model, a="x") is None
    assert feel.to_json(model.evaluate("power of", {"base": 3, "n": 2}, WORLD).value) == 9


def test_a_service_replaces_its_inputs_by_what_it_is_given() -> None:
    required = '<informationRequirement><requiredDecision href="#x"/></informationRequirement>'
    service = (
        '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#y"/>'
        '<inputDecision href="#x"/><inputData href="#in_a"/></decisionService>'
    )
    uses = '<knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>'
    body = inputs("a") + decision("x", literal("1")) + decision("y", literal("x + a"), required + needs("a"))
    model = dmn.load(document(body + service + decision("d", literal("s(10, 100)"), uses)))
    assert decide(model, a=5) == 110
    assert decide(model, "y", a=5) == 6
    assert decide(model, "s", a=1, x=2) == 3


ITEMS = (
    '<itemDefinition name="tAge"><typeRef>number</typeRef><allowedValues>'
    "<text>[0..150]</text></allowedValues></itemDefinition>"
    '<itemDefinition name="tPerson"><itemComponent name="full name"><typeRef>string</typeRef></itemComponent>'
    '<itemComponent name="age"><typeRef>tAge</typeRef></itemComponent></itemDefinition>'
    '<itemDefinition name="tPeople" isCollection="true"><typeRef>tPerson</typeRef></itemDefinition>'
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([{"full name": "Ana", "age": 20}], ["Ana"]),
        ({"full name": "Ana", "age": 20}, ["Ana"]),
        ([{"full name": "Ana", "age": 200}], None),
        ([{"full name": 7, "age": 20}], None),
        ([{"age": 20}], None),
    ],
)
def test_an_input_is_brought_into_its_type_or_is_null(given: Any, expected: Any) -> None:
    data = '<inputData id="in_p" name="p"><variable name="p" typeRef="tPeople"/></inputData>'
    logic = decision("d", literal("if p = null then null else p.full name"), needs("p"))
    assert decide(dmn.load(document(ITEMS + data + logic)), p=given) == expected


def test_a_decision_whose_value_is_not_of_its_type_is_null_and_says_so() -> None:
    outcome = model_of(literal("a"), type_ref="string").evaluate("d", {"a": 1}, WORLD)
    assert outcome.value is None
    assert outcome.findings[0].say == {"es": "d no es de tipo string.", "en": "d is not a string."}


def test_a_null_says_why_in_both_languages() -> None:
    outcome = model_of(literal('[nothing, a + "x", substring(a, 1)]')).evaluate(
        "d", {"a": 1, "b": None}, WORLD
    )
    assert [finding.say["es"] for finding in outcome.findings] == [
        "No hay ninguna variable nothing.",
        "number + string no tiene valor.",
        "La función substring no recibe (number, number).",
    ]


def test_an_input_that_is_missing_and_a_name_that_no_input_has_are_told() -> None:
    model = dmn.load(
        document(inputs("income", "age") + decision("d", literal("income + 1"), needs("income", "age")))
    )
    outcome = model.evaluate("d", {"incme": 5, "age": 3}, WORLD)
    assert outcome.value is None
    told = {finding.check: finding.say for finding in outcome.findings}
    assert told["input-missing"] == {
        "es": "d: no se dio la entrada «income»; vale null.",
        "en": "d: the input “income” was not given; it is null.",
    }
    assert told["input-unknown"] == {
        "es": "d: ninguna entrada se llama «incme». ¿Quiso decir income?",
        "en": "d: no input is called “incme”. Did you mean income?",
    }
    assert model.evaluate("d", {"income": None, "age": 3}, WORLD).findings[0].check == "null"
    assert not model.evaluate("d", {"income": 5, "age": 3}, WORLD).findings


def test_the_parameters_of_knowledge_and_services_count_as_inputs() -> None:
    model = dmn.load(document(KNOWLEDGE))
    assert not model.evaluate("power of", {"base": 2, "n": 3}, WORLD).findings
    checks = [finding.check for finding in model.evaluate("power of", {"bas": 2, "n": 3}, WORLD).findings]
    assert "input-missing" in checks and "input-unknown" in checks


def test_a_reference_that_leads_nowhere_is_told_with_its_line_and_the_nearest_name(tmp_path: Path) -> None:
    body = "\n".join(
        [
            '<import name="sh" namespace="urn:shared" locationURI="sharde.dmn"/>',
            inputs("income"),
            decision("d", literal("income"), needs("incme"), "tRat"),
            '<itemDefinition id="i1" name="tRate"><typeRef>number</typeRef></itemDefinition>',
        ]
    )
    (tmp_path / "main.dmn").write_bytes(document(body))
    (tmp_path / "shared.dmn").write_bytes(document("", namespace="urn:other"))
    with pytest.raises(dmn.DmnError) as refused:
        dmn.load(tmp_path / "main.dmn")
    faults = {(fault.line, fault.say["en"]) for fault in refused.value.faults}
    assert (1, "The imported model sharde.dmn is not found. Did you mean shared.dmn?") in faults
    assert (3, "The reference #in_incme does not exist. Did you mean #in_income (income)?") in faults
    assert any(line == 3 and "Did you mean tRate?" in said for line, said in faults)
    assert any("¿Quiso decir tRate?" in fault.say["es"] for fault in refused.value.faults)
    assert all(fault.line for fault in refused.value.faults)
    assert "(línea 3)" in refused.value.say["es"] and "(line 3)" in refused.value.say["en"]


def test_an_imported_model_is_found_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "shared.dmn").write_bytes(
        document(
            ITEMS + KNOWLEDGE + inputs("rate") + decision("r", literal("rate * 2"), needs("rate")),
            namespace="urn:shared",
        )
    )
    imports = (
        '<import name="sh" namespace="urn:shared" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
    )
    required = (
        '<informationRequirement><requiredDecision href="urn:shared#r"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="urn:shared#k"/></knowledgeRequirement>'
    )
    body = (
        imports
        + inputs("a")
        + decision("d", literal("sh.power of(a, 2) + sh.r"), required + needs("a"), "number")
    )
    (tmp_path / "main.dmn").write_bytes(document(body))
    model = dmn.load(tmp_path / "main.dmn")
    assert decide(model, a=3, rate=4) == 17
    assert decide(model, a=3, sh={"rate": 5}) == 19
    (tmp_path / "shared.dmn").unlink()
    with pytest.raises(dmn.DmnError, match="urn:shared is not found"):
        dmn.load(tmp_path / "main.dmn")


def test_an_import_cannot_leave_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.dmn").write_bytes(document("", namespace="urn:secret"))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "main.dmn").write_bytes(
        document('<import name="x" namespace="urn:secret" locationURI="../secret.dmn"/>')
    )
    with pytest.raises(dmn.DmnError, match="not found"):
        dmn.load(tmp_path / "in" / "main.dmn")


@pytest.mark.parametrize(
    ("xml", "says"),
    [
        (b"<definitions", "Not XML"),
        (b"<html/>", "not DMN"),
        (b'<!DOCTYPE d [<!ENTITY x "y">]><definitions/>', "DOCTYPE"),
        (document(decision("d", literal("1 +"))), "a value was expected"),
        (document(decision("d", literal("1"), needs("nobody"))), "in_nobody does not exist"),
        (document(decision("d", table([("-", "1")], [("1", "")], policy="BEST"))), "no hit policy BEST"),
        (document(decision("d", table([("-",)]))), "one cell per column"),
        (
            document(
                decision(
                    "d",
                    literal("d"),
                    '<informationRequirement><requiredDecision href="#d"/></informationRequirement>',
                )
            ),
            "depends on itself",
        ),
        (document(decision("d", '<functionDefinition kind="Java"/>')), "kind Java is not executed"),
        (document(decision("d", literal("1"), type_ref="tNobody")), "type tNobody does not exist"),
    ],
)
def test_what_cannot_be_executed_is_refused_with_its_place(xml: bytes, says: str) -> None:
    with pytest.raises(dmn.DmnError) as refused:
        dmn.load(xml)
    assert says in str(refused.value)
    assert all(fault.say["es"] and fault.say["en"] for fault in refused.value.faults)


def test_all_faults_of_a_file_are_told_at_once_by_element_and_line() -> None:
    xml = document("\n" + decision("x", literal("1 +")) + "\n" + decision("y", literal(")")))
    with pytest.raises(dmn.DmnError) as refused:
        dmn.load(xml)
    assert [fault.line for fault in refused.value.faults] == [2, 3]


def test_a_bearing_reader_takes_null_for_what_is_not_feel() -> None:
    model = dmn.load(document(decision("d", literal("1 +"))), strict=False)
    assert decide(model) is None
    assert len(model.faults) == 1


def test_an_unknown_decision_is_an_error_that_lists_those_there_are() -> None:
    with pytest.raises(dmn.DmnError, match="there are: d"):
        model_of(literal("1")).evaluate("e", {}, WORLD)
