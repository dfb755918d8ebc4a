"""Who may open a form's page; a post that is refused is parked, and the person comes back to it."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from ruta.cases.drafts import parking

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
PAGE_NAMES = {"form-page"}
logger = logging.getLogger(__name__)


def signed_in(view: View[P]) -> View[P]:
    """The view is for somebody who signed in; a post of somebody else is parked and the sign-in page comes."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return refuse(request, reason="session")

    guarded.access = "signed_in"  # type: ignore[attr-defined]
    return guarded


def refuse(request: HttpRequest, *, reason: str) -> HttpResponse:
    """Park what was posted, then lead to sign-in and back to the page."""
    if request.method == "POST" and park_post(request, reason=reason):
        messages.info(request, _("Su sesión terminó. Entre de nuevo: lo que escribió está a salvo."))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204)  # a save in the background: the page itself will ask to sign in
    return redirect_to_login(_page_to_return_to(request), login_url=reverse("account_login"))


def park_post(request: HttpRequest, *, reason: str) -> bool:
    """Park the post when it was one of a form's page; True when it is kept."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return False
    if match.url_name not in PAGE_NAMES:
        return False
    posted = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
    try:
        return parking.park(
            UUID(str(match.kwargs["draft_id"])), match.kwargs["page_id"], posted, reason=reason
        )
    except DatabaseError:
        logger.warning("a refused post could not be parked")
        return False


def step_up(request: HttpRequest, level: str, back: str) -> HttpResponse:
    """Lead to where the identity is confirmed to `level`, and back to `back`."""
    address = f"{reverse('identity:step-up', args=[level])}?{urlencode({'next': back})}"
    return HttpResponseRedirect(address)


def _page_to_return_to(request: HttpRequest) -> str:
    return request.get_full_path() if request.method in ("GET", "HEAD") else request.path
