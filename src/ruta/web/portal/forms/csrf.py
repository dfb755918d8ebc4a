"""A form's page whose forgery guard is stale: what was posted is parked and shown again at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from ruta.web.site.errors import csrf_failure as stale_page

from .gate import park_post, refuse


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Settings' CSRF_FAILURE_VIEW. Pages other than a form's get the site's page, which carries the values."""
    if request.method != "POST" or not park_post(request, reason="csrf"):
        return stale_page(request, reason)
    if not request.user.is_authenticated:
        return refuse(request, reason="csrf-parked")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)
    messages.info(
        request, _("La página llevaba mucho tiempo abierta. Lo que escribió está abajo, sin guardar.")
    )
    return HttpResponseRedirect(request.path)
