"""What was looked up instead of asked: told with its source and time, and open to dispute."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ruta.cases.facts import entries_of
from ruta.cases.models import Draft
from ruta.definitions.runtime import CompiledService
from ruta.engine.forms import Page, field_of
from ruta.kernel.texts import current_language, pick
from ruta.registers.rules import value_at
from ruta.registers.words import node_at
from ruta.web.site import parts


@dataclass(frozen=True)
class FactShown:
    """One answer of a register. `status`: found, disputed, unavailable; of an unavailable one, `useless` tells one that
    answered, with something that cannot be used."""

    read: str
    title: str
    status: str
    source: str
    at: datetime | None
    rows: tuple[parts.Fact, ...]
    useless: bool = False


def facts_shown(compiled: CompiledService, draft: Draft, page: Page) -> list[FactShown]:
    """The answers that the page shows. What is absent is not here: the form's checks speak of it."""
    told: list[FactShown] = []
    for read in page.shows:
        fact = draft.facts.get(read) or {}
        status = fact.get("status")
        if status not in ("found", "disputed", "unavailable"):
            continue
        told.append(_told(compiled, read, fact, status))
    return told


def known_keys(draft: Draft, page: Page) -> str:
    """What the page's look-ups were asked for and answered: changes when there is something new to show."""
    keys = [
        f"{read}:{draft.facts[read].get('key')}"
        for read in page.shows
        if draft.facts.get(read, {}).get("status") in ("found", "disputed", "unavailable")
    ]
    return " ".join(keys)


def _told(compiled: CompiledService, read: str, fact: Mapping[str, Any], status: str) -> FactShown:
    spec = compiled.read(read)
    definition = compiled.register(spec.register_)
    rows = tuple(
        parts.Fact(label, text)
        for entry in entries_of(fact)
        for name in spec.shows or spec.fields
        if (told := value_at(entry, name)) not in (None, "", [])
        for label, text in [_row(compiled, definition.schema, name, told)]
    )
    at = fact.get("at")
    return FactShown(
        read=read,
        title=pick(spec.title) or definition.title,
        status=status,
        source=definition.title,
        at=datetime.fromisoformat(at) if isinstance(at, str) else None,
        rows=rows,
        useless=(fact.get("fault") or {}).get("code") in ("unreadable", "another", "impossible"),
    )


def _row(compiled: CompiledService, schema: Mapping[str, Any], name: str, value: Any) -> tuple[str, str]:
    """Label and value in words; a part of a field (`mother.names`) has the label of the field."""
    whole, *within = name.split(".")
    field = field_of(whole, schema)
    label = field.label
    if within:
        field = field_of(within[-1], node_at(schema, name.split(".")[:-1]))
    return pick(label), compiled.in_words(field, value, current_language())
