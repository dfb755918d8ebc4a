"""A charge told line by line, each with its law."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from ruta.definitions.runtime import CompiledService
from ruta.kernel import money
from ruta.kernel.texts import pick
from ruta.payments.models import Charge
from ruta.web.site import parts


@dataclass(frozen=True)
class ChargeView:
    """A charge: its lines as a table, its state in words, and where to pay or to see the receipt."""

    number: str
    table: parts.Table
    state: str
    color: str
    icon: str
    pay_url: str
    receipt_url: str


def view(charge: Charge, compiled: CompiledService) -> ChargeView:
    """What the payer reads of a charge."""
    state, color, icon = {
        Charge.Status.OPEN: (_("Por pagar"), "warning", "credit-card"),
        Charge.Status.PENDING: (_("El banco está confirmando"), "info", "hourglass"),
        Charge.Status.PAID: (_("Pagado"), "success", "circle-check"),
        Charge.Status.EXPIRED: (_("Venció sin pago"), "danger", "x"),
        Charge.Status.VOID: (_("Anulado"), "neutral", "x"),
        Charge.Status.REFUNDED: (_("Devuelto"), "neutral", "arrow-left"),
    }[Charge.Status(charge.status)]
    receipt = getattr(charge, "receipt", None)
    return ChargeView(
        number=charge.number,
        table=lines_table(charge, compiled),
        state=state,
        color=color,
        icon=icon,
        pay_url=reverse("portal:payment", args=[charge.number])
        if charge.status == Charge.Status.OPEN
        else "",
        receipt_url=reverse("portal:payment-receipt", args=[receipt.number]) if receipt else "",
    )


def lines_table(charge: Charge, compiled: CompiledService | None) -> parts.Table:
    """The lines with quantity, law and amount; the last line is what is owed after credits.

    `compiled` is None where the charge belongs to no case: its laws are then told by their ids.
    """
    rows = [
        (
            parts.Cell(pick(line.get("title")) or str(line.get("concept", ""))),
            parts.Cell(str(line.get("quantity", 1)), kind="amount"),
            parts.Cell(law_in_words(compiled, str(line.get("law", "")))),
            parts.Cell(money.format_pesos(int(line["amount"])), kind="amount"),
        )
        for line in charge.lines
    ]
    if charge.credited:
        rows.append(
            (
                parts.Cell(_("Ya pagado antes")),
                parts.Cell(""),
                parts.Cell(""),
                parts.Cell(money.format_pesos(-charge.credited), kind="amount"),
            )
        )
    return parts.Table(
        _("Lo que se cobra, línea por línea"),
        (_("Concepto"), _("Cantidad"), _("Norma"), _("Valor")),
        tuple(rows),
        total=(
            parts.Cell(_("Total")),
            parts.Cell(""),
            parts.Cell(""),
            parts.Cell(money.format_pesos(charge.due), kind="amount"),
        ),
    )


def law_in_words(compiled: CompiledService | None, law_id: str) -> str:
    """`Ley 1163 de 2007, art. 3`; the id itself where the service does not name it."""
    law = compiled.service.law(law_id) if compiled else None
    return law.cited if law else law_id
