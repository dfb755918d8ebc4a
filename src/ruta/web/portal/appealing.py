"""The applicant appeals a notified decision: which appeals are open, until when, and why."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ruta.cases import perms, selectors
from ruta.cases.appeals import filing
from ruta.cases.models import Appeal, Case
from ruta.cases.terms import APPEAL_ANSWER
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.kernel.errors import Conflict, Invalid
from ruta.web.site import parts
from ruta.web.site.appeal_words import outcome, title
from ruta.web.site.templatetags.site import day


@dataclass(frozen=True)
class AppealView:
    """One appeal of the case as who lodged it sees it; `decided` is empty until its notice was opened."""

    title: str
    said: str
    filed_at: datetime
    grounds: str
    decided: str
    motivation: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def appeal(request: HttpRequest, number: str) -> HttpResponse:
    """`/mis-tramites/<number>/recurso/`: asks which and why; a post lodges it, or says what is missing."""
    actor = actor_of(request)
    found = selectors.find_whole(number, actor)
    back = HttpResponseRedirect(reverse("portal:case", args=[found.number]))
    if not perms.may_answer(actor, found):
        return back
    if request.method == "POST":
        return _lodge(request, found, actor, back)
    if not filing.choices(found):
        flash.info(request, _("Ahora no hay nada que recurrir en este expediente."))
        return back
    return _show(request, found)


def _lodge(request: HttpRequest, found: Case, actor: Actor, back: HttpResponse) -> HttpResponse:
    kind, grounds = request.POST.get("kind", ""), request.POST.get("grounds", "")
    try:
        filing.file(found, kind=kind, grounds=grounds, actor=actor)
    except Invalid as wrong:
        said = parts.by_field(wrong.problems)
        return _show(request, found, kind=kind, grounds=grounds, said=said, status=422)
    except Conflict as wrong:
        flash.warning(request, wrong.say())
        return back
    flash.success(request, _("Presentó el recurso. La decisión no queda en firme mientras se resuelve."))
    return back


def _show(
    request: HttpRequest,
    found: Case,
    *,
    kind: str = "",
    grounds: str = "",
    said: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    said = said or {}
    fields = (
        parts.Field(
            "kind",
            _("¿Qué recurso presenta?"),
            "radio",
            kind,
            required=True,
            options=tuple(
                parts.Option(each, title(each), hint=_hint(each)) for each in filing.choices(found)
            ),
            error=said.get("kind", ""),
        ),
        parts.Field(
            "grounds",
            _("¿Por qué no está de acuerdo?"),
            "textarea",
            grounds,
            required=True,
            rows=8,
            hint=_("Diga qué hechos o normas no se tuvieron en cuenta y qué pruebas lo muestran."),
            error=said.get("grounds", ""),
            max_length=filing.LONGEST_GROUNDS,
        ),
    )
    term = next(each for each in selectors.clocks_of(found) if each.term == "appeal")
    context = {
        "case": found,
        "title": selectors.title_of(found),
        "fields": fields,
        "errors": parts.error_links(fields),
        "due": term.due_on,
    }
    return render(request, "portal/appeal.html", context, status=status)


def _hint(kind: str) -> str:
    return {
        "reposicion": _("La decide otro servidor de la misma oficina."),
        "apelacion": _("La decide el superior de quien decidió."),
        "both": _(
            "Si la reposición no prospera, el superior decide la apelación sin que usted haga nada más."
        ),
    }.get(kind, "")


def appeals(case: Case, due: dict[str, date]) -> list[AppealView]:
    """The appeals of the case, the newest first; `due` is the last day of each term by name."""
    if not any(term.startswith(APPEAL_ANSWER) for term in due):
        return []
    return [_view(each, due) for each in case.appeals.order_by("-number")]


def _view(each: Appeal, due: dict[str, date]) -> AppealView:
    known = each.notified_at is not None
    if known:
        said = _("Decidido y notificado")
    elif each.status == "decided":
        said = _("Decidido: abra la notificación para saber cómo")
    elif each.status == "silent":
        said = _("No se decidió a tiempo: para la ley vale como una negativa, y puede acudir al juez")
    else:
        said = _("Se decide a más tardar el %(due)s") % {"due": day(due.get(each.term))}
    name = title("both") if each.subsidiary else title(each.kind)
    decided = outcome(str(each.outcome)) if known else ""
    return AppealView(name, said, each.filed_at, each.grounds, decided, each.motivation if known else "")
