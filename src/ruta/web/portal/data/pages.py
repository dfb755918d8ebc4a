"""Pages of open data: the list of datasets, and each with its dictionary, chart, table and files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ruta.engine.problems import Problem
from ruta.identity import access
from ruta.identity.selectors import agency_title
from ruta.kernel import clock
from ruta.kernel.errors import Invalid
from ruta.kernel.texts import pick
from ruta.opendata import periods, selectors
from ruta.opendata.gate import TOTAL, Hidden
from ruta.opendata.models import Cell
from ruta.opendata.selectors import Released
from ruta.web.site import parts
from ruta.web.site.templatetags.site import day

from .files import LICENCE, LICENCE_TITLE

WIDTH, LINE = 170, 22
"""Measures of the chart in units of its own: the longest bar, and the height of one with its gap."""


@dataclass(frozen=True)
class Bar:
    """One bar of the chart: its label, the text beside it, and where it is drawn; width 0 where the count is hidden."""

    label: str
    text: str
    y: int
    width: int
    hidden: bool


@dataclass(frozen=True)
class Choice:
    """A field of the filter with its options: (value, words, whether chosen)."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]


@require_safe
@access.public
def listing(request: HttpRequest) -> HttpResponse:
    """`/datos/`: every dataset by its title."""
    found = sorted(selectors.datasets(), key=lambda each: pick(each.declared.title))
    cards = [
        (pick(each.declared.title), pick(each.declared.summary), reverse("portal:dataset", args=[each.name]))
        for each in found
    ]
    return render(request, "portal/datasets.html", {"cards": cards})


@require_safe
@access.public
def dataset(request: HttpRequest, dataset: str) -> HttpResponse:
    """`/datos/<dataset>/`: by period, or with `?period=` by place."""
    found = selectors.dataset(dataset)
    place, category = found.declared.column("place"), found.declared.column("category")
    wanted = {name: request.GET.get(name, "") for name in ("period", place, category) if name}
    choices = list(_choices(found, wanted)) if found.is_released else []
    if found.is_released:
        _refuse_unknown(found, choices, wanted)
    about = {
        "title": pick(found.declared.title),
        "summary": pick(found.declared.summary),
        "agency": agency_title(found.compiled.service.agency),
        "facts": _facts(found),
        "dictionary": _dictionary(found),
        "name": found.name,
        "k": found.declared.k,
        "released": found.is_released,
        "choices": choices,
    }
    if found.is_released:
        cells = _chosen(found, wanted)
        about |= {"table": _table(found, wanted, cells), "bars": (bars := _bars(found, wanted, cells))}
        about["height"] = len(bars) * LINE
    return render(request, "portal/dataset.html", about)


def _refuse_unknown(found: Released, choices: Sequence[Choice], wanted: dict[str, str]) -> None:
    known = {choice.name: {value for value, *_rest in choice.options} for choice in choices}
    for name, value in wanted.items():
        if value and value not in known.get(name, ()):
            column = found.declared.row.get(name) or found.declared.row[found.declared.column("month")]
            raise Invalid(
                [
                    Problem(
                        f"/{name}",
                        "enum",
                        {
                            "es": f"{column.title['es']}: ese valor no está en estos datos. Elija uno de la lista.",
                            "en": f"{column.title['en']}: these data have no such value. Choose one from the list.",
                        },
                    )
                ]
            )


def _choices(found: Released, wanted: dict[str, str]) -> Iterator[Choice]:
    for name, value_wanted in wanted.items():
        of_period = name == "period"
        field = "period" if of_period else ("place" if name == found.declared.column("place") else "category")
        values = [
            value
            for value in found.cells().values_list(field, flat=True).order_by(field).distinct()
            if value != TOTAL
        ]
        if len(values) < 2 and not of_period:
            continue
        title = found.declared.row[found.declared.column("month") if of_period else name].title
        options = [("", _("Todos"), not value_wanted)]
        words = [(value, value if of_period else found.word(name, value)) for value in values]
        options += [(value, word, value == value_wanted) for value, word in words]
        yield Choice(name, pick(title), tuple(options))


def _chosen(found: Released, wanted: dict[str, str]) -> list[Cell]:
    """The cells shown: one for each period, or of one period one for each place."""
    place, category = found.declared.column("place"), found.declared.column("category")
    cells = found.cells(
        period=wanted["period"],
        place="" if wanted["period"] and place else wanted.get(place) or TOTAL,
        category=wanted.get(category) or TOTAL,
    )
    return list(cells)


