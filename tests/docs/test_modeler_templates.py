"""Element templates: valid by the schema that Camunda publishes, one for each verb, and what they write is understood."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from tests.docs.blocks import DOCS
from tests.engine.bpmn_models import document, el, end, ext, line, start

from ruta.config.reference import modeler
from ruta.definitions.lint.verbs import BUILT, FORM_KEYS, OUTCOMES
from ruta.engine.bpmn import Node, read

SCHEMA = (
    Path(__file__).resolve().parents[2]
    / "node_modules/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
)
TEMPLATES = modeler.templates()


def test_the_committed_templates_are_those_of_the_code() -> None:
    assert json.loads((DOCS / "modeler/ruta-element-templates.json").read_text()) == TEMPLATES


def test_the_templates_are_valid_by_the_published_schema() -> None:
    validator = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text()))
    faults = [
        f"{list(each.instance_path)}: {each.message[:200]}" for each in validator.iter_errors(TEMPLATES)
    ]
    assert faults == []
    assert not validator.is_valid([{**TEMPLATES[0], "properties": [{"binding": {"type": "zeebe:nothing"}}]}])


def test_every_verb_task_and_outcome_has_its_form() -> None:
    ids = {each["id"] for each in TEMPLATES}
    assert ids == {f"ruta.{name}" for name in BUILT} | set(FORM_KEYS) | {"ruta.decision", "ruta.end"}
    choices = next(each for each in TEMPLATES if each["id"] == "ruta.end")["properties"][0]["choices"]
    assert {each["value"] for each in choices} == OUTCOMES


def written(template: dict[str, Any]) -> Node:
    """The node that the Modeler writes when every field of a template is filled."""
    parts: dict[str, str] = {}
    io, properties = "", ""
    for each in template["properties"]:
        binding, value = each["binding"], each.get("value", '="x"' if each.get("feel") == "required" else "x")
        match binding["type"]:
            case "zeebe:input":
                io += f"<zeebe:input source='{value}' target='{binding['name']}'/>"
            case "zeebe:output":
                io += f"<zeebe:output source='{binding['source']}' target='{value}'/>"
            case "zeebe:property":
                properties += f"<zeebe:property name='{binding['name']}' value='{value}'/>"
            case "zeebe:userTask":
                parts["userTask"] = ""
            case kind:
                name = kind.removeprefix("zeebe:")
                parts[name] = parts.get(name, "") + f" {binding['property']}='{value}'"
    written = "".join(f"<zeebe:{name}{attributes}/>" for name, attributes in parts.items())
    kind = template["elementType"]["value"].removeprefix("bpmn:")
    inner = ext(
        written,
        f"<zeebe:ioMapping>{io}</zeebe:ioMapping>",
        f"<zeebe:properties>{properties}</zeebe:properties>",
    )
    element = el(kind[0].lower() + kind[1:], "x", inner)
    parts_ = (
        (start(), element, line("s", "x"))
        if kind == "EndEvent"
        else (start(), element, end(), line("s", "x", "e"))
    )
    return read(document(*parts_)).node("x")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each["id"])
def test_what_a_template_writes_is_understood_by_the_engine(template: dict[str, Any]) -> None:
    node = written(template)
    wanted = {
        each["binding"]["name"] for each in template["properties"] if each["binding"]["type"] == "zeebe:input"
    }
    assert {target for _, target in node.inputs} == wanted
    assert node.properties["ruta:name-en"] == "x"
    if node.kind == "serviceTask":
        name = node.job_type.removeprefix("ruta.")
        assert wanted == BUILT[name].needs | BUILT[name].takes
    elif node.kind == "userTask":
        assert node.form_key == template["id"]
        assert node.groups and node.due and "ruta:not-by" in node.properties
    elif node.kind == "businessRuleTask":
        assert node.called_decision and node.result_variable
    else:
        assert "ruta:outcome" in node.properties
