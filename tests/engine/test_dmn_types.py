"""The types of decisions before they run, and values from outside brought to the types of their inputs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.engine.dmn_models import decision, document, inputs, literal, needs, requires, table
from tests.engine.feel_world import WORLD

from ruta.engine import dmn, feel
from ruta.engine.feel.typed import from_json, from_text
from ruta.engine.feel.types import ANY, SIMPLE, Type, shown

FORM = feel.type_of_schema(
    {
        "properties": {
            "copies": {"type": "integer"},
            "born": {"type": "string", "format": "date"},
            "people": {"type": "array", "items": {"properties": {"age": {"type": "number"}}}},
        }
    }
)


def entry(name: str, logic: str, type_ref: str = "") -> str:
    variable = f'<variable name="{name}" typeRef="{type_ref}"/>' if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def model_of(logic: str, type_ref: str = "") -> dmn.Model:
    return dmn.load(document(inputs("form") + decision("d", logic, needs("form"), type_ref)))


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (literal("form.copies * 2"), "number"),
        (literal("form.copies", "string"), "string"),
        (table([("> 1", '"x"'), ("<= 1", '"y"')], [("form.copies", "")]), "string"),
        (table([("> 1", '"x"')], [("form.copies", "")], policy="COLLECT"), "list<string>"),
        (table([("> 1", "1")], [("form.copies", "")], policy="COLLECT", aggregation="SUM"), "number"),
        (table([("> 1", '"x"')], [("form.copies", "")], policy="COLLECT", aggregation="COUNT"), "number"),
        (
            table([("> 1", "1", '"x"')], [("form.copies", "")], outputs=[("n", ""), ("t", "")]),
            "context<n: number, t: string>",
        ),
        (
            f"<context>{entry('a', literal('form.copies'))}{entry('b', literal('a + 1'))}</context>",
            "context<a: number, b: number>",
        ),
        (f"<context>{entry('a', literal('1'))}{entry('', literal('string(a)'))}</context>", "string"),
        (f"<context>{entry('a', literal('form'), 'number')}</context>", "context<a: number>"),
        (f"<list>{literal('1')}{literal('form.copies')}</list>", "list<number>"),
        ("<list/>", "list<Any>"),
        (
            f'<relation><column name="k"/><column name="v" typeRef="string"/><row>{literal("1")}{literal("2")}</row>'
            "</relation>",
            "list<context<k: number, v: string>>",
        ),
        (
            f"<conditional><if>{literal('true')}</if><then>{literal('1')}</then><else>{literal('null')}</else></conditional>",
            "number",
        ),
        (
            f"<filter><in>{literal('form.people')}</in><match>{literal('age > 3')}</match></filter>",
            "list<context<age: number>>",
        ),
        (f"<filter><in>{literal('form.copies')}</in><match>{literal('true')}</match></filter>", "Any"),
        (
            f'<for iteratorVariable="p"><in>{literal("form.people")}</in><return>{literal("p.age")}</return></for>',
            "list<number>",
        ),
        (
            f'<some iteratorVariable="p"><in>{literal("form")}</in><satisfies>{literal("p = 1")}</satisfies></some>',
            "boolean",
        ),
        (
            f'<invocation>{literal("function(x) string(x)")}<binding><parameter name="x"/>{literal("1")}</binding>'
            "</invocation>",
            "string",
        ),
        (
            f'<functionDefinition><formalParameter name="n" typeRef="number"/>{literal("n + 1")}</functionDefinition>',
            "function<number> -> number",
        ),
    ],
)
def test_every_boxed_expression_has_a_type(logic: str, expected: str) -> None:
    model = model_of(logic)
    assert shown(dmn.type_of(model, "d", {"form": FORM})) == expected
    findings = [one for one in dmn.check_types(model, {"form": FORM}) if one.check != "comparison"]
    assert findings == []


KNOWLEDGE = (
    '<businessKnowledgeModel id="k" name="k"><variable name="k"/><encapsulatedLogic><formalParameter name="n" '
    f'typeRef="number"/>{literal("n + 1")}</encapsulatedLogic></businessKnowledgeModel>'
)


def test_types_flow_through_the_graph_and_across_imports() -> None:
    shared = document(KNOWLEDGE + decision("r", literal("1"), "", "number"), namespace="urn:s")
    needs_all = (
        requires("requiredDecision", "#first")
        + requires("requiredKnowledge", "#k")
        + requires("requiredDecision", "urn:s#r")
        + requires("requiredKnowledge", "urn:s#k")
    )
    body = (
        '<import name="s" namespace="urn:s"/>'
        + inputs("form")
        + KNOWLEDGE
        + decision("first", literal("form.copies"), needs("form"))
        + decision("d", literal("k(first) + s.r"), needs_all)
        + decision("e", literal("s.k(first)"), needs_all)
    )
    model = dmn.load(document(body), resolve=lambda wanted: shared)
    assert shown(dmn.type_of(model, "d", {"form": FORM})) == "number"
    assert dmn.check_types(model, {"form": FORM}) == ()


@pytest.mark.parametrize(
    ("logic", "type_ref", "check", "says"),
    [
        (literal("form.copis"), "", "unknown-entry", "Did you mean copies?"),
        (literal("form.copies + form.born"), "", "operator", "number + date has no value"),
        (table([('"x"', "1")], [("form.copies", "")]), "", "comparison", "number = string is always null"),
        (table([("1", '1 + "x"')], [("form.copies", "")]), "", "operator", "number + string"),
        (
            table([("1", "1")], [("upper case(form.copies)", "")]),
            "",
            "arguments",
            "upper case does not take (number)",
        ),
        (literal("form.copies"), "string", "result-type", "d declares string and its value is a number"),
        (literal("form.people"), "number", "result-type", "its value is a list<context<age: number>>"),
        (f"<list>{literal('form.copies + true')}</list>", "", "operator", "number + boolean"),
    ],
)
def test_what_gives_null_for_certain_is_told_with_its_line(
    logic: str, type_ref: str, check: str, says: str
) -> None:
    findings = dmn.check_types(model_of(logic, type_ref), {"form": FORM})
    assert check in {finding.check for finding in findings}
    assert any(says in finding.say["en"] and finding.say["en"].startswith("Line 1: ") for finding in findings)
    assert all(finding.say["es"].startswith("Línea 1: ") for finding in findings)


def test_a_value_may_be_brought_into_the_type_that_is_declared() -> None:
    for text, type_ref in (
        ("form.born", "dateTime"),
        ("[form.copies]", "number"),
        ("null", "string"),
        ("x", "date"),
    ):
        model = model_of(literal(text), type_ref)
        assert [
            one.check
            for one in dmn.check_types(model, {"form": FORM, "x": ANY})
            if one.check == "result-type"
        ] == []
    wrapped = '<itemDefinition name="tList" isCollection="true"><typeRef>number</typeRef></itemDefinition>'
    model = dmn.load(
        document(wrapped + inputs("form") + decision("d", literal("form.copies"), needs("form"), "tList"))
    )
    assert dmn.check_types(model, {"form": FORM}) == ()


PERSON = Type("context", fields={"born": SIMPLE["date"], "ages": Type("list", SIMPLE["number"])})


@pytest.mark.parametrize(
    ("given", "of", "expected"),
    [
        ("2026-01-01", SIMPLE["date"], date(2026, 1, 1)),
        ("nonsense", SIMPLE["date"], "nonsense"),
        ("2026-01-01", SIMPLE["string"], "2026-01-01"),
        (["2026-01-01"], Type("list", SIMPLE["date"]), [date(2026, 1, 1)]),
        ("2026-01-01", Type("list", SIMPLE["date"]), date(2026, 1, 1)),
        (5, Type("list", SIMPLE["number"]), 5),
        ({"born": "2026-01-01", "more": 1}, PERSON, {"born": date(2026, 1, 1), "more": 1}),
        ({"born": "2026-01-01"}, ANY, {"born": "2026-01-01"}),
        (1.5, SIMPLE["number"], Decimal("1.5")),
    ],
)
def test_json_is_read_by_the_type_that_is_wanted(given: Any, of: Type, expected: Any) -> None:
    assert from_json(given, of) == expected


@pytest.mark.parametrize(
    ("given", "of", "expected"),
    [
        ("", SIMPLE["string"], None),
        ("007", SIMPLE["string"], "007"),
        ("007", SIMPLE["number"], "007"),
        ("1.50", SIMPLE["number"], Decimal("1.50")),
        ("TRUE", SIMPLE["boolean"], True),
        ("si", SIMPLE["boolean"], "si"),
        ("true", ANY, True),
        ("-3", ANY, -3),
        ("007", ANY, "007"),
        ("2026-01-01", ANY, date(2026, 1, 1)),
        ("Ana", ANY, "Ana"),
        ("2026-01-01", SIMPLE["date"], date(2026, 1, 1)),
        ("nonsense", SIMPLE["date"], "nonsense"),
    ],
)
def test_a_cell_is_read_by_the_type_that_is_wanted(given: str, of: Type, expected: Any) -> None:
    assert from_text(given, of) == expected


def test_columns_with_points_are_entries_of_an_input() -> None:
    data = (
        '<itemDefinition name="tP"><itemComponent name="born"><typeRef>date</typeRef></itemComponent></itemDefinition>'
        '<inputData id="in_p" name="p"><variable name="p" typeRef="tP"/></inputData>'
        '<inputData id="in_q" name="q.r"><variable name="q.r" typeRef="number"/></inputData>'
    )
    model = dmn.load(document(data + decision("d", literal("p.born.year"), needs("p"))))
    read = model.read_text({"p.born": "2026-01-01", "p.name": "Ana", "q.r": "1", "z": ""})
    assert read == {"p": {"born": date(2026, 1, 1), "name": "Ana"}, "q.r": 1, "z": None}
    assert model.read_json({"p": {"born": "2026-01-01"}}) == {"p": {"born": date(2026, 1, 1)}}
    assert model.evaluate("d", model.read_json({"p": {"born": "2026-01-01"}}), WORLD).value == 2026
