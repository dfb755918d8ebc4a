"""The inbox as a file: CSV for any program, XLSX for a spreadsheet."""

import csv
import io
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ruta.cases import selectors
from ruta.cases.models import Task
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.kernel import clock

from .rows import log_list, row

MOST_ROWS = 5000


@never_cache
@require_safe
@access.official
def tasks(request: HttpRequest) -> HttpResponse:
    """`/escritorio/exportar/?caja=…&formato=csv|xlsx`, at most 5,000 tasks."""
    actor = actor_of(request, desk=True)
    box = request.GET.get("caja", "team")
    found = list(_all(actor, box, request.GET.get("q", ""), request.GET.get("acto", "")))
    log_list(found, actor)
    head = [_("Vence"), _("Expediente"), _("Trámite"), _("Solicitante"), _("Paso"), _("Desde"), _("La tiene")]
    lines = [
        [
            task.due_on.isoformat(),
            shown.number,
            shown.act,
            shown.applicant,
            shown.step,
            shown.since.astimezone(clock.BOGOTA).strftime("%Y-%m-%d %H:%M"),
            shown.assignee,
        ]
        for task, shown in ((task, row(task, actor)) for task in found)
    ]
    name = f"tareas-{clock.today().isoformat()}"
    if request.GET.get("formato") == "xlsx":
        return _xlsx(head, lines, name)
    return _csv(head, lines, name)


def _all(actor: Actor, box: str, query: str, act: str) -> Iterator[Task]:
    after, count = "", 0
    while count < MOST_ROWS:
        page = selectors.inbox(
            actor, box if box in selectors.BOXES else "team", query=query, act=act, after=after, size=500
        )
        yield from page.tasks
        count += len(page.tasks)
        if not page.next:
            return
        after = page.next


def _safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _csv(head: list[str], lines: list[list[str]], name: str) -> HttpResponse:
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    writer = csv.writer(answer)
    writer.writerow(head)
    writer.writerows([_safe(cell) for cell in line] for line in lines)
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _xlsx(head: list[str], lines: list[list[str]], name: str) -> HttpResponse:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Tareas"))
    sheet.append(head)
    for line in lines:
        sheet.append([_safe(cell) for cell in line])
    out = io.BytesIO()
    book.save(out)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(out.getvalue(), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer
