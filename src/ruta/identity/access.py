"""Who may open a page: every view declares its rule, the declaration enforces it, and a test walks the URL table.

@access.public            anybody
@access.signed_in         anybody with an account
@access.level("medium")   who is known with that assurance; else the step-up page, and back
@access.official          at the desk, who has a posting
@access.client            by API, a system that shows its key
@access.demo              only in the sample country
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.translation import gettext

from ruta.kernel.errors import Forbidden, NotFound

from . import clients
from .actors import Actor, actor_of, has_level
from .levels import ORDER

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)
View = Callable[..., Any]
RefusedPost = Callable[[HttpRequest, str], HttpResponse | None]

on_refused_post: list[RefusedPost] = []
"""Asked in turn when a POST is refused for lack of session or level, with where the person is sent: the first answer
that is not None is given instead. A room of pages adds what keeps the values that were posted."""

_RULES = ("public", "signed-in", "official", "client", "demo", *(f"level:{level}" for level in ORDER[1:]))


class Declaration(Protocol):
    """A decorator of a view; what it answers may also be a refusal."""

    def __call__(
        self, view: Callable[Concatenate[HttpRequest, P], Answer], /
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]: ...


def rule(name: str) -> Declaration:
    """Declare and enforce the rule `name` of a view: public, signed-in, official, client, demo or level:‹level›."""
    if name not in _RULES:
        raise ValueError(f"no such rule: {name}; there are {', '.join(_RULES)}")

    def declare(
        view: Callable[Concatenate[HttpRequest, P], Answer], /
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            refused = _session_over(request) if is_poll(view) else None
            refused = refused or _refusal(request, name)
            return view(request, *args, **kwargs) if refused is None else refused

        guarded.access_rule = name  # type: ignore[attr-defined]
        return guarded

    return declare


def rule_of(view: View) -> str | None:
    """The rule that a view of the URL table declares, or None: it has none, which a test refuses."""
    found = getattr(view, "access_rule", None)
    return found if isinstance(found, str) else None


def poll(view: Callable[P, Answer]) -> Callable[P, Answer]:
    """Declare, within the rule, that a page asks for this view by itself again and again: it keeps no session alive."""
    view.polls = True  # type: ignore[attr-defined]
    return view


def is_poll(view: View) -> bool:
    """Whether pages ask for the view by themselves."""
    return bool(getattr(view, "polls", False))


STOP_POLLING = 286  # htmx shows the answer and asks no more


def _session_over(request: HttpRequest) -> HttpResponse | None:
    """Said in the page's place for it: nobody is sent away from what may be half written there."""
    if request.user.is_authenticated or request.headers.get("HX-Request") != "true":
        return None
    said = gettext(
        "Su sesión terminó. Lo que escribió sigue aquí: entre otra vez en otra pestaña y después envíelo."
    )
    return HttpResponse(f'<p class="ds-alert" data-color="warning">{escape(said)}</p>', status=STOP_POLLING)


public = rule("public")
signed_in = rule("signed-in")
official = rule("official")
client = rule("client")
demo = rule("demo")


def level(needed: str) -> Declaration:
    """The rule of a view that needs the assurance `needed`."""
    return rule(f"level:{needed}")


def _refusal(request: HttpRequest, name: str) -> HttpResponse | None:
    if name == "public":
        return None
    if name == "demo":
        if settings.DEMO:
            return None
        raise NotFound({"es": "Esta página no existe.", "en": "This page does not exist."})
    if name == "client":
        request.__dict__[_CLIENT] = clients.actor_of_key(_key_of(request))
        return None
    if not request.user.is_authenticated:
        return send_elsewhere(request, resolve_url(settings.LOGIN_URL), "next")
    if name == "official" and actor_of(request, desk=True).kind != "official":
        raise Forbidden(
            {
                "es": "El escritorio es para servidores públicos. Su cuenta no tiene un cargo activo.",
                "en": "The desk is for officials. Your account has no active posting.",
            },
            code="not-an-official",
        )
    needed = name.removeprefix("level:")
    if needed != name and not has_level(actor_of(request), needed):
        return step_up(request, needed)
    return None


def client_of(request: HttpRequest) -> Actor:
    """The system that asks, in a view whose rule is `client`."""
    found: Actor = request.__dict__[_CLIENT]
    return found


_CLIENT = "_ruta_client"


def _key_of(request: HttpRequest) -> str:
    """The key of `Authorization: Bearer …` (RFC 6750). Raises Unauthorized without one."""
    scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise clients.Unauthorized(
            {
                "es": "Falta la clave del sistema: Authorization: Bearer ‹clave›.",
                "en": "The system's key is missing: Authorization: Bearer ‹key›.",
            }
        )
    return key.strip()


def step_up(request: HttpRequest, needed: str) -> HttpResponse:
    """Send somebody to prove who they are, and back here: for a view that finds out late which level it needs."""
    return send_elsewhere(request, resolve_url("identity:step-up"), "siguiente", nivel=needed)


def send_elsewhere(request: HttpRequest, address: str, back: str, **more: str) -> HttpResponse:
    """Redirect to `address` with this page's own in the parameter `back`; what was posted may be kept before."""
    here = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    where = f"{address}?{urlencode({back: here, **more})}"
    if request.method == "POST":
        for keep in on_refused_post:
            answer = keep(request, where)
            if answer is not None:
                return answer
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(headers={"HX-Redirect": where})
    return HttpResponseRedirect(where)
