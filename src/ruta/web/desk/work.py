"""What an official does with a task: take it, give it back, finish it. Nothing written is lost on the way."""

from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ruta.cases import perms, services
from ruta.cases.models import Task
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.kernel.errors import Conflict, Forbidden, Invalid, NotFound

from . import case


def _task(task_id: UUID, actor: Actor) -> Task:
    found = Task.objects.filter(id=task_id, case__in=perms.visible_to(actor)).select_related("case").first()
    if found is None:
        raise NotFound({"es": "No existe esa tarea.", "en": "There is no such task."})
    return found


@require_POST
@access.official
def claim(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Take the task."""
    actor = actor_of(request, desk=True)
    task = _task(task_id, actor)
    try:
        services.claim(task_id, actor=actor)
    except (Conflict, Forbidden) as wrong:
        flash.warning(request, wrong.say())
    return HttpResponseRedirect(reverse("desk:case", args=[task.case.number]))


@require_POST
@access.official
def give_back(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Return the task to the team."""
    actor = actor_of(request, desk=True)
    task = _task(task_id, actor)
    try:
        services.give_back(task_id, actor=actor, reason=request.POST.get("reason", "").strip()[:500])
        flash.success(request, _("La tarea volvió al equipo."))
    except (Conflict, Forbidden) as wrong:
        flash.warning(request, wrong.say())
        return HttpResponseRedirect(reverse("desk:case", args=[task.case.number]))
    return HttpResponseRedirect(reverse("desk:inbox"))


@require_POST
@access.official
def complete(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Finish the task; what is wrong, or what changed meanwhile, is shown beside what was written."""
    actor = actor_of(request, desk=True)
    task = _task(task_id, actor)
    typed = {
        name: value
        for name, value in request.POST.items()
        if name not in ("csrfmiddlewaretoken", "rev") and not name.endswith((".day", ".month", ".year"))
    }
    typed |= _dates(request)
    seen = request.POST.get("rev", "")
    try:
        services.complete(task_id, actor=actor, typed=typed, seen_rev=int(seen) if seen.isdecimal() else None)
    except Invalid as wrong:
        return case.page(request, task.case, actor, typed=typed, problems=wrong.problems, status=422)
    except (Conflict, Forbidden) as wrong:
        return case.page(request, task.case, actor, typed=typed, said=wrong.say(), status=wrong.status)
    flash.success(
        request,
        _("Terminó la tarea «%(task)s» del expediente %(number)s.")
        % {
            "task": task.title,
            "number": task.case.number,
        },
    )
    return HttpResponseRedirect(reverse("desk:inbox"))


def _dates(request: HttpRequest) -> dict[str, str]:
    """Dates asked in three boxes, joined as a person would write them."""
    names = {key.removesuffix(".day") for key in request.POST if key.endswith(".day")}
    joined = {}
    for name in names:
        parts = [request.POST.get(f"{name}.{part}", "").strip() for part in ("day", "month", "year")]
        joined[name] = "/".join(parts) if any(parts) else ""
    return joined
