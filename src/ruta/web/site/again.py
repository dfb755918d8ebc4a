"""The page that brings posted values back with "try again": nothing that was typed is lost.

Passwords and codes are not carried; files cannot be: the page says so.
"""

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import translation

SECRET_WORDS = ("password", "csrfmiddlewaretoken", "otp", "clave")
RETRY_AFTER_SECONDS = 30


def unavailable(
    request: HttpRequest, *, template: str = "site/unavailable.html", status: int = 503
) -> HttpResponse:
    """A page with the posted values and "try again", made without any query."""
    try:
        posted = [
            (name, value)
            for name, values in request.POST.lists()
            if not any(word in name.lower() for word in SECRET_WORDS)
            for value in values
        ]
        files = [
            str(getattr(upload, "name", "")) for _, uploads in request.FILES.lists() for upload in uploads
        ]
    except (UnreadablePostError, OperationalError, InterfaceError):
        posted, files = [], []
    lang = cookie_language(request)
    with translation.override(lang):
        page = render_to_string(
            template,
            {
                "values": posted,
                "files": files,
                "action": request.get_full_path(),
                "retry": request.method == "POST",
                "csrf_token": get_token(request),
                "lang": lang,
            },
        )
    answer = HttpResponse(page, status=status)
    if status == 503:
        answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer


def cookie_language(request: HttpRequest) -> str:
    """The language of a page that is made when nothing else can be asked."""
    return "en" if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "es").startswith("en") else "es"