def _label(found: Released, wanted: dict[str, str], cell: Cell) -> str:
    place = found.declared.column("place")
    return found.word(place, cell.place) if wanted["period"] and place else cell.period


def _count(found: Released, cell: Cell) -> str:
    if cell.count is not None:
        return str(localize(cell.count))
    if cell.hidden == Hidden.SMALL:
        return _("menos de %(k)s") % {"k": found.declared.k}
    return _("oculto para proteger otra cifra") if cell.hidden == Hidden.PROTECTS else _("sin este detalle")


def _table(found: Released, wanted: dict[str, str], cells: Sequence[Cell]) -> parts.Table:
    place = found.declared.column("place")
    first = place if wanted["period"] and place else found.declared.column("month")
    medians = found.declared.medians
    today = clock.today()
    rows = []
    for cell in cells:
        label = _label(found, wanted, cell)
        if periods.is_preliminary(cell.period, today):
            label = _("%(label)s (preliminar)") % {"label": label}
        numbers = [parts.Cell(str(localize(cell.medians.get(name, "–"))), kind="amount") for name in medians]
        rows.append((parts.Cell(label), parts.Cell(_count(found, cell), kind="amount"), *numbers))
    titles = [pick(found.declared.row[name].title) for name in medians]
    caption = pick(found.declared.title)
    return parts.Table(caption, (pick(found.declared.row[first].title), _("Cuántos"), *titles), tuple(rows))


def _bars(found: Released, wanted: dict[str, str], cells: Sequence[Cell]) -> list[Bar]:
    parts_only = [cell for cell in cells if cell.place != TOTAL] if wanted["period"] else cells
    drawn = parts_only or cells
    most = max((cell.count or 0 for cell in drawn), default=0) or 1
    return [
        Bar(
            _label(found, wanted, cell),
            _count(found, cell),
            at * LINE,
            round((cell.count or 0) / most * WIDTH),
            cell.count is None,
        )
        for at, cell in enumerate(drawn)
    ]


def _facts(found: Released) -> list[parts.Fact]:
    law = found.compiled.service.law(found.declared.law)
    facts = [parts.Fact(_("Licencia"), LICENCE_TITLE, url=LICENCE)]
    kept, covered = found.dataset, found.coverage()
    if kept is not None and kept.released_at is not None and covered is not None:
        first, last = covered
        facts += [
            parts.Fact(_("Período"), _("%(first)s a %(last)s") % {"first": day(first), "last": day(last)}),
            parts.Fact(
                _("Actualizado"), day(clock.local_date(kept.released_at)), note=_("Se revisa cada noche")
            ),
            parts.Fact(_("Cuenta"), str(localize(kept.counted))),
            parts.Fact(_("De ellos, en cifras ocultas"), str(localize(kept.hidden))),
        ]
    return facts + ([parts.Fact(_("Norma"), law.cited)] if law else [])


def _dictionary(found: Released) -> parts.Table:
    told = {
        selectors.COUNT: (_("Cuántos hechos. Vacío si está oculto.")),
        selectors.HIDDEN: _(
            "Por qué está oculto: small, menos de %(k)s; protects, protege otra cifra; detail, no se publica tan fino. "
            "Vacío si no lo está."
        )
        % {"k": found.declared.k},
        selectors.PRELIMINARY: _(
            "true mientras lo que llega tarde puede cambiarlo: tres meses desde el fin del período."
        ),
    }
    rows = []
    for name in found.header():
        column = found.declared.row.get(name)
        says = pick(column.says) if column else told[name]
        if column and column.is_ in ("place", "category"):
            says = _("%(says)s «*» es el total; «-», no informado.") % {"says": says}
            if column.options:
                values = "; ".join(f"{code}: {pick(text)}" for code, text in column.options.items())
                says = f"{says} {values}."
        if column and column.is_ == "month" and found.dataset is not None and found.dataset.grain:
            says = f"{says} {_grain(found.dataset.grain)}"
        rows.append((parts.Cell(name), parts.Cell(says)))
    return parts.Table(_("Diccionario de datos"), (_("Columna"), _("Qué dice")), tuple(rows))


def _grain(grain: str) -> str:
    return {
        "month": _("Se publica por mes: 2026-03."),
        "quarter": _("Se publica por trimestre: 2026-Q1."),
        "year": _("Se publica por año: 2026."),
        "decade": _("Se publica por década: 2020s."),
    }[grain]
