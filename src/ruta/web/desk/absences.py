"""Who is absent and who stands in: said by the official or by who supervises the office, ended by itself or here."""

from collections.abc import Mapping
from datetime import date

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ruta.cases import supervision
from ruta.definitions import posts
from ruta.engine.forms import dates
from ruta.engine.problems import Problem
from ruta.identity import absences, access
from ruta.identity.actors import Actor, actor_of
from ruta.identity.models import Absence, Official
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, Invalid
from ruta.kernel.texts import pick
from ruta.web.site import parts

from .navigation import ABSENCES, frame
from .typed import typed_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.official
def page(request: HttpRequest) -> HttpResponse:
    """`/escritorio/ausencias/`: those that concern the official, and the form for a new one."""
    actor = actor_of(request, desk=True)
    if request.method != "POST":
        return _show(request, actor, {}, ())
    typed = typed_of(request)
    try:
        first, last = _days(typed)
        absences.tell(
            official=_number(typed.get("official", "")),
            substitute=_number(typed.get("substitute", "")),
            first_day=first,
            last_day=last,
            reason=typed.get("reason", ""),
            actor=actor,
            offices=supervision.offices_of(actor),
        )
    except Invalid as wrong:
        return _show(request, actor, typed, wrong.problems, status=422)
    flash.success(request, _("Quedó escrita la ausencia. Empieza y termina sola en sus días."))
    return HttpResponseRedirect(reverse("desk:absences"))


@require_POST
@access.official
def end(request: HttpRequest, absence_id: int) -> HttpResponse:
    """End an absence before its last day, or undo one to come. Raises Forbidden for who may not."""
    actor = actor_of(request, desk=True)
    try:
        absences.end(absence_id, actor=actor, offices=supervision.offices_of(actor))
    except Conflict as wrong:
        flash.warning(request, wrong.say())
    else:
        flash.success(request, _("La ausencia terminó. Lo que ya se había tomado sigue con quien lo tomó."))
    return HttpResponseRedirect(reverse("desk:absences"))


def _days(typed: Mapping[str, str]) -> tuple[date, date]:
    """The two days as dates. Raises Invalid for what is no day."""
    read: list[date] = []
    problems = []
    for name, es, en in (("first_day", "Desde", "From"), ("last_day", "Hasta", "Until")):
        try:
            read.append(dates.read_date(typed.get(name, "")))
        except dates.DateUnreadableError as wrong:
            say = {"es": f"{es}: {wrong.say['es']}", "en": f"{en}: {wrong.say['en']}"}
            problems.append(Problem(f"/{name}", "format", say))
    if problems:
        raise Invalid(problems)
    return read[0], read[1]


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _show(
    request: HttpRequest,
    actor: Actor,
    typed: Mapping[str, str],
    problems: tuple[Problem, ...] | list[Problem],
    *,
    status: int = 200,
) -> HttpResponse:
    offices = supervision.offices_of(actor)
    absent = list(absences.may_be_told_by(actor, offices))
    fields = _fields(actor, absent, typed, parts.by_field(problems))
    ends = {each.pk for each in absent}
    found = absences.shown_to(actor, offices)
    context = {
        **frame(actor, ABSENCES),
        "fields": fields,
        "errors": parts.error_links(fields),
        "rows": [(each, *_state(each), each.official_id in ends) for each in found],
    }
    return render(request, "desk/absences.html", context, status=status)


def _fields(
    actor: Actor, absent: list[Official], typed: Mapping[str, str], said: Mapping[str, str]
) -> tuple[parts.Field, ...]:
    own = str(actor.official_id) if len(absent) == 1 else ""
    whose = parts.Field(
        "official", _("¿Quién se ausenta?"), "select", typed.get("official", own), required=True,
        options=_options(absent), error=said.get("official", ""), id="f-official",
    )  # fmt: skip
    who = parts.Field(
        "substitute", _("¿Quién reemplaza?"), "select", typed.get("substitute", ""), required=True,
        options=_options(absences.substitutes(absent)), error=said.get("substitute", ""), id="f-substitute",
        hint=_("Ve las tareas de quien se ausenta y puede tomarlas. Quien preparó sigue sin aprobar."),
    )  # fmt: skip
    days = tuple(
        parts.Field(
            name, label, value=typed.get(name, ""), required=True, hint=_("Día, mes y año, por ejemplo 27/03/2026"),
            error=said.get(name, ""), short=True, id=f"f-{name}",
        )
        for name, label in (("first_day", _("Desde")), ("last_day", _("Hasta, ese día incluido")))
    )  # fmt: skip
    why = parts.Field(
        "reason", _("Motivo"), value=typed.get("reason", ""), error=said.get("reason", ""), id="f-reason",
        max_length=absences.LONGEST_REASON,
    )  # fmt: skip
    return (whose, who, *days, why)


def _options(officials: list[Official]) -> tuple[parts.Option, ...]:
    words = posts.groups_in_words([each.group for each in officials])
    return tuple(
        parts.Option(str(each.pk), f"{each.person.full_name} · {pick(word)}")
        for each, word in zip(officials, words, strict=True)
    )


def _state(absence: Absence) -> tuple[str, str, bool]:
    """(words, colour, whether it can still be ended)."""
    if absence.ended_at is not None:
        return _("terminada antes"), "neutral", False
    if absence.last_day < clock.today():
        return _("terminó"), "neutral", False
    if absence.first_day > clock.today():
        return _("por empezar"), "info", True
    return _("en curso"), "success", True
