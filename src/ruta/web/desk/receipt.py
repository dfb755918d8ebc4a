"""The receipt of filing, printed at the desk: what the person at the counter takes home."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ruta.cases import selectors
from ruta.cases.models import Case
from ruta.identity import access
from ruta.identity.actors import actor_of
from ruta.identity.selectors import names_of_officials
from ruta.payments.models import Charge
from ruta.payments.selectors import charges_of_case
from ruta.web.forms.receipt import filing_facts
from ruta.web.site import parts
from ruta.web.site.templatetags.site import day, pesos

from .reads import log_read


@never_cache
@require_safe
@access.official
def filing(request: HttpRequest, number: str) -> HttpResponse:
    """`/escritorio/expedientes/<number>/constancia/`: with who assisted, and the reference of what is to be paid."""
    actor = actor_of(request, desk=True)
    case = selectors.find(number, actor)
    log_read(actor, case, "case")
    facts = filing_facts(case)
    if case.filed_by_id is not None:
        by = names_of_officials([case.filed_by_id]).get(case.filed_by_id, "")
        label = _("Lo asistió") if case.applicant_id else _("Lo radicó")
        facts.append(parts.Fact(label, by))
    back = reverse("desk:case", args=[case.number])
    context = {"facts": facts, "charge": _to_pay(case), "case": case, "back": back}
    return render(request, "forms/filing_receipt.html", context)


def _to_pay(case: Case) -> list[parts.Fact]:
    charge = charges_of_case(case.number).filter(status=Charge.Status.OPEN, due__gt=0).first()
    if charge is None:
        return []
    facts = [parts.Fact(_("Referencia de pago"), charge.number), parts.Fact(_("Valor"), pesos(charge.due))]
    if charge.expires_at:
        facts.append(parts.Fact(_("Puede pagar hasta"), day(charge.expires_at)))
    return facts
