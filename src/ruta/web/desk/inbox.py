"""The inbox: earliest legal due date first, by box, filtered, searched, taken one by one or many at once."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ruta.cases import selectors, services
from ruta.definitions.runtime import compiled
from ruta.definitions.selectors import current_services
from ruta.identity import access
from ruta.identity.actors import actor_of
from ruta.kernel import audit
from ruta.kernel.errors import RutaError
from ruta.kernel.texts import pick
from ruta.web.site.parts import Option

from .navigation import frame
from .rows import rows_of

MOST_AT_ONCE = 50


@never_cache
@require_safe
@access.official
def inbox(request: HttpRequest) -> HttpResponse:
    """`/escritorio/?caja=mine&q=…&acto=…&despues=…`."""
    actor = actor_of(request, desk=True)
    box = request.GET.get("caja", "")
    if box not in selectors.BOXES:
        box = "mine" if selectors.box_counts(actor)["mine"] else "team"
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "acto", "paso")}
    page = selectors.inbox(
        actor,
        box,
        query=asked["q"],
        act=asked["acto"],
        node=asked["paso"],
        after=request.GET.get("despues", ""),
    )
    kept = {name: value for name, value in {"caja": box, **asked}.items() if value}
    return render(
        request,
        "desk/inbox.html",
        {
            **frame(actor, box),
            "box": box,
            "rows": rows_of(page.tasks, actor),
            "query": asked["q"],
            "act": asked["acto"],
            "acts": _acts(),
            "filtered": bool(asked["q"] or asked["acto"] or asked["paso"]),
            "next": f"?{urlencode({**kept, 'despues': page.next})}" if page.next else "",
            "first": f"?{urlencode(kept)}" if request.GET.get("despues") else "",
            "export": f"{reverse('desk:export')}?{urlencode(kept)}",
            "may_take": box in ("team", "today", "overdue"),
        },
    )


def _acts() -> list[Option]:
    found = []
    for version in current_services():
        service = compiled(version.pk).service
        found += [Option(name, pick(act.title)) for name, act in service.acts.items() if act.guide is None]
    return found


@require_POST
@access.official
def take_next(request: HttpRequest) -> HttpResponse:
    """Take the task that is due first and nobody has, and open its case."""
    actor = actor_of(request, desk=True)
    after = ""
    while True:
        page = selectors.inbox(actor, "team", after=after)
        for task in page.tasks:
            if task.assignee_id is None:
                try:
                    services.claim(task.id, actor=actor)
                except RutaError:
                    continue  # somebody was faster, or this official prepared it
                return HttpResponseRedirect(reverse("desk:case", args=[task.case.number]))
        if not page.next:
            break
        after = page.next
    flash.info(request, _("No hay tareas sin tomar en su equipo."))
    return HttpResponseRedirect(reverse("desk:inbox"))


@require_POST
@access.official
def take_many(request: HttpRequest) -> HttpResponse:
    """Take every task that was ticked; those that cannot be taken are told one by one."""
    actor = actor_of(request, desk=True)
    taken = 0
    for task_id in request.POST.getlist("task")[:MOST_AT_ONCE]:
        try:
            services.claim(UUID(task_id), actor=actor)
            taken += 1
        except ValueError:
            continue
        except RutaError as wrong:
            flash.warning(request, wrong.say())
    if taken:
        flash.success(request, ngettext("Tomó %(n)s tarea.", "Tomó %(n)s tareas.", taken) % {"n": taken})
    elif not request.POST.getlist("task"):
        flash.info(request, _("Marque al menos una tarea."))
    return HttpResponseRedirect(f"{reverse('desk:inbox')}?caja={'mine' if taken else 'team'}")


@never_cache
@require_safe
@access.official
def search(request: HttpRequest) -> HttpResponse:
    """`/escritorio/buscar/?q=…`: any case that the official may see, open or not."""
    actor = actor_of(request, desk=True)
    query = request.GET.get("q", "").strip()
    found = selectors.search_cases(actor, query)
    persons = {
        (str(case.applicant_facts.get("document_type") or ""), case.applicant_document)
        for case in found
        if case.applicant_document
    }
    if persons:
        audit.log_read(actor, persons=sorted(persons), purpose=audit.Purpose.CASE_PROCESSING, what="search")
    rows = [(case, pick(compiled(case.version_id).act(case.act).spec.title)) for case in found]
    return render(request, "desk/search.html", {**frame(actor), "query": query, "rows": rows})
