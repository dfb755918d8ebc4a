"""Spare a register that does not answer: after some failures in a row it is not asked for a while.

Kept per process and in memory: each web process finds out by itself, within a few reads.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class _Source:
    failures: int = 0
    closed_at: float = 0.0  # seconds of the monotonic clock until which nobody asks


class Breaker:
    """After `limit` failures in a row of one source, `allows` says no for `rest` seconds, then lets one
    try."""

    def __init__(
        self, *, limit: int = 5, rest: float = 30.0, time: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit, self._rest, self._time = limit, rest, time
        self._sources: dict[str, _Source] = {}
        self._lock = threading.Lock()

    def allows(self, source: str) -> bool:
        """Whether to ask the source now."""
        with self._lock:
            state = self._sources.setdefault(source, _Source())
            if state.failures < self._limit:
                return True
            if self._time() < state.closed_at:
                return False
            state.closed_at = self._time() + self._rest  # one tries; the others go on waiting
            return True

    def answered(self, source: str) -> None:
        """The source works."""
        with self._lock:
            self._sources[source] = _Source()

    def failed(self, source: str) -> None:
        """The source did not answer."""
        with self._lock:
            state = self._sources.setdefault(source, _Source())
            state.failures += 1
            if state.failures >= self._limit:
                state.closed_at = self._time() + self._rest

    def forget(self) -> None:
        """Ask everybody again."""
        with self._lock:
            self._sources.clear()
