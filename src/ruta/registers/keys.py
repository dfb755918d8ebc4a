"""Keys of entries as rows, and who is told what when one is taken. The database's constraints decide, not a look."""

from collections.abc import Iterable, Sequence
from typing import NoReturn

from django.db import IntegrityError

from ruta.kernel.errors import Conflict

from . import rules, words
from .models import Entry, EntryKey, SpentNumber
from .spec import RegisterSpec


def save_keys(entries: Iterable[tuple[Entry, Sequence[rules.KeyRow]]]) -> None:
    """Write the key rows of new entries. Raises IntegrityError when a valid entry has one of them."""
    EntryKey.objects.bulk_create(
        [
            EntryKey(
                entry=entry,
                register=entry.register,
                fields=row.fields,
                value=row.value,
                unique_key=row.unique,
            )
            for entry, rows in entries
            for row in rows
        ],
        batch_size=2000,
    )


def spend_numbers(spec: RegisterSpec, entries: Sequence[Entry]) -> None:
    """Give the never-reused numbers of new entries to them for ever. Raises IntegrityError when one was spent."""
    wanted = [
        SpentNumber(
            register=entry.register, field=name, value=rules.key_value([value]), entry_id=entry.entry_id
        )
        for entry in entries
        for name in spec.never_reused
        if not rules.is_empty(value := rules.value_at(entry.data, name))
    ]
    if not wanted:
        return
    if all(entry.version == 1 for entry in entries):
        SpentNumber.objects.bulk_create(wanted, batch_size=2000)
        return
    for number in wanted:
        # A later version keeps the numbers of its entry.
        spent, _ = SpentNumber.objects.get_or_create(
            register=number.register,
            field=number.field,
            value=number.value,
            defaults={"entry_id": number.entry_id},
        )
        if spent.entry_id != number.entry_id:
            raise IntegrityError("number_spent_once")


def refuse_taken(spec: RegisterSpec, entry: Entry, taken: IntegrityError) -> NoReturn:
    """Raise Conflict naming the field whose value belongs to another entry."""
    for name in spec.never_reused:
        value = rules.value_at(entry.data, name)
        if not rules.is_empty(value) and (
            SpentNumber.objects.filter(register=entry.register, field=name, value=rules.key_value([value]))
            .exclude(entry_id=entry.entry_id)
            .exists()
        ):
            raise _conflict(spec, [name], value) from taken
    for row in rules.key_rows(spec, entry.data):
        if (
            row.unique
            and EntryKey.objects.filter(
                register=entry.register, fields=row.fields, value=row.value, unique_key=True, valid=True
            ).exists()
        ):
            fields = row.fields.split("+")
            raise _conflict(spec, fields, rules.value_at(entry.data, fields[0])) from taken
    raise Conflict(
        {
            "es": "El asiento cambió mientras tanto. Ábralo otra vez y revise qué cambió.",
            "en": "The entry changed meanwhile. Open it again and see what changed.",
        },
        code="entry-changed",
    ) from taken


def _conflict(spec: RegisterSpec, fields: list[str], value: object) -> Conflict:
    labels = [words.label_of(words.node_at(spec.schema, name.split(".")), name) for name in fields]
    es, en = (", ".join(str(label.get(lang) or label["es"]) for label in labels) for lang in ("es", "en"))
    return Conflict(
        {
            "es": f"{es}: {value} ya pertenece a otro asiento. Abra ese asiento o corrija el número.",
            "en": f"{en}: {value} already belongs to another entry. Open that entry or correct the number.",
        },
        field="/" + fields[0].replace(".", "/"),
        code="key-taken",
    )
