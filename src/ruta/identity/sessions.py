"""Sessions end after 30 minutes without a request; who signs in is remembered by account only."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse

from ruta.kernel import clock

from .access import is_poll
from .models import Account

SEEN = "ruta_seen"
SAVE_AFTER_SECONDS = 60
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class KeepSession:
    """Middleware: each request of somebody signed in puts off the end of the session, but for those that a page makes by
    itself (`access.poll`): nobody need be there for them.

    The row is written at most once a minute: a session ends between 29 and 30 minutes after the last request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> None:
        """Once it is known which page is asked for."""
        if request.user.is_authenticated and not is_poll(view):
            now = int(clock.now().timestamp())
            if abs(now - int(request.session.get(SEEN, 0))) >= SAVE_AFTER_SECONDS:
                request.session[SEEN] = now


def become(request: HttpRequest, account: Account) -> None:
    """Sign an account in without a password: for the sample country only, whose page is not there otherwise."""
    login(request, account, backend=BACKEND)
