"""The engine alone: expressions, decision tables, processes; CPU time, no database."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ruta.engine import bpmn, dmn, feel

from .clocks import cpu_per_call
from .figures import Figure

GROUP = "Engine (CPU of one call)"
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
FEEL_BAR = 1  # microsecond (design, section 7)
PROCESS = Path(__file__).with_name("process.bpmn")


def measure() -> list[Figure]:
    """A small expression, a table of 12 rules and 4 inputs, and a process loaded, moved by one task and dumped."""
    return [_expression(), _table(), _process()]


def _expression() -> Figure:
    program = feel.compile("if copies > 2 then price * copies else price")
    env, ctx = {"copies": feel.to_feel(3), "price": feel.to_feel(18750)}, feel.Context(now=NOW)
    assert feel.to_json(program(env, ctx)) == 56250
    return Figure(
        GROUP,
        "small FEEL expression",
        cpu_per_call(lambda: program(env, ctx)) * 1e6,
        "µs",
        bar=FEEL_BAR,
        less=True,
    )


def _table() -> Figure:
    model = dmn.load(_twelve_rules())
    given = {"kind": "k2", "age": 70, "place": "online", "victim": False}
    inputs, ctx = {name: feel.to_feel(value) for name, value in given.items()}, feel.Context(now=NOW)
    assert feel.to_json(model.evaluate("price", inputs, ctx).value) == 12
    return Figure(
        GROUP,
        "table of 12 rules × 4 inputs",
        cpu_per_call(lambda: model.evaluate("price", inputs, ctx)) * 1e6,
        "µs",
    )


def _twelve_rules() -> bytes:
    """Rule 12 is the one that holds: no rule before it is spared."""

    def text(tag: str, content: str) -> str:
        return f"<{tag}><text>{content}</text></{tag}>"

    names = ("kind", "age", "place", "victim")
    rows = [
        (f'"k{number % 3}"', f"[{5 * number}..{5 * number + 5})", '"online","office"', "false", str(number))
        for number in range(1, 12)
    ] + [('"k2"', ">= 60", '"online"', "false", "12")]
    rules = "".join(
        "<rule>"
        + "".join(text("inputEntry", cell.replace("<", "&lt;").replace(">", "&gt;")) for cell in row[:4])
        + text("outputEntry", row[4])
        + "</rule>"
        for row in rows
    )
    columns = "".join(f"<input>{text('inputExpression', name)}</input>" for name in names)
    needs = "".join(
        f'<informationRequirement><requiredInput href="#{name}"/></informationRequirement>' for name in names
    )
    data = "".join(
        f'<inputData id="{name}" name="{name}"><variable name="{name}"/></inputData>' for name in names
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="bench" namespace="urn:bench">'
        f'{data}<decision id="price" name="price"><variable name="price"/>{needs}'
        f'<decisionTable hitPolicy="UNIQUE">{columns}<output/>{rules}</decisionTable></decision></definitions>'
    ).encode()


class _Rules:
    """FEEL on the process's own variables; the one decision is fixed."""

    def __init__(self) -> None:
        self._programs: dict[str, feel.Program] = {}

    def evaluate(self, text: str, variables: Any) -> Any:
        env = {name: feel.to_feel(value) for name, value in variables.items()}
        if text not in self._programs:
            self._programs[text] = feel.compile(text)
        return feel.to_json(self._programs[text](env, feel.Context(now=NOW)))

    def decide(self, decision: str, variables: Any) -> tuple[Any, Any]:
        return {"decision": decision, "granted": True}, []


def _process() -> Figure:
    """A case that waits in its review, moved to the approval."""
    process, rules = bpmn.read(PROCESS.read_bytes()), _Rules()
    begun = bpmn.step(process, None, bpmn.Start({"offices": ["a", "b", "c"]}), now=NOW, rules=rules)
    kept = json.dumps(begun.state.to_json())
    review = next(token.id for token in begun.state.tokens if token.node == "review")

    def move() -> str:
        state = bpmn.State.from_json(json.loads(kept))
        moved = bpmn.step(process, state, bpmn.Complete(review, {"ok": True}), now=NOW, rules=rules)
        return json.dumps(moved.state.to_json())

    assert move() != kept
    return Figure(
        GROUP,
        "process: load, complete, dump",
        cpu_per_call(move) * 1000,
        "ms",
        note=f"{len(kept)} bytes of state",
    )
