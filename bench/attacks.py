"""The promise that no definition holds a worker longer than it was given: attacks against a plain loop, CPU time."""

from __future__ import annotations

from time import process_time

from tests.engine.feel_attacks import DEAR, STOPPED, again_and_again
from tests.engine.feel_world import WORLD

from ruta.engine import feel

from .figures import Figure

GROUP = "What an attack takes (CPU, until it is stopped)"
BAR = 3  # times the plain loop, which is the unit of the budget
TOLD = 5
TIMES = 3


def measure() -> list[Figure]:
    """The plain loop that spends its budget, then the attacks that take longest, as multiples of it."""
    loop = _until_stopped("for i in 1..1000000000 return i", times=9)
    named = {
        **{_short(text): text for text in STOPPED},
        **{name: again_and_again(*DEAR[name][:2]) for name in DEAR},
    }
    took = {name: _until_stopped(text) / loop for name, text in named.items()}
    worst = sorted(took, key=lambda name: -took[name])[:TOLD]
    plain = Figure(GROUP, "a plain loop", loop * 1000, "ms", note=f"{feel.Budget().steps:,} steps")
    middle = sorted(took.values())[len(took) // 2]
    return [
        plain,
        Figure(GROUP, f"median of {len(took)} attacks", middle, "× loop"),
        *(Figure(GROUP, name, took[name], "× loop", bar=BAR, less=True) for name in worst),
    ]


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"


def _until_stopped(text: str, *, times: int = TIMES) -> float:
    """Seconds of CPU until the budget stops the expression, at best of `times`."""
    program = feel.compile(text)
    best = float("inf")
    for _ in range(times):
        begun = process_time()
        try:
            program({}, WORLD)
        except feel.OverBudget:
            best = min(best, process_time() - begun)
        else:
            raise AssertionError(f"not stopped: {text}")
    return best
