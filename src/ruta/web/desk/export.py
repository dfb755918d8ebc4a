"""The inbox as a file: CSV for any program, XLSX for a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ruta.cases import selectors
from ruta.cases.models import Task
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.kernel import clock

from .inbox import Wanted, asked_of, wanted
from .rows import log_list, row

MOST_ROWS = 5000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@require_safe
@access.official
def tasks(request: HttpRequest) -> HttpResponse:
    """`/escritorio/exportar/?caja=…&q=…&acto=…&paso=…&quien=…&plazo=…&formato=csv|xlsx`: the first 5,000 tasks of a box."""
    actor = actor_of(request, desk=True)
    box = request.GET.get("caja", "")
    found = list(_all(actor, box if box in selectors.BOXES else "team", wanted(asked_of(request))))
    log_list([task.case for task in found], actor, "export")
    head = [_("Vence"), _("Expediente"), _("Trámite"), _("Solicitante"), _("Paso"), _("Desde"), _("La tiene")]
    lines = [_line(task, actor) for task in found]
    return as_file(request, _("Tareas"), head, lines)


def as_file(
    request: HttpRequest, title: str, head: Sequence[str], lines: Sequence[Sequence[str]]
) -> HttpResponse:
    """A table as the file that `formato` asks for: xlsx, else CSV; its name is the title with today's date."""
    name = f"{title.lower()}-{clock.today().isoformat()}"
    if request.GET.get("formato") == "xlsx":
        return _xlsx(title, head, lines, name)
    return _csv(head, lines, name)


def _all(actor: Actor, box: str, filters: Wanted) -> Iterator[Task]:
    after, count = "", 0
    while count < MOST_ROWS:
        page = selectors.inbox(actor, box, after=after, size=500, **filters)
        yield from page.tasks
        count += len(page.tasks)
        if not page.next:
            return
        after = page.next


def _line(task: Task, actor: Actor) -> list[str]:
    shown = row(task, actor)
    return [
        task.due_on.isoformat(),
        shown.number,
        shown.act,
        shown.applicant,
        shown.step,
        shown.since.astimezone(clock.BOGOTA).strftime("%Y-%m-%d %H:%M"),
        shown.assignee,
    ]


def _csv(head: Sequence[str], lines: Sequence[Sequence[str]], name: str) -> HttpResponse:
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    writer = csv.writer(answer)
    writer.writerow(head)
    writer.writerows([_safe(cell) for cell in line] for line in lines)
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _safe(text: str) -> str:
    """A cell of a CSV that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


def _xlsx(title: str, head: Sequence[str], lines: Sequence[Sequence[str]], name: str) -> HttpResponse:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.append(list(head))
    for line in lines:
        cells = [WriteOnlyCell(sheet, value=text) for text in line]
        for cell in cells:
            cell.data_type = "s"  # a text even when it begins like a formula
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    answer = HttpResponse(out.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer
