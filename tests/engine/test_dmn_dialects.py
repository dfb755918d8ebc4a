"""Decision models as other tools write them: each is decided, or refused by name and line."""

from __future__ import annotations

from typing import Any

import pytest
from tests.engine.feel_world import WORLD

from ruta.engine import dmn, feel

OMG = {
    "1.1": "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "1.2": "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "1.3": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "1.4": "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/MODEL/",
}
# Camunda Modeler: a table alone, without input data; what it reads are the variables of the process.
CAMUNDA = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{model}" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/"
    xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:camunda="http://camunda.org/schema/1.0/dmn"
    xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="Definitions_1" name="DRD"
    namespace="http://camunda.org/schema/1.0/dmn" modeler:executionPlatform="Camunda Cloud">
  <decision id="dish" name="Dish of the day" camunda:historyTimeToLive="30">
    <decisionTable id="dt" hitPolicy="FIRST">
      <input id="i1" label="Season" camunda:inputVariable="season">
        <inputExpression id="e1" typeRef="string" expressionLanguage="feel"><text>season</text></inputExpression>
      </input>
      <input id="i2"><inputExpression id="e2" typeRef="integer"><text>guests</text></inputExpression></input>
      <input id="i3"><inputExpression id="e3" typeRef="date"><text>day</text></inputExpression></input>
      <output id="o1" name="dish" typeRef="string"/>
      <rule id="r1"><description>Cold days</description>
        <inputEntry id="x1"><text><![CDATA["Fall"]]></text></inputEntry>
        <inputEntry id="x2"><text>&lt;= 8</text></inputEntry>
        <inputEntry id="x3"><text>&gt; date("2026-01-01")</text></inputEntry>
        <outputEntry id="y1"><text>"Spareribs"</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="x4"><text></text></inputEntry><inputEntry id="x5"><text/></inputEntry>
        <inputEntry id="x6"><text> - </text></inputEntry><outputEntry id="y2"><text>"Stew"</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <decision id="bill" name="Bill"><variable name="Bill"/>
    <informationRequirement id="q"><requiredDecision href="#dish"/></informationRequirement>
    <literalExpression><text>Dish of the day + " for " + string(guests)</text></literalExpression></decision>
  <dmndi:DMNDI><dmndi:DMNDiagram id="D"><dmndi:DMNShape id="S" dmnElementRef="dish">
    <dc:Bounds height="80" width="180" x="160" y="100"/></dmndi:DMNShape></dmndi:DMNDiagram></dmndi:DMNDI>
