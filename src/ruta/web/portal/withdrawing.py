"""The applicant gives an application up: what that means is said first, then it is asked once."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ruta.cases import selectors
from ruta.cases import services as case_services
from ruta.cases.models import Case
from ruta.identity import access
from ruta.identity.actors import actor_of
from ruta.payments import selectors as payments
from ruta.payments.models import Charge
from ruta.web.site import parts
from ruta.web.site.templatetags.site import pesos

from .pending import PAYABLE


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """`/mis-tramites/<number>/retirar/`: says what follows and asks, then gives the application up."""
    actor = actor_of(request)
    found = selectors.find_whole(number, actor)
    back = HttpResponseRedirect(reverse("portal:case", args=[found.number]))
    if not selectors.may_withdraw(found, actor):
        flash.warning(request, _("Esta solicitud ya se decidió: no se puede retirar."))
        return back
    if request.method == "POST":
        case_services.withdraw(found, actor=actor, reason=request.POST.get("reason", ""))
        flash.success(request, _("Retiró la solicitud. El expediente queda cerrado."))
        return back
    reason = parts.Field(
        "reason",
        _("¿Por qué la retira?"),
        "textarea",
        hint=_("Si quiere, cuéntelo: ayuda a mejorar el trámite. Lo leen los servidores del expediente."),
        rows=3,
        max_length=case_services.LONGEST_NOTE,
    )
    context = {
        "case": found,
        "title": selectors.title_of(found),
        "consequences": _consequences(found),
        "reason": reason,
    }
    return render(request, "portal/withdraw.html", context)


def _consequences(case: Case) -> list[str]:
    """What giving up means for this case, money first."""
    charges = list(payments.charges_of_case(case.number))
    told = [
        _("El cobro de %(amount)s se anula: no debe nada.") % {"amount": pesos(charge.due)}
        for charge in charges
        if charge.status in PAYABLE
    ]
    told += [
        _("Ya pagó %(amount)s: retirar la solicitud no devuelve ese dinero.") % {"amount": pesos(charge.due)}
        for charge in charges
        if charge.status == Charge.Status.PAID and charge.due
    ]
    return [
        *told,
        _("El expediente se cierra y la entidad deja de trabajar en él."),
        _("Lo que se le había apartado (un número, un turno) queda libre."),
        _("Puede pedirlo otra vez cuando quiera, desde el principio."),
        _(
            "La entidad solo puede seguir de oficio por interés público, con una decisión motivada "
            "(Ley 1755 de 2015, art. 18)."
        ),
    ]
