"""Entries by the hundred, in one transaction: all or none."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from ruta.engine.forms import CodeFault
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.kernel import events
from ruta.kernel.errors import Conflict, Invalid

from . import rules
from .keys import save_keys, spend_numbers
from .models import Entry

MOST_PROBLEMS = 100


@transaction.atomic
def import_entries(
    register: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    actor: Actor,
    case_number: str = "",
    code_fault: CodeFault | None = None,
) -> list[Entry]:
    """Record many entries, judged as `record_entry` does. Validity begins at the register's own field for it.

    Raises Invalid with the place of each fault (`/12/birth_date`; the first hundred), Conflict when a key is taken or
    given twice. Another agency's register takes no entries here. Publishes one `register.imported`, not one event for each.
    """
    from .services import kept_here, new_entry

    definition, spec = kept_here(register)
    entries: list[Entry] = []
    problems: list[Problem] = []
    for place, data in enumerate(rows):
        try:
            entries.append(
                new_entry(
                    definition,
                    spec,
                    data,
                    valid_from=None,
                    actor=actor,
                    case_number=case_number,
                    code_fault=code_fault,
                )
            )
        except Invalid as wrong:
            problems += [
                Problem(f"/{place}{each.at}", each.check, each.say, each.law) for each in wrong.problems
            ]
    if problems:
        raise Invalid(problems[:MOST_PROBLEMS])
    try:
        with transaction.atomic():
            Entry.objects.bulk_create(entries, batch_size=1000)
            save_keys((entry, rules.key_rows(spec, entry.data)) for entry in entries)
            spend_numbers(spec, entries)
    except IntegrityError as taken:
        raise Conflict(
            {
                "es": "Un asiento repite el número de otro, o de uno que ya existe. No se guardó ninguno.",
                "en": "An entry repeats the number of another, or of one that exists. None was saved.",
            },
            code="key-taken",
        ) from taken
    events.publish("register.imported", key=register, payload={"register": register, "count": len(entries)})
    return entries
