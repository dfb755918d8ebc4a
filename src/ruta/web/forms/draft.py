"""Beside the pages of a form: resume, leave for later, dispute a look-up, delete."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from ruta.cases import asking
from ruta.cases.drafts import selectors, services, sight
from ruta.kernel.texts import pick
from ruta.web.site import parts

from . import asked, sides, steps
from .facts_shown import facts_shown


@never_cache
@require_safe
def resume(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Go to the first page that is not done."""
    actor = sides.actor_here(request)
    draft = selectors.get_draft(draft_id, actor)
    if draft.case_id is not None:
        return HttpResponseRedirect(sides.address(draft, "form-filed"))
    if draft.asked is not None and asking.is_over(draft.asked):
        return HttpResponseRedirect(asked.over_url(draft))
    return HttpResponseRedirect(steps.resume(services.bring_up_to_date(draft, actor), actor))


@never_cache
@require_GET
def later(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The draft is saved: until when, and how to go on."""
    draft = selectors.get_draft(draft_id, sides.actor_here(request))
    if draft.correction is not None:
        messages.success(request, _("Lo que escribió está guardado. Siga cuando quiera, dentro del plazo."))
        return HttpResponseRedirect(steps.back_url(draft, [], ""))
    title = pick(draft.asked.ask.title if draft.asked else sight.form_of(draft)[1].spec.title)
    until = draft.asked.ask.due_on if draft.asked else draft.expires_at
    return sides.render(request, "forms/later.html", {"draft": draft, "title": title, "until": until})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: HttpRequest, draft_id: UUID, page_id: str, read: str) -> HttpResponse:
    """The person says what is wrong with what was looked up, and goes on."""
    actor = sides.actor_here(request)
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
        return HttpResponseRedirect(steps.page_url(draft, page_id))
    shown = next((each for each in facts_shown(compiled, draft, page) if each.read == read), None)
    if shown is None:
        return HttpResponseRedirect(steps.page_url(draft, page_id))
    note = parts.Field(
        "note",
        _("¿Qué está mal y qué debería decir?"),
        kind="textarea",
        value=str(draft.disputes.get(read, {}).get("note", "")),
        hint=_("Con sus palabras. No cambia el registro: abre una revisión."),
        max_length=2000,
        required=True,
    )
    context = {"fact": shown, "note": note, "back": steps.page_url(draft, page_id)}
    return sides.render(request, "forms/dispute.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Ask, then delete the draft and all that was typed."""
    actor = sides.actor_here(request)
    draft = selectors.get_draft(draft_id, actor)
    if (
        draft.correction is not None
    ):  # what the office waits for is not deleted: it is sent, or the case withdrawn
        return HttpResponseRedirect(steps.back_url(draft, [], ""))
    if request.method == "POST":
        services.discard_draft(draft, actor)
        messages.success(request, _("El borrador se borró."))
        return HttpResponseRedirect(steps.before(draft))
    context = {"draft": draft, "back": sides.address(draft, "form-resume")}
    return sides.render(request, "forms/delete.html", context)
