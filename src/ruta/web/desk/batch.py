"""Several decisions of one kind on one page: each with its own reasons, signed one by one, each in its own transaction."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ruta.cases import perms, reasons, selectors, services, taskforms
from ruta.cases.models import Task
from ruta.cases.models.task import DECIDE, TaskStatus
from ruta.definitions.runtime import compiled
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.kernel.errors import Invalid, RutaError
from ruta.web.site.parts import ErrorLink, Fact, Field, LegalClock, Option, by_field

from . import sheet, taskform
from .navigation import frame
from .rows import due, log_list
from .work import MOST_AT_ONCE

AT_A_TIME = 8.0
"""Seconds after which a page answers with what is done; what is left stays on it, to go on with."""
KINDS = (DECIDE, taskforms.REVIEW)
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """One decision of the page: what it is about, its two fields, and why it was not signed (empty: not tried)."""

    task: Task
    rev: int
    clock: LegalClock
    facts: Sequence[Fact]
    fields: tuple[Field, Field]
    said: str = ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.official
def decide(request: HttpRequest) -> HttpResponse:
    """`/escritorio/decidir/?tarea=‹id›&tarea=…`; a post fills what is empty (`do=fill`) or signs (`do=sign`)."""
    actor = actor_of(request, desk=True)
    asked = _ids(request.POST.getlist("task") or request.GET.getlist("tarea"))
    if request.method == "POST" and "do" not in request.POST:
        if not asked:
            flash.info(request, _("Marque al menos una tarea."))
            return HttpResponseRedirect(reverse("desk:inbox"))
        query = urlencode([("tarea", str(each)) for each in asked])
        return HttpResponseRedirect(f"{reverse('desk:decide-many')}?{query}")
    typed = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    tasks = _tasks(asked, actor)
    if request.method != "POST":
        return _show(request, actor, asked, tasks, typed, {})
    if typed["do"] == "fill":
        return _show(request, actor, asked, tasks, _fill(tasks, typed, actor), {})
    return _show(request, actor, asked, tasks, typed, _sign(tasks, typed, actor))


def _ids(texts: Sequence[str]) -> list[UUID]:
    found = []
    for text in texts[:MOST_AT_ONCE]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _tasks(asked: Sequence[UUID], actor: Actor) -> list[Task]:
    """The tasks that the official may see, in the order asked."""
    known = Task.objects.filter(perms.with_case_visible_to(actor), id__in=asked)
    by_id = {task.id: task for task in known.select_related("case", "assignee__person")}
    return [by_id[each] for each in asked if each in by_id]


def _kind(task: Task) -> tuple[str, str, str]:
    return task.case.service, task.case.act, task.node


def _refusal(task: Task, kind: tuple[str, str, str], actor: Actor, prepared: set[UUID]) -> str:
    """Why a task cannot be decided on this page; empty when it can."""
    if task.status != TaskStatus.OPEN:
        return _("ya se terminó o ya no hace falta")
    if task.form_key not in KINDS:
        return _("no se decide con una decisión y sus motivos: ábrala")
    if _kind(task) != kind:
        return _("es de otra clase: decídala aparte")
    if perms.held_by_other(actor, task) and task.assignee is not None:
        return _("la tiene %(holder)s") % {"holder": task.assignee.person.full_name}
    if not perms.may_do(actor, task):
        return _("es de otro grupo")
    return _("quien preparó no aprueba") if task.id in prepared else ""


def _sign(tasks: Sequence[Task], typed: Mapping[str, str], actor: Actor) -> dict[UUID, RutaError | None]:
    """Decide the lines that were filled, one after the other; what came of each that was tried (None: done)."""
    came: dict[UUID, RutaError | None] = {}
    until = time.monotonic() + AT_A_TIME
    for task in tasks:
        given = {name: typed.get(f"{name}.{task.id}", "") for name in ("outcome", "motivation")}
        if not any(each.strip() for each in given.values()):
            continue
        if time.monotonic() > until:
            break
        rev = typed.get(f"rev.{task.id}", "")
        try:
            services.complete(
                task.id, actor=actor, typed=given, seen_rev=int(rev) if rev.isdecimal() else None
            )
        except RutaError as wrong:
            came[task.id] = wrong
        except Exception:
            logger.exception("a decision of a batch failed")
            came[task.id] = RutaError(
                {
                    "es": "Una falla lo impidió y no se firmó. Ya quedó avisada; inténtelo otra vez o ábrala.",
                    "en": "A fault prevented it and nothing was signed. It was reported; try again or open it.",
                }
            )
        else:
            came[task.id] = None
    return came


def _fill(tasks: Sequence[Task], typed: Mapping[str, str], actor: Actor) -> dict[str, str]:
    """What was typed, with the outcome and the model text that were chosen for all where a line has none yet."""
    filled = dict(typed)
    for task in tasks:
        if task.status != TaskStatus.OPEN or task.form_key not in KINDS:
            continue
        outcome, text = typed.get("outcome_all", ""), ""
        if chosen := typed.get("template", ""):
            try:
                made = reasons.fill(task, chosen, actor)
            except RutaError:
                continue
            outcome, text = outcome or made.outcome, made.text
        for name, value in (("outcome", outcome), ("motivation", text)):
            if not filled.get(f"{name}.{task.id}", "").strip():
                filled[f"{name}.{task.id}"] = value
    return filled


def _show(
    request: HttpRequest,
    actor: Actor,
    asked: Sequence[UUID],
    tasks: Sequence[Task],
    typed: Mapping[str, str],
    came: Mapping[UUID, RutaError | None],
) -> HttpResponse:
    """The page with what is left, what is done and what cannot be done here."""
    finished = {
        *_ids(request.POST.getlist("finished")),
        *(each for each, wrong in came.items() if wrong is None),
    }
    left = [task for task in _tasks(asked, actor) if task.id not in finished]
    done = _tasks(sorted(finished), actor)
    log_list([task.case for task in (*left, *done)], actor, "batch")
    kind = next((_kind(task) for task in left if task.form_key in KINDS), ("", "", ""))
    prepared = perms.prepared_among(actor, left)
    refused = {task.id: why for task in left if (why := _refusal(task, kind, actor, prepared))}
    lines = [_line(task, typed, came.get(task.id)) for task in left if task.id not in refused]
    first = lines[0].task if lines else None
    wrong = [line for line in lines if came.get(line.task.id) is not None]
    untried = [
        line for line in lines if line.task.id not in came and any(field.value for field in line.fields)
    ]
    context = {
        **frame(actor),
        "lines": lines,
        "refused": [
            (task, why, typed.get(f"motivation.{task.id}", ""))
            for task in left
            if (why := refused.get(task.id, ""))
        ],
        "done": done,
        "total": len(done) + len(lines),
        "unseen": len(asked) - len(tasks),
        "title": selectors.task_title(first) if first else "",
        "act": selectors.title_of(first.case) if first else "",
        "outcome_all": _outcome_for_all(first, typed) if first else None,
        "templates": [
            Option(each.id, each.title, checked=each.id == typed.get("template"))
            for each in reasons.offered(first)
        ]
        if first
        else [],
        "errors": [link for line in wrong for link in _links(line)],
        "untried": len(untried) if came else 0,
    }
    return render(request, "desk/batch.html", context, status=422 if wrong else 200)


def _line(task: Task, typed: Mapping[str, str], wrong: RutaError | None) -> Line:
    own = {name: typed.get(f"{name}.{task.id}", "") for name in ("outcome", "motivation")}
    said = by_field(wrong.problems) if isinstance(wrong, Invalid) else {}
    return Line(
        task=task,
        rev=task.case.rev,
        clock=due(task.due_on, task.case.agency),
        facts=sheet.answers(task.case, compiled(task.case.version_id)),
        fields=taskform.decision_fields(task, own, said, f".{task.id}"),
        said="" if wrong is None or said else wrong.say(),
    )


def _outcome_for_all(task: Task, typed: Mapping[str, str]) -> Field:
    outcome, _motivation = taskform.decision_fields(task, {"outcome": typed.get("outcome_all", "")}, {})
    return Field(
        "outcome_all",
        _("Decisión para las que no tienen"),
        "select",
        outcome.value,
        options=outcome.options,
        id="f-all",
    )


def _links(line: Line) -> list[ErrorLink]:
    """What is wrong with a line, with its case's number in front."""
    number = line.task.case.number
    found = [ErrorLink(f"{number}: {field.error}", field.first_id) for field in line.fields if field.error]
    return found or [ErrorLink(f"{number}: {line.said}", f"l-{line.task.id}")]
