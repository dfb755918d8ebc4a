"""A form that corrects a case: what the office says of each field, the check of what changed, and the button that sends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from ruta.cases import applications
from ruta.cases.corrections import answering
from ruta.cases.drafts import sight
from ruta.cases.models import Case, Draft
from ruta.definitions.runtime import CompiledService
from ruta.engine.forms import Field, Form, with_label
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.kernel.errors import Conflict, Invalid
from ruta.kernel.texts import current_language, pick
from ruta.web.site import parts

from . import sides, steps


@dataclass(frozen=True)
class Changed:
    """One answer before and after."""

    name: str
    label: str
    before: str
    after: str
    url: str
    error: str = ""


def asked(draft: Draft) -> dict[str, str]:
    """What the office says of each field; empty for a draft that corrects nothing."""
    return {each["field"]: each["say"] for each in draft.correction.asked} if draft.correction else {}


def heading(draft: Draft, title: str) -> str:
    """The title of the act, or the case that the draft corrects."""
    if draft.correction is None:
        return title
    return _("Corrección del expediente %(number)s") % {"number": draft.correction.case.number}


def words(compiled: CompiledService, field: Field, value: Any) -> str:
    """An answer as a person reads it; empty where none was given."""
    if value is None:
        return ""
    if field.widget == "evidence":
        return _("Archivo adjunto")
    return compiled.in_words(field, value, current_language())


def review(request: HttpRequest, draft: Draft, actor: Actor) -> HttpResponse:
    """What changed, before and after; a post sends it to the office."""
    assert draft.correction is not None
    case = draft.correction.case
    told: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            answering.send(draft, actor, note=request.POST.get("note", ""))
        except Invalid as wrong:
            told = wrong.problems
        except Conflict as wrong:
            messages.warning(request, wrong.say())
            return HttpResponseRedirect(reverse("portal:case", args=[case.number]))
        else:
            messages.success(
                request,
                _("Envió la corrección. La entidad sigue con su solicitud y el plazo corre otra vez."),
            )
            return HttpResponseRedirect(reverse("portal:case", args=[case.number]))
    return _show(request, draft, case, actor, told)


def _show(
    request: HttpRequest, draft: Draft, case: Case, actor: Actor, told: Sequence[Problem]
) -> HttpResponse:
    judged = sight.judge(draft, actor)  # which may open more of the form
    compiled, _act, form = sight.form_of(draft)
    pages = steps.shown_pages(form, judged.shown)
    problems = judged.problems or tuple(told)
    context = {
        "draft": draft,
        "case": case,
        "heading": heading(draft, ""),
        "changes": _changes(draft, case, compiled, form, judged, problems),
        "errors": [_link(form, each) for each in problems],
        "note": parts.Field(
            "note",
            _("¿Quiere decirle algo a la entidad?"),
            "textarea",
            request.POST.get("note", ""),
            error=next((pick(each.say) for each in problems if each.at == "/note"), ""),
            hint=_("Por ejemplo, por qué un dato está bien como estaba."),
            rows=3,
            max_length=answering.LONGEST_NOTE,
        ),
        "wrong": bool(judged.problems),
        "back": steps.back_url(draft, pages, ""),
        "bar": steps.bar(draft, pages, ""),
        "number": len(pages) + 1,
        "count": len(pages) + 1,
    }
    return sides.render(request, "forms/correction_review.html", context, status=422 if told else 200)


def _link(form: Form, problem: Problem) -> parts.ErrorLink:
    name = problem.at.split("/")[1] if "/" in problem.at else ""
    target = f"a-{name}" if name in form.fields else f"f-{name}" if name else ""
    return parts.ErrorLink(pick(with_label(form, problem)), target)


def _changes(
    draft: Draft,
    case: Case,
    compiled: CompiledService,
    form: Form,
    judged: applications.Judged,
    problems: Sequence[Problem],
) -> list[Changed]:
    """Every field that is open to the correction, changed or not."""
    said: Mapping[str, str] = {
        each.at.split("/")[1]: pick(each.say) for each in reversed(problems) if "/" in each.at
    }
    found = []
    for page in form.pages:
        for name in page.fields:
            field = form.fields[name]
            after = words(compiled, field, judged.values.get(name))
            if name in said and name not in judged.values:
                after = str(draft.typed.get(name) or "")
            url = f"{steps.page_url(draft, page.id)}?volver=revisar"
            if name in said:
                url += "&revisar=1"
            before = words(compiled, field, case.form.get(name))
            found.append(Changed(name, pick(field.label), before, after, url, said.get(name, "")))
    return found
