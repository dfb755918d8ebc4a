"""The engine alone: expressions, decision tables, processes; CPU time, no database."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from ruta.engine import bpmn, dmn, feel

from .clocks import cpu_per_call
from .figures import Figure

GROUP = "Engine (CPU of one call)"
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
FEEL_BAR = 1  # microsecond (design, section 7)
TABLE_BAR = 30  # microseconds
MANY_BAR = 300_000  # decisions a second
CHECK_BAR = 2  # seconds
ROWS = 100_000
MOVE_BAR = 0.1  # milliseconds to load a case, complete a task and dump it
READ_BAR = 1000  # milliseconds to read a process of ten thousand elements
PEER_BAR = 20  # times faster than SpiffWorkflow on the same file
SPIFF = "RUTA_SPIFF"
"""Names a Python that has SpiffWorkflow; it is LGPL, so it is nobody's dependency and is installed apart."""
PROCESS = Path(__file__).with_name("process.bpmn")


def measure() -> list[Figure]:
    """A small expression; a table, a graph for many rows and the check of a large table; a process moved and read."""
    rules = [_expression(), _table(), _many(distinct=False), _many(distinct=True), _check()]
    return [*rules, process := _process(), *_peer(process.value), *_large()]


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
        bar=TABLE_BAR,
        less=True,
    )


def _many(*, distinct: bool) -> Figure:
    """Two tables, one of which reads the other, for many rows: age and kind give a class, class and amount a fee."""
    ages = [('"child"', "< 18", "-"), ('"adult"', "[18..60)", '"a", "b"'), ('"special"', "[18..60)", '"c"')]
    classes = _decision(
        "class", ["age", "kind"], [(*cells, out) for out, *cells in ages] + [(">= 60", "-", '"senior"')]
    )
    bands = [f"[{band * 1_000_000}..{(band + 1) * 1_000_000})" for band in range(9)] + [">= 9000000"]
    names = ("child", "adult", "special", "senior")
    fees = [(f'"{name}"', band, str(at)) for at, name in enumerate(names) for band in bands]
    model = dmn.load(_model(["age", "kind", "amount"], classes + _decision("fee", ["class", "amount"], fees)))
    chance, ctx = random.Random(1), feel.Context(now=NOW)
    step = 1 if distinct else 50_000
    rows = [
        {
            "age": chance.randrange(100),
            "kind": chance.choice("abc"),
            "amount": chance.randrange(0, 10_000_000, step),
        }
        for _ in range(ROWS)
    ]
    assert model.evaluate_many("fee", rows[:500], ctx).values == [
        model.evaluate("fee", row, ctx).value for row in rows[:500]
    ]
    one = cpu_per_call(lambda: [model.evaluate("fee", row, ctx) for row in rows[:200]]) / 200
    every = cpu_per_call(lambda: model.evaluate_many("fee", rows, ctx)) / ROWS
    return Figure(
        GROUP,
        f"two tables, {ROWS:,} rows, {'all' if distinct else '200'} amounts distinct",
        1 / every,
        "decisions/s",
        bar=MANY_BAR,
        note=f"{one / every:.0f} × row by row",
    )


def _check() -> Figure:
    """1,000 rules of eight inputs, cut like a tree in columns by chance: to be shown that nothing is open or twice."""
    chance, boxes = random.Random(1), [[(0, 1000)] * 8]
    while len(boxes) < 1000:
        at, column = chance.randrange(len(boxes)), chance.randrange(8)
        low, high = boxes[at][column]
        if high - low > 1:
            middle, box = chance.randrange(low + 1, high), boxes[at]
            boxes[at] = [*box[:column], (low, middle), *box[column + 1 :]]
            boxes.append([*box[:column], (middle, high), *box[column + 1 :]])
    columns = [f"c{at}" for at in range(8)]
    rules = [(*(_cell(*ends) for ends in box), str(at)) for at, box in enumerate(boxes)]
    model = dmn.load(_model(columns, _decision("d", columns, rules)))
    assert dmn.check_tables(model) == ()
    seconds = cpu_per_call(lambda: dmn.check_tables(model))
    return Figure(GROUP, "check of 1,000 rules × 8 inputs", seconds, "s", bar=CHECK_BAR, less=True)


