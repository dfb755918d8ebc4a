"""The page from which an official returns a request for correction, and what a correction changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ruta.cases import selectors
from ruta.cases.corrections import asking
from ruta.cases.machine import Machine
from ruta.cases.models import Case, Correction, Task
from ruta.cases.models.correction import CorrectionStatus
from ruta.cases.terms import CORRECTION
from ruta.definitions.runtime import CompiledService, compiled
from ruta.engine.forms import Field
from ruta.engine.problems import Problem
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.kernel.errors import Conflict, Forbidden, Invalid
from ruta.kernel.texts import pick
from ruta.web.forms.correcting import words
from ruta.web.site import parts

from .navigation import frame
from .reads import log_read
from .tasks import task_of

CHOSEN, SAY = "field", "say."


@dataclass(frozen=True)
class Choice:
    """One answer of the application that may be asked for again; `say` is what the official wrote of it."""

    name: str
    label: str
    answered: str
    chosen: bool
    say: str
    error: str


@dataclass(frozen=True)
class CorrectionView:
    """One return for correction: what was asked, and once answered what changed."""

    number: int
    reason: str
    asked: tuple[parts.Fact, ...]
    asked_at: datetime
    ended_at: datetime | None
    open: bool
    changes: parts.Table | None
    note: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.official
def give_back_to_applicant(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """`/escritorio/tareas/<id>/corregir/`: name what to correct and why; a post returns the request."""
    actor = actor_of(request, desk=True)
    task = task_of(task_id, actor)
    refused = asking.why_not(task.case, task, actor)
    if refused is not None:
        if refused:
            flash.warning(request, pick(refused))
        return HttpResponseRedirect(reverse("desk:case", args=[task.case.number]))
    if request.method != "POST":
        return _show(request, task, actor)
    chosen = {name: request.POST.get(f"{SAY}{name}", "") for name in request.POST.getlist(CHOSEN)}
    reason = request.POST.get("reason", "")
    try:
        asking.ask(task_id, actor=actor, reason=reason, fields=chosen)
    except Invalid as wrong:
        return _show(request, task, actor, reason=reason, chosen=chosen, problems=wrong.problems, status=422)
    except (Conflict, Forbidden) as wrong:
        return _show(
            request, task, actor, reason=reason, chosen=chosen, told=wrong.say(), status=wrong.status
        )
    said = _(
        "Devolvió el expediente %(number)s para corregir. El plazo está suspendido mientras la persona responde."
    )
    flash.success(request, said % {"number": task.case.number})
    return HttpResponseRedirect(reverse("desk:inbox"))


def _show(
    request: HttpRequest,
    task: Task,
    actor: Actor,
    *,
    reason: str = "",
    chosen: Mapping[str, str] | None = None,
    problems: Sequence[Problem] = (),
    told: str = "",
    status: int = 200,
) -> HttpResponse:
    case = task.case
    log_read(actor, case, "return")
    said = parts.by_field(problems)
    service = compiled(case.version_id)
    subject = Machine(case, actor).subject()
    choices = [_choice(service, case, field, chosen or {}, said) for field in asking.askable(case, subject)]
    why = parts.Field(
        "reason",
        _("¿Por qué la devuelve?"),
        "textarea",
        reason,
        required=True,
        rows=4,
        hint=_("La persona lo lee tal cual. Diga qué encontró y en qué norma se apoya."),
        error=said.get("reason", ""),
        max_length=asking.LONGEST,
    )
    context = {
        **frame(actor),
        "case": case,
        "task": task,
        "title": selectors.title_of(case),
        "reason": why,
        "choices": choices,
        "nothing": said.get("fields", ""),
        "said": told,
        "errors": _errors(why, choices, said),
        "last_day": asking.last_day_to_ask(case),
    }
    return render(request, "desk/return.html", context, status=status)


def _choice(
    service: CompiledService, case: Case, field: Field, chosen: Mapping[str, str], said: Mapping[str, str]
) -> Choice:
    return Choice(
        field.name,
        pick(field.label),
        words(service, field, case.form.get(field.name)),
        field.name in chosen,
        chosen.get(field.name, ""),
        said.get(f"fields.{field.name}", ""),
    )


def _errors(why: parts.Field, choices: Sequence[Choice], said: Mapping[str, str]) -> list[parts.ErrorLink]:
    errors = parts.error_links([why])
    if "fields" in said:
        errors.append(parts.ErrorLink(said["fields"], f"c-{choices[0].name}" if choices else ""))
    return errors + [
        parts.ErrorLink(f"{each.label}: {each.error}", f"s-{each.name}") for each in choices if each.error
    ]


def corrections(case: Case, service: CompiledService) -> list[CorrectionView]:
    """Every return of the case, the newest first."""
    if not any(term.term.startswith(CORRECTION) for term in case.terms.all()):
        return []
    return [_view(each, service, case) for each in case.corrections.order_by("-number")]


def _view(correction: Correction, service: CompiledService, case: Case) -> CorrectionView:
    form = service.act(case.act).form
    assert form is not None
    fields = form.fields
    asked = [(each, fields[each["field"]]) for each in correction.asked if each["field"] in fields]
    return CorrectionView(
        correction.number,
        correction.reason,
        tuple(parts.Fact(pick(field.label), each["say"]) for each, field in asked),
        correction.asked_at,
        correction.ended_at,
        correction.status == CorrectionStatus.OPEN,
        _changes(
            correction, service, [field for page in form.pages for field in map(fields.get, page.fields)]
        ),
        correction.note,
    )


def _changes(
    correction: Correction, service: CompiledService, fields: Sequence[Field | None]
) -> parts.Table | None:
    """Field by field, before and after; None where nothing was changed."""
    before, after, nothing = correction.before, correction.after, _("Sin respuesta")
    rows = tuple(
        tuple(
            parts.Cell(text or nothing)
            for text in (
                pick(field.label),
                words(service, field, before.get(field.name)),
                words(service, field, after.get(field.name)),
            )
        )
        for field in fields
        if field is not None and (field.name in before or field.name in after)
    )
    return parts.Table(_("Qué cambió"), (_("Dato"), _("Antes"), _("Después")), rows) if rows else None


def may_return(task: Task | None, case: Case, actor: Actor) -> tuple[str, str]:
    """(address of the page to return the request, or why that is not possible any more); both empty: not offered."""
    if task is None:
        return "", ""
    refused = asking.why_not(case, task, actor)
    if refused is None:
        return reverse("desk:return", args=[task.id]), ""
    return "", pick(refused) if refused else ""
