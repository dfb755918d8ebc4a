"""How long it takes until something is there: the engine as a library, the command line, a web process."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from ruta.config import database

from .figures import Figure

GROUP = "From nothing (wall clock, less the interpreter's own start)"
ENGINE_BAR = 150  # milliseconds


def measure(*, times: int) -> list[Figure]:
    """The best of `times` starts of each, with compiled files kept as in an installation."""
    code = "from ruta.engine import bpmn, dmn, feel, forms, terms"
    bare = _start("-c", "pass", times=times)
    return [
        Figure(
            GROUP,
            "import of the whole engine",
            (_start("-c", code, times=times) - bare) * 1000,
            "ms",
            bar=ENGINE_BAR,
            less=True,
        ),
        Figure(GROUP, "ruta --help", (_start("-m", "ruta", "--help", times=times) - bare) * 1000, "ms"),
        Figure(
            GROUP, "a web process", (_start("-c", "import ruta.config.wsgi", times=times) - bare) * 1000, "ms"
        ),
    ]


def _start(*arguments: str, times: int) -> float:
    installed = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    installed.setdefault("PYTHONPYCACHEPREFIX", str(database.home() / "compiled"))

    def once() -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=installed)
        return time.perf_counter() - begun

    return min(once() for _ in range(times))
