"""The processes of the services in this repository: readable, sound, drawn, with expressions that compile."""

from pathlib import Path

import pytest

from ruta.engine import feel
from ruta.engine.bpmn import check, expressions, read, svg

SERVICES = Path(__file__).resolve().parents[2] / "services"
PROCESSES = sorted(SERVICES.glob("*/acts/*/process.bpmn"))


@pytest.mark.parametrize("path", PROCESSES, ids=lambda path: f"{path.parts[-4]}/{path.parts[-2]}")
def test_the_process_of_every_act_can_be_executed_and_always_ends(path: Path) -> None:
    process = read(path.read_bytes())
    assert check(process) == ()
    for expression in expressions(process):
        feel.compile(expression.text)
    drawn = svg(process)
    assert process.drawing.boxes, "an act brings its diagram"
    for node in process.nodes:
        assert f'data-element="{node}"' in drawn
