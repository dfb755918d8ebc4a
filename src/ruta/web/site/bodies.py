"""How much an address takes: what announces more is answered before any of its body is read.

The announced length (`Content-Length`) is all that is ever read of a body, so it binds whoever announces too little.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from ruta.documents.uploads import fits, megabytes
from ruta.kernel.texts import current_language

Most = Callable[..., int]  # of the request and its address's parts: megabytes of files
Refuse = Callable[..., HttpResponse]  # of the request, the announced length and the address's parts
View = TypeVar("View", bound=Callable[..., Any])
SMALL = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def takes_files(most: Most, refuse: Refuse) -> Callable[[View], View]:
    """Declare that an address takes files of `most` megabytes together, and how it answers what announces more.

    `refuse` answers before the forgery guard: it changes nothing, and finds an empty POST.
    """

    def declare(view: View) -> View:
        view.takes_files = (most, refuse)  # type: ignore[attr-defined]
        return view

    return declare


class LimitBody:
    """Middleware, before whatever reads the body: what an address does not take is refused by its announced length."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Once it is known which address is asked for."""
        length = _announced(request)
        if length <= SMALL:
            return None
        most, refuse = getattr(view, "takes_files", (None, None))
        megabytes_taken = most(request, **kwargs) if most else 0
        if fits(length, max_mb=megabytes_taken):
            return None
        request.POST = QueryDict()
        request._files = MultiValueDict()  # type: ignore[attr-defined]  # nobody reads the body after this
        answer: HttpResponse | None = (
            refuse(request, length, **kwargs) if refuse and megabytes_taken else None
        )
        return answer or too_much(request, length)


def _announced(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def too_much(request: HttpRequest, length: int) -> HttpResponse:
    """413: how much came, how much is taken, and where what was written may still be."""
    said = _(
        "Lo que envió pesa %(sent)s MB y aquí se reciben hasta %(most)s MB. Vuelva con el botón Atrás de su navegador: "
        "lo que escribió suele seguir ahí, y lo que ya se guardó está en su borrador."
    ) % {"sent": megabytes(length), "most": megabytes(SMALL)}
    if not request.accepts("text/html"):
        body = {
            "type": "urn:ruta:problem:too-large",
            "title": said,
            "status": 413,
            "lang": current_language(),
        }
        return JsonResponse(body, status=413, content_type="application/problem+json")
    context = {"title": _("Lo que envió es demasiado grande"), "said": said}
    return render(request, "site/error.html", context, status=413)
