"""The load of the offices that an official supervises: with whom, at which step, how late, and how long steps take."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ruta.cases import selectors
from ruta.cases.selectors import OfficialLoad, StepLoad, TeamLoad
from ruta.definitions.runtime import CompiledService, compiled
from ruta.definitions.selectors import current_services
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.identity.selectors import team_names
from ruta.kernel.errors import Forbidden
from ruta.kernel.texts import pick
from ruta.web.site.parts import Cell, Figure, Table

from .export import as_file
from .navigation import LOAD, frame

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Bar:
    """One bar of the chart: three lengths one after the other, in hundredths of the longest bar."""

    name: str
    open: int
    overdue: float
    soon: float
    later: float

    @property
    def soon_at(self) -> float:
        """Where the second part begins."""
        return self.overdue

    @property
    def later_at(self) -> float:
        """Where the third part begins."""
        return self.overdue + self.soon


@never_cache
@require_safe
@access.official
def load(request: HttpRequest) -> HttpResponse:
    """`/escritorio/equipo/`."""
    actor, found = _load(request)
    whole = found.whole
    free = sum(each.standing.open for each in found.officials if each.official is None)
    figures = (
        Figure(str(whole.open), _("abiertas")),
        Figure(str(whole.overdue), _("vencidas")),
        Figure(str(whole.soon), _("vencen en dos días hábiles")),
        Figure(str(free), _("sin tomar")),
    )
    offices = team_names(found.offices)
    context = {
        **frame(actor, LOAD),
        "offices": sorted(offices.get(code, code) for code in found.offices),
        "figures": figures,
        "bars": _bars(found),
        "officials": _by_official(found),
        "steps": _by_step(found),
        "days": selectors.LOAD_DAYS,
        "export": reverse("desk:team-export"),
    }
    return render(request, "desk/team.html", context)


@never_cache
@require_safe
@access.official
def export(request: HttpRequest) -> HttpResponse:
    """`/escritorio/equipo/exportar/?tabla=pasos|servidores&formato=csv|xlsx`: one of the two tables."""
    _actor, found = _load(request)
    by_step = request.GET.get("tabla") == "pasos"
    table = _by_step(found) if by_step else _by_official(found)
    title = _("Carga por paso") if by_step else _("Carga por servidor")
    lines = [[cell.text for cell in row] for row in table.rows]
    return as_file(request, title, table.columns, lines)


def _load(request: HttpRequest) -> tuple[Actor, TeamLoad]:
    """The load of the actor's offices. Raises Forbidden for who supervises none."""
    actor = actor_of(request, desk=True)
    found = selectors.team_load(actor)
    if not found.offices:
        raise Forbidden(
            {
                "es": "La carga del equipo la ve quien supervisa una oficina. Su cargo no supervisa ninguna.",
                "en": "The load of the team is for who supervises an office. Your post supervises none.",
            },
            code="not-a-supervisor",
        )
    return actor, found


def _bars(found: TeamLoad) -> list[Bar]:
    most = max((each.standing.open for each in found.officials), default=0)
    if not most:
        return []

    def share(count: int) -> float:
        return round(100 * count / most, 2)

    return [
        Bar(_name(each), each.standing.open, share(at.overdue), share(at.soon), share(at.later))
        for each in found.officials
        for at in [each.standing]
        if at.open
    ]


def _name(load: OfficialLoad) -> str:
    return load.official.person.full_name if load.official else _("Nadie")


def _by_official(found: TeamLoad) -> Table:
    days = selectors.LOAD_DAYS
    rows = []
    for each in found.officials:
        at, holder = each.standing, str(each.official.pk) if each.official else selectors.NOBODY
        office = each.official.team.name if each.official and len(found.offices) > 1 else ""
        rows.append(
            (
                Cell(f"{_name(each)} · {office}" if office else _name(each)),
                _count(at.open, quien=holder),
                _count(at.overdue, quien=holder, plazo="overdue"),
                _count(at.soon, quien=holder, plazo="soon"),
                Cell(str(at.done) if each.official else "", kind="end"),
            )
        )
    columns = (
        _("Servidor"), _("Abiertas"), _("Vencidas"), _("Vencen pronto"), _("Hechas en %(n)s días") % {"n": days},
    )  # fmt: skip
    return Table(_("Qué tiene cada servidor"), columns, tuple(rows))


def _by_step(found: TeamLoad) -> Table:
    services = {version.service_id: compiled(version.pk) for version in current_services()}
    rows = []
    for each in found.steps:
        at, asked = each.standing, {"acto": each.act, "paso": each.node}
        rows.append(
            (
                Cell(" · ".join(_called(each, services))),
                _count(at.open, **asked),
                _count(at.overdue, **asked, plazo="overdue"),
                _count(at.soon, **asked, plazo="soon"),
                Cell(str(at.done), kind="end"),
                Cell(_hours(each.median), kind="end"),
                Cell(_hours(each.p90), kind="end"),
            )
        )
    columns = (
        _("Paso"), _("Abiertas"), _("Vencidas"), _("Vencen pronto"),
        _("Hechas en %(n)s días") % {"n": selectors.LOAD_DAYS}, _("Mediana"), _("9 de cada 10, hasta"),
    )  # fmt: skip
    return Table(_("Qué hay en cada paso y cuánto tarda"), columns, tuple(rows))


def _called(step: StepLoad, services: Mapping[str, CompiledService]) -> Iterator[str]:
    service = services.get(step.service)
    yield selectors.step_name(service, step.act, step.node, step.form_key)
    spec = service.service.acts.get(step.act) if service else None
    yield pick(spec.title) if spec else step.act


def _count(count: int, **asked: Any) -> Cell:
    """A number that leads to the tasks that it counts."""
    address = f"{reverse('desk:inbox')}?{urlencode({'caja': selectors.OFFICE, **asked})}"
    return Cell(str(count), address if count else "", kind="end")


def _hours(span: timedelta | None) -> str:
    """Hours, with a decimal while there are few of them."""
    if span is None:
        return ""
    hours = span / HOUR
    return _("%(hours)s h") % {"hours": number_format(hours, 1 if hours < 10 else 0, use_l10n=True)}
