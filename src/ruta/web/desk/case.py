"""One case on one screen: the task, the clock, what was asked, documents, rules, diagram, history, notes."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.contrib import messages as flash
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ruta.cases import perms, selectors, services
from ruta.cases.models import Case, Task
from ruta.cases.models.task import TaskStatus
from ruta.cases.reassigning import may_reassign
from ruta.definitions import posts, runtime
from ruta.definitions.runtime import CompiledService
from ruta.documents import selectors as documents
from ruta.engine import bpmn
from ruta.engine.bpmn.state import Status
from ruta.engine.problems import Problem
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.identity.selectors import names_of_officials
from ruta.kernel.errors import Conflict, Invalid
from ruta.kernel.texts import current_language, pick
from ruta.web.site import entry_differences

from . import agencies, appealed, asks, letters, reassigning, returning, sheet, story, taskform, words
from .navigation import frame
from .reads import log_read
from .rows import due


@never_cache
@require_safe
@access.official
def case(request: HttpRequest, number: str) -> HttpResponse:
    """`/escritorio/expedientes/<number>/`."""
    actor = actor_of(request, desk=True)
    return page(request, selectors.find(number, actor), actor)


def page(
    request: HttpRequest,
    found: Case,
    actor: Actor,
    *,
    typed: Mapping[str, Any] | None = None,
    problems: Sequence[Problem] = (),
    said: str = "",
    note: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a case as it is now; with what was typed and what is wrong with it, when it comes back so."""
    prefetch_related_objects([found], "terms", "tokens")
    log_read(actor, found, "case")
    compiled = runtime.compiled(found.version_id)
    act = compiled.act(found.act)
    history = selectors.history_of(found)
    notes = list(found.notes.order_by("-at"))
    names = names_of_officials({*story.officials_in(history), *(each.by_id for each in notes)})
    explanation = selectors.explanation_of(found)
    work = _work(found, actor, compiled, typed or {}, problems)
    context = {
        **frame(actor),
        **work,
        "case": found,
        "state": words.waits_for_notice() if selectors.is_told(found) else words.outcome(found.outcome),
        "title": selectors.title_of(found),
        "others": services.here(found.id, actor=actor),
        "said": said,
        "note": note,
        "clocks": sheet.clocks(found, compiled),
        "stages": sheet.stages(found),
        "answers": sheet.answers(found, compiled),
        "withdrawal": selectors.withdrawal_of(found),
        "appeals": appealed.appeals(found),
        "corrections": returning.corrections(found, compiled),
        "differences": entry_differences.of_case(found, compiled, actor),
        "applicant": sheet.applicant(found, compiled),
        "looked_up": sheet.found(found, compiled),
        "asks": asks.asked(found, compiled, actor),
        "documents": sheet.papers(found, documents.given_documents(found.number)),
        "outputs": list(documents.outputs_of_case(found.number)),
        "letters": letters.sent(found),
        "exchanges": agencies.exchanges(found, compiled),
        "rules": sheet.rules(explanation, compiled),
        "moments": story.moments(history, compiled, act, names),
        "notes": [(each, names[each.by_id]) for each in notes],
        "diagram": _diagram(found, act.process, story.nodes_done(found, history, explanation)),
    }
    return render(request, "desk/case.html", context, status=status)


def _work(
    found: Case,
    actor: Actor,
    compiled: CompiledService,
    typed: Mapping[str, Any],
    problems: Sequence[Problem],
) -> dict[str, Any]:
    """What there is to do, by whom, and the form of it; `kept` is what was typed when the form cannot hold it."""
    task = _task_for(actor, found)
    mine = task is not None and task.assignee_id == actor.official_id
    holder = task.assignee.person.full_name if task and task.assignee and not mine else ""
    taken_by = holder if task and perms.held_by_other(actor, task) else ""
    absent = perms.acts_for(actor, task) if task else None
    may_do = task is not None and perms.may_do(actor, task)
    prepared = bool(task and task.not_by and perms.prepared_by(actor, task))
    form = taskform.form_of(task, compiled, typed, problems) if task and mine and not prepared else None
    return_url, return_refused = returning.may_return(task if mine and not prepared else None, found, actor)
    groups = posts.groups_in_words(task.groups, compiled) if task and not may_do else ()
    return {
        "task": task,
        "task_title": selectors.task_title(task) if task else "",
        "task_due": due(task.due_on, found.agency) if task else None,
        "mine": mine,
        "taken_by": taken_by,
        "instead_of": next((each.name for each in actor.stands_in_for if each.posting.id == absent), ""),
        "may_do": may_do,
        "prepared": prepared,
        "groups": [pick(group) for group in groups],
        "form": form,
        "may_reassign": task is not None and may_reassign(actor, task),
        "given": reassigning.told(task) if task else "",
        "return_url": return_url,
        "return_refused": return_refused,
        "kept": [] if form else taskform.kept(typed),
    }


def _task_for(actor: Actor, found: Case) -> Task | None:
    """The open task of the case that this official has or can do; else the one that others have."""
    tasks = list(
        Task.objects.filter(case=found, status=TaskStatus.OPEN)
        .select_related("assignee__person")
        .order_by("due_on", "id")
    )
    for task in tasks:
        task.case = found
    own = [task for task in tasks if task.assignee_id == actor.official_id]
    possible = [task for task in tasks if perms.may_do(actor, task)]
    return next(iter([*own, *possible, *tasks]), None)


def _diagram(found: Case, process: bpmn.Process | None, done: set[str]) -> str:
    if process is None:
        return ""
    drawn = bpmn.svg(
        process,
        tokens=[
            bpmn.Token(id=token.token, node=token.node, scope=token.scope, status=cast(Status, token.status))
            for token in found.tokens.all()
        ],
        done=done,
        lang=current_language(),
    )
    return mark_safe(drawn)  # noqa: S308  our own engine writes it and escapes every text of the file


@never_cache
@require_safe
@access.official
@access.poll
def presence(request: HttpRequest, number: str) -> HttpResponse:
    """Who else has the case open now: a fragment that the page asks for again and again."""
    actor = actor_of(request, desk=True)
    found = selectors.find(number, actor)
    seen = request.GET.get("rev", "")
    return render(
        request,
        "desk/presence.html",
        {
            "others": services.here(found.id, actor=actor),
            "changed": seen.isdecimal() and int(seen) != found.rev,
            "case": found,
        },
    )


@require_POST
@access.official
def note(request: HttpRequest, number: str) -> HttpResponse:
    """Leave a note; one that cannot be taken comes back as it was written."""
    actor = actor_of(request, desk=True)
    found = selectors.find(number, actor)
    text = request.POST.get("note", "")
    try:
        services.add_note(found, text, actor=actor)
    except Invalid as wrong:
        return page(request, found, actor, said=wrong.say(), note=text, status=wrong.status)
    flash.success(request, _("La nota quedó en el expediente. El solicitante no la ve."))
    return HttpResponseRedirect(reverse("desk:case", args=[found.number]) + "#notas")


@require_POST
@access.official
def retry(request: HttpRequest, number: str) -> HttpResponse:
    """Do the stopped step again, and say whether the case goes on."""
    actor = actor_of(request, desk=True)
    try:
        case = services.retry(selectors.find(number, actor), actor=actor)
    except Conflict as wrong:
        flash.info(request, wrong.say())
    else:
        if case.incident is None:
            flash.success(request, _("El paso se reanudó y el expediente sigue."))
        else:
            flash.warning(request, _("El paso volvió a detenerse. Lea el motivo."))
    return HttpResponseRedirect(reverse("desk:case", args=[number]))
