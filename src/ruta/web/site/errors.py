"""Pages for what goes wrong: in words, with a way out, never a traceback."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from ruta.kernel.errors import RutaError

from .again import cookie_language, unavailable


class SayErrors:
    """Middleware: an error that a view did not handle is told to the person with its status."""

    def __init__(self, get_response: object) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)  # type: ignore[operator, no-any-return]

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A `RutaError` becomes a page."""
        if not isinstance(exception, RutaError):
            return None
        if exception.status == 404:
            return not_found(request, exception)
        title = {
            403: gettext("No puede ver esta página"),
            409: gettext("Esto cambió mientras usted lo veía"),
            503: gettext("Un sistema que necesitamos no responde"),
        }.get(exception.status, gettext("No se pudo hacer"))
        return _page(request, exception.status, title, exception.say())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with the search and the way home."""
    said = exception.say() if isinstance(exception, RutaError) else ""
    return render(request, "site/404.html", {"said": said}, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    said = gettext("Su cuenta no tiene permiso para esta página. Si cree que sí debería verla, escríbanos.")
    return _page(request, 403, gettext("No puede ver esta página"), said)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    said = gettext(
        "El navegador envió algo que no entendimos. Vuelva a la página anterior e intente otra vez."
    )
    return _page(request, 400, gettext("No entendimos la solicitud"), said)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long, or cookies are off; what was posted comes back with "try again"."""
    return unavailable(request, template="site/stale.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; when the reason is that the database does not answer, the 503 that carries the posted values."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    lang = cookie_language(request)
    with translation.override(lang):
        return HttpResponse(render_to_string("site/500.html", {"lang": lang}), status=500)


def _page(request: HttpRequest, status: int, title: str, said: str) -> HttpResponse:
    return render(request, "site/error.html", {"title": title, "said": said}, status=status)
