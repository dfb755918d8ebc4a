"""One case on one screen: the task, the clock, what was asked, documents, rules, diagram, history, notes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages as flash
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ruta.cases import perms, selectors, services
from ruta.cases.models import Case, Task
from ruta.cases.models.task import TaskStatus
from ruta.definitions import runtime
from ruta.documents import perms as document_perms
from ruta.documents import previews
from ruta.documents import selectors as documents
from ruta.documents.models import Blob
from ruta.engine import bpmn
from ruta.engine.problems import Problem
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.kernel import audit
from ruta.kernel.errors import Invalid, NotFound
from ruta.kernel.texts import current_language, pick
from ruta.web.site.files import send_file
from ruta.web.site.legal_clock import legal_clock

from . import sheet, taskform
from .navigation import frame
from .rows import due


@never_cache
@require_safe
@access.official
def case(request: HttpRequest, number: str) -> HttpResponse:
    """`/escritorio/expedientes/<number>/`."""
    actor = actor_of(request, desk=True)
    found = selectors.find(number, actor)
    return page(request, found, actor)


def page(
    request: HttpRequest,
    found: Case,
    actor: Actor,
    *,
    typed: Mapping[str, Any] | None = None,
    problems: Sequence[Problem] = (),
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of a case; with what was typed and what is wrong with it, when it comes back so."""
    found.refresh_from_db()
    prefetch_related_objects([found], "terms", "tokens")
    log_read(actor, found, "case")
    compiled = runtime.compiled(found.version_id)
    act = compiled.act(found.act)
    view = selectors.case_view(found)
    task = _task_for(actor, found)
    history = selectors.history_of(found)
    context = {
        **frame(actor),
        "case": found,
        "title": pick(view.title),
        "others": services.here(found.id, actor=actor),
        "said": said,
        "task": task,
        "task_due": due(task.due_on, found.agency) if task else None,
        "mine": bool(task and task.assignee_id == actor.official_id),
        "taken_by": task.assignee.person.full_name
        if task and task.assignee and task.assignee_id != actor.official_id
        else "",
        "may_do": bool(task and perms.may_do(actor, task)),
        "prepared": bool(task and task.not_by and perms.prepared_by(actor, task)),
        "form": taskform.form_of(task, compiled, typed or {}, problems) if task else None,
        "clocks": [
            legal_clock(
                status=each.status,
                due_on=each.due_on,
                business_days_left=each.business_days_left,
                effect=each.effect,
            )
            for each in view.clocks
        ],
        "answers": sheet.answers(found, compiled),
        "applicant": sheet.applicant(found),
        "found": sheet.found(found, compiled),
        "documents": list(documents.documents_of_case(found.number)),
        "outputs": list(documents.outputs_of_case(found.number)),
        "rules": sheet.rules(selectors.explanation_of(found)),
        "moments": sheet.moments(history, compiled),
        "notes": list(found.notes.select_related("by__person").order_by("-at")),
        "diagram": _diagram(found, act.process),
    }
    return render(request, "desk/case.html", context, status=status)


def _task_for(actor: Actor, found: Case) -> Task | None:
    """The open task of the case that this official can do; else the one that others have."""
    tasks = list(
        Task.objects.filter(case=found, status=TaskStatus.OPEN)
        .select_related("case", "assignee__person")
        .order_by("due_on", "id")
    )
    mine = [task for task in tasks if perms.may_do(actor, task)]
    return next(iter(mine or tasks), None)


def _diagram(found: Case, process: bpmn.Process | None) -> str:
    if process is None:
        return ""
    live = [token.node for token in found.tokens.all() if token.status in ("waiting", "inside", "stuck")]
    drawn = bpmn.svg(process, tokens=live, lang=current_language())
    return mark_safe(drawn)  # noqa: S308  our own engine writes it and escapes every text of the file


def log_read(actor: Actor, found: Case, what: str) -> None:
    """That an official looked at the case is written down for its applicant (Ley 1581 de 2012)."""
    if found.applicant_document:
        kind = str(found.applicant_facts.get("document_type") or "")
        audit.log_read(
            actor,
            persons=[(kind, found.applicant_document)],
            purpose=audit.Purpose.CASE_PROCESSING,
            what=what,
            case_number=found.number,
        )


@never_cache
@require_safe
@access.official
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
    """Leave a note."""
    actor = actor_of(request, desk=True)
    found = selectors.find(number, actor)
    try:
        services.add_note(found, request.POST.get("note", ""), actor=actor)
    except Invalid as wrong:
        flash.error(request, wrong.say())
    else:
        flash.success(request, _("La nota quedó en el expediente. El solicitante no la ve."))
    return HttpResponseRedirect(reverse("desk:case", args=[found.number]) + "#notas")


@never_cache
@require_safe
@access.official
def document(request: HttpRequest, number: str, order: int) -> HttpResponseBase:
    """A document of the electronic file, shown in the browser where that is safe."""
    actor = actor_of(request, desk=True)
    found = selectors.find(number, actor)
    row = documents.documents_of_case(found.number).filter(order=order).first()
    if row is None:
        raise NotFound(
            {"es": "Ese documento no está en el expediente.", "en": "That document is not in the file."}
        )
    answer = send_file(documents.download_document(row, actor), inline=True)
    log_read(actor, found, "document")
    return answer


@never_cache
@require_safe
@access.official
def output(request: HttpRequest, number: str, code: str) -> HttpResponseBase:
    """A document that the case issued."""
    actor = actor_of(request, desk=True)
    found = selectors.find(number, actor)
    row = document_perms.visible_to(actor).filter(pk=code.upper(), case_number=found.number).first()
    if row is None:
        raise NotFound(
            {"es": "Ese documento no está en el expediente.", "en": "That document is not in the file."}
        )
    return send_file(documents.download(row, actor), inline=True)


@never_cache
@require_safe
@access.official
def preview(request: HttpRequest, number: str, order: int) -> HttpResponse:
    """A small picture of a document's first page."""
    actor = actor_of(request, desk=True)
    found = selectors.find(number, actor)
    row = documents.documents_of_case(found.number).filter(order=order).first()
    return _picture(previews.preview(row.blob) if row else None)


@never_cache
@require_safe
@access.official
def output_preview(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """A small picture of an issued document."""
    actor = actor_of(request, desk=True)
    found = selectors.find(number, actor)
    row = document_perms.visible_to(actor).filter(pk=code.upper(), case_number=found.number).first()
    blob = Blob.objects.filter(sha256=row.pdf_sha256).first() if row and row.pdf_sha256 else None
    return _picture(previews.preview(blob) if blob else None)


def _picture(png: bytes | None) -> HttpResponse:
    if png is None:
        raise NotFound(
            {"es": "No hay una vista de ese documento.", "en": "There is no preview of that document."}
        )
    return HttpResponse(png, content_type="image/png")
