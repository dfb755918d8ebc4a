"""Pages that need somebody signed in."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from ruta.identity import access

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)


def signed_in(
    view: Callable[Concatenate[HttpRequest, P], Answer],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Send a stranger to sign in and back here: the rule `signed-in` of `ruta.identity.access`, with types kept."""
    return access.signed_in(view)
