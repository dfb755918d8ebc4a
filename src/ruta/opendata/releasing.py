"""Rows become released cells: counted by the database, passed through the gate, written where they changed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from ruta.definitions.schema import Publish
from ruta.kernel import clock

from . import gate, periods
from .gate import Hidden, Key
from .models import Cell, CountedRow, Dataset

FEWEST = 20
"""With fewer rows no detail is chosen, and nothing is released."""
MOST_HIDDEN = 0.05
"""The share of what is counted that may stand in hidden cells; with more, the table is made coarser (H2)."""


@dataclass
class _Counts:
    """The counts of one period, its cells without totals, and the medians of every cell with them."""

    cells: dict[Key, int] = field(default_factory=dict)
    totals: dict[Key, int] = field(default_factory=dict)
    medians: dict[Key, dict[str, Any]] = field(default_factory=dict)


@transaction.atomic
def release(name: str, declared: Publish) -> bool:
    """Release every period of a dataset that is over and whose counts changed; whether anything did change."""
    dataset = Dataset.objects.select_for_update().get(name=name)
    today = clock.today()
    if not dataset.grain and not _choose(dataset, declared, today):
        return False
    months = [date.fromisoformat(day) for day in dataset.pending]
    by_period: dict[str, list[date]] = defaultdict(list)
    for month in months:
        by_period[periods.period_of(month, dataset.grain)].append(month)
    over = [period for period in by_period if periods.is_over(period, today)]
    counts = _count(dataset, declared, dataset.grain, dataset.place_step, over)
    changed = False
    for period in over:
        changed |= _write(dataset, declared, period, counts.get(period, _Counts()))
    dataset.pending = [
        month.isoformat()
        for month in months
        if not periods.is_over(periods.period_of(month, dataset.grain), today)
    ]
    if changed:
        dataset.version += 1
        dataset.released_at = clock.now()
        dataset.first_released_at = dataset.first_released_at or dataset.released_at
        _sum_up(dataset)
    dataset.save()
    return changed


def _choose(dataset: Dataset, declared: Publish, today: date) -> bool:
    """Settle how fine the dataset is told: the finest steps that hide at most `MOST_HIDDEN`, territory kept before time."""
    if CountedRow.objects.filter(dataset=dataset, month__lt=today.replace(day=1)).count() < FEWEST:
        return False
    column = declared.column("place")
    places = len(declared.row[column].value) + 1 if column else 1
    ways = [(time, place) for time in range(len(periods.GRAINS)) for place in range(places)]
    for time, place in sorted(ways, key=lambda way: (sum(way), way[1])):
        dataset.grain, dataset.place_step = periods.GRAINS[time], place
        if _hidden_share(dataset, declared, today) <= MOST_HIDDEN:
            break
    months = CountedRow.objects.filter(dataset=dataset).dates("month", "month")
    dataset.pending = [month.isoformat() for month in months]
    return True


def _hidden_share(dataset: Dataset, declared: Publish, today: date) -> float:
    counted = hidden = 0
    for period, counts in _count(dataset, declared, dataset.grain, dataset.place_step).items():
        if periods.is_over(period, today):
            marks = gate.protect(counts.cells, declared.k)
            counted += sum(counts.cells.values())
            hidden += sum(count for key, count in counts.cells.items() if key in marks)
    return hidden / counted if counted else 1.0


def _count(
    dataset: Dataset, declared: Publish, grain: str, step: int, only: Iterable[str] | None = None
) -> dict[str, _Counts]:
    """Counts and medians by period, place and category, with totals, at one detail; of the periods named, or of all."""
    period = periods.SQL[grain]
    medians = "".join(
        f", percentile_disc(0.5) WITHIN GROUP (ORDER BY (numbers->>'{name}')::numeric)"
        for name in declared.medians
    )  # names are of the schema's pattern: letters, digits, underscores
    params: list[Any] = [step + 1, dataset.name]
    where = "dataset_id = %s"
    if only is not None:
        where, params = where + f" AND {period} = ANY(%s)", [*params, list(only)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT p, coalesce(place, '*'), coalesce(category, '*'), grouping(place, category), count(*) {medians}
                FROM (SELECT {period} AS p, coalesce(places[%s], '*') AS place, category, numbers
                      FROM opendata_countedrow WHERE {where}) AS counted
                GROUP BY p, CUBE (place, category) ORDER BY 1, 2, 3""",  # noqa: S608  constants of this room
            params,
        )
        found: dict[str, _Counts] = defaultdict(_Counts)
        for name, place, category, is_total, count, *numbers in cursor.fetchall():
            counts = found[name]
            (counts.totals if is_total else counts.cells)[place, category] = count
            counts.medians[place, category] = dict(zip(declared.medians, map(_plain, numbers), strict=True))
    return found


def _plain(number: Any) -> Any:
    return None if number is None else int(number) if number == int(number) else float(number)


def _write(dataset: Dataset, declared: Publish, period: str, counts: _Counts) -> bool:
    """Replace the cells of a period; whether that changed what is published."""
    old = {(cell.place, cell.category): cell for cell in dataset.cells.filter(period=period)}
    every = {**counts.totals, **counts.cells}
    before = [
        key
        for key, cell in old.items()
        if cell.held is not None and abs(every.get(key, 0) - cell.held) < declared.k
    ]
    marks = gate.protect(counts.cells, declared.k, before) if counts.cells else {}
    new = [
        _cell(dataset, period, key, counts, marks.get(key), old.get(key)) for key in sorted({*every, *marks})
    ]
    if [_public(cell) for cell in new] == [_public(old[key]) for key in sorted(old)]:
        return False
    dataset.cells.filter(period=period).delete()
    Cell.objects.bulk_create(new)
    return True


def _cell(
    dataset: Dataset, period: str, key: Key, counts: _Counts, why: Hidden | None, old: Cell | None
) -> Cell:
    count = counts.cells.get(key, counts.totals.get(key, 0))
    held = None if why is None else count
    if why is Hidden.PROTECTS and old is not None and old.held is not None:
        held = old.held
    return Cell(
        dataset=dataset,
        period=period,
        place=key[0],
        category=key[1],
        part=key in counts.cells or key not in counts.totals,
        count=None if why else count,
        medians={} if why else counts.medians.get(key, {}),
        hidden=why or "",
        held=held,
    )


def _public(cell: Cell) -> tuple[Any, ...]:
    return cell.place, cell.category, cell.count, cell.medians, str(cell.hidden)


def _sum_up(dataset: Dataset) -> None:
    """How much is counted in the periods released, and how much of that stands in no cell that is told."""
    parts = dataset.cells.filter(part=True)
    last = max(periods.span(period)[1] for period in parts.values_list("period", flat=True).distinct())
    dataset.counted = CountedRow.objects.filter(dataset=dataset, month__lte=last).count()
    dataset.hidden = dataset.counted - (parts.aggregate(told=Sum("count"))["told"] or 0)
