"""Before and beside the pages of a form: begin, resume, leave for later, dispute a look-up, delete."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from ruta.cases.drafts import selectors, services, sight
from ruta.cases.models import Draft
from ruta.definitions import runtime
from ruta.definitions.runtime import CompiledAct
from ruta.definitions.selectors import current_version
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of, has_level
from ruta.kernel.errors import NotFound
from ruta.kernel.texts import current_language, pick
from ruta.web.site import parts

from . import steps
from .facts_shown import facts_shown


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
        return HttpResponseRedirect(_resume(draft, request))
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
    return render(request, "portal/forms/start.html", context)


def _proof_at(act: CompiledAct, actor: Actor) -> str:
    """The page at which identity must be proved, because it shows looked-up data; empty when none asks for it."""
    if act.form is None or sight.may_look_up(act, actor):
        return ""
    return next((pick(page.title) for page in act.form.pages if page.shows), "")


def _resume(draft: Draft, request: HttpRequest) -> str:
    shown = sight.shown(draft, actor_of(request))
    return steps.resume_url(draft, steps.shown_pages(sight.form_of(draft)[2], shown))


@access.signed_in
@never_cache
@require_safe
def resume(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Go to the first page that is not done."""
    actor = actor_of(request)
    draft = selectors.get_draft(draft_id, actor)
    if draft.case_id is not None:
        return HttpResponseRedirect(reverse("portal:form-filed", args=[draft_id]))
    return HttpResponseRedirect(_resume(services.bring_up_to_date(draft, actor), request))


@access.signed_in
@never_cache
@require_GET
def later(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The draft is saved: until when, and how to go on."""
    draft = selectors.get_draft(draft_id, actor_of(request))
    title = pick(sight.form_of(draft)[1].spec.title)
    return render(request, "portal/forms/later.html", {"draft": draft, "title": title})


@access.signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: HttpRequest, draft_id: UUID, page_id: str, read: str) -> HttpResponse:
    """The person says what is wrong with what was looked up, and goes on."""
    actor = actor_of(request)
    draft = selectors.get_draft(draft_id, actor)
    compiled, _act, form = sight.form_of(draft)
    page = form.page(page_id)
    if page is None or read not in page.shows:
        raise services.no_page()
    if request.method == "POST":
        services.dispute_read(draft, read, note=request.POST.get("note", ""), actor=actor)
        messages.success(
            request, _("Anotamos su reclamo sobre este dato. Puede continuar: un servidor lo revisa.")
        )
        return HttpResponseRedirect(steps.page_url(draft_id, page_id))
    shown = next((each for each in facts_shown(compiled, draft, page) if each.read == read), None)
    if shown is None:
        return HttpResponseRedirect(steps.page_url(draft_id, page_id))
    note = parts.Field(
        "note",
        _("¿Qué está mal y qué debería decir?"),
        kind="textarea",
        value=str(draft.disputes.get(read, {}).get("note", "")),
        hint=_("Con sus palabras. No cambia el registro: abre una revisión."),
        max_length=2000,
        required=True,
    )
    context = {"fact": shown, "note": note, "back": steps.page_url(draft_id, page_id)}
    return render(request, "portal/forms/dispute.html", context)


@access.signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Ask, then delete the draft and all that was typed."""
    actor = actor_of(request)
    draft = selectors.get_draft(draft_id, actor)
    home = reverse("portal:form-start", args=[draft.service, draft.act])
    if request.method == "POST":
        services.discard_draft(draft, actor)
        messages.success(request, _("El borrador se borró."))
        return HttpResponseRedirect(home)
    context = {"draft": draft, "back": reverse("portal:form-resume", args=[draft_id])}
    return render(request, "portal/forms/delete.html", context)
