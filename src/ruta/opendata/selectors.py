"""Reads of the room: what is released, in the words of the service that declares it. Never the rows behind it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ruta.definitions import runtime
from ruta.definitions.runtime import CompiledService
from ruta.definitions.schema import Publish
from ruta.definitions.selectors import current_services
from ruta.kernel import clock
from ruta.kernel.errors import NotFound
from ruta.kernel.texts import pick

from . import periods
from .feeding import UNKNOWN
from .gate import TOTAL
from .models import Cell, Dataset

COUNT, HIDDEN, PRELIMINARY = "count", "hidden", "preliminary"
"""Columns that every file of a dataset has after those of the declaration."""


@dataclass(frozen=True)
class Released:
    """A dataset with its declaration; `dataset` is None while nothing of it was fed."""

    compiled: CompiledService
    declared: Publish
    dataset: Dataset | None

    @property
    def name(self) -> str:
        """Its public name."""
        return self.declared.dataset

    @property
    def is_released(self) -> bool:
        """Whether there is anything to be read."""
        return self.dataset is not None and self.dataset.released_at is not None and self.dataset.grain != ""

    def word(self, column: str, code: str, lang: str | None = None) -> str:
        """What a reader reads for a code of the place or of the category; all of them, and what is not told, too."""
        if code == TOTAL:
            return pick({"es": "Todos", "en": "All"}, lang)
        if code == UNKNOWN:
            return pick({"es": "No informado", "en": "Not told"}, lang)
        about = self.declared.row[column]
        if code in about.options:
            return pick(about.options[code], lang)
        for name in about.list_:
            found = self.compiled.list(name).get(code)
            if found is not None:
                return pick(found.title, lang)
        return code

    def coverage(self) -> tuple[date, date] | None:
        """The first and the last day that released periods cover."""
        names = sorted(self.cells().values_list("period", flat=True).distinct()) if self.dataset else []
        return (periods.span(names[0])[0], periods.span(names[-1])[1]) if names else None

    def cells(self, *, period: str = "", place: str = "", category: str = "") -> Any:
        """The released cells, narrowed; ordered by period, place and category."""
        wanted = {"period": period, "place": place, "category": category}
        return Cell.objects.filter(
            dataset=self.name, **{key: value for key, value in wanted.items() if value}
        ).order_by("period", "place", "category")

    def header(self) -> tuple[str, ...]:
        """The columns of a file: those declared, the count, medians, why it is hidden, whether it may change."""
        medians = self.declared.medians
        return (
            *(name for name in self.declared.row if name not in medians),
            COUNT,
            *medians,
            HIDDEN,
            PRELIMINARY,
        )

    def rows(self, cells: Sequence[Cell]) -> list[dict[str, Any]]:
        """Cells as rows of a file; a hidden count and its medians are empty."""
        today = clock.today()
        keys = {self.declared.column(kind): kind for kind in ("month", "place", "category")}
        told = []
        for cell in cells:
            values = {"month": cell.period, "place": cell.place, "category": cell.category}
            row: dict[str, Any] = {name: values[keys[name]] for name in self.declared.row if name in keys}
            row |= {COUNT: cell.count} | {name: cell.medians.get(name) for name in self.declared.medians}
            told.append(row | {HIDDEN: cell.hidden, PRELIMINARY: periods.is_preliminary(cell.period, today)})
        return told


def datasets() -> list[Released]:
    """Every dataset that a service in force declares, by its name."""
    kept = {dataset.name: dataset for dataset in Dataset.objects.all()}
    found = [
        Released(compiled, declared, kept.get(declared.dataset))
        for version in current_services()
        for compiled in [runtime.compiled(version.pk)]
        for declared in compiled.service.publish
    ]
    return sorted(found, key=lambda one: one.name)


def dataset(name: str) -> Released:
    """The dataset with this name. Raises NotFound."""
    found = next((one for one in datasets() if one.name == name), None)
    if found is None:
        raise NotFound(
            {"es": f"No hay un conjunto de datos {name}.", "en": f"There is no dataset {name}."}, field=name
        )
    return found


def digest(content: bytes) -> str:
    """SHA-256 of a file, as its metadata tells it."""
    return hashlib.sha256(content).hexdigest()
