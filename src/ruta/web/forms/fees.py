"""What an application costs, line by line, each with its law."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from ruta.definitions.runtime import CompiledService
from ruta.kernel.money import format_pesos
from ruta.kernel.texts import pick
from ruta.web.site import parts


def table(lines: Sequence[Mapping[str, Any]], compiled: CompiledService) -> parts.Table | None:
    """The lines of a fee with their total; None where there are none."""
    if not lines:
        return None
    rows = tuple(
        (
            parts.Cell(pick(line["title"])),
            parts.Cell(law_in_words(compiled, str(line["law"]))),
            parts.Cell(f"{line['quantity']} × {format_pesos(int(line['unit']))}", kind="amount"),
            parts.Cell(format_pesos(int(line["amount"])), kind="amount"),
        )
        for line in lines
    )
    total = sum(int(line["amount"]) for line in lines)
    return parts.Table(
        _("Lo que se cobra"),
        (_("Concepto"), _("Norma"), _("Cantidad"), _("Valor")),
        rows,
        total=(
            parts.Cell(_("Total")),
            parts.Cell(""),
            parts.Cell(""),
            parts.Cell(format_pesos(total) if total else _("Gratis"), kind="amount"),
        ),
    )


def law_in_words(compiled: CompiledService | None, law_id: str) -> str:
    """`Ley 1163 de 2007, art. 3`; the id itself where the service does not name it."""
    law = compiled.service.law(law_id) if compiled else None
    return law.cited if law else law_id
