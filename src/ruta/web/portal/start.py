"""Before a form: what it will ask, the drafts that wait, and the button that begins."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ruta.cases.drafts import selectors, services, sight
from ruta.definitions import runtime
from ruta.definitions.runtime import CompiledAct
from ruta.definitions.selectors import current_version
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of, has_level
from ruta.kernel.errors import NotFound
from ruta.kernel.texts import current_language, pick
from ruta.web.forms import steps


@access.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """What the form will ask, the drafts that wait, and the button that begins. A post begins a draft."""
    version = current_version(slug)
    compiled = runtime.compiled(version.pk)
    spec = compiled.act(act)
    if spec.form is None:
        raise NotFound({"es": "Este trámite no se hace en línea.", "en": "This cannot be asked for online."})
    actor = actor_of(request)
    if request.method == "POST":
        if not request.user.is_authenticated:
            return access.send_elsewhere(request, resolve_url(settings.LOGIN_URL), "next")
        draft = services.start_draft(actor, slug, act, lang=current_language())
        return HttpResponseRedirect(steps.resume(draft, actor))
    drafts = selectors.open_drafts(actor, service=slug, act=act)[:5]
    context = {
        "slug": slug,
        "act": act,
        "title": pick(spec.spec.title),
        "summary": pick(spec.spec.summary),
        "pages": [pick(page.title) for page in spec.form.pages],
        "evidence": [pick(each.title) for each in spec.spec.evidence],
        "proof_at": _proof_at(spec, actor),
        "proof_to_file": not has_level(actor, spec.spec.assurance.file),
        "drafts": drafts,
    }
    return render(request, "portal/start.html", context)


def _proof_at(act: CompiledAct, actor: Actor) -> str:
    """The page at which identity must be proved, because it shows looked-up data; empty when none asks for it."""
    if act.form is None or sight.may_look_up(act, actor.level):
        return ""
    return next((pick(page.title) for page in act.form.pages if page.shows), "")
