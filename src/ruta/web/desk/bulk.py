"""Many applications in one file, at the desk: template, upload, first lines with what is wrong, progress, answers."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ruta.cases.bulk import columns, reading, selectors, services, writing
from ruta.cases.bulk.sending import may_send
from ruta.cases.models import Batch
from ruta.cases.models.batch import BatchStatus
from ruta.definitions import runtime
from ruta.definitions.selectors import current_version
from ruta.documents import uploads
from ruta.engine.problems import Problem
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.kernel.errors import Invalid, NotFound
from ruta.kernel.texts import current_language, pick
from ruta.web.forms.dictionary import fields_table
from ruta.web.site import bodies, parts

from .filing import act_to_start
from .navigation import NEW, frame

MOST_SHOWN = 50
FILE = "archivo"


def _too_large(request: HttpRequest, length: int, slug: str, act: str) -> HttpResponse:
    problem = uploads.too_large(length, max_mb=reading.MAX_MB, at=f"/{FILE}")
    return _page(request, actor_of(request, desk=True), slug, act, wrong=Invalid([problem]), status=413)


@bodies.takes_files(lambda _request, **_parts: reading.MAX_MB, _too_large)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.official
def upload(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """`/escritorio/tramites/<slug>/<act>/archivo/`: the template, what each column is, and the file."""
    actor = actor_of(request, desk=True)
    may_send(actor, slug, act)
    if request.method != "POST":
        return _page(request, actor, slug, act)
    file = request.FILES.get(FILE)
    try:
        if file is None:
            raise Invalid([_NO_FILE])
        batch = services.receive(actor, slug, act, file.read(), name=file.name or "", lang=current_language())
    except Invalid as wrong:
        return _page(request, actor, slug, act, wrong=wrong, status=422)
    return redirect("desk:batch", batch.pk)


_NO_FILE = Problem(
    f"/{FILE}", "required", {"es": "No llegó ningún archivo. Elíjalo.", "en": "No file came. Choose it."}
)


def _page(
    request: HttpRequest,
    actor: Actor,
    slug: str,
    act: str,
    *,
    wrong: Invalid | None = None,
    status: int = 200,
) -> HttpResponse:
    _service, found = act_to_start(slug, act)
    assert found.form is not None
    said = [pick(each.say) for each in wrong.problems] if wrong else []
    field = parts.Field(
        FILE,
        _("Archivo CSV o NDJSON"),
        kind="file",
        required=True,
        error=" ".join(said[:1]),
        accept=".csv,.txt,.ndjson,.jsonl,text/csv",
        hint=_("Hasta %(mb)s MB y %(rows)s filas. Separado por punto y coma o por coma, en UTF-8 o Latin-1.")
        % {"mb": reading.MAX_MB, "rows": f"{reading.MAX_ROWS:,}".replace(",", ".")},
    )
    context = {
        "title": pick(found.spec.title),
        "slug": slug,
        "act": act,
        "field": field,
        "max_bytes": reading.MAX_MB * 1024 * 1024,
        "max_mb": reading.MAX_MB,
        "errors": [parts.ErrorLink(text, field.dom_id) for text in said],
        "dictionary": fields_table(found.form),
        "key": columns.KEY,
        "batches": [_told(batch) for batch in selectors.visible_to(actor).filter(service=slug, act=act)[:10]],
    }
    return render(request, "desk/bulk_upload.html", {**frame(actor, NEW), **context}, status=status)


def _told(batch: Batch) -> dict[str, object]:
    return {"batch": batch, "state": _STATES[batch.status]()}


_STATES = {
    BatchStatus.RECEIVED.value: lambda: _("falta confirmarlo"),
    BatchStatus.FILING.value: lambda: _("se está radicando"),
    BatchStatus.DONE.value: lambda: _("terminado"),
}


@never_cache
@require_safe
@access.official
def template(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """`…/archivo/plantilla.csv`: every column of the form."""
    may_send(actor_of(request, desk=True), slug, act)
    _service, found = act_to_start(slug, act)
    assert found.form is not None
    answer = HttpResponse(writing.template(found.form), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{act}.csv"'
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.official
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """`/escritorio/lotes/<id>/`: its first lines with what is wrong, then how far it is, then what became of it."""
    actor = actor_of(request, desk=True)
    found = selectors.find(batch_id, actor)
    if request.method == "POST":
        return _decide(request, found, actor)
    context = {**frame(actor, NEW), **_about(found)}
    if found.status == BatchStatus.RECEIVED:
        context |= _preview(found)
    else:
        context |= _progress(found)
    return render(request, "desk/bulk.html", context)


def _decide(request: HttpRequest, found: Batch, actor: Actor) -> HttpResponse:
    if request.POST.get("action") == "discard":
        services.discard(found, actor)
        return HttpResponseRedirect(reverse("desk:bulk", args=[found.service, found.act]))
    services.confirm(found, actor)
    return redirect("desk:batch", found.pk)


def _about(found: Batch) -> dict[str, object]:
    spec = runtime.compiled(current_version(found.service).pk).act(found.act).spec
    return {"batch": found, "title": pick(spec.title), "read_as": _read_as(found)}


def _read_as(found: Batch) -> str:
    told = found.told
    if told.get("format") == "ndjson":
        return f"NDJSON · {told['encoding']}"
    names = {";": _("punto y coma"), ",": _("coma"), "\t": _("tabulador")}
    return f"CSV · {told.get('encoding')} · {names.get(told.get('delimiter'), '')}"


def _preview(found: Batch) -> dict[str, object]:
    form = selectors.form_of(found)
    seen = selectors.preview(found)
    wrong_at = {columns.column_at(problem.at) for each in seen for problem in each.problems}
    shown = [
        column
        for column in columns.of_form(form)
        if column.name in wrong_at or any(_cell(each.typed, column.path) for each in seen)
    ]
    rows = [_seen(each, shown) for each in seen]
    wrong = sum(1 for each in seen if each.problems)
    return {
        "columns": [column.name for column in shown],
        "rows": rows,
        "wrong": wrong,
        "shown": len(rows),
        "file_wrong": selectors.counts(found).refused,
    }


def _seen(each: selectors.Seen, shown: list[columns.Column]) -> dict[str, object]:
    at = {columns.column_at(problem.at): pick(problem.say) for problem in each.problems}
    cells = [
        {"label": column.name, "text": _cell(each.typed, column.path), "wrong": at.pop(column.name, "")}
        for column in shown
    ]
    others = [f"{name}: {said}" if name else said for name, said in at.items()]
    return {"line": each.line, "cells": cells, "others": others}


def _cell(typed: object, path: tuple[str, ...]) -> str:
    for step in path:
        typed = typed.get(step, "") if isinstance(typed, dict) else ""
    if isinstance(typed, list):
        return columns.PART.join(str(part) for part in typed)
    return "" if typed is None else str(typed)


def _progress(found: Batch) -> dict[str, object]:
    told = selectors.counts(found)
    percent = 100 * told.settled // max(found.rows_count, 1)
    return {
        "done": found.status == BatchStatus.DONE,
        "percent": percent,
        "settled": told.settled,
        "total": found.rows_count,
        "figures": [
            parts.Figure(str(told.filed), _("Radicadas")),
            parts.Figure(str(told.known), _("Ya estaban radicadas")),
            parts.Figure(str(told.refused), _("No radicadas")),
        ],
        "refused": _refused_table(found) if told.refused else None,
        "more": max(0, told.refused - MOST_SHOWN),
    }


def _refused_table(found: Batch) -> parts.Table:
    rows = tuple(
        (
            parts.Cell(str(row.line)),
            parts.Cell(columns.column_at(told["at"]) or "—"),
            parts.Cell(pick(told["say"])),
        )
        for row in selectors.refused(found, limit=MOST_SHOWN)
        for told in row.problems
    )
    return parts.Table(_("Líneas no radicadas"), (_("Línea"), _("Columna"), _("Qué corregir")), rows)


@never_cache
@require_safe
@access.official
@access.poll
def progress(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """How far the file is, for the page that asks again and again."""
    found = selectors.find(batch_id, actor_of(request, desk=True))
    if found.status == BatchStatus.RECEIVED:
        raise NotFound({"es": "Ese archivo no se ha confirmado.", "en": "That file was not confirmed."})
    return render(request, "desk/bulk_progress.html", {"batch": found, **_progress(found)})


@never_cache
@require_safe
@access.official
def answers(request: HttpRequest, batch_id: UUID, kind: str) -> StreamingHttpResponse:
    """`…/respuestas.csv` and `.ndjson`: an answer per line."""
    found = selectors.find(batch_id, actor_of(request, desk=True))
    write, media_type = {
        "csv": (writing.as_csv, "text/csv; charset=utf-8"),
        "ndjson": (writing.as_ndjson, "application/x-ndjson"),
    }[kind]
    answer = StreamingHttpResponse(write(found, current_language()), content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{_("respuestas")}-{found.act}.{kind}"'
    return answer
