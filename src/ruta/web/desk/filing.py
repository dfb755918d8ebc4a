"""New work at the desk: the acts that the official's posts may file, begun for the office or for a person present."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ruta.cases import perms
from ruta.cases.applicants import COUNTER, DESK
from ruta.cases.drafts import selectors, services
from ruta.cases.models import Draft
from ruta.definitions import posts, runtime
from ruta.definitions.acts import CompiledAct
from ruta.definitions.runtime import CompiledService
from ruta.definitions.selectors import current_services, current_version
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.kernel import names
from ruta.kernel.errors import NotFound
from ruta.kernel.texts import current_language, pick
from ruta.web.forms import sides, steps
from ruta.web.forms.sides import Side
from ruta.web.site import parts
from ruta.web.site.templatetags.site import ago, day

from .navigation import NEW, frame

SIDE = Side(
    table=sides.DESK,
    rule=access.official,
    skeleton="desk/form.html",
    frame=lambda actor: frame(actor, NEW),
    filed="desk/filed.html",
    home="desk:new",
)
MOST_DRAFTS = 10


@dataclass(frozen=True)
class Offer:
    """An act that the official may begin."""

    title: str
    summary: str
    url: str


@dataclass(frozen=True)
class Waiting:
    """A form of the official's that is not finished."""

    title: str
    text: str
    url: str


@never_cache
@require_safe
@access.official
def new(request: HttpRequest) -> HttpResponse:
    """`/escritorio/tramites/?q=…`: the acts that one may file, for the office and for a person, and what waits."""
    actor = actor_of(request, desk=True)
    query = request.GET.get("q", "").strip()
    context = {
        **frame(actor, NEW),
        "query": query,
        "own": offers(actor, DESK, query),
        "for_person": offers(actor, COUNTER, query),
        "drafts": waiting(selectors.open_drafts(actor)[:MOST_DRAFTS]),
    }
    return render(request, "desk/new.html", context)


def offers(actor: Actor, channel: str, query: str = "") -> list[Offer]:
    """The acts that the official may begin in the channel and that have every word of `query`, by title."""
    words = names.fold(query).split()
    address = "desk:form-start-for" if channel == COUNTER else "desk:form-start"
    found = [
        Offer(
            pick(act.spec.title),
            pick(act.spec.summary),
            reverse(address, args=[service.service.slug, act.name]),
        )
        for service, act in may_begin(actor, channel)
        if all(word in _told(service, act) for word in words)
    ]
    return sorted(found, key=lambda offer: names.fold(offer.title))


def may_begin(actor: Actor, channel: str) -> list[tuple[CompiledService, CompiledAct]]:
    """The acts that the official may begin in the channel."""
    return [each for each in _open_acts() if perms.may_start(actor, each[0], each[1].spec, channel)]


def _open_acts() -> Iterable[tuple[CompiledService, CompiledAct]]:
    for version in current_services():
        service = runtime.compiled(version.pk)
        for name in service.service.acts:
            if (act := service.act(name)).is_open:
                yield service, act


def _told(service: CompiledService, act: CompiledAct) -> str:
    """Everything by which an act is found, folded."""
    spec = act.spec
    words = spec.words.get("en" if current_language() == "en" else "es", ())
    said = (pick(service.service.title), pick(spec.title), pick(spec.summary), *words)
    return names.fold(" ".join(said))


def waiting(drafts: Iterable[Draft]) -> list[Waiting]:
    """The drafts, each by its act and for whom it is."""
    return [
        Waiting(
            pick(runtime.compiled(draft.version_id).service.acts[draft.act].title),
            " · ".join(
                part
                for part in (
                    draft.applicant.full_name if draft.applicant else "",
                    _("guardado %(when)s") % {"when": ago(draft.updated_at)},
                    _("se conserva hasta el %(until)s") % {"until": day(draft.expires_at)},
                )
                if part
            ),
            sides.address(draft, "form-resume"),
        )
        for draft in drafts
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.official
def start(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """What the form of an act of the office asks, and under which post it is filed. A post begins a draft."""
    actor = actor_of(request, desk=True)
    service, spec = act_to_start(slug, act)
    may = perms.may_start(actor, service, spec.spec, DESK)
    if request.method == "POST" or not may:
        wanted = request.POST.get("posting", "")
        draft = services.start_draft(
            actor,
            slug,
            act,
            channel=DESK,
            lang=current_language(),
            posting=int(wanted) if wanted.isdecimal() else None,
        )
        return HttpResponseRedirect(steps.resume(draft, actor))
    context = {
        "slug": slug,
        "act": act,
        "title": pick(spec.spec.title),
        "summary": pick(spec.spec.summary),
        **asked_of(spec),
        "drafts": waiting(
            selectors.open_drafts(actor, service=slug, act=act).filter(channel=DESK)[:MOST_DRAFTS]
        ),
        "postings": _postings(actor, may, service),
    }
    return render(request, "desk/start.html", {**frame(actor, NEW), **context})


def act_to_start(slug: str, act: str) -> tuple[CompiledService, CompiledAct]:
    """The act as it is in force. Raises NotFound where it has no form."""
    service = runtime.compiled(current_version(slug).pk)
    found = service.act(act)
    if found.form is None:
        raise NotFound({"es": "Este trámite no tiene formulario.", "en": "This act has no form."})
    return service, found


def asked_of(act: CompiledAct) -> dict[str, list[str]]:
    """The pages and the papers of a form, by their titles."""
    assert act.form is not None
    return {
        "pages": [pick(page.title) for page in act.form.pages],
        "evidence": [pick(each.title) for each in act.spec.evidence],
    }


def _postings(actor: Actor, may: frozenset[int | None], service: CompiledService) -> parts.Field | None:
    """The choice of a post, where more than one may file."""
    fitting = [each for each in actor.postings if each.id in may]
    if len(fitting) < 2:
        return None
    titles = posts.titles(service)
    options = tuple(
        parts.Option(
            str(each.id),
            f"{titles.title(each.role, current_language())} · {each.team_name}",
            checked=place == 0,
        )
        for place, each in enumerate(fitting)
    )
    return parts.Field(
        "posting",
        _("¿Con qué cargo lo presenta?"),
        kind="radio",
        options=options,
        required=True,
        focused=True,
    )
