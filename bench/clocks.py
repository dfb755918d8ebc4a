"""How long a piece of code takes in this process."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

SHORTEST = 0.2  # seconds that a loop of a small thing runs at least


def cpu_per_call(work: Callable[[], object], *, seconds: float = SHORTEST) -> float:
    """Seconds of CPU that one call takes: the best of five loops, each long enough to be measured."""
    work()
    times, took = 1, 0.0
    while (took := _loop(work, times)) < seconds / 5:
        times = max(times * 2, int(times * seconds / 5 / max(took, 1e-9)))
    return min([took, *(_loop(work, times) for _ in range(4))]) / times


def _loop(work: Callable[[], object], times: int) -> float:
    begun = time.process_time()
    for _ in range(times):
        work()
    return time.process_time() - begun


@dataclass(frozen=True)
class Took:
    """Median seconds of one call: by the wall clock, and of CPU in this process (the server's own is not in it)."""

    wall: float
    cpu: float


def median_of(work: Callable[[], object], *, times: int, warm: int = 2) -> Took:
    """The medians of `times` calls, after `warm` calls that do not count."""
    wall, cpu = [], []
    for turn in range(warm + times):
        begun, busy = time.perf_counter(), time.process_time()
        work()
        if turn >= warm:
            wall.append(time.perf_counter() - begun)
            cpu.append(time.process_time() - busy)
    return Took(statistics.median(wall), statistics.median(cpu))
