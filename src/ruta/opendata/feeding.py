"""Cases and entries become rows of datasets, by the FEEL of the service in force. Run again it changes nothing.

What is sealed, annulled or no longer decided is taken out; the row of an erased case stays, and nothing leads back to it.
"""

import logging
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Q

from ruta.cases.models import Case
from ruta.cases.selectors.figures import business_days_of
from ruta.definitions import runtime
from ruta.definitions.models import ServiceVersion
from ruta.definitions.runtime import CompiledService
from ruta.definitions.schema import Publish
from ruta.engine import feel, forms
from ruta.kernel import canonical, clock
from ruta.kernel.errors import Conflict
from ruta.registers.models import Entry, EntryStatus
from ruta.registers.spec import spec_of

from .gate import TOTAL
from .models import CountedRow, Dataset

logger = logging.getLogger(__name__)
UNKNOWN = "-"
OVERLAP = timedelta(hours=1)
"""What is looked at again at each feed: a long transaction may commit what is dated before the last one."""


@dataclass(frozen=True)
class Counted:
    """What one case or entry adds to a dataset."""

    month: date
    places: tuple[str, ...] = ()
    category: str = TOTAL
    numbers: Mapping[str, float] = field(default_factory=dict)


@transaction.atomic
def feed(version: ServiceVersion, declared: Publish) -> Dataset:
    """Bring the rows of a dataset up to what changed since the last time; all of them where its declaration changed.

    Raises Conflict when its columns are others than those once published under its name.
    """
    compiled = runtime.compiled(version.pk)
    digest = canonical.sha256_hex(declared.model_dump_json(by_alias=True).encode())
    dataset, _ = Dataset.objects.select_for_update().get_or_create(
        name=declared.dataset,
        defaults={"service": compiled.service.slug, "columns": list(declared.row), "definition": digest},
    )
    _refuse_other_columns(dataset, compiled, declared)
    started = clock.now()
    since = dataset.fed_until - OVERLAP if dataset.fed_until and dataset.definition == digest else None
    read = _entries if declared.of.register_ else _cases
    touched = {date.fromisoformat(day) for day in dataset.pending}
    for some in _batches(read(compiled, declared, since)):
        touched |= _keep(dataset, dict(some))
    dataset.pending = [day.isoformat() for day in sorted(touched)]
    dataset.fed_until, dataset.definition = started, digest
    dataset.save()
    return dataset


def _refuse_other_columns(dataset: Dataset, compiled: CompiledService, declared: Publish) -> None:
    if dataset.service == compiled.service.slug and dataset.columns == list(declared.row):
        return
    raise Conflict(
        {
            "es": f"{dataset.name}: ya se publicó con las columnas {', '.join(dataset.columns)} (trámite "
            f"{dataset.service}). Quien lo usa cuenta con ellas: dé otro nombre al conjunto nuevo.",
            "en": f"{dataset.name}: it was published with the columns {', '.join(dataset.columns)} (service "
            f"{dataset.service}). Its users rely on them: give the new dataset another name.",
        },
        code="columns-changed",
    )


def _batches(sources: Iterator[tuple[str, Counted | None]]) -> Iterator[list[tuple[str, Counted | None]]]:
    while some := list(islice(sources, 1000)):
        yield some


def _keep(dataset: Dataset, counted: Mapping[str, Counted | None]) -> set[date]:
    """Write, replace or take out rows by their source; the months whose counts that changes."""
    kept = {row.source: row for row in CountedRow.objects.filter(dataset=dataset, source__in=counted)}
    gone = [row for source, row in kept.items() if counted[source] is None]
    new = {
        source: told
        for source, told in counted.items()
        if told is not None and (source not in kept or counted_by(kept[source]) != told)
    }
    CountedRow.objects.filter(pk__in=[row.pk for row in gone]).delete()
    CountedRow.objects.bulk_create(
        [
            CountedRow(
                dataset=dataset,
                source=source,
                month=told.month,
                places=list(told.places),
                category=told.category,
                numbers=dict(told.numbers),
            )
            for source, told in new.items()
        ],
        update_conflicts=True,
        unique_fields=["dataset", "source"],
        update_fields=["month", "places", "category", "numbers"],
    )
    before = {row.month for row in gone} | {kept[source].month for source in new if source in kept}
    return before | {told.month for told in new.values()}


def counted_by(row: CountedRow) -> Counted:
    """What a row that is kept adds."""
    return Counted(row.month, tuple(row.places), row.category, row.numbers)


