"""What a case asks of somebody: its page, its answer in the form's pages, and what became of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ruta.cases import asking
from ruta.cases.applicants import COUNTER
from ruta.cases.asking import forms as asking_forms
from ruta.cases.drafts import selectors, services, sight
from ruta.cases.models import AskedPerson, Draft
from ruta.cases.selectors import title_of
from ruta.definitions.runtime import CompiledService
from ruta.engine.forms import Field, Form, parse
from ruta.identity.actors import has_level
from ruta.kernel import audit
from ruta.kernel.errors import Conflict, Forbidden, Invalid, RutaError
from ruta.kernel.texts import current_language, pick
from ruta.notifications.rules import to_html
from ruta.web.site import parts
from ruta.web.site.given_answer import given

from . import sides, steps
from .posted import read_posted


@dataclass(frozen=True)
class Told:
    """What is asked, as its page tells it. `present` is the person at the counter for whom an official answers."""

    title: str
    text: SafeString
    facts: tuple[parts.Fact, ...]
    number: str
    act_title: str
    until: date
    present: str = ""


Show = Callable[..., HttpResponse]


def check(request: HttpRequest, draft: Draft) -> None:
    """Whether an answer is still taken from who fills the draft.

    Raises NotFound, NeedsLevel, Conflict and Forbidden. Nothing is asked of an application.
    """
    if draft.asked is None:
        return
    counter, actor = draft.channel == COUNTER, sides.actor_here(request)
    found = asking.find(draft.asked.id, actor, counter=counter)
    if not counter and not has_level(actor, found.ask.level):
        raise services.NeedsLevel(found.ask.level)
    asking.refuse(found, actor, counter=counter)


def told(draft: Draft) -> Told | None:
    """What the draft answers; None for an application."""
    if draft.asked is None:
        return None
    ask, lang = draft.asked.ask, current_language()
    return Told(
        title=pick(ask.title),
        text=mark_safe(to_html(pick(ask.text))),  # noqa: S308  cleaned there
        facts=tuple(parts.Fact(*each) for each in asking_forms.data_in_words(ask, lang)),
        number=ask.case.number,
        act_title=title_of(ask.case),
        until=ask.due_on,
        present=draft.asked.name if draft.channel == COUNTER else "",
    )


def kicker(draft: Draft, form: Form) -> str:
    """What stands above the title of a page: what is asked, where each page has a title of its own; else the act."""
    if draft.asked is None:
        return ""
    ask = draft.asked.ask
    return pick(ask.title) if len(form.pages) > 1 else title_of(ask.case)


def review(request: HttpRequest, draft: Draft, show: Show) -> HttpResponse:
    """Check the answer; a post sends it."""
    actor = sides.actor_here(request)
    try:
        check(request, draft)
        if request.method != "POST":
            return show(request, draft, actor)
        services.send_answer(draft, actor)
    except services.NeedsLevel as lacking:
        return sides.lacks_level(request, lacking.level)
    except Invalid as wrong:
        return show(request, draft, actor, told=wrong.problems, status=422)
    except (Conflict, Forbidden) as over:
        return _refuse(request, draft, over)
    messages.success(request, _("La respuesta quedó en el expediente."))
    return HttpResponseRedirect(over_url(draft))


def over_url(draft: Draft) -> str:
    """Where it is told what became of what the draft answers."""
    assert draft.asked is not None
    if draft.channel == COUNTER:
        return steps.before(draft)
    return reverse("portal:asked", args=[draft.asked.id])


def refused(request: HttpRequest, draft_id: UUID, page_id: str, why: RutaError) -> HttpResponse:
    """No answer is taken any more: why, with all that was typed, so that nothing is lost."""
    draft = selectors.get_draft(draft_id, sides.actor_here(request))
    if draft.asked is None:
        raise why
    if request.method != "POST":
        return HttpResponseRedirect(over_url(draft))
    form = sight.form_of(draft)[2]
    page = form.page(page_id)
    return _refuse(request, draft, why, read_posted(form, page, request.POST) if page else {})


def _refuse(
    request: HttpRequest, draft: Draft, why: RutaError, posted: Mapping[str, Any] | None = None
) -> HttpResponse:
    assert draft.asked is not None
    context = over(draft.asked, why, typed(draft, posted), back=steps.before(draft))
    return sides.render(request, "forms/asked_over.html", context, status=why.status)


def over(found: AskedPerson, why: RutaError, typed: list[parts.Fact], *, back: str) -> dict[str, Any]:
    """What the page shows of something that is over: why, the answer that was given, what was typed and not sent."""
    return {
        "asked": found,
        "title": pick(found.ask.title),
        "act_title": title_of(found.ask.case),
        "number": found.ask.case.number,
        "said": why.say(),
        "given": given(found) if found.at else [],
        "typed": typed,
        "back": back,
    }


def typed(draft: Draft, posted: Mapping[str, Any] | None = None) -> list[parts.Fact]:
    """What was typed and not sent, in words where it can be read."""
    compiled, _act, form = sight.form_of(draft)
    kept = {**draft.typed, **(posted or {})}
    return [
        parts.Fact(pick(field.label), _as_words(compiled, form, field, kept[field.name]))
        for field in form.answered(kept)
        if kept[field.name]
    ]


def _as_words(compiled: CompiledService, form: Form, field: Field, typed: Any) -> str:
    values = parse(form, {field.name: typed}).values
    if field.name in values:
        return compiled.in_words(field, values[field.name], current_language())
    return ", ".join(map(str, typed)) if isinstance(typed, list) else str(typed)


def log(request: HttpRequest, draft: Draft) -> None:
    """Whose data are shown to who answers: the log of reads tells the applicant."""
    if draft.asked is None:
        return
    actor, case = sides.actor_here(request), draft.asked.ask.case
    facts = case.applicant_facts
    own = actor.kind == "person" and case.applicant_id == actor.person_id
    person = (str(facts.get("document_type") or ""), str(facts.get("document_number") or ""))
    audit.log_read(
        actor,
        persons=[person] if person[1] else [],
        purpose=audit.Purpose.OWN_DATA if own else audit.Purpose.CASE_PROCESSING,
        what="case",
        case_number=case.number,
    )
