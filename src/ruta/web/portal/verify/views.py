"""Pages of the check by code and by file; the same addresses answer machines that ask for JSON."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from ruta.documents import uploads
from ruta.documents.selectors import Verdict, verify_code, verify_pdf
from ruta.documents.verification import Kind
from ruta.documents.verification.by_file import LARGEST_MB
from ruta.engine.problems import Problem
from ruta.identity.access import public
from ruta.identity.actors import actor_of
from ruta.kernel.errors import Invalid, RutaError
from ruta.kernel.limits import WINDOW, TooManyError
from ruta.kernel.texts import pick
from ruta.web.site import bodies
from ruta.web.site.parts import Field, error_links

from . import limits, provisional, receipts, words


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def _problem(wrong: RutaError) -> JsonResponse:
    """An error for machines (RFC 9457)."""
    body: dict[str, Any] = {
        "type": f"urn:ruta:problem:{wrong.code}",
        "title": pick(wrong.message, "en"),
        "detail": wrong.say(),
        "status": wrong.status,
    }
    if isinstance(wrong, Invalid):
        body["errors"] = [
            {"pointer": each.at, "check": each.check, "detail": pick(each.say)} for each in wrong.problems
        ]
    return JsonResponse(body, status=wrong.status, content_type="application/problem+json")


def _code_field(typed: str = "", error: str = "") -> Field:
    return Field(
        "codigo",
        gettext("Código del documento"),
        value=typed,
        error=error,
        required=True,
        hint=gettext("Doce letras y números, junto al QR. Da igual si escribe mayúsculas o guiones."),
        autocomplete="off",
        max_length=40,
    )


def _file_field(error: str = "") -> Field:
    return Field(
        "archivo",
        gettext("Archivo PDF"),
        kind="file",
        error=error,
        required=True,
        accept="application/pdf,.pdf",
        hint=gettext("Hasta %(mb)s MB. Lo leemos para responderle y no lo guardamos.") % {"mb": LARGEST_MB},
    )


def _start_page(
    request: HttpRequest, *, typed: str = "", code_error: str = "", file_error: str = "", status: int = 200
) -> HttpResponse:
    code, file = _code_field(typed, code_error), _file_field(file_error)
    errors = error_links((code, file))
    return render(
        request, "portal/verify/start.html", {"code": code, "file": file, "errors": errors}, status=status
    )


@public
@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Type the code, send the file, or learn how to scan. A typed code goes to its own address."""
    if "codigo" not in request.GET:
        return _start_page(request)
    typed = request.GET["codigo"].strip()
    if not typed:
        return _start_page(
            request, code_error=gettext("Código: está vacío. Escriba las doce letras y números."), status=422
        )
    verdict = verify_code(typed)
    if verdict.mistyped is not None:
        return _start_page(request, typed=typed, code_error=pick(verdict.mistyped), status=422)
    return redirect("portal:verify_code", code=verdict.code)


@public
@never_cache
@require_safe
def check_code(request: HttpRequest, code: str) -> HttpResponse:
    """What the document with this code is worth today: the page behind every QR."""
    try:
        limits.count(request, "code", at_most=limits.CODES)
    except TooManyError as wrong:
        return _refused(request, wrong, typed=code)
    actor = actor_of(request)
    verdict = verify_code(code, actor)
    if verdict.kind is Kind.UNKNOWN and verdict.mistyped is None:
        paid = receipts.known(verdict.code, actor)
        if paid is not None:
            return (
                JsonResponse(receipts.as_data(paid)) if _wants_json(request) else receipts.page(request, paid)
            )
        paper = provisional.known(verdict.code, actor)
        if paper is not None:
            data = _wants_json(request)
            return JsonResponse(provisional.as_data(paper)) if data else provisional.page(request, paper)
    return _answer(request, verdict, from_file=False)


def _too_large(request: HttpRequest, length: int) -> HttpResponse:
    return _refused(request, Invalid([uploads.too_large(length, max_mb=LARGEST_MB, at="/archivo")]))


@bodies.takes_files(lambda _request: LARGEST_MB, _too_large)
@csrf_exempt  # it changes nothing and needs no session
@public
@never_cache
@require_POST
def check_file(request: HttpRequest) -> HttpResponse:
    """What a file is worth. It is read in memory and kept nowhere."""
    try:
        limits.count(request, "file", at_most=limits.FILES)
        file = request.FILES.get("archivo")
        if file is not None and file.size and not uploads.fits(file.size, max_mb=LARGEST_MB):
            raise Invalid([uploads.too_large(file.size, max_mb=LARGEST_MB, at="/archivo")])
        if file is None or not file.size:
            raise Invalid([_missing()])
        return _answer(request, verify_pdf(file.read()), from_file=True)
    except RutaError as wrong:
        return _refused(request, wrong)


def _missing() -> Problem:
    return Problem(
        "/archivo",
        "required",
        {
            "es": "Archivo: no llegó ninguno. Elija el PDF y envíelo.",
            "en": "File: none came. Choose the PDF and send it.",
        },
    )


def _refused(request: HttpRequest, wrong: RutaError, *, typed: str = "") -> HttpResponse:
    if _wants_json(request):
        return _problem(wrong)
    about_file = not typed
    response = _start_page(
        request,
        typed=typed,
        code_error="" if about_file else wrong.say(),
        file_error=wrong.say() if about_file else "",
        status=wrong.status,
    )
    if isinstance(wrong, TooManyError):
        response["Retry-After"] = str(WINDOW)
    return response


def _answer(request: HttpRequest, verdict: Verdict, *, from_file: bool) -> HttpResponse:
    unknown = verdict.kind is Kind.UNKNOWN
    if _wants_json(request):
        if unknown:
            said = verdict.mistyped or {
                "es": "Ningún documento tiene este código.",
                "en": "No document has this code.",
            }
            return _problem(RutaError(said, field="/code", code="unknown-code", status=404))
        return JsonResponse(words.as_data(verdict, from_file=from_file))
    original = verdict.original
    context = {
        "verdict": verdict,
        "saying": words.saying(verdict, from_file=from_file),
        "from_file": from_file,
        "facts": words.facts_of(original) if original else [],
        "since": words.since(original) if original else "",
        "original": original,
        "original_state": words.state_of(original) if original and not verdict.exact else None,
        "offline_url": reverse("portal:verify_offline"),
    }
    return render(request, "portal/verify/answer.html", context, status=404 if unknown else 200)
