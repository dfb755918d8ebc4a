"""The applicant's own electronic file: its index, and the whole as one ZIP."""

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


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def page(request: HttpRequest, number: str) -> HttpResponse:
    """`/mis-tramites/<number>/expediente/`: the index; posted, a large file is packed."""
    actor = actor_of(request)
    here = reverse("portal:case-file", args=[number])
    if request.method == "POST":
        efile.prepare(number, actor)
        return HttpResponseRedirect(here)
    told = case_file.context(number, actor)
    download = reverse("portal:case-file-download", args=[number])
    return render(request, "portal/case_file.html", {**told, "page": here, "download": download})


@never_cache
@require_safe
@access.signed_in
def download(request: HttpRequest, number: str) -> HttpResponseBase:
    """`/mis-tramites/<number>/expediente/descargar/`: the ZIP."""
    return case_file.download(number, actor_of(request), page=reverse("portal:case-file", args=[number]))
