"""A session that ended while an official wrote: what was posted comes back, to be sent after signing in."""

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from ruta.web.site.again import unavailable

KEPT = ("complete", "decide-many", "insert", "note")


def keep_refused(request: HttpRequest, where: str) -> HttpResponse | None:
    """The page that carries the values, when the post was of a task or a note; None for any other."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    if match.app_name != "desk" or match.url_name not in KEPT:
        return None
    return unavailable(request, template="desk/signed-out.html", status=403)