</definitions>"""
# Drools and Trisotech: prefixed elements, typeRef as a child or with the prefix of a namespace, empty extensions.
DROOLS = """<dmn:definitions xmlns:dmn="{model}" xmlns:feel="{feel}" xmlns:tns="urn:x" xmlns="urn:x" id="_X" name="T"
    xmlns:kie="http://www.drools.org/kie/dmn/1.2" typeLanguage="{feel}" namespace="urn:x">
  <dmn:extensionElements/>
  <dmn:itemDefinition id="_t" name="tDriver" isCollection="false">
    <dmn:itemComponent id="_a" name="Age"><dmn:typeRef>feel:number</dmn:typeRef></dmn:itemComponent>
    <dmn:itemComponent id="_b" name="State Of"><dmn:typeRef>feel:string</dmn:typeRef>
      <dmn:allowedValues kie:constraintType="enumeration"><dmn:text>"CO", "EC"</dmn:text></dmn:allowedValues>
    </dmn:itemComponent></dmn:itemDefinition>
  <dmn:inputData id="_i" name="Driver"><dmn:extensionElements/>
    <dmn:variable id="_v" name="Driver" typeRef="{prefix}tDriver"/></dmn:inputData>
  <dmn:decision id="_d" name="Fine Of"><dmn:question>How much?</dmn:question>
    <dmn:variable name="Fine Of" typeRef="feel:number"/>
    <dmn:informationRequirement id="_r"><dmn:requiredInput href="#_i"/></dmn:informationRequirement>
    <dmn:knowledgeRequirement><dmn:requiredKnowledge href="#_k"/></dmn:knowledgeRequirement>
    <dmn:context><dmn:contextEntry><dmn:variable name="base" typeRef="feel:number"/>
      <dmn:literalExpression><dmn:text>Driver.Age * 2</dmn:text></dmn:literalExpression></dmn:contextEntry>
      <dmn:contextEntry><dmn:literalExpression><dmn:text> add it(base, 1) </dmn:text></dmn:literalExpression>
      </dmn:contextEntry></dmn:context></dmn:decision>
  <dmn:businessKnowledgeModel id="_k" name="add it"><dmn:variable name="add it"/>
    <dmn:encapsulatedLogic kind="FEEL"><dmn:formalParameter name="a"/><dmn:formalParameter name="b"/>
      <dmn:literalExpression><dmn:text>a + b</dmn:text></dmn:literalExpression></dmn:encapsulatedLogic>
  </dmn:businessKnowledgeModel></dmn:definitions>"""
AUTUMN = {"season": "Fall", "guests": 5, "day": "2026-03-02"}


def camunda(version: str = "1.3", old: str = "", new: str = "") -> bytes:
    assert old in CAMUNDA
    return CAMUNDA.replace(old, new, 1).format(model=OMG[version]).encode()


def decided(xml: bytes, decision: str, given: dict[str, Any]) -> tuple[Any, list[tuple[str, str]]]:
    """The value on inputs as JSON has them, and the findings."""
    model = dmn.load(xml)
    outcome = model.evaluate(decision, model.read_json(given), WORLD)
    return feel.to_json(outcome.value), [(finding.check, finding.say["en"]) for finding in outcome.findings]


@pytest.mark.parametrize("version", OMG)
def test_a_table_alone_decides_on_what_its_columns_name(version: str) -> None:
    assert decided(camunda(version), "Dish of the day", AUTUMN) == ("Spareribs", [])
    assert decided(camunda(version), "Dish of the day", AUTUMN | {"guests": 9}) == ("Stew", [])
    assert decided(camunda(version), "Bill", AUTUMN) == ("Spareribs for 5", [])


def test_a_decision_is_asked_for_by_its_id_as_camunda_refers_to_it() -> None:
    assert decided(camunda(), "dish", AUTUMN)[0] == "Spareribs"
    with pytest.raises(dmn.DmnError, match="Did you mean Dish of the day"):
        decided(camunda(), "Dish of the dy", AUTUMN)


def test_a_table_alone_tells_what_it_was_not_given_and_what_it_does_not_read() -> None:
    value, found = decided(camunda(), "Dish of the day", {"seson": "Fall", "guests": 5, "day": "2026-03-02"})
    assert value == "Stew"
    assert [check for check, _ in found] == ["input-missing", "input-unknown"]
    assert "Did you mean season" in found[1][1]


def test_who_checks_names_asks_for_a_declaration_all_the_same() -> None:
    told = [finding.say["en"] for finding in dmn.check_names(dmn.load(camunda()))]
    assert [text.split("”")[0].split("“")[1] for text in told] == ["season", "guests", "day", "guests"]


def test_where_input_data_is_declared_another_name_is_a_slip_of_the_pen() -> None:
    declared = '<inputData id="in" name="season"><variable name="season"/></inputData>\n  <decision id="bill"'
    value, found = decided(camunda(old='<decision id="bill"', new=declared), "Bill", AUTUMN)
    assert value is None
    assert ("null", "There is no variable guests.") in found


@pytest.mark.parametrize(("version", "feel_uri", "prefix"), [
    ("1.1", "http://www.omg.org/spec/FEEL/20140401", ""),
    ("1.2", "http://www.omg.org/spec/DMN/20180521/FEEL/", "tns:"),
    ("1.5", "https://www.omg.org/spec/DMN/20230324/FEEL/", "tns:"),
])  # fmt: skip
def test_prefixes_and_types_as_children_are_read(version: str, feel_uri: str, prefix: str) -> None:
    xml = DROOLS.format(model=OMG[version], feel=feel_uri, prefix=prefix).encode()
    assert decided(xml, "Fine Of", {"Driver": {"Age": 20, "State Of": "CO"}}) == (41, [])
    value, found = decided(xml, "Fine Of", {"Driver": {"Age": 20, "State Of": "XX"}})
    assert value is None and found[0][0] == "null"


@pytest.mark.parametrize(("old", "new", "place"), [
    ('"Spareribs"', "“Spareribs”", "r1 (line 14)"),
    ('typeRef="string"/>', 'typeRef="xsd:string"/>', "dish (line 13)"),
    ("&lt;= 8", "${{guests}} &lt; 8", "r1 (line 14)"),
])  # fmt: skip
def test_what_is_not_feel_is_refused_by_place(old: str, new: str, place: str) -> None:
    with pytest.raises(dmn.DmnError) as refused:
        dmn.load(camunda(old=old, new=new))
    assert place in str(refused.value)
