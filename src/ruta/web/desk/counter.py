"""An official files for a person who is there: who it is, by the document, and then the same form."""

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ruta.cases import perms
from ruta.cases.applicants import COUNTER
from ruta.cases.drafts import selectors, services
from ruta.definitions.acts import CompiledAct
from ruta.identity import access, counter
from ruta.identity.actors import Actor, actor_of
from ruta.identity.counter import Seen
from ruta.identity.levels import at_least
from ruta.kernel.errors import Invalid
from ruta.kernel.identifiers import DOCUMENT_TYPES
from ruta.kernel.texts import current_language, pick
from ruta.web.forms import steps
from ruta.web.site import parts
from ruta.web.site.templatetags.site import day

from . import words
from .filing import MOST_DRAFTS, act_to_start, asked_of, waiting
from .letters import masked
from .navigation import NEW, frame

TYPES = ("CC", "TI", "RC", "CE", "PT", "PA")
NAMES = ("given_names", "first_surname", "second_surname")
BEGIN = "begin"


@dataclass
class Asked:
    """What was typed about the person, what is known of the document, and what is wrong."""

    typed: dict[str, str]
    seen: Seen | None = None
    problems: dict[str, str] = field(default_factory=dict)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.official
def start_for(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """`/escritorio/tramites/<slug>/<act>/persona/`: the document of who is there, what is known of it, and begin."""
    actor = actor_of(request, desk=True)
    service, found = act_to_start(slug, act)
    if not perms.may_start(actor, service, found.spec, COUNTER):
        raise services.not_for_you(COUNTER)
    asked = Asked(typed_of(request))
    if request.method == "POST" and (draft_at := _identify(request, asked, slug, found, actor)):
        return HttpResponseRedirect(draft_at)
    return _show(request, actor, slug, act, found, asked)


def typed_of(request: HttpRequest) -> dict[str, str]:
    """What the page asks about the person, as typed; nothing of it is ever in an address."""
    names = ("document_type", "document_number", "country", "email", *NAMES)
    typed = {name: request.POST.get(name, "").strip() for name in names}
    boxes = [request.POST.get(f"birth_date.{box}", "").strip() for box in ("day", "month", "year")]
    typed["birth_date"] = "/".join(boxes) if any(boxes) else ""
    return typed


def _identify(request: HttpRequest, asked: Asked, slug: str, found: CompiledAct, actor: Actor) -> str:
    """Look the document up; when the official says that it is this person, and it is known surely enough, begin: the
    address of the draft, else empty."""
    typed = asked.typed
    document = {name: typed[name] for name in ("document_type", "document_number")}
    try:
        asked.seen = counter.look(**document, country=typed["country"].upper(), by=actor)
        if request.POST.get("action") != BEGIN or not at_least(asked.seen.level, found.spec.assurance.file):
            return ""
        person = counter.receive(
            asked.seen,
            **document,
            country=typed["country"].upper(),
            typed={name: typed[name] for name in (*NAMES, "birth_date")},
            email=typed["email"],
        )
    except Invalid as wrong:
        asked.problems = {each.at.strip("/"): pick(each.say) for each in wrong.problems}
        return ""
    draft = services.start_draft(
        actor,
        slug,
        found.name,
        channel=COUNTER,
        lang=current_language(),
        applicant=person,
        level=asked.seen.level,
    )
    return steps.resume(draft, actor)


def _show(
    request: HttpRequest, actor: Actor, slug: str, act: str, found: CompiledAct, asked: Asked
) -> HttpResponse:
    fields = _fields(asked)
    enough = asked.seen is not None and at_least(asked.seen.level, found.spec.assurance.file)
    context = {
        **frame(actor, NEW),
        "title": pick(found.spec.title),
        **asked_of(found),
        "drafts": waiting(
            selectors.open_drafts(actor, service=slug, act=act).filter(channel=COUNTER)[:MOST_DRAFTS]
        ),
        "fields": fields,
        "seen": asked.seen,
        "facts": _facts(asked.seen) if asked.seen and asked.seen.name else [],
        "level": words.level(asked.seen.level) if asked.seen else "",
        "enough": enough,
        "errors": [
            parts.ErrorLink(said, next((each.first_id for each in fields if each.name == name), ""))
            for name, said in asked.problems.items()
        ],
    }
    return render(request, "desk/start_for.html", context, status=422 if asked.problems else 200)


def _facts(seen: Seen) -> list[parts.Fact]:
    """What to compare with the document in hand."""
    told = [
        parts.Fact(_("Nombre"), str(seen.name)),
        parts.Fact(_("Nació el"), day(seen.birth_date)),
        parts.Fact(
            _("Correo que ya tiene"), masked(seen.person.email) if seen.person and seen.person.email else ""
        ),
    ]
    return [fact for fact in told if fact.value]


def _fields(asked: Asked) -> list[parts.Field]:
    """The document; once it is looked up, what is not known of its holder, and where to write."""
    typed, seen = asked.typed, asked.seen

    def text(name: str, label: str, **more: object) -> parts.Field:
        about = {"value": typed[name], "error": asked.problems.get(name, ""), "required": True, **more}
        return parts.Field(name, label, **about)  # type: ignore[arg-type]

    lang = current_language()
    options = tuple(parts.Option(kind, DOCUMENT_TYPES[kind].title[lang]) for kind in TYPES)
    found = [
        text(
            "document_type",
            _("Documento que muestra"),
            kind="select",
            value=typed["document_type"] or "CC",
            options=options,
        ),
        text("document_number", _("Número"), short=True, focused=not asked.problems and seen is None),
        text("country", _("País que lo expidió, si es pasaporte (tres letras)"), short=True, required=False),
    ]
    if seen is not None and seen.name is None:
        boxes = dict(zip(("day", "month", "year"), typed["birth_date"].split("/"), strict=False))
        found += [
            text("given_names", _("Nombres"), focused=not asked.problems),
            text("first_surname", _("Primer apellido")),
            text("second_surname", _("Segundo apellido"), required=False),
            text("birth_date", _("Fecha de nacimiento"), kind="date", required=False, value="", **boxes),
        ]
    if seen is not None and not (seen.person and seen.person.email):
        found.append(
            text(
                "email",
                _("Correo para los mensajes"),
                required=False,
                input_type="email",
                hint=_("Si no tiene, los avisos se le dan impresos en la oficina."),
            )
        )
    return found
