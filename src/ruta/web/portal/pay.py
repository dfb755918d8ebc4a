"""Paying: hand over to the gateway, and tell what became of it when the person comes back."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ruta.cases.models import Case
from ruta.definitions import runtime
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.kernel.errors import NotFound, RutaError
from ruta.payments import selectors, services
from ruta.payments.models import Charge, CheckoutSession

from . import charges


@dataclass(frozen=True)
class Told:
    """What is said of a charge: a title, what to do, a colour role, and whether the button to pay is offered."""

    title: str
    text: str
    color: str
    can_pay: bool = False
    wait: bool = False


def _charge(number: str, actor: Actor) -> Charge:
    """The person's charge. Another's answers like one that does not exist."""
    charge = selectors.charge(number)
    if actor.person_id is None or charge.payer != actor.person_id:
        raise NotFound(
            {
                "es": "Referencia de pago: no hay un cobro suyo con ese número. Cópielo de sus trámites.",
                "en": "Payment reference: no charge of yours has that number. Copy it from your cases.",
            },
            field="number",
        )
    return charge


@access.signed_in
@never_cache
@require_POST
def pay(request: HttpRequest, number: str) -> HttpResponse:
    """Open the gateway's page. Two clicks lead to the same page; a gateway that is down leaves all as it was."""
    charge = _charge(number, actor_of(request))
    back = reverse("portal:payment", args=[charge.number])
    try:
        return HttpResponseRedirect(services.start_checkout(charge, f"{settings.PUBLIC_URL}{back}"))
    except RutaError as refused:
        messages.error(request, refused.say())
        return HttpResponseRedirect(back)


@access.signed_in
@never_cache
@require_safe
def payment(request: HttpRequest, number: str) -> HttpResponse:
    """What the charge is for and where its payment stands; the gateway is asked when something is under way."""
    charge = _charge(number, actor_of(request))
    if charge.status in (Charge.Status.OPEN, Charge.Status.PENDING) and charge.sessions.exists():
        charge = services.reconcile(charge)
    held = charges.held([charge])
    told = _told(charge, came_late=bool(held))
    case = Case.objects.filter(number=charge.case_number).first() if charge.case_number else None
    context = {
        "charge": charge,
        "told": told,
        "held": held,
        "receipt": getattr(charge, "receipt", None),
        "lines": charges.lines_table(charge, runtime.compiled(case.version_id) if case else None),
        "case": case,
    }
    return render(request, "portal/payment.html", context)


def _told(charge: Charge, *, came_late: bool) -> Told:  # noqa: PLR0911  one answer a state
    match charge.status:
        case Charge.Status.PAID:
            return Told(
                _("Su pago llegó"), _("Guarde el número del recibo. El trámite sigue solo."), "success"
            )
        case Charge.Status.PENDING:
            text = _(
                "Su banco aún no confirma. No pague otra vez: si el dinero salió de su cuenta, llega solo. "
                "Puede tardar desde minutos hasta el siguiente día hábil bancario; le avisamos por correo."
            )
            return Told(_("Su pago está en camino"), text, "warning", wait=True)
        case Charge.Status.EXPIRED | Charge.Status.VOID if came_late:
            text = _("El dinero es suyo y vuelve a usted: abajo ve el recibo y en qué va la devolución.")
            return Told(_("Su pago llegó cuando ya no se cobraba"), text, "warning")
        case Charge.Status.EXPIRED:
            text = _("El plazo para pagar pasó y no se cobró nada. Puede presentar la solicitud de nuevo.")
            return Told(_("El cobro venció"), text, "danger")
        case Charge.Status.VOID:
            return Told(_("El cobro se anuló"), _("No debe nada por él."), "info")
        case Charge.Status.REFUNDED:
            return Told(_("El pago se devolvió"), _("El dinero va a la cuenta de donde salió."), "info")
    rejected = charge.sessions.filter(status=CheckoutSession.Status.REJECTED).exists()
    if rejected:
        text = _("No se cobró nada. Revise con su banco el cupo o el saldo, o pague por otro medio.")
        return Told(_("El banco no aprobó el pago"), text, "danger", can_pay=True)
    if charge.due == 0:
        return Told(_("No debe nada"), _("Lo que pagó antes cubre el cobro."), "success")
    return Told(_("Falta el pago"), _("El trámite sigue cuando el pago llegue."), "info", can_pay=True)
