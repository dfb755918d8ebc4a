"""A charge told line by line, each with its law, and the money that came for it and was not due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from ruta.cases import held_money
from ruta.definitions.runtime import CompiledService
from ruta.kernel import money
from ruta.kernel.texts import pick
from ruta.payments import selectors
from ruta.payments.models import Charge, Payment, Refund
from ruta.web.forms.fees import law_in_words
from ruta.web.site import parts
from ruta.web.site.templatetags.site import day


@dataclass(frozen=True)
class HeldView:
    """Money that was not due: how much, when and why it came, its receipt, and what became of its refund."""

    amount: int
    paid_at: datetime
    why: str
    receipt: str
    receipt_url: str
    state: str
    color: str
    icon: str
    note: str


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


def held(charges: Iterable[Charge]) -> list[HeldView]:
    """The money of these charges that was not due, in the order in which it came."""
    return [_held(payment) for payment in selectors.held_payments(charges)]


def _held(payment: Payment) -> HeldView:
    refunds = [part.refund for part in payment.refund_parts.all()]
    refund = max(refunds, key=lambda each: each.requested_at) if refunds else None
    state, color, icon = {
        None: (_("Saldo a su favor"), "info", "receipt"),
        Refund.Status.REQUESTED: (_("Saldo a su favor; se está por devolver"), "info", "hourglass"),
        Refund.Status.APPROVED: (_("Devolución aprobada; el dinero está por salir"), "info", "hourglass"),
        Refund.Status.SENT: (_("Devuelto"), "success", "circle-check"),
        Refund.Status.DECLINED: (_("No se aprobó devolverlo; es saldo a su favor"), "warning", "receipt"),
    }[Refund.Status(refund.status) if refund else None]
    return HeldView(
        amount=payment.amount,
        paid_at=payment.paid_at,
        why=pick(held_money.WHY.get(payment.held_because)),
        receipt=payment.receipt.number,
        receipt_url=reverse("portal:payment-receipt", args=[payment.receipt.number]),
        state=state,
        color=color,
        icon=icon,
        note=_note(refund),
    )


def _note(refund: Refund | None) -> str:
    if refund is None:
        return ""
    match refund.status:
        case Refund.Status.REQUESTED:
            return _("La entidad lo resuelve a más tardar el %(due)s.") % {"due": day(refund.due_on)}
        case Refund.Status.SENT:
            return _("Salió el %(day)s al medio con el que pagó.") % {"day": day(refund.sent_at)}
        case Refund.Status.DECLINED:
            return refund.decision_note
    return ""


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
