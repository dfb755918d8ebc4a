"""How the API answers: JSON, and problems by RFC 9457 that name pointer, check and cure in the language asked for."""

import json
import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from ruta.engine.problems import Problem
from ruta.identity import access
from ruta.identity.addresses import address_of
from ruta.kernel import limits
from ruta.kernel.errors import Invalid, NotFound, RutaError, Unavailable
from ruta.kernel.texts import current_language, pick
from ruta.web.site.bodies import takes_files

P = ParamSpec("P")
logger = logging.getLogger(__name__)
PROBLEM = "application/problem+json"
URN = "urn:ruta:problem:"
PER_MINUTE = 600
"""Calls that one key may make in a minute; of one address without a key that holds, a tenth."""
WITHOUT_KEY = PER_MINUTE // 10

_TITLES = {
    400: {"es": "No entendimos la solicitud", "en": "The request was not understood"},
    401: {"es": "Falta una clave que valga", "en": "A key that holds is missing"},
    403: {"es": "Esta clave no puede hacerlo", "en": "This key may not do it"},
    404: {"es": "No existe", "en": "There is no such thing"},
    405: {"es": "Esta dirección no hace eso", "en": "This address does not do that"},
    409: {"es": "Eso cambió entre tanto", "en": "It changed meanwhile"},
    413: {"es": "Es demasiado grande", "en": "It is too large"},
    415: {"es": "No se recibe ese formato", "en": "That format is not taken"},
    422: {"es": "No se radicó: hay datos por corregir", "en": "Not filed: there are data to mend"},
    429: {"es": "Demasiadas solicitudes", "en": "Too many requests"},
    500: {"es": "Algo falló de nuestro lado", "en": "Something failed on our side"},
    503: {"es": "Un sistema que necesitamos no responde", "en": "A system that we need does not answer"},
}


class Unreadable(RutaError):
    """The body or a header is not what the address takes."""

    code = "unreadable"


def answer(body: Mapping[str, Any], status: int = 200, **headers: str) -> HttpResponse:
    """A JSON answer; names of headers with `_` for the hyphen."""
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def problem(wrong: RutaError) -> HttpResponse:
    """The error as a problem document."""
    body: dict[str, Any] = {
        "type": f"{URN}{wrong.code}",
        "title": pick(_TITLES.get(wrong.status, _TITLES[400])),
        "status": wrong.status,
        "detail": wrong.say(),
        "lang": current_language(),
    }
    if isinstance(wrong, Invalid):
        body["problems"] = [told(each) for each in wrong.problems]
    response = answer(body, wrong.status)
    response["Content-Type"] = PROBLEM
    response["Content-Language"] = current_language()
    if wrong.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="ruta"'
    if wrong.status == 429:
        response["Retry-After"] = str(limits.WINDOW)
    return response


def told(each: Problem) -> dict[str, str]:
    """One fault: where, which check, and in words what is wrong and what would be right."""
    law = {"law": each.law} if each.law else {}
    return {"pointer": each.at, "check": each.check, "detail": pick(each.say), **law}


View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def endpoint(
    *methods: str, rule: access.Declaration = access.client, max_mb: int = 2
) -> Callable[[View[P]], View[P]]:
    """Make an address of the API of a view: its methods, who may ask, how often and how much; every refusal a problem.

    No cookie counts here, so there is nothing to forge.
    """

    def declare(view: View[P]) -> View[P]:
        guarded = rule(_counted(view) if rule is access.client else view)

        @csrf_exempt
        @never_cache
        @takes_files(lambda *_, **__: max_mb, lambda *_, **__: problem(_too_large(max_mb)))
        @wraps(guarded)
        def address(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in methods:
                response = problem(_no_such_method(methods))
                response["Allow"] = ", ".join(methods)
                return response
            try:
                return guarded(request, *args, **kwargs)
            except RutaError as wrong:
                return _refused(request, wrong)
            except (OperationalError, InterfaceError):
                return problem(
                    Unavailable({"es": "Vuelva a intentarlo en un momento.", "en": "Try again shortly."})
                )
            except Exception:
                logger.exception(
                    "the API failed at %s", request.resolver_match and request.resolver_match.route
                )
                return problem(_fault())

        return address

    return declare


def _counted(view: View[P]) -> View[P]:
    @wraps(view)
    def counted(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        limits.count("api", access.client_of(request).ref, at_most=PER_MINUTE)
        return view(request, *args, **kwargs)

    return counted


def _refused(request: HttpRequest, wrong: RutaError) -> HttpResponse:
    if wrong.status == 401:
        try:
            limits.count("api.no-key", address_of(request), at_most=WITHOUT_KEY)
        except limits.TooManyError as many:
            return problem(many)
    return problem(wrong)


def _no_such_method(methods: tuple[str, ...]) -> RutaError:
    names = ", ".join(methods)
    return RutaError(
        {"es": f"Aquí se pide con {names}.", "en": f"This address takes {names}."}, code="method", status=405
    )


def _too_large(max_mb: int) -> RutaError:
    return RutaError(
        {"es": f"Aquí se reciben hasta {max_mb} MB.", "en": f"Up to {max_mb} MB are taken here."},
        code="too-large",
        status=413,
    )


def _fault() -> RutaError:
    return RutaError(
        {
            "es": "Quedó anotado. Si vuelve a enviarlo con la misma clave, no se radica dos veces.",
            "en": "It was written down. Sent again with the same key it is not filed twice.",
        },
        code="fault",
        status=500,
    )


def json_object(request: HttpRequest) -> dict[str, Any]:
    """The body as a JSON object. Raises Unreadable."""
    if request.content_type not in ("application/json", ""):
        raise RutaError(
            {"es": "Envíe application/json.", "en": "Send application/json."}, code="media-type", status=415
        )
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Unreadable(
            {
                "es": "El cuerpo debe ser un objeto JSON, en UTF-8.",
                "en": "The body is to be one JSON object, in UTF-8.",
            }
        )
    return body


@endpoint("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", rule=access.public)
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """Any other address under `/api/v1/`."""
    raise NotFound(
        {
            "es": "La API no tiene esa dirección; todas están en /api/v1/openapi.json.",
            "en": "The API has no such address; all are in /api/v1/openapi.json.",
        }
    )
