"""What was measured: one line of the table, and the table as text and JSON."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One measure.

    `limit` is what the machine itself gave in the same run, in the same unit (0: there is none to compare with);
    `bar` is what the design asks for (0: nothing is asked). With `less` a smaller value is better.
    """

    group: str
    name: str
    value: float
    unit: str
    limit: float = 0
    bar: float = 0
    less: bool = False
    note: str = ""

    @property
    def of_limit(self) -> float | None:
        """The share of the machine's own limit that was reached."""
        return self.value / self.limit if self.limit else None

    @property
    def of_bar(self) -> float | None:
        """How many times better than the bar; below 1 it is missed."""
        if not self.bar or not self.value:
            return None
        return self.bar / self.value if self.less else self.value / self.bar


def show(figures: Sequence[Figure], console: Console | None = None) -> None:
    """Print the table."""
    out = console or Console(width=int(os.environ.get("COLUMNS", "150")))
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for title in ("figure", "unit", "of raw", "bar", "× bar"):
        table.add_column(title, justify="left" if title == "unit" else "right")
    table.add_column("", style="dim")
    group = ""
    for figure in figures:
        if figure.group != group:
            group = figure.group
            table.add_row(f"[bold]{group}[/]")
        bar = f"{'<' if figure.less else '≥'} {_number(figure.bar)}" if figure.bar else ""
        table.add_row(
            f"  {figure.name}",
            _number(figure.value),
            figure.unit,
            f"{figure.of_limit:.1%}" if figure.of_limit is not None else "",
            bar,
            f"{figure.of_bar:.2f}" if figure.of_bar is not None else "",
            figure.note,
        )
    out.print(table)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def write(figures: Iterable[Figure], folder: Path, at: datetime, *, load: float) -> Path:
    """Keep the figures with what is known of the machine in `folder/‹date›.json`; `load` was that before the run."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{at:%Y-%m-%dT%H%M%S}.json"
    machine = {
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load": load,
        "system": platform.platform(),
    }
    lines = [asdict(each) | {"of_limit": each.of_limit, "of_bar": each.of_bar} for each in figures]
    path.write_text(
        json.dumps({"at": at.isoformat(), "machine": machine, "figures": lines}, ensure_ascii=False, indent=1)
    )
    return path