def forget(case_id: str) -> None:
    """Cut what leads from rows to an erased case; what they add to the counts stays."""
    for row in CountedRow.objects.filter(source=case_id):
        row.source = f"erased:{uuid.uuid4()}"
        row.save(update_fields=["source"])


# ---- entries of a register


def _entries(
    compiled: CompiledService, declared: Publish, since: Any
) -> Iterator[tuple[str, Counted | None]]:
    entries = Entry.objects.filter(register=declared.of.register_).exclude(status=EntryStatus.REPLACED)
    if since is not None:
        entries = entries.filter(Q(recorded_at__gte=since) | Q(ended_at__gte=since))
    for entry in entries.select_related("definition").iterator(2000):
        yield str(entry.entry_id), count_entry(compiled, declared, entry)


def count_entry(compiled: CompiledService, declared: Publish, entry: Entry) -> Counted | None:
    """What an entry adds; None when it is sealed or not valid, or `when` leaves it out."""
    if entry.sealed or entry.status != EntryStatus.VALID:
        return None
    fields = spec_of(entry.definition.schema).fields
    seen = {name: forms.feel_value(about, entry.data.get(name)) for name, about in fields.items()}
    seen["recorded_on"] = clock.local_date(entry.recorded_at)
    return _counted(compiled, declared, {"entry": seen})


# ---- cases


def _cases(compiled: CompiledService, declared: Publish, since: Any) -> Iterator[tuple[str, Counted | None]]:
    cases = Case.objects.filter(service=compiled.service.slug, act__in=declared.of.acts)
    cases = cases.filter(decided_at__isnull=False) if since is None else cases.filter(head_at__gte=since)
    for case in cases.iterator(500):
        if case.erased_at is not None:
            forget(str(case.pk))
        else:
            yield str(case.pk), count_case(compiled, declared, case)


CASE_NAMES = frozenset({"act", "channel", "filed_on", "received_on", "decided_on", "outcome", "days"})
"""What a dataset's FEEL sees of a case, besides its `form`."""


def count_case(compiled: CompiledService, declared: Publish, case: Case) -> Counted | None:
    """What a case adds; None while it is not decided, when it is sealed, or `when` leaves it out."""
    if case.sealed or case.decided_at is None:
        return None
    form = runtime.compiled(case.version_id).act(case.act).form
    answers = (
        {name: forms.feel_value(about, case.form.get(name)) for name, about in form.fields.items()}
        if form
        else {}
    )
    told = {
        "act": case.act,
        "channel": case.channel,
        "filed_on": clock.local_date(case.filed_at),
        "received_on": case.received_on,
        "decided_on": clock.local_date(case.decided_at),
        "outcome": case.outcome,
        "days": business_days_of(case),
    }
    return _counted(compiled, declared, {"case": told, "form": answers})


# ---- one row


def _counted(compiled: CompiledService, declared: Publish, names: Mapping[str, Any]) -> Counted | None:
    ctx = compiled.context()
    env = {**feel.to_feel(dict(names)), "today": clock.today(), "now": clock.now()}

    def value(text: str) -> Any:
        return compiled.program(text)(env, ctx)

    if value(declared.when) is not True:
        return None
    day = value(declared.row[declared.column("month")].value[0])
    if not isinstance(day, date):
        return None
    place, category = declared.column("place"), declared.column("category")
    return Counted(
        month=date(day.year, day.month, 1),
        places=tuple(
            _code(compiled, value(text), declared.row[place].list_[step], {})
            for step, text in enumerate(declared.row[place].value if place else ())
        ),
        category=_category(compiled, declared, category, value) if category else TOTAL,
        numbers={
            name: float(number)
            for name in declared.medians
            if isinstance(number := value(declared.row[name].value[0]), Decimal | int | float)
        },
    )


def _category(compiled: CompiledService, declared: Publish, name: str, value: Any) -> str:
    about = declared.row[name]
    return _code(compiled, value(about.value[0]), next(iter(about.list_), ""), about.options)


def _code(compiled: CompiledService, told: Any, list_name: str, options: Mapping[str, Any]) -> str:
    """A code of the list or of the options; what is neither is not told: no free text becomes data."""
    text = str(told).lower() if isinstance(told, bool) else str(told if told is not None else "")
    known = text in options or (list_name and compiled.list(list_name).get(text) is not None)
    return text if known else UNKNOWN
