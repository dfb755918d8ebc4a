"""Receipts on paper: that an application was filed, and that something was paid."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ruta.cases import selectors
from ruta.cases.models import Case
from ruta.definitions import runtime
from ruta.identity import access
from ruta.identity.actors import actor_of
from ruta.kernel import money
from ruta.kernel.errors import NotFound, RutaError
from ruta.payments import selectors as payments
from ruta.web.forms.receipt import filing_facts
from ruta.web.site import parts
from ruta.web.site.templatetags.site import moment

from . import charges


@never_cache
@require_safe
@access.signed_in
def filing(request: HttpRequest, number: str) -> HttpResponse:
    """`/mis-tramites/<number>/constancia/`: number, instant, what was asked for, and until when it is answered."""
    actor = actor_of(request)
    case = selectors.find_whole(number, actor)
    return render(
        request,
        "forms/filing_receipt.html",
        {
            "facts": filing_facts(case),
            "charge": [],
            "case": case,
            "back": reverse("portal:case", args=[case.number]),
        },
    )


@never_cache
@require_safe
@access.signed_in
def payment(request: HttpRequest, number: str) -> HttpResponse:
    """`/recibos/<number>/`: the proof of a payment, for its payer only."""
    actor = actor_of(request)
    receipt = payments.receipt(number)
    if actor.person_id is None or receipt.payer != actor.person_id:
        raise NotFound(
            {
                "es": "Recibo: no existe ninguno con ese número entre los suyos.",
                "en": "Receipt: there is none with that number among yours.",
            }
        )
    facts = [
        parts.Fact(_("Recibo"), receipt.number),
        parts.Fact(
            _("Código para verificarlo"),
            receipt.code,
            note=f"{settings.PUBLIC_URL}{reverse('portal:verify_code', args=[receipt.code])}",
        ),
        parts.Fact(_("Pagado el"), moment(receipt.payment.paid_at if receipt.payment else receipt.issued_at)),
        parts.Fact(_("Valor"), money.format_pesos(receipt.amount)),
    ]
    if receipt.payment and receipt.payment.approval:
        facts.append(parts.Fact(_("Aprobación"), receipt.payment.approval))
    table, back = None, reverse("portal:cases")
    if receipt.charge and receipt.charge.case_number:
        case = _case(receipt.charge.case_number, request)
        if case is not None:
            facts.insert(0, parts.Fact(_("Trámite"), selectors.title_of(case), note=case.number))
            back = reverse("portal:case", args=[case.number])
            table = charges.lines_table(receipt.charge, runtime.compiled(case.version_id))
    return render(
        request,
        "portal/payment_receipt.html",
        {"receipt": receipt, "facts": facts, "table": table, "back": back},
    )


def _case(number: str, request: HttpRequest) -> Case | None:
    try:
        return selectors.find_whole(number, actor_of(request))
    except RutaError:
        return None