def _cell(low: int, high: int) -> str:
    if high - low == 1000:
        return "-"
    return f"< {high}" if not low else f">= {low}" if high == 1000 else f"[{low}..{high})"


def _twelve_rules() -> bytes:
    """Rule 12 is the one that holds: no rule before it is spared."""
    names = ("kind", "age", "place", "victim")
    rows = [
        (f'"k{number % 3}"', f"[{5 * number}..{5 * number + 5})", '"online","office"', "false", str(number))
        for number in range(1, 12)
    ] + [('"k2"', ">= 60", '"online"', "false", "12")]
    return _model(names, _decision("price", names, rows))


def _decision(name: str, columns: Sequence[str], rules: Iterable[Sequence[str]]) -> str:
    """A decision by one table; each column is the name of an input or of a decision, a rule its cells and its output."""

    def text(tag: str, content: str) -> str:
        return f"<{tag}><text>{escape(content)}</text></{tag}>"

    rows = "".join(
        "<rule>"
        + "".join(text("inputEntry", cell) for cell in row[:-1])
        + text("outputEntry", row[-1])
        + "</rule>"
        for row in rules
    )
    inputs = "".join(f"<input>{text('inputExpression', column)}</input>" for column in columns)
    needs = "".join(
        f'<informationRequirement><required{"Decision" if column == "class" else "Input"} href="#{column}"/>'
        "</informationRequirement>"
        for column in columns
    )
    return (
        f'<decision id="{name}" name="{name}"><variable name="{name}"/>{needs}'
        f'<decisionTable hitPolicy="UNIQUE">{inputs}<output/>{rows}</decisionTable></decision>'
    )


def _model(names: Iterable[str], decisions: str) -> bytes:
    data = "".join(
        f'<inputData id="{name}" name="{name}"><variable name="{name}"/></inputData>' for name in names
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="bench" namespace="urn:bench">'
        f"{data}{decisions}</definitions>"
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
        bar=MOVE_BAR,
        less=True,
        note=f"{len(kept)} bytes of state",
    )


def _peer(ours: float) -> list[Figure]:
    """The same file and move in SpiffWorkflow, in the same run, where `RUTA_SPIFF` names a Python that has it."""
    python = os.environ.get(SPIFF, "")
    if not python:
        return []
    script = str(Path(__file__).with_name("spiff.py"))
    told = json.loads(subprocess.run([python, script], check=True, capture_output=True, text=True).stdout)
    note = f"{told['bytes']} bytes of state"
    return [
        Figure(GROUP, "the same in SpiffWorkflow", told["ms"], "ms", note=note),
        Figure(GROUP, "times SpiffWorkflow", told["ms"] / ours, "×", bar=PEER_BAR),
    ]


def _large() -> list[Figure]:
    """A process of ten thousand elements: read, and looked at for dead ends."""
    tasks = [f"t{number}" for number in range(5000)]
    ids = ["s", *tasks, "e"]
    parts = ['<startEvent id="s"/>', *(f'<userTask id="{id}"/>' for id in tasks), '<endEvent id="e"/>']
    parts += [
        f'<sequenceFlow id="f{number}" sourceRef="{one}" targetRef="{next_}"/>'
        for number, (one, next_) in enumerate(pairwise(ids))
    ]
    space = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    process = f'<process id="p" isExecutable="true">{"".join(parts)}</process>'
    xml = f'<definitions xmlns="{space}" id="d" targetNamespace="urn:bench">{process}</definitions>'.encode()
    found = bpmn.read(xml)
    assert len(found.nodes) + len(found.flows) > 10_000 and bpmn.check(found) == ()
    return [
        Figure(
            GROUP,
            "process of 10,000 elements: read",
            cpu_per_call(lambda: bpmn.read(xml)) * 1000,
            "ms",
            bar=READ_BAR,
            less=True,
        ),
        Figure(GROUP, "and checked", cpu_per_call(lambda: bpmn.check(found)) * 1000, "ms"),
    ]
