"""One page of a form: shown, saved, saved in the background, and its dependent questions drawn anew."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ruta.cases.asking import OVER
from ruta.cases.drafts import parking, selectors, services, sight
from ruta.cases.drafts.conflicts import FieldConflict
from ruta.cases.models import Draft
from ruta.definitions.runtime import CompiledAct, CompiledService
from ruta.documents.uploads import too_large
from ruta.engine.forms import Field, Form, Page, with_label
from ruta.engine.problems import Problem
from ruta.identity.actors import Actor
from ruta.kernel.errors import Conflict, Forbidden, NotFound, RutaError
from ruta.kernel.texts import current_language, pick
from ruta.web.site import parts

from . import asked, correcting, evidence, lists, sides, steps
from .facts_shown import facts_shown, known_keys
from .posted import read_posted
from .questions import Asking, Question, controls, first_problem, questions

LATER, GO_ON, DISPUTE = "later", "go-on", "dispute:"


@dataclass
class Filling:
    """A draft being filled in this request, by whom, and what its version says."""

    request: HttpRequest
    draft: Draft
    actor: Actor
    compiled: CompiledService
    act: CompiledAct
    form: Form
    page: Page

    @classmethod
    def of(cls, request: HttpRequest, draft_id: UUID, page_id: str) -> "Filling":
        """Find the draft, bring it up to date, find the page.

        Raises NotFound, Conflict for a draft that is filed or an answer that is no longer taken, and NeedsLevel.
        """
        actor = sides.actor_here(request)
        draft = selectors.get_draft(draft_id, actor)
        if draft.case_id is not None:
            raise services.already_filed()
        asked.check(request, draft)
        draft = services.bring_up_to_date(draft, actor)
        compiled, act, form = sight.form_of(draft)
        page = form.page(page_id)
        if page is None:
            raise services.no_page()
        return cls(request, draft, actor, compiled, act, form, page)

    def look_again(self) -> None:
        """What was saved of a correction may have opened more of its form."""
        if self.draft.correction_id is not None:
            self.form = sight.form_of(self.draft)[2]
            self.page = self.form.page(self.page.id) or self.page


@dataclass(frozen=True)
class Said:
    """What the page says beside its questions, after a post or because of something parked."""

    problems: Sequence[Problem] = ()
    conflict: Sequence[FieldConflict] = ()
    typed: Mapping[str, Any] = field(default_factory=dict)
    appeared: bool = False
    found: bool = False
    parked_at: Any = None


def most_megabytes(request: HttpRequest, draft_id: UUID, page_id: str) -> int:
    """How much of a post is read: twice what the files of the page may weigh together, so that what was typed beside a
    file that is too large is not lost; 0 where the page asks for no file, or is not of who asks."""
    if not request.user.is_authenticated:
        return 0
    try:
        filling = Filling.of(request, draft_id, page_id)
    except RutaError:
        return 0
    return 2 * sum(evidence.largest(evidence.spec_of(filling.act, field)) for field in _files_of(filling))


def _files_of(filling: "Filling") -> list[Field]:
    fields = [filling.form.fields[name] for name in filling.page.fields]
    return [field for field in fields if field.widget == "evidence"]


def too_large_to_read(request: HttpRequest, length: int, draft_id: UUID, page_id: str) -> HttpResponse:
    """The page with what the draft holds of it, and at each question for a file how large it may be."""
    filling = Filling.of(request, draft_id, page_id)
    problems = [
        too_large(length, max_mb=evidence.largest(evidence.spec_of(filling.act, field)), at=f"/{field.name}")
        for field in _files_of(filling)
    ]
    messages.warning(
        request,
        _("No alcanzamos a leer lo que envió. Abajo están sus respuestas como se guardaron la última vez."),
    )
    answer = _show(filling, Said(problems=problems))
    answer.status_code = 413
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, draft_id: UUID, page_id: str) -> HttpResponse:
    """Show one page, or save it and go on."""
    try:
        filling = Filling.of(request, draft_id, page_id)
    except services.NeedsLevel as lacking:
        return sides.lacks_level(request, lacking.level)
    except Forbidden as refused:
        return asked.refused(request, draft_id, page_id, refused)
    except Conflict as over:
        if over.code == OVER:
            return asked.refused(request, draft_id, page_id, over)
        return HttpResponseRedirect(_beside(request, draft_id, "form-filed"))
    except NotFound as gone:
        return _lost_page(request, draft_id, gone)
    return _save(filling) if request.method == "POST" else _open(filling)


def _lost_page(request: HttpRequest, draft_id: UUID, gone: NotFound) -> HttpResponse:
    """A page that a newer version no longer has: resume where the form goes on. Raises `gone` for no draft."""
    if gone.code == "unknown-draft":
        raise gone
    return HttpResponseRedirect(_beside(request, draft_id, "form-resume"))


def _beside(request: HttpRequest, draft_id: UUID, name: str) -> str:
    return reverse(f"{sides.of(request).table}:{name}", args=[draft_id])


def _open(filling: Filling) -> HttpResponse:
    asked.log(filling.request, filling.draft)
    parked = parking.parked_for(filling.draft, filling.page.id, filling.actor)
    if parked is not None:
        posted = QueryDict(mutable=True)
        for name, values in parked.posted.items():
            posted.setlist(name, list(values))
        typed = _typed(filling, posted)
        return _show(filling, Said(typed=typed, parked_at=parked.at))
    if not filling.request.GET.get("revisar"):
        return _show(filling, Said())
    judged = sight.judge(filling.draft, filling.actor, pages=[filling.page.id])
    return _show(filling, Said(problems=judged.problems), shown=judged.shown)


def _typed(filling: Filling, posted: QueryDict) -> dict[str, Any]:
    typed = read_posted(filling.form, filling.page, posted)
    for name, answer in typed.items():
        known = filling.form.fields[name].list
        if known and isinstance(answer, str):
            typed[name] = lists.resolve(filling.compiled, known, answer, current_language())
    return typed


def _seen(request: HttpRequest) -> int:
    seen = request.POST.get("seen", "0")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0


def _tab(request: HttpRequest) -> str:
    """Which tab of which browser this is: named when it opens the page, kept while it stays there."""
    return request.POST.get("tab", "")[:16] or token_urlsafe(6)


def _save(filling: Filling) -> HttpResponse:
    request = filling.request
    action = request.POST.get("action", GO_ON)
    attached = evidence.read_attached(request, filling.form, filling.page, filling.act, filling.actor)
    removing = any(name.startswith("remove.") for name in request.POST)
    leaving = action == GO_ON and not removing
    saved = services.save_page(
        filling.draft,
        filling.page.id,
        {**_evidence_asked(filling), **_typed(filling, request.POST), **attached.typed},
        _seen(request),
        filling.actor,
        tab=_tab(request),
        files=attached.files,
        leaving=leaving,
    )
    filling.draft = saved.draft
    filling.look_again()
    problems = (*attached.problems, *_unless(saved.problems, attached.problems))
    if problems or saved.conflict or removing:
        return _show(filling, Said(problems=problems, conflict=saved.conflict), shown=saved.shown)
    return _leave(filling, saved, action)


def _leave(filling: Filling, saved: services.Saved, action: str) -> HttpResponse:
    """Where the person goes once the page is saved and nothing is wrong with it."""
    draft, page_id = saved.draft, filling.page.id
    if action == LATER:
        return HttpResponseRedirect(sides.address(draft, "form-later"))
    if action.startswith(DISPUTE):
        read = action.removeprefix(DISPUTE)
        return HttpResponseRedirect(sides.address(draft, "form-dispute", page_id, read))
    if saved.level:
        return sides.lacks_level(filling.request, saved.level)
    if saved.appeared:
        return _show(filling, Said(appeared=True), shown=saved.shown)
    if known_keys(draft, filling.page) != filling.request.POST.get("known", ""):
        return _show(filling, Said(found=True), shown=saved.shown)
    return HttpResponseRedirect(_after(filling, saved))


def _evidence_asked(filling: Filling) -> dict[str, Any]:
    """A question for a file that was shown and left empty keeps the file that it had."""
    shown = filling.request.POST.getlist("asked")
    return {
        name: filling.draft.typed.get(name, "")
        for name in filling.page.fields
        if name in shown and filling.form.fields[name].widget == "evidence"
    }


def _unless(problems: Sequence[Problem], told: Sequence[Problem]) -> list[Problem]:
    """The problems of fields of which nothing has been told yet: a refused file is not also a missing one."""
    places = {each.at for each in told}
    return [each for each in problems if each.at not in places]


def _after(filling: Filling, saved: services.Saved) -> str:
    pages = steps.shown_pages(filling.form, saved.shown)
    back_to_review = filling.request.GET.get("volver") == "revisar"
    if back_to_review:
        return steps.resume_url(saved.draft, pages)
    return steps.next_url(saved.draft, pages, filling.page.id)


def _show(filling: Filling, said: Said, *, shown: frozenset[str] | None = None) -> HttpResponse:
    draft = filling.draft
    typed = {**draft.typed, **said.typed}
    seen = draft
    if shown is None:
        seen, shown = _preview(filling, typed)
    place = (draft, filling.page.id)
    asking = Asking(
        filling.compiled,
        filling.act,
        filling.form,
        typed,
        draft.files,
        said.problems,
        said.conflict,
        place,
        correcting.asked(draft),
        sight.speaker(seen, filling.actor),
    )
    asked_here = questions(asking, filling.page, shown)
    errors = _errors(filling, asked_here, said)
    if asked_here and sides.of(filling.request).desk and not (errors or said.found):
        asked_here[0] = asked_here[0].focused()  # whoever files all day begins to type at once
    facts = facts_shown(filling.compiled, draft, filling.page)
    pages = steps.shown_pages(filling.form, shown)
    ids = [page.id for page in pages]
    if filling.page.id not in ids:
        return HttpResponseRedirect(steps.resume_url(draft, pages))
    number = ids.index(filling.page.id) + 1
    context = {
        "draft": draft,
        "page": filling.page,
        "title": pick(filling.page.title),
        "act_title": asked.kicker(draft, filling.form)
        or correcting.heading(draft, pick(filling.act.spec.title)),
        "asked": asked.told(draft) if filling.page == pages[0] else None,
        "questions": asked_here,
        "controls": controls(filling.form, filling.page),
        "tells": [pick(text) for text in sight.told(seen, filling.page, filling.actor)],
        "errors": errors,
        "facts": facts,
        "found": said.found and any(fact.status != "unavailable" for fact in facts),
        "known": known_keys(draft, filling.page),
        "tab": _tab(filling.request),
        "focus_button": said.found and sides.of(filling.request).desk,
        "said": said,
        "bar": steps.bar(draft, pages, filling.page.id),
        "number": number,
        "count": len(pages) + 1,
        "back": steps.back_url(draft, pages, filling.page.id),
        # a question for a file may appear later, without the page being loaded again
        "files": [field.name for field in _files_of(filling)],
        "changes": draft.changes,
        "post_to": filling.request.get_full_path(),
    }
    wrong = bool(said.problems or said.conflict)
    status = 422 if filling.request.method == "POST" and wrong else 200
    return sides.render(filling.request, "forms/page.html", context, status=status)


def _preview(filling: Filling, typed: Mapping[str, Any]) -> tuple[Draft, frozenset[str]]:
    """The draft as it would be with these answers, and what it would show; that in the database is not touched."""
    trial = copy(filling.draft)
    trial.typed = dict(typed)
    shown = sight.shown(trial, filling.actor)
    return trial, shown


def _errors(filling: Filling, shown: Sequence[Question], said: Said) -> list[parts.ErrorLink]:
    errors: list[parts.ErrorLink] = []
    for question in shown:
        problem = first_problem(said.problems, question.name)
        if question.clash is not None:
            text = _("%(question)s: elija cuál de las dos respuestas vale") % {
                "question": question.part.label
            }
            errors.append(parts.ErrorLink(text, question.target))
        elif problem is not None:
            # what is said of a file names it already
            said_of = problem.say if question.part.kind == "file" else with_label(filling.form, problem)
            errors.append(parts.ErrorLink(pick(said_of), question.target))
    names = {question.name for question in shown}
    rest = [each for each in said.problems if each.at.partition("/")[2].partition("/")[0] not in names]
    return errors + [parts.ErrorLink(pick(with_label(filling.form, each))) for each in rest]


@never_cache
@require_POST
def part(request: HttpRequest, draft_id: UUID, page_id: str) -> HttpResponse:
    """The page's questions drawn anew for what is typed now; nothing is written."""
    filling = Filling.of(request, draft_id, page_id)
    typed = {**filling.draft.typed, **_typed(filling, request.POST)}
    trial, shown = _preview(filling, typed)
    asking = Asking(
        filling.compiled,
        filling.act,
        filling.form,
        typed,
        filling.draft.files,
        place=(filling.draft, filling.page.id),
        asked=correcting.asked(filling.draft),
        say=sight.speaker(trial, filling.actor),
    )
    context = {
        "draft": filling.draft,
        "page": filling.page,
        "questions": questions(asking, filling.page, shown),
        "controls": controls(filling.form, filling.page),
        "tells": [pick(text) for text in sight.told(trial, filling.page, filling.actor)],
    }
    return render(request, "forms/questions.html", context)


@never_cache
@require_POST
def keep(request: HttpRequest, draft_id: UUID, page_id: str) -> HttpResponse:
    """Save what is typed so far, in the background; the answer is the line that says so."""
    filling = Filling.of(request, draft_id, page_id)
    typed = _typed(filling, request.POST)
    saved = services.save_page(
        filling.draft, page_id, typed, _seen(request), filling.actor, tab=_tab(request), leaving=False
    )
    seen = _seen(request) if saved.conflict else saved.draft.revision
    context = {"draft": saved.draft, "seen": seen, "clash": bool(saved.conflict), "just_saved": True}
    return render(request, "forms/saved.html", context)


@never_cache
@require_GET
def codes(request: HttpRequest, draft_id: UUID, page_id: str, name: str) -> HttpResponse:
    """The titles of a code list that fit what is typed so far."""
    filling = Filling.of(request, draft_id, page_id)
    found = filling.form.fields.get(name)
    if found is None or found.list is None:
        raise services.no_page()
    typed = request.GET.get(name, "")[:100]
    fitting = lists.candidates(filling.compiled.list(found.list), typed, current_language())
    return render(request, "forms/codes.html", {"candidates": fitting})
