"""Check the answers, see what it costs line by line, file; then the number and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruta.cases import applications
from ruta.cases.drafts import selectors, services, sight
from ruta.cases.models import Case, Draft
from ruta.cases.perms import visible_to
from ruta.cases.selectors import answer_term, stage_title, title_of
from ruta.definitions.runtime import CompiledService
from ruta.engine import feel
from ruta.engine.forms import Form, Page, with_label
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.identity.levels import at_least
from ruta.kernel.errors import Conflict, Invalid, NotFound
from ruta.kernel.texts import current_language, pick
from ruta.payments.models import Charge
from ruta.payments.selectors import charges_of_case
from ruta.web.site import parts

from . import asked, correcting, fees, sides, steps


@dataclass(frozen=True)
class Answer:
    """One answer as it will be filed; `lines` are its parts, `error` what is wrong with it."""

    name: str
    label: str
    lines: tuple[str, ...]
    error: str = ""


@dataclass(frozen=True)
class Section:
    """The answers of one page, and where to change them."""

    title: str
    url: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Consent:
    """A look-up that the law leaves to the person: what for, whether it is authorised, and what was answered."""

    read: str
    title: str
    law: str
    given: bool
    status: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show all answers and the fee; a post files."""
    actor = sides.actor_here(request)
    draft = selectors.get_draft(draft_id, actor)
    if draft.case_id is not None:
        return HttpResponseRedirect(sides.address(draft, "form-filed"))
    if draft.correction_id is not None:
        return correcting.review(request, draft, actor)
    if draft.asked is not None:
        return asked.review(request, draft, _show)
    if request.method == "POST":
        return _file(request, draft, actor)
    draft = services.bring_up_to_date(draft, actor)
    return _show(request, draft, actor)


def _file(request: HttpRequest, draft: Draft, actor: Actor) -> HttpResponse:
    try:
        services.file_draft(draft, actor)
    except services.NeedsLevel as lacking:
        return sides.lacks_level(request, lacking.level)
    except Invalid as wrong:
        return _show(request, selectors.get_draft(draft.pk, actor), actor, told=wrong.problems, status=422)
    except Conflict:
        return _show(request, selectors.get_draft(draft.pk, actor), actor, status=409)
    return HttpResponseRedirect(sides.address(draft, "form-filed"))


def _show(
    request: HttpRequest, draft: Draft, actor: Actor, *, told: Sequence[Problem] = (), status: int = 200
) -> HttpResponse:
    """The answers as they are judged now; `told` is what filing found wrong, where judging them finds nothing."""
    compiled, act, form = sight.form_of(draft)
    judged = sight.judge(draft, actor)
    if told and not judged.problems:
        judged = replace(judged, problems=tuple(told))
    pages = steps.shown_pages(form, judged.shown)
    fee, fee_problem = ([], "") if judged.problems else _fee(judged)
    context = {
        "draft": draft,
        "act_title": pick(act.spec.title),
        "asked": asked.told(draft),
        "sections": [_section(draft, form, page, judged, compiled) for page in pages],
        "errors": _errors(form, judged.problems),
        "fee": fees.table(fee, compiled),
        "free": act.spec.fee is None or (not fee and not judged.problems and not fee_problem),
        "fee_problem": fee_problem,
        "total": sum(int(line["amount"]) for line in fee),
        "level_missing": not at_least(judged.subject.applicant.facts["level"], act.spec.assurance.file),
        "changes": draft.changes,
        "consents": _consents(draft, compiled, act.spec.needs),
        "back": steps.back_url(draft, pages, ""),
        "bar": steps.bar(draft, pages, ""),
        "number": len(pages) + 1,
        "count": len(pages) + 1,
    }
    return sides.render(request, "forms/review.html", context, status=status)


