"""A post of a form's page that is refused is parked; the person signs in and finds it on the page, unsaved."""

import logging
from uuid import UUID

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from ruta.cases.drafts import parking

logger = logging.getLogger(__name__)


def keep_refused(request: HttpRequest, where: str) -> HttpResponse | None:
    """Called for every post that is refused for lack of session or level, before the person is sent to `where`."""
    if request.headers.get("HX-Request"):
        # a save in the background: the page still holds the values and asks to sign in when it is sent itself
        return HttpResponse(status=204) if _draft_page(request) else None
    lacks_level = request.user.is_authenticated  # somebody signed in is refused for the level alone
    if not park_post(request, reason="level" if lacks_level else "session"):
        return None
    messages.info(
        request,
        _("Para continuar confirme su identidad; lo que escribió queda guardado.")
        if lacks_level
        else _("Su sesión terminó. Entre de nuevo: lo que escribió está a salvo."),
    )
    return HttpResponseRedirect(where)


def park_post(request: HttpRequest, *, reason: str) -> bool:
    """Park the post when it was one of a form's page; True when it is kept."""
    found = _draft_page(request)
    if found is None or found[2] != "form-page":
        return False
    posted = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    try:
        return parking.park(found[0], found[1], posted, reason=reason)
    except DatabaseError:
        logger.warning("a refused post could not be parked")
        return False


def _draft_page(request: HttpRequest) -> tuple[UUID, str, str] | None:
    """(draft, page, name of the address) of a request to a draft's page; None for any other."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    draft_id, page_id = match.kwargs.get("draft_id"), match.kwargs.get("page_id")
    if not isinstance(draft_id, UUID) or not isinstance(page_id, str):
        return None
    return draft_id, page_id, match.url_name or ""
