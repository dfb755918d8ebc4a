"""The pages of the documentation that are made from the code, so that they cannot disagree with it.

`pages()` gives each page by its path under `docs/`; `ruta docs` writes them and the tests make them again.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from . import (
    architecture,
    commands,
    components,
    dependencies,
    engine,
    environment,
    history,
    limits,
    modeler,
    news,
    service_file,
)

DOCS = Path(__file__).resolve().parents[4] / "docs"


@cache
def pages() -> Mapping[str, str]:
    """Every generated file: its path under `docs/` and its text. Django must be set up; no database is needed."""
    return {
        "architecture.md": architecture.page(),
        "images/rooms.svg": architecture.picture(),
        "dependencies.md": dependencies.page(),
        "reference/service-yaml.md": service_file.page(),
        "reference/lint.md": service_file.lint_page(),
        "reference/commands.md": commands.page(),
        "reference/settings.md": environment.page(),
        "reference/events.md": history.events_page(),
        "reference/verbs.md": history.verbs_page(),
        "reference/scenarios.md": history.scenarios_page(),
        "reference/feel.md": engine.page(),
        "reference/components.md": components.page(),
        "reference/news.md": news.page(),
        "reference/limits.md": limits.page(),
        "modeler/ruta-element-templates.json": modeler.page(),
    }


def stale(folder: Path = DOCS) -> list[str]:
    """The pages whose file is missing or another one than the code gives."""
    return [name for name, text in pages().items() if _read(folder / name) != text]


def write(folder: Path = DOCS) -> list[str]:
    """Write the pages that changed; return their paths."""
    changed = stale(folder)
    for name in changed:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages()[name], encoding="utf-8")
    return changed


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
