"""The first page: the search, what waits for whoever is signed in, moments of life, and the figures of the month."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ruta.cases.selectors import month_figures
from ruta.definitions.selectors import current_services
from ruta.identity import access
from ruta.identity.actors import actor_of
from ruta.web.site import parts

from . import catalogue, pending

EXAMPLES = 3


@access.public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """`/`."""
    versions = current_services()
    acts = catalogue.acts_of(versions)
    moments = catalogue.moments(versions)
    actor = actor_of(request)
    return render(
        request,
        "portal/home.html",
        {
            "examples": [card.words[0] for card in acts if card.words][:EXAMPLES],
            "pending": pending.of(actor),
            "moments": moments,
            "acts": [] if moments else acts,
            "figures": _figures(),
        },
    )


def _figures() -> list[parts.Figure]:
    """The figures of this month that can be told; none while nothing was decided."""
    month = month_figures()
    if not month.decided:
        return []
    figures = [parts.Figure(catalogue.thousands(month.decided), _("trámites resueltos"))]
    if month.median_days is not None:
        figures.append(parts.Figure(catalogue.time_taken(month.median_days), _("mediana hasta la decisión")))
    if month.in_term_share is not None:
        figures.append(parts.Figure(catalogue.percent(month.in_term_share), _("dentro del plazo legal")))
    if month.papers_not_asked:
        figures.append(parts.Figure(catalogue.thousands(month.papers_not_asked), _("papeles que no pedimos")))
    return figures
