"""What an official does with a task: take it, give it back, finish it. Nothing written is lost on the way."""

from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ruta.cases import asking, reasons, selectors, services
from ruta.cases.drafts import services as drafts
from ruta.cases.models import Case, Task
from ruta.engine.problems import Problem
from ruta.identity import access
from ruta.identity.actors import act_for as act_for_agency
from ruta.identity.actors import actor_of
from ruta.kernel.errors import Conflict, Forbidden, Invalid, NotFound, RutaError
from ruta.kernel.texts import current_language
from ruta.web.forms import steps

from . import case
from .tasks import task_of
from .typed import typed_of

MOST_AT_ONCE = 50


def _now(task: Task) -> Case:
    """The case as it is by now: somebody else may have changed it."""
    task.case.refresh_from_db()
    return task.case


@require_POST
@access.official
def act_for(request: HttpRequest) -> HttpResponse:
    """From now on the official acts for another of the own agencies."""
    if not act_for_agency(request, request.POST.get("agency", "")):
        flash.warning(request, _("Usted no tiene un cargo en esa entidad."))
    return HttpResponseRedirect(reverse("desk:inbox"))


@require_POST
@access.official
def take_next(request: HttpRequest) -> HttpResponse:
    """Take the task that is due first and nobody has, and open its case."""
    actor = actor_of(request, desk=True)
    for task in selectors.free_tasks(actor, size=MOST_AT_ONCE):
        try:
            services.claim(task.id, actor=actor)
        except RutaError:
            continue  # somebody was faster, or this official prepared what it approves
        return HttpResponseRedirect(reverse("desk:case", args=[task.case.number]))
    flash.info(request, _("No hay tareas sin tomar en su equipo."))
    return HttpResponseRedirect(reverse("desk:inbox"))


@require_POST
@access.official
def take_many(request: HttpRequest) -> HttpResponse:
    """Take every task that was ticked; those that cannot be taken are told one by one."""
    actor = actor_of(request, desk=True)
    ticked = request.POST.getlist("task")[:MOST_AT_ONCE]
    taken = 0
    for task_id in ticked:
        try:
            services.claim(UUID(task_id), actor=actor)
            taken += 1
        except ValueError:
            continue
        except RutaError as wrong:
            flash.warning(request, wrong.say())
    if taken:
        flash.success(request, ngettext("Tomó %(n)s tarea.", "Tomó %(n)s tareas.", taken) % {"n": taken})
    elif not ticked:
        flash.info(request, _("Marque al menos una tarea."))
    return HttpResponseRedirect(f"{reverse('desk:inbox')}?caja={'mine' if taken else 'team'}")


@require_POST
@access.official
def claim(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Take the task."""
    actor = actor_of(request, desk=True)
    task = task_of(task_id, actor)
    try:
        services.claim(task_id, actor=actor)
    except (Conflict, Forbidden) as wrong:
        flash.warning(request, wrong.say())
    return HttpResponseRedirect(reverse("desk:case", args=[task.case.number]) + "#tarea")


@require_POST
@access.official
def give_back(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Return the task to the team."""
    actor = actor_of(request, desk=True)
    task = task_of(task_id, actor)
    try:
        services.give_back(task_id, actor=actor, reason=request.POST.get("reason", "").strip()[:500])
    except (Conflict, Forbidden) as wrong:
        flash.warning(request, wrong.say())
        return HttpResponseRedirect(reverse("desk:case", args=[task.case.number]))
    flash.success(request, _("La tarea volvió al equipo."))
    return HttpResponseRedirect(reverse("desk:inbox"))


@require_http_methods(["GET", "HEAD", "POST"])
@access.official
def complete(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Finish the task; what is wrong, or what changed meanwhile, is shown beside what was written.

    A GET is somebody who comes back to the address of a refused post: it leads to the case.
    """
    actor = actor_of(request, desk=True)
    task = task_of(task_id, actor)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:case", args=[task.case.number]))
    typed = typed_of(request)
    seen = request.POST.get("rev", "")
    try:
        services.complete(task_id, actor=actor, typed=typed, seen_rev=int(seen) if seen.isdecimal() else None)
    except Invalid as wrong:
        return case.page(request, _now(task), actor, typed=typed, problems=wrong.problems, status=422)
    except (Conflict, Forbidden) as wrong:
        return case.page(request, _now(task), actor, typed=typed, said=wrong.say(), status=wrong.status)
    flash.success(
        request,
        _("Terminó la tarea «%(task)s» del expediente %(number)s.")
        % {"task": selectors.task_title(task), "number": task.case.number},
    )
    return HttpResponseRedirect(reverse("desk:inbox"))


@require_http_methods(["GET", "HEAD", "POST"])
@access.official
def insert(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Put a model text into the motivation, after what is there already; nothing is signed by it."""
    actor = actor_of(request, desk=True)
    task = task_of(task_id, actor)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:case", args=[task.case.number]))
    typed: dict[str, str] = typed_of(request)
    try:
        filled = reasons.fill(task, typed.get("template", ""), actor)
    except NotFound as wrong:
        problem = Problem("/template", "enum", wrong.message)
        return case.page(request, _now(task), actor, typed=typed, problems=[problem], status=422)
    before = typed.get("motivation", "").strip()
    typed |= {"motivation": f"{before}\n\n{filled.text}".strip(), "inserted": "yes"}
    typed["outcome"] = typed.get("outcome") or filled.outcome
    said = _("Falta llenar lo que está entre corchetes antes de firmar.") if filled.blanks else ""
    return case.page(request, _now(task), actor, typed=typed, said=said)


@require_POST
@access.official
def answer_for(request: HttpRequest, asked_id: UUID) -> HttpResponse:
    """Begin the answer of somebody who is present: the official writes it down in the form that the person would fill."""
    actor = actor_of(request, desk=True)
    found = asking.find(asked_id, actor, counter=True)
    try:
        asking.refuse(found, actor, counter=True)
    except RutaError as over:
        return case.page(request, found.ask.case, actor, said=over.say(), status=over.status)
    draft = drafts.start_answer(actor, found, counter=True, lang=current_language())
    return HttpResponseRedirect(steps.resume(draft, actor))
