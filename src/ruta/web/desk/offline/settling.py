"""What came back and was refused: what was typed, why, and what a person does about it."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ruta.cases.models import OfflineFiling
from ruta.cases.offline import lines, selectors, settling
from ruta.definitions import runtime
from ruta.definitions.selectors import current_version
from ruta.engine import forms
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.kernel import audit
from ruta.kernel.errors import Conflict, Forbidden, Invalid
from ruta.kernel.texts import pick
from ruta.web.forms import steps
from ruta.web.forms.correcting import words
from ruta.web.site import parts
from ruta.web.site.templatetags.site import moment

from ..navigation import OFFLINE, frame
from ..words import act_title


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.official
def settle(request: HttpRequest, filing_id: UUID) -> HttpResponse:
    """`/escritorio/sin-red/por-resolver/<id>/`: a post corrects it in a draft, files it as it is, or discards it."""
    actor = actor_of(request, desk=True)
    row = selectors.filing_to_settle(filing_id, actor)
    if request.method != "POST":
        return _show(request, actor, row)
    day = _day(request)
    try:
        match request.POST.get("action"):
            case "correct":
                draft = settling.correct(row.pk, actor=actor, acted_on=day)
                return HttpResponseRedirect(steps.resume(draft, actor))
            case "file":
                row = settling.file_as_it_is(row.pk, actor=actor, acted_on=day)
                if row.case is None:
                    return _show(request, actor, row, status=422)
                said = _("Quedó radicado con el número %(number)s.") % {"number": row.case.number}
            case _:
                settling.discard(row.pk, actor=actor, reason=request.POST.get("reason", ""))
                said = _("Se descartó. Su número quedó anulado y el motivo, en el registro.")
    except Invalid as wrong:
        return _show(request, actor, row, parts.by_field(wrong.problems), status=422)
    except (Conflict, Forbidden) as wrong:
        return _show(request, actor, row, {"": wrong.say()}, status=wrong.status)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:offline"))


def _day(request: HttpRequest) -> date | None:
    boxes = [request.POST.get(f"acted_on.{box}", "").strip() for box in ("year", "month", "day")]
    try:
        return date(*map(int, boxes))
    except ValueError:
        return None


def _show(
    request: HttpRequest,
    actor: Actor,
    row: OfflineFiling,
    said: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    compiled = runtime.compiled(current_version(row.kit.service).pk)
    act = compiled.act(row.kit.act)
    assert act.form is not None
    _log(actor, row)
    typed = lines.as_typed(row)
    read = forms.parse(act.form, typed).values
    answered = [field for field in act.form.answered(typed) if typed[field.name] not in (None, "", [])]
    told = said or {}
    on = row.acted_on
    fields = [
        parts.Field(
            "acted_on",
            _("Día del acto, según la oficina"),
            kind="date",
            day=str(on.day) if on else "",
            month=str(on.month) if on else "",
            year=str(on.year) if on else "",
            required=True,
            error=told.get("acted_on", ""),
        )
    ]
    reason = parts.Field(
        "reason", _("¿Por qué se descarta?"), "textarea", rows=2, required=True, error=told.get("reason", "")
    )
    context = {
        **frame(actor, OFFLINE),
        "row": row,
        "title": act_title(row.kit.service, row.kit.act),
        "problems": [_problem(act.form, each) for each in row.problems],
        "facts": [
            parts.Fact(
                pick(field.label),
                words(compiled, field, read[field.name]) if field.name in read else str(typed[field.name]),
            )
            for field in answered
        ],
        "about": _about(row),
        "fields": fields,
        "reason": reason,
        "said": told.get("", ""),
        "errors": parts.error_links([*fields, reason]),
    }
    return render(request, "desk/offline/settle.html", context, status=status)


def _about(row: OfflineFiling) -> list[parts.Fact]:
    numbers = ", ".join(str(told["number"]) for told in row.numbers)
    return [
        parts.Fact(_("Equipo"), f"{row.kit.device} · {row.kit.office}"),
        parts.Fact(_("Línea"), str(row.line)),
        parts.Fact(_("Número del certificado provisional"), numbers or _("Se da al radicar")),
        parts.Fact(_("Código"), row.code or _("Ninguno")),
        parts.Fact(_("Reloj del equipo"), row.device_at),
        parts.Fact(_("Recibido el"), moment(row.received_at) if row.received_at else ""),
    ]


def _problem(form: forms.Form, told: Mapping[str, Any]) -> str:
    field = form.fields.get(str(told["at"]).partition("/")[2].partition("/")[0])
    said = pick(told["say"])
    return f"{pick(field.label)}: {said}" if field else said


def _log(actor: Actor, row: OfflineFiling) -> None:
    """That the official read it is written down under what tells whom it is about (`offline.same`)."""
    about = [str(row.typed.get(name) or "")[:20] for name in lines.declared(row.kit).same] or [""]
    audit.log_read(
        actor,
        persons=[("", number) for number in about],
        purpose=audit.Purpose.CASE_PROCESSING,
        what=f"offline:{row.pk}",
    )
