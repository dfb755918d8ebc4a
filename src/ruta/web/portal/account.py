"""My account: who I am here, the language, and whether legal notices come by electronic means."""

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ruta.identity import access, services
from ruta.identity.actors import actor_of
from ruta.identity.models import Account
from ruta.kernel.texts import LANGUAGES
from ruta.notifications.selectors import unopened_count
from ruta.web.site import parts
from ruta.web.site.preferences import remember_language


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def account(request: HttpRequest) -> HttpResponse:
    """`/cuenta/`."""
    user = request.user
    assert isinstance(user, Account)
    if request.method == "POST":
        return _save(request, user)
    actor = actor_of(request)
    levels = {
        "none": _("Sin confirmar"),
        "low": _("Confirmamos su correo"),
        "medium": _("Confirmamos quién es con sus respuestas"),
        "high": _("Confirmamos su identidad en persona"),
        "very_high": _("Confirmamos su identidad con certificado"),
    }
    facts = [
        parts.Fact(_("Correo"), user.email),
        parts.Fact(_("Confianza"), levels.get(actor.level, actor.level)),
    ]
    if actor.names:
        facts.insert(0, parts.Fact(_("Nombre"), actor.names))
    if actor.document_number:
        facts.insert(1, parts.Fact(_("Documento"), f"{actor.document_type} {actor.document_number}"))
    step_up = link_level("identity:step-up", "medium") if actor.level in ("none", "low") else ""
    return render(
        request,
        "portal/account.html",
        {
            "facts": facts,
            "step_up_url": step_up,
            "accepts": bool(user.person and user.person.accepts_electronic_notice),
            "has_person": user.person_id is not None,
            "account_lang": user.lang,
            "unopened": unopened_count(actor.person_id) if actor.person_id else 0,
        },
    )


def link_level(name: str, level: str) -> str:
    """The address of the step up to `level`, and back here."""
    back = reverse("portal:account")
    return f"{reverse(name)}?siguiente={back}&nivel={level}"


def _save(request: HttpRequest, user: Account) -> HttpResponse:
    answer = HttpResponseRedirect(reverse("portal:account"))
    lang = request.POST.get("lang", "")
    if lang in LANGUAGES:
        services.set_language(user, lang)
        remember_language(answer, lang)
    if "notice" in request.POST and user.person is not None:
        services.accept_electronic_notice(user.person, request.POST["notice"] == "yes")
    flash.success(request, _("Guardamos sus preferencias."))
    return answer