@require_POST
def consent(request: HttpRequest, draft_id: UUID, read: str) -> HttpResponse:
    """The person authorises a look-up that the law leaves to the person, or takes that back."""
    actor = sides.actor_here(request)
    draft = selectors.get_draft(draft_id, actor)
    services.consent_to_read(draft, read, given=request.POST.get("given") == "yes", actor=actor)
    return HttpResponseRedirect(sides.address(draft, "form-review") + "#consents")


def _consents(draft: Draft, compiled: CompiledService, needs: Sequence[str]) -> list[Consent]:
    found = []
    for read_id in needs:
        read = compiled.read(read_id)
        if read.consent != "person":
            continue
        law = compiled.service.law(read.law)
        title = compiled.register(read.register_).title
        said = f"{law.norm}: {pick(law.says)}" if law else ""
        status = draft.facts.get(read_id, {}).get("status") if read_id in draft.consents else None
        found.append(Consent(read_id, title, said, read_id in draft.consents, str(status or "")))
    return found


def _fee(judged: applications.Judged) -> tuple[list[dict[str, Any]], str]:
    try:
        return applications.fee_lines(judged.subject), ""
    except feel.Stop as stop:
        return [], pick(stop.problem.say)


def _section(
    draft: Draft, form: Form, page: Page, judged: applications.Judged, compiled: CompiledService
) -> Section:
    lang = current_language()
    answers: list[Answer] = []
    for name in page.fields:
        if name not in judged.shown:
            continue
        field = form.fields[name]
        problem = next((each for each in judged.problems if _field_of(each) == name), None)
        if name in judged.values:
            told = compiled.in_words(field, judged.values[name], lang)
        else:
            told = _as_typed(draft.typed.get(name))
        if field.widget == "evidence" and told:
            told = str(draft.files.get(name, {}).get("name", "")) or _("Archivo adjunto")
        if told or problem or field.required:
            lines = tuple(told.split("\n")) if told else ()
            answers.append(Answer(name, pick(field.label), lines, pick(problem.say) if problem else ""))
    url = f"{steps.page_url(draft, page.id)}?volver=revisar"
    wrong = any(answer.error for answer in answers)
    return Section(pick(page.title), url + ("&revisar=1" if wrong else ""), tuple(answers))


def _as_typed(typed: Any) -> str:
    if isinstance(typed, list):
        return "\n".join(str(part) for part in typed)
    return "" if typed is None else str(typed)


def _field_of(problem: Problem) -> str:
    return problem.at.split("/")[1] if "/" in problem.at else ""


def _errors(form: Form, problems: Sequence[Problem]) -> list[parts.ErrorLink]:
    told: dict[str, parts.ErrorLink] = {}
    for number, each in enumerate(problems):
        name = _field_of(each)
        link = parts.ErrorLink(pick(with_label(form, each)), f"a-{name}" if name in form.fields else "")
        told.setdefault(name or str(number), link)  # one thing at a time of each field
    return list(told.values())


@never_cache
@require_safe
def filed(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The number with its check digit, when it was received, and what comes next: to pay, or to wait."""
    actor = sides.actor_here(request)
    draft = selectors.get_draft(draft_id, actor)
    if draft.case_id is None:
        return HttpResponseRedirect(sides.address(draft, "form-resume"))
    case = visible_to(actor).filter(pk=draft.case_id).first()
    if case is None:
        raise NotFound({"es": "No existe ese expediente.", "en": "There is no such case."})
    return sides.render(request, sides.of(request).filed, {"case": case, **_next(case), **_again(draft)})


def _again(draft: Draft) -> dict[str, Any]:
    """Where another one like it is begun, and for whom this one was, if for a person at the counter."""
    person = draft.applicant.full_name if draft.applicant else ""
    return {"draft": draft, "again": sides.start_url(draft), "person": person}


def _next(case: Case) -> dict[str, Any]:
    charge = charges_of_case(case.number).filter(status=Charge.Status.OPEN, due__gt=0).first()
    term = answer_term(case)
    return {
        "act_title": title_of(case),
        "charge": charge,
        "stage": stage_title(case),
        "term": term if term and term.status == "running" else None,
    }
