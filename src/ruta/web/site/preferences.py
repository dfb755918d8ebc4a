"""Language and appearance, kept in cookies, and the three pages of the footer. Works without JavaScript."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from ruta.identity import access
from ruta.kernel.texts import LANGUAGES

from .context import APPEARANCE_COOKIE, APPEARANCES

A_YEAR = 365 * 24 * 3600


@access.public
@require_safe
def language(request: HttpRequest, lang: str) -> HttpResponse:
    """Speak `lang` from now on and go back to where one was."""
    if lang not in LANGUAGES:
        raise Http404
    return _remember(_back(request), settings.LANGUAGE_COOKIE_NAME, lang)


@access.public
@require_safe
def appearance(request: HttpRequest, wanted: str) -> HttpResponse:
    """Light, dark, or as the device says."""
    if wanted not in APPEARANCES:
        raise Http404
    return _remember(_back(request), APPEARANCE_COOKIE, wanted)


@access.public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What the site promises to people who see, hear, move or read differently."""
    return render(request, "site/accessibility.html")


@access.public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about a visitor and a user, why, and how long."""
    return render(request, "site/privacy.html")


@access.public
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Where one gets help."""
    return render(request, "site/contact.html")


def remember_language(answer: HttpResponse, lang: str) -> HttpResponse:
    """Keep the language in its cookie."""
    return _remember(answer, settings.LANGUAGE_COOKIE_NAME, lang)


def _back(request: HttpRequest) -> HttpResponseRedirect:
    wanted = request.GET.get("next", "/")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=False)
    return HttpResponseRedirect(wanted if safe else "/")


def _remember(answer: HttpResponse, name: str, value: str) -> HttpResponse:
    answer.set_cookie(
        name, value, max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
    )
    return answer
