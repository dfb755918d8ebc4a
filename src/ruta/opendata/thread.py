"""The last link of a document's thread: the row of open data that counts it, computed anew and looked for in its cell."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from ruta.cases.models import Case
from ruta.cases.selectors.thread import Check, Link
from ruta.definitions import runtime
from ruta.documents.models import Output
from ruta.kernel import clock
from ruta.kernel.errors import NotFound
from ruta.registers.models import Entry

from . import periods
from .feeding import Counted, count_case, count_entry, counted_by
from .gate import TOTAL
from .models import Cell, CountedRow
from .selectors import Released, dataset

KIND = "data"


def link(output: Output) -> Link | None:
    """The row that counts what the document is about; None where its service declares no dataset for it."""
    case = Case.objects.select_related("version").defer("version__files").get(id=output.case_id)
    told = runtime.compiled(case.version_id).service.thread.get(output.output_id)
    if told is None or not told.dataset:
        return None
    try:
        found = dataset(told.dataset)
    except NotFound:
        return None
    facts: list[tuple[Mapping[str, str], Any]] = [
        ({"es": "Conjunto de datos", "en": "Dataset"}, dict(found.declared.title))
    ]
    counted = _now(found, case, output)
    source = output.source_entry_id if found.declared.of.register_ else str(case.pk)
    row = CountedRow.objects.filter(dataset=found.name, source=source).first()
    if counted is None and row is None:
        say = _say(
            True,
            "No entra en la cuenta: está reservado, anulado o borrado por ley.",
            "Not counted: sealed, annulled, or erased by law.",
        )
        return Link(KIND, (say,), tuple(facts))
    kept = row is not None and counted == counted_by(row)
    waits = row is None and (found.dataset is None or not found.is_released or not _seen(found, case))
    if waits:
        say = _say(
            True,
            "Se contará esta noche: los datos se alimentan una vez al día.",
            "It is counted tonight: the data are fed once a day.",
        )
        return Link(KIND, (say,), tuple(facts))
    check = _say(
        kept,
        "Contado otra vez, suma la misma fila que guarda el conjunto.",
        "Counted again, it adds the same row that the dataset holds.",
    )
    if row is None or not found.is_released:
        return Link(KIND, (check,), tuple(facts))
    return _in_its_cell(found, row, check, facts)


def _say(holds: bool, es: str, en: str) -> Check:
    return Check(holds, {"es": es, "en": en})


def _seen(found: Released, case: Case) -> bool:
    """Whether the dataset was fed since the case last moved."""
    assert found.dataset is not None
    fed = found.dataset.fed_until
    return fed is not None and case.head_at is not None and case.head_at < fed


def _now(found: Released, case: Case, output: Output) -> Counted | None:
    if not found.declared.of.register_:
        return None if case.erased_at is not None else count_case(found.compiled, found.declared, case)
    if not output.source_entry_id:
        return None
    entries = Entry.objects.filter(
        register=found.declared.of.register_, entry_id=UUID(output.source_entry_id)
    )
    entry = entries.exclude(status="replaced").select_related("definition").first()
    return count_entry(found.compiled, found.declared, entry) if entry else None


def _in_its_cell(
    found: Released, row: CountedRow, check: Check, facts: list[tuple[Mapping[str, str], Any]]
) -> Link:
    assert found.dataset is not None
    period = periods.period_of(row.month, found.dataset.grain)
    place = ([*row.places, TOTAL][found.dataset.place_step]) if row.places else TOTAL
    facts.append(({"es": "Período", "en": "Period"}, period))
    for name, code in (
        (found.declared.column("place"), place),
        (found.declared.column("category"), row.category),
    ):
        if name:
            said = {lang: found.word(name, code, lang) for lang in ("es", "en")}
            facts.append((found.declared.row[name].title, said))
    cell = Cell.objects.filter(dataset=found.name, period=period, place=place, category=row.category).first()
    if not periods.is_over(period, clock.today()):
        say = _say(
            True,
            "El período no ha terminado; su cifra se publica cuando termine.",
            "The period is not over; its figure is published when it is.",
        )
    elif cell is None:
        waiting = row.month.isoformat() in found.dataset.pending
        say = _say(
            waiting,
            "El conjunto publicado tiene la fila que lo cuenta.",
            "The published dataset has the row that counts it.",
        )
    elif cell.count is None:
        say = _say(
            True,
            "Su fila está publicada, con la cifra oculta para que nadie sea reconocido.",
            "Its row is published, its count hidden so that nobody is recognised.",
        )
    else:
        say = _say(
            cell.count > 0,
            "El conjunto publicado tiene la fila que lo cuenta.",
            "The published dataset has the row that counts it.",
        )
        facts.append(({"es": "Cuántos con él", "en": "How many with it"}, cell.count))
    return Link(KIND, (check, say), tuple(facts))
