"""A form's page whose forgery guard is stale: what was posted is parked and shown again at once."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ruta.web.site.errors import csrf_failure as stale_page

from .gate import park_post


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The setting CSRF_FAILURE_VIEW. Pages other than a form's get the site's page, which carries the values."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)  # a save in the background: the page itself will tell when it is sent
    if request.method != "POST" or not park_post(request, reason="csrf"):
        return stale_page(request, reason)
    messages.info(
        request, _("La página llevaba mucho tiempo abierta. Lo que escribió está abajo, sin guardar.")
    )
    user = getattr(request, "user", None)  # the guard stands before the middleware that knows the user
    if user is not None and not user.is_authenticated:
        return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': request.path})}")
    return HttpResponseRedirect(request.path)
