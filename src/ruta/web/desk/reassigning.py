"""The page on which a supervisor gives an open task to another official of the team."""

from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ruta.cases import reassigning, selectors
from ruta.cases.models import CaseEvent, EventPayload, Task
from ruta.definitions import posts
from ruta.definitions.runtime import compiled
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.identity.selectors import names_of_officials
from ruta.kernel.errors import Conflict, Forbidden, Invalid
from ruta.kernel.texts import pick
from ruta.web.site import parts

from .navigation import frame
from .reads import log_read
from .tasks import task_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.official
def reassign(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """`/escritorio/tareas/<id>/reasignar/`: to whom and why; a post gives the task over."""
    actor = actor_of(request, desk=True)
    task = task_of(task_id, actor)
    back = HttpResponseRedirect(reverse("desk:case", args=[task.case.number]))
    if not reassigning.may_reassign(actor, task) or task.status != "open":
        flash.warning(request, _("Esta tarea no la puede pasar usted a otro servidor."))
        return back
    if request.method != "POST":
        return _show(request, task, actor)
    to, reason = request.POST.get("to", ""), request.POST.get("reason", "")
    try:
        reassigning.reassign(task_id, to=int(to) if to.isdecimal() else None, reason=reason, actor=actor)
    except Invalid as wrong:
        said = parts.by_field(wrong.problems)
        return _show(request, task, actor, to=to, reason=reason, said=said, status=422)
    except (Conflict, Forbidden) as wrong:
        flash.warning(request, wrong.say())
        return back
    flash.success(request, _("La tarea pasó a otro servidor. Quedó en la historia con el motivo."))
    return back


def _show(
    request: HttpRequest,
    task: Task,
    actor: Actor,
    *,
    to: str = "",
    reason: str = "",
    said: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    said = said or {}
    log_read(actor, task.case, "reassign")
    service = compiled(task.case.version_id)
    found = reassigning.candidates(task)
    words = posts.groups_in_words([each.group for each in found], service)
    options = tuple(
        parts.Option(str(each.pk), each.person.full_name, hint=pick(word))
        for each, word in zip(found, words, strict=True)
    )
    fields = (
        parts.Field(
            "to", _("¿Quién la hará?"), "radio", to, required=True, options=options, error=said.get("to", "")
        ),
        parts.Field(
            "reason",
            _("¿Por qué?"),
            "textarea",
            reason,
            required=True,
            rows=3,
            hint=_("Lo leen los servidores del expediente, en la tarea y en la historia."),
            error=said.get("reason", ""),
            max_length=reassigning.LONGEST_REASON,
        ),
    )
    context = {
        **frame(actor),
        "case": task.case,
        "task_title": selectors.task_title(task),
        "holder": task.assignee.person.full_name if task.assignee else "",
        "fields": fields,
        "nobody": not options,
        "errors": parts.error_links(fields),
    }
    return render(request, "desk/reassign.html", context, status=status)


def told(task: Task) -> str:
    """Who gave the task to its present holder, and why; empty where it was taken."""
    if task.assignee_id is None:
        return ""
    given = CaseEvent.objects.filter(
        case_id=task.case_id, type="task-reassigned", public__task=task.node, public__to=task.assignee_id
    )
    event = given.order_by("-seq").first()
    if event is None or task.claimed_at is None or event.at < task.claimed_at:
        return ""
    official = int(event.actor.partition(":")[2])
    who = names_of_officials({official}).get(official, "")
    kept = EventPayload.objects.filter(case_id=task.case_id, seq=event.seq).first()
    reason = (kept.data or {}).get("reason", "") if kept is not None else ""
    return _("Se la pasó %(who)s: %(reason)s") % {"who": who, "reason": reason}
