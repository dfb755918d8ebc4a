"""Answers for when the database is down: nothing that was typed is lost."""

from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import translation

SECRET_WORDS = ("password", "csrfmiddlewaretoken", "otp", "clave")
RETRY_AFTER_SECONDS = 30


class DatabaseDown:
    """Turn "the database does not answer" into a 503 that carries the posted values with "try again".

    Passwords and codes are not carried; files cannot be: the page says so. What fails in another middleware (reading
    the session) comes here by way of `errors.server_error`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A view met a database that is gone."""
        if isinstance(exception, OperationalError | InterfaceError) and _is_down(exception):
            return unavailable(request)
        return None


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


def _is_down(error: Exception) -> bool:
    """Whether the server is gone, rather than one statement refused (a lock, a time-out, a full disk)."""
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None)
    return state is None or state.startswith(("08", "57P"))
