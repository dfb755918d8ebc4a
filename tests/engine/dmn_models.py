"""Small decision models for tests, written as rows instead of XML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from tests.engine.feel_world import WORLD

from ruta.engine import dmn, feel

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def document(body: str, *, namespace: str = "urn:test", attributes: str = "") -> bytes:
    """A DMN file with this body."""
    head = f'<definitions xmlns="{NAMESPACE}" name="test" namespace="{namespace}" {attributes}>'
    return f"{head}{body}</definitions>".encode()


def text(tag: str, content: str, attributes: str = "") -> str:
    """An element that holds an expression."""
    return f"<{tag} {attributes}><text>{escape(content)}</text></{tag}>" if content else ""


def inputs(*names: str) -> str:
    """Input data elements of type Any."""
    return "".join(
        f'<inputData id="in_{name}" name="{name}"><variable name="{name}"/></inputData>' for name in names
    )


def needs(*names: str) -> str:
    """Requirements of input data."""
    return "".join(requires("requiredInput", f"#in_{name}") for name in names)


def requires(kind: str, href: str) -> str:
    """One requirement: requiredInput, requiredDecision or requiredKnowledge."""
    of = "knowledge" if kind == "requiredKnowledge" else "information"
    return f'<{of}Requirement><{kind} href="{href}"/></{of}Requirement>'


def literal(expression: str, type_ref: str = "") -> str:
    """A literal expression."""
    return text("literalExpression", expression, f'typeRef="{type_ref}"' if type_ref else "")


def decision(name: str, logic: str, requirements: str = "", type_ref: str = "") -> str:
    """A decision element."""
    of = f'typeRef="{type_ref}"' if type_ref else ""
    return (
        f'<decision id="{name}" name="{name}"><variable name="{name}" {of}/>{requirements}{logic}</decision>'
    )


def table(
    rows: Sequence[Sequence[str]],
    columns: Sequence[tuple[str, str]] = (("a", ""), ("b", "")),
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    outputs: Sequence[tuple[str, str]] = (("", ""),),
    default: str = "",
) -> str:
    """A decision table: `columns` are (expression, allowed values); a row is its cells, then its outputs, then its law."""
    parts = [
        f'<decisionTable hitPolicy="{policy}"' + (f' aggregation="{aggregation}">' if aggregation else ">")
    ]
    for expression, allowed in columns:
        parts.append(f"<input>{text('inputExpression', expression)}{text('inputValues', allowed)}</input>")
    for name, allowed in outputs:
        parts.append(
            f'<output name="{name}">{text("outputValues", allowed)}{text("defaultOutputEntry", default)}</output>'
        )
    parts.append('<annotation name="law"/>')
    width = len(columns)
    for number, row in enumerate(rows, 1):
        cells = "".join(text("inputEntry", cell) for cell in row[:width])
        results = "".join(text("outputEntry", cell) for cell in row[width : width + len(outputs)])
        laws = "".join(text("annotationEntry", law) for law in row[width + len(outputs) :])
        parts.append(f'<rule id="r{number}">{cells}{results}{laws}</rule>')
    return "".join(parts) + "</decisionTable>"


def model_of(logic: str, *names: str, type_ref: str = "") -> dmn.Model:
    """A model with one decision `d` that reads these inputs."""
    names = names or ("a", "b")
    return dmn.load(document(inputs(*names) + decision("d", logic, needs(*names), type_ref)))


def decide(model: dmn.Model, _decision: str = "d", **given: Any) -> Any:
    """The decision's value as JSON."""
    return feel.to_json(model.evaluate(_decision, given, WORLD).value)
