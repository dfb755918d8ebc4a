"""`/escritorio/sin-red/`: the acts that the office does without a network, its devices, and what came back and waits."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ruta.cases.applicants import DESK
from ruta.cases.models import OfflineKit
from ruta.cases.offline import kits, selectors
from ruta.engine.problems import Problem
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.kernel.errors import Conflict, Invalid
from ruta.kernel.texts import current_language, pick
from ruta.web.site import parts
from ruta.web.site.templatetags.site import day, moment

from ..filing import may_begin
from ..navigation import OFFLINE, frame
from ..words import act_title

MOST = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.official
def office(request: HttpRequest) -> HttpResponse:
    """What may be taken along, the devices of the office, and what waits; a post takes an act along on this device."""
    actor = actor_of(request, desk=True)
    typed = {name: request.POST.get(name, "") for name in ("act", "device")}
    problems: dict[str, str] = {}
    if request.method == "POST":
        slug, _slash, act = typed["act"].partition("/")
        try:
            if not act:
                raise Invalid([_no_act()])
            kit = kits.take_kit(actor, slug, act, device=typed["device"], lang=current_language())
        except Invalid as wrong:
            problems = parts.by_field(wrong.problems)
        except Conflict as wrong:
            problems = {"act": wrong.say()}
        else:
            return HttpResponseRedirect(reverse("desk:offline-device", args=[kit.pk]))
    return _show(request, actor, typed, problems)


def _no_act() -> Problem:
    return Problem(
        "/act", "required", {"es": "Elija el trámite que va a llevar.", "en": "Choose the act to take along."}
    )


def _show(
    request: HttpRequest, actor: Actor, typed: dict[str, str], problems: dict[str, str]
) -> HttpResponse:
    options = _options(actor, typed["act"])
    fields = [
        parts.Field(
            "act",
            _("¿Qué va a llevar?"),
            kind="radio",
            options=options,
            required=True,
            error=problems.get("act", ""),
        ),
        parts.Field(
            "device",
            _("Nombre de este equipo"),
            value=typed["device"],
            required=True,
            max_length=80,
            hint=_("Como lo conocen sus compañeros: portátil de la brigada, tableta 2."),
            error=problems.get("device", ""),
        ),
    ]
    context = {
        **frame(actor, OFFLINE),
        "fields": fields if options else [],
        "errors": parts.error_links(fields),
        "devices": [_device(kit, actor) for kit in selectors.visible_to(actor).order_by("-taken_at")[:MOST]],
        "waiting": [
            {
                "title": act_title(row.kit.service, row.kit.act),
                "text": _("Línea %(line)s de %(device)s, recibida el %(when)s")
                % {
                    "line": row.line,
                    "device": row.kit.device,
                    "when": moment(row.received_at) if row.received_at else "",
                },
                "url": reverse("desk:offline-settle", args=[row.pk]),
            }
            for row in selectors.to_settle(actor)[:MOST]
        ],
    }
    return render(request, "desk/offline/office.html", context, status=422 if problems else 200)


def _options(actor: Actor, chosen: str) -> tuple[parts.Option, ...]:
    found = [
        (f"{service.service.slug}/{act.name}", pick(act.spec.title))
        for service, act in may_begin(actor, DESK)
        if act.spec.offline is not None
    ]
    return tuple(
        parts.Option(value, title, checked=value == chosen or len(found) == 1) for value, title in found
    )


def _device(kit: OfflineKit, actor: Actor) -> dict[str, object]:
    return {
        "id": kit.pk,
        "title": f"{kit.device} · {act_title(kit.service, kit.act)}",
        "text": _("De %(who)s, oficina %(office)s. Tomado el %(taken)s, sirve hasta el %(until)s.")
        % {
            "who": kit.posting.person.full_name,
            "office": kit.office,
            "taken": moment(kit.taken_at),
            "until": day(kit.until),
        },
        "own": kit.owner_id == actor.account_id,
        "ended": moment(kit.ended_at) if kit.ended_at else "",
        "reason": kit.end_reason,
    }


@never_cache
@require_POST
@access.official
def end(request: HttpRequest, kit_id: UUID) -> HttpResponse:
    """The device gives out no more numbers: it came back, or it is lost."""
    try:
        kit = kits.end_kit(kit_id, actor=actor_of(request, desk=True), reason=request.POST.get("reason", ""))
    except Invalid as wrong:
        messages.warning(request, wrong.say())
    else:
        messages.success(
            request,
            _("%(device)s ya no da números.") % {"device": kit.device},
        )
    return HttpResponseRedirect(reverse("desk:offline"))
