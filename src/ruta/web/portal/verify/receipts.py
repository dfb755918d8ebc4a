"""The check of a payment's receipt by its code: number, amount, date and concept; never who paid."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ruta.cases import perms
from ruta.identity.actors import Actor
from ruta.kernel import money
from ruta.kernel.errors import NotFound
from ruta.kernel.texts import pick
from ruta.payments import selectors
from ruta.payments.models import Receipt
from ruta.web.site.parts import Fact
from ruta.web.site.templatetags.site import moment

from .words import Saying

VALID = Saying(
    "success",
    "circle-check",
    _("Pago recibido"),
    _("Este recibo existe y el pago se recibió"),
    _("La entidad recibió el dinero y no lo ha devuelto."),
    _("Compare estos datos con los del recibo que tiene: si no coinciden, no es el que expedimos."),
)
PARTLY = Saying(
    "warning",
    "history",
    _("Devuelto en parte"),
    _("Este recibo existe, y una parte del pago se devolvió"),
    _("La entidad recibió el dinero y devolvió la parte que se indica."),
    VALID.advice,
)
REVERSED = Saying(
    "danger",
    "x",
    _("Pago devuelto"),
    _("Este recibo existe, pero el pago se devolvió"),
    _("La entidad devolvió el dinero: el recibo ya no prueba un pago."),
    _("No lo acepte como prueba de pago."),
)


def known(code: str, actor: Actor) -> Receipt | None:
    """The receipt with this code; None where there is none, or it belongs to a sealed case that is not for `actor`."""
    try:
        receipt = selectors.receipt_by_code(code)
    except NotFound:
        return None
    number = receipt.charge.case_number if receipt.charge is not None else ""
    own = actor.person_id is not None and receipt.payer == actor.person_id
    if number and not own and perms.hidden_from(actor).filter(number=number).exists():
        return None
    return receipt


def page(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """What the receipt is worth today."""
    standing = selectors.standing(receipt)
    saying = REVERSED if standing.state == "reversed" else PARTLY if standing.returned else VALID
    facts = [
        Fact(gettext("Recibo"), receipt.number),
        Fact(gettext("Valor"), money.format_pesos(receipt.amount)),
        Fact(gettext("Pagado el"), moment(_paid_at(receipt))),
        *(Fact(gettext("Concepto"), pick(line["title"])) for line in receipt.lines),
        Fact(gettext("Código"), receipt.code),
    ]
    if standing.returned:
        facts.insert(2, Fact(gettext("Devuelto"), money.format_pesos(standing.returned)))
    return render(request, "portal/verify/receipt.html", {"saying": saying, "facts": facts})


def as_data(receipt: Receipt) -> dict[str, Any]:
    """The same answer for machines."""
    standing = selectors.standing(receipt)
    return {
        "verdict": standing.state,
        "code": receipt.code,
        "receipt": {
            "number": receipt.number,
            "amount": receipt.amount,
            "returned": standing.returned,
            "paid_at": _paid_at(receipt).isoformat(),
            "concepts": [line["title"] for line in receipt.lines],
        },
    }


def _paid_at(receipt: Receipt) -> Any:
    return receipt.payment.paid_at if receipt.payment is not None else receipt.issued_at
