"""The page that a device keeps: the form, its numbers and codes; and what it asks of the server when there is a network."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ruta.cases.models import OfflineFiling, OfflineKit
from ruta.cases.models.offline import OfflineStatus
from ruta.cases.offline import lines, receiving, selectors
from ruta.definitions import runtime
from ruta.definitions.runtime import CompiledService
from ruta.definitions.selectors import current_version
from ruta.engine.problems import Problem
from ruta.identity import access
from ruta.identity.actors import actor_of
from ruta.kernel import clock
from ruta.kernel.errors import Invalid, NotFound
from ruta.kernel.texts import pick
from ruta.registers import selectors as registers
from ruta.web.forms import lists
from ruta.web.site import parts

from . import form as device_form

WORKER = "desk/offline-worker.js"


def _act_of(kit: OfflineKit) -> tuple[CompiledService, Any]:
    compiled = runtime.compiled(current_version(kit.service).pk)
    return compiled, compiled.act(kit.act)


@never_cache
@require_safe
@access.official
def page(request: HttpRequest, kit_id: UUID) -> HttpResponse:
    """The page: once open it works without a network, under a PIN of its official."""
    kit = selectors.own_kit(kit_id, actor_of(request, desk=True))
    compiled, act = _act_of(kit)
    offline = lines.declared(kit)
    told = device_form.described(compiled, act, offline)
    context = {
        "kit": kit,
        "title": pick(act.spec.title),
        "office_title": lists.title_of(compiled.list(_office_list(act, offline)), kit.office, kit.lang)
        if _office_list(act, offline)
        else kit.office,
        "agency": kit.posting.team.agency.name,
        "day": parts.Field(
            "offline.acted_on",
            _("Día del acto, según la oficina"),
            kind="date",
            id="f-offline-acted-on",
            required=True,
            hint=_("Es la fecha que cuenta. Corríjala si el reloj de este equipo está mal."),
        ),
        "sections": device_form.sections(compiled, act, offline),
        "later": told["later"],
        "left_out": device_form.left_out(act),
        "provisional": pick(offline.provisional),
        "law": law.cited if (law := compiled.service.law(offline.law)) else "",
        "numbers": [_title(each.register_, each.range_) for each in offline.ranges],
        "device": {
            "kit": str(kit.pk),
            "ended": kit.ended_at is not None,
            "first": clock.local_date(kit.taken_at).isoformat(),
            "until": kit.until.isoformat(),
            "shows": offline.shows,
            "lines": [_line(each) for each in kit.lines.filter(copy=0).order_by("line")],
            "state": reverse("desk:offline-state", args=[kit.pk]),
            "send": reverse("desk:offline-line", args=[kit.pk, 0]),
            "worker": reverse("desk:offline-worker"),
            "settle": reverse("desk:offline"),
            **told,
        },
    }
    return render(request, "desk/offline/device.html", context)


def _office_list(act: Any, offline: Any) -> str:
    return act.form.fields[offline.office].list or ""


def _title(register: str, name: str) -> str:
    field = registers.spec(register).fields.get(name)
    return pick(field.label) if field else name


def _line(row: OfflineFiling) -> dict[str, Any]:
    numbers = [
        {"title": _title(told["register"], told["range"]), "number": told["number"]} for told in row.numbers
    ]
    free = row.status == OfflineStatus.BLANK
    return {"line": row.line, "code": row.code, "numbers": numbers, "free": free}


@access.public
@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The worker of the devices' pages; from this address it serves them alone."""
    path = finders.find(WORKER)
    if not isinstance(path, str):
        raise NotFound({"es": f"Falta el archivo {WORKER}.", "en": f"The file {WORKER} is missing."})
    return HttpResponse(Path(path).read_text(), content_type="text/javascript; charset=utf-8")


@never_cache
@require_safe
@access.official
def manifest(request: HttpRequest, kit_id: UUID) -> HttpResponse:
    """What makes the page installable (W3C Web Application Manifest)."""
    kit = selectors.own_kit(kit_id, actor_of(request, desk=True))
    at = reverse("desk:offline-device", args=[kit.pk])
    told = {
        "id": at,
        "name": f"{pick(_act_of(kit)[1].spec.title)} · {kit.device}",
        "short_name": kit.device[:12],
        "lang": kit.lang,
        "start_url": at,
        "scope": at,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#ffffff",
        "icons": [{"src": "/static/site/logo.svg", "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(told, content_type="application/manifest+json")


@never_cache
@require_safe
@access.official
def state(request: HttpRequest, kit_id: UUID) -> HttpResponse:
    """Whether the session is alive and the kit in use, with the token for sending."""
    kit = selectors.own_kit(kit_id, actor_of(request, desk=True))
    return JsonResponse({"token": get_token(request), "ended": kit.ended_at is not None})


@never_cache
@require_POST
@access.official
def line(request: HttpRequest, kit_id: UUID, line: int) -> HttpResponse:
    """One filing of the device, kept and filed once: its case, or that a person settles it and why."""
    actor = actor_of(request, desk=True)
    kit = selectors.own_kit(kit_id, actor)
    row = receiving.receive(kit_id, line, _sent(request, kit), actor=actor)
    return JsonResponse(
        {
            "line": row.line,
            "status": row.status,
            "case": row.case.number if row.case else "",
            "problems": [pick(told["say"]) for told in row.problems],
        }
    )


def _sent(request: HttpRequest, kit: OfflineKit) -> receiving.Sent:
    """What was posted. Raises Invalid where it is not what the page sends."""
    try:
        told = json.loads(request.body)
        typed, acted_on, device_at = dict(told["typed"]), str(told["acted_on"]), str(told["device_at"])
    except (ValueError, KeyError, TypeError):
        raise Invalid(
            [
                Problem(
                    "",
                    "offline-json",
                    {
                        "es": "No se entiende lo que envió el equipo. Abra su página otra vez y sincronice.",
                        "en": "What the device sent cannot be read. Open its page again and synchronise.",
                    },
                )
            ]
        ) from None
    return receiving.Sent(typed, acted_on, device_at)
