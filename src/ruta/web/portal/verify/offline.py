"""The check without a network: a plain page that reads what the QR code itself says, signed.

It proves that a document was authentic when issued; whether it was revoked since, only the network tells.
"""

import io
import zipfile
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ruta.documents.keys import public_qr_keys
from ruta.identity.access import public
from ruta.kernel import clock
from ruta.kernel.errors import NotFound

SCRIPT, WORKER = "portal/offline.js", "portal/offline-worker.js"


def _source(name: str) -> str:
    path = finders.find(name)
    if not isinstance(path, str):
        raise NotFound({"es": f"Falta el archivo {name}.", "en": f"The file {name} is missing."})
    return Path(path).read_text()


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page; once open, it works without a network and takes over `/v/…` when there is none."""
    return render(request, "portal/verify/offline.html", {"keys": public_qr_keys(), "loaded": clock.now()})


@public
@require_safe
def public_keys(request: HttpRequest) -> HttpResponse:
    """The public keys of QR codes, present and former (RFC 7517), for others who write a reader."""
    return JsonResponse({"keys": public_qr_keys()}, content_type="application/jwk-set+json")


@public
@never_cache
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker that keeps the page; from here it may serve all of the portal's addresses that it asks for."""
    response = HttpResponse(_source(WORKER), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    return response


@public
@require_safe
def package(request: HttpRequest) -> HttpResponse:
    """The page and its script in one folder, for a machine that never has a network."""
    out = io.BytesIO()
    html = render_to_string(
        "portal/verify/offline_alone.html", {"keys": public_qr_keys(), "loaded": clock.now()}, request=request
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("verificador/index.html", html)
        archive.writestr("verificador/offline.js", _source(SCRIPT))
        archive.writestr("verificador/offline.css", _source("portal/offline-alone.css"))
    response = HttpResponse(out.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="verificador.zip"'
    return response
