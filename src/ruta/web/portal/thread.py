"""The thread page: one act from the article of law to the certificate, each link checked, for anybody."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ruta.cases.selectors.thread import Link, thread
from ruta.definitions.schema import Law
from ruta.documents import perms
from ruta.identity import access
from ruta.identity.actors import actor_of
from ruta.kernel.errors import NotFound
from ruta.kernel.identifiers import parse_output_code
from ruta.kernel.texts import pick
from ruta.opendata.thread import KIND as DATA
from ruta.opendata.thread import link as data_link
from ruta.web.site import parts
from ruta.web.site.templatetags.site import day, pesos

from .verify import limits


@dataclass(frozen=True)
class LinkView:
    """One link as shown: its number and title, whether it holds, what was checked, and its facts."""

    kind: str
    title: str
    lead: str
    holds: bool
    checks: tuple[tuple[bool, str], ...]
    facts: tuple[parts.Fact, ...]
    laws: tuple[Law, ...]


@never_cache
@require_safe
@access.public
def page(request: HttpRequest, code: str) -> HttpResponse:
    """`/thread/<code>`."""
    limits.count(request, "thread", at_most=60)
    actor = actor_of(request)
    output = perms.known_to(actor).filter(code=parse_output_code(code)).first()
    if output is None:
        raise NotFound({"es": "Ningún documento tiene ese código.", "en": "No document has that code."})
    found = thread(output, actor)
    counted = data_link(output)
    links = [*found.links, counted] if counted else list(found.links)
    return render(
        request,
        "portal/thread.html",
        {
            "output": output,
            "title": pick(output.title),
            "service": pick(output.service_title),
            "holds": all(link.holds for link in links),
            "whole": found.whole,
            "counted": counted is not None,
            "links": [_view(link) for link in links],
        },
    )


def _view(link: Link) -> LinkView:
    title, lead = {
        "article": (_("La ley"), _("Los artículos en que se apoya.")),
        "form": (_("Lo que se pidió"), _("El formulario tal como se radicó.")),
        "rule": (_("Las reglas que decidieron"), _("Cada tabla, con la fila que aplicó.")),
        "payment": (_("Lo que se pagó"), _("El cobro, línea por línea.")),
        "clock": (_("El reloj legal"), _("Cuándo empezó, cuándo se detuvo y cuándo terminó.")),
        "output": (_("El documento"), _("Su firma y su lugar en la cadena.")),
        DATA: (_("La fila de datos abiertos"), _("Dónde se cuenta, sin datos de nadie.")),
    }[link.kind]
    return LinkView(
        link.kind,
        title,
        lead,
        link.holds,
        tuple((check.holds, pick(check.say)) for check in link.checks),
        tuple(parts.Fact(pick(label), _shown(link.kind, value)) for label, value in link.facts),
        link.laws,
    )


def _shown(kind: str, value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, dict):
        return pick(value)
    if kind == "payment" and isinstance(value, int):
        return pesos(value)
    return str(value)
