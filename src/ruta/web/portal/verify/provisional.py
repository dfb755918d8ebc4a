"""The check of a provisional certificate of an office without a network: whether it came back, and what became of it.

It names no person and no case: the definitive document says itself what anybody may see.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ruta.cases.models import OfflineFiling
from ruta.cases.offline.selectors import by_code
from ruta.definitions import runtime
from ruta.definitions.selectors import current_version
from ruta.documents import perms as documents
from ruta.documents.models import Output
from ruta.identity.actors import Actor
from ruta.kernel.texts import pick
from ruta.web.site.parts import Fact
from ruta.web.site.templatetags.site import day

from .words import Saying

_NOT_PROOF = _("No lo acepte en lugar del documento definitivo.")
NOT_BACK = Saying(
    "warning",
    "hourglass",
    _("Provisional, sin sincronizar"),
    _("Este código es de una oficina que trabaja sin conexión"),
    _("La oficina aún no ha enviado lo que hizo con este código: no se sabe si lo usó, ni para quién."),
    _NOT_PROOF,
)
IN_STUDY = Saying(
    "info",
    "clock",
    _("Provisional, en trámite"),
    _("La oficina ya envió esta solicitud y está en trámite"),
    _("Todavía no hay un documento definitivo."),
    _NOT_PROOF,
)
REGISTERED = Saying(
    "success",
    "circle-check",
    _("Hay un documento definitivo"),
    _("La solicitud terminó y se expidió el documento definitivo"),
    _("El certificado provisional ya no hace falta."),
    _("Compruebe el definitivo: solo él vale."),
)
CLOSED = Saying(
    "danger",
    "x",
    _("No vale"),
    _("Este certificado provisional no vale"),
    _("La solicitud no se radicó o terminó sin documento."),
    _("No lo acepte. Pregunte en la oficina que lo dio."),
)


@dataclass(frozen=True)
class Standing:
    """What became of the paper; `definitive` is the code of the document, empty while there is none."""

    row: OfflineFiling
    saying: Saying
    verdict: str
    definitive: str = ""


def known(code: str, actor: Actor) -> Standing | None:
    """What the paper with this code is worth; None where there is none."""
    row = by_code(code, actor)
    if row is None:
        return None
    if row.case is None:
        gone = row.status == "discarded" or (row.status == "blank" and row.kit.ended_at is not None)
        return Standing(row, CLOSED, "void") if gone else _waiting(row)
    issued = Output.objects.filter(
        pk__in=documents.known_to(actor).filter(case_number=row.case.number).values("pk")
    )
    output = issued.order_by("issued_at").first()
    if output is not None:
        return Standing(row, REGISTERED, "registered", output.code)
    if row.case.outcome and row.case.outcome != "granted":
        return Standing(row, CLOSED, "void")
    return Standing(row, IN_STUDY, "in-study")


def _waiting(row: OfflineFiling) -> Standing:
    if row.status == "blank":
        return Standing(row, NOT_BACK, "not-synchronised")
    return Standing(row, IN_STUDY, "in-study")


def page(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What it is worth today."""
    row = standing.row
    spec = runtime.compiled(current_version(row.kit.service).pk).service.acts.get(row.kit.act)
    facts = [
        Fact(gettext("Trámite"), pick(spec.title) if spec else row.kit.act),
        Fact(gettext("Oficina"), row.kit.office),
        Fact(gettext("El certificado provisional vale hasta el"), day(row.kit.until)),
        Fact(gettext("Código"), str(row.code)),
    ]
    if standing.definitive:
        at = reverse("portal:verify_code", args=[standing.definitive])
        facts.append(Fact(gettext("Documento definitivo"), standing.definitive, url=at))
    return render(request, "portal/verify/provisional.html", {"saying": standing.saying, "facts": facts})


def as_data(standing: Standing) -> dict[str, Any]:
    """The same answer for machines."""
    told: dict[str, Any] = {
        "verdict": standing.verdict,
        "code": standing.row.code,
        "provisional": {"valid_until": standing.row.kit.until.isoformat()},
    }
    return told | ({"definitive": standing.definitive} if standing.definitive else {})
