"""Only in the sample country: become any of its people in one click, and a tour of ten minutes."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ruta.cases.play.guides import Guide, citizens, officials
from ruta.definitions.runtime import compiled
from ruta.definitions.selectors import current_services
from ruta.documents.models import Output
from ruta.identity import access, sessions
from ruta.identity.models import Account
from ruta.kernel.texts import current_language

MOST_CITIZENS = 12


@dataclass(frozen=True)
class Stop:
    """One stop of the tour: what to do, why it is worth a look, whom to be, and where."""

    title: str
    text: str
    who: Account | None
    url: str
    link: str


@never_cache
@require_safe
@access.demo
def people(request: HttpRequest) -> HttpResponse:
    """`/demo/?q=…`."""
    query = request.GET.get("q", "").strip()
    found = citizens(query=query, limit=MOST_CITIZENS)
    posts = officials()
    return render(
        request,
        "portal/demo.html",
        {"query": query, "citizens": found, "officials": posts, "tour": _tour(found, posts)},
    )


@require_POST
@access.demo
def become(request: HttpRequest, account_id: int) -> HttpResponse:
    """Sign in as one of the sample people and go where the tour says."""
    account = get_object_or_404(Account, pk=account_id, is_active=True)
    where = request.POST.get("next", "")
    logout(request)
    sessions.become(request, account)
    home = reverse("desk:inbox") if account.postings.filter(active=True).exists() else reverse("portal:home")
    return HttpResponseRedirect(where if where.startswith("/") and not where.startswith("//") else home)


def _tour(people: list[Guide], posts: list[Guide]) -> list[Stop]:
    citizen = next((guide.account for guide in people), None)
    worker = next((guide.account for guide in posts if guide.tasks), None)
    version = next(iter(current_services()), None)
    service = compiled(version.pk).service if version else None
    act = next((spec for spec in service.acts.values() if spec.guide is None), None) if service else None
    lang: Literal["es", "en"] = "en" if current_language() == "en" else "es"
    phrases = list(act.words.get(lang, ()))[:3] if act else []
    output = Output.objects.filter(issued_at__isnull=False, state="valid").order_by("-issued_at").first()
    return [
        Stop(
            _("Busque con sus palabras"),
            _("Escriba como le diría a un vecino: %(words)s.")
            % {"words": ", ".join(f"«{each}»" for each in phrases)},
            None,
            f"{reverse('portal:search')}?{urlencode({'q': phrases[0] if phrases else ''})}",
            _("Buscar"),
        ),
        Stop(
            _("Pida un trámite y páguelo"),
            _(
                "Lo que el Estado ya sabe se trae solo; la tarifa se explica línea por línea; el banco es de muestra."
            ),
            citizen,
            reverse("portal:service", args=[service.slug]) if service else "",
            _("Ser esta persona y empezar"),
        ),
        Stop(
            _("Vea en qué va"),
            _("Quién lo tiene, desde cuándo y hasta cuándo, con el mismo reloj legal que ve la entidad."),
            citizen,
            reverse("portal:cases"),
            _("Ver mis trámites"),
        ),
        Stop(
            _("Decida como servidor público"),
            _(
                "Primero lo que vence antes; todo el expediente en una pantalla; la decisión lleva motivación."
            ),
            worker,
            reverse("desk:inbox"),
            _("Ser este servidor"),
        ),
        Stop(
            _("Verifique un certificado sin cuenta"),
            _("Con el código, el QR o el archivo. Cambie un byte y pruebe otra vez."),
            None,
            reverse("portal:verify_code", args=[output.code]) if output else "",
            _("Verificar"),
        ),
        Stop(
            _("Siga el hilo completo"),
            _("Del artículo de la ley al formulario, la regla, el pago, el reloj y el certificado."),
            None,
            reverse("portal:thread", args=[output.code]) if output else "",
            _("Abrir el hilo"),
        ),
    ]
