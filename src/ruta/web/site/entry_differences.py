"""What a case changes in an entry, side by side and field by field; the same for the desk and for who applied."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ruta.cases.models import Case
from ruta.cases.outputs import entry_in_words
from ruta.cases.selectors.differences import differences
from ruta.definitions.runtime import CompiledService
from ruta.engine.forms import resolved
from ruta.identity.actors import Actor
from ruta.kernel.texts import current_language, pick
from ruta.registers.words import label_of

from . import parts


@dataclass(frozen=True)
class DifferenceView:
    """One entry: what changed as a table, when (None: not yet), and whether the entry changed since it was read."""

    title: str
    table: parts.Table
    at: datetime | None
    stale: bool


def of_case(case: Case, compiled: CompiledService, actor: Actor) -> list[DifferenceView]:
    """What the case replaced, or would replace now."""
    return [
        DifferenceView(
            compiled.register(each.register).title,
            _table(compiled, each.register, each.before, each.after, done=each.at is not None),
            each.at,
            each.stale,
        )
        for each in differences(case, actor)
    ]


def _table(
    compiled: CompiledService,
    register: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    done: bool,
) -> parts.Table:
    schema, nothing = compiled.register(register).schema, _("Nada")
    old, new = (entry_in_words(compiled, register, each, current_language()) for each in (before, after))
    rows = tuple(
        (
            parts.Cell(pick(label_of(node, name))),
            parts.Cell(shown(schema, node, old.get(name)) or nothing),
            parts.Cell(shown(schema, node, new.get(name)) or nothing),
        )
        for name, node in schema["properties"].items()
        if name in before or name in after
    )
    columns = (_("Dato"), _("Antes"), _("Ahora")) if done else (_("Dato"), _("Hoy dice"), _("Diría"))
    return parts.Table(_("Qué cambió") if done else _("Qué cambia"), columns, rows)


def shown(schema: Mapping[str, Any], node: Mapping[str, Any], value: Any) -> str:
    """A field of an entry (of `entry_in_words`) as one line: a code by its word, a person by name and document."""
    if isinstance(value, Mapping):
        return " · ".join(str(value[name]) for name in ("names", "document") if value.get(name))
    if isinstance(value, bool):
        return _("sí") if value else _("no")
    told = "" if value is None else str(value)
    return pick(resolved(schema, node).get("x-ui", {}).get("options", {}).get(told)) or told
