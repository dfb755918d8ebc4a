"""The electronic file of a case at the desk: its index, and the whole as one ZIP."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ruta.cases import efile
from ruta.identity import access
from ruta.identity.actors import actor_of
from ruta.web.site import case_file

from .navigation import frame
from .reads import log_read


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.official
def page(request: HttpRequest, number: str) -> HttpResponse:
    """`/escritorio/expedientes/<number>/expediente/`: the index; posted, a large file is packed."""
    actor = actor_of(request, desk=True)
    here = reverse("desk:case-file", args=[number])
    if request.method == "POST":
        efile.prepare(number, actor)
        return HttpResponseRedirect(here)
    told = case_file.context(number, actor)
    log_read(actor, told["case"], "file-index")
    download = reverse("desk:case-file-download", args=[number])
    return render(
        request, "desk/case_file.html", {**frame(actor), **told, "page": here, "download": download}
    )


@never_cache
@require_safe
@access.official
def download(request: HttpRequest, number: str) -> HttpResponseBase:
    """`/escritorio/expedientes/<number>/expediente/descargar/`: the ZIP."""
    actor = actor_of(request, desk=True)
    return case_file.download(number, actor, page=reverse("desk:case-file", args=[number]))
