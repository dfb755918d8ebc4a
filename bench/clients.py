"""Several clients at once: processes that prepare apart, begin together, and do a fixed amount of work."""

from __future__ import annotations

import multiprocessing
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST_WAIT = 300  # seconds until a client that does not come to the line has failed


@dataclass(frozen=True)
class Phase:
    """What a client does: `prepare` gives its items, not timed; `work` does one of them, timed."""

    name: str
    prepare: Callable[[int], Sequence[Any]]
    work: Callable[[Any], object]


@dataclass(frozen=True)
class Rate:
    """What came of a phase: items per second of wall clock, all clients together, and each item's seconds of CPU in
    the client (PostgreSQL's own are not in it)."""

    per_second: float
    cpu: float


@dataclass(frozen=True)
class _Done:
    items: int
    begun: float
    ended: float
    cpu: float


def rates(count: int, phases: Sequence[Phase], opening: Callable[[int], Any]) -> dict[str, Rate]:
    """How fast `count` clients together do each phase; one alone works in this process.

    `opening(client)` gives the context in which a client works; it runs in the client's own process. The caller has
    no open database connection.
    """
    if count == 1:
        with opening(0):
            alone = {phase.name: _timed(phase, phase.prepare(0)) for phase in phases}
        return {name: _rate([done]) for name, done in alone.items()}
    forking = multiprocessing.get_context("fork")  # a client begins with everything parsed, as a warm worker
    line = forking.Barrier(count)
    told: Any = forking.Queue()
    clients = [
        forking.Process(target=_client, args=(number, phases, opening, line, told)) for number in range(count)
    ]
    for client in clients:
        client.start()
    said = [told.get(timeout=LONGEST_WAIT) for _ in clients]
    for client in clients:
        client.join()
    failed = [each for each in said if isinstance(each, str)]
    if failed:
        # Who waits for the one that failed fails too, and may say so first.
        raise RuntimeError("a client failed:\n" + "\n".join(failed))
    return {phase.name: _rate([each[phase.name] for each in said]) for phase in phases}


def _rate(done: Sequence[_Done]) -> Rate:
    items = sum(each.items for each in done)
    wall = max(each.ended for each in done) - min(each.begun for each in done)
    return Rate(items / wall, sum(each.cpu for each in done) / items)


def _client(
    number: int, phases: Sequence[Phase], opening: Callable[[int], Any], line: Any, told: Any
) -> None:
    try:
        done: dict[str, _Done] = {}
        with opening(number):
            for phase in phases:
                items = phase.prepare(number)
                line.wait(LONGEST_WAIT)
                done[phase.name] = _timed(phase, items)
                line.wait(LONGEST_WAIT)
        told.put(done)
    except Exception:
        line.abort()
        told.put(traceback.format_exc())


def _timed(phase: Phase, items: Sequence[Any]) -> _Done:
    begun, cpu = time.perf_counter(), time.process_time()
    for item in items:
        phase.work(item)
    return _Done(len(items), begun, time.perf_counter(), time.process_time() - cpu)
