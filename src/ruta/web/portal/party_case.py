"""A case as one of its parties sees it: where it stands, what is asked of it, and what the act lets it read."""

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ruta.cases import asking, selectors
from ruta.cases.models import Case
from ruta.definitions import runtime
from ruta.identity.actors import Actor
from ruta.kernel import audit
from ruta.kernel.texts import current_language, pick
from ruta.notifications import selectors as notifications
from ruta.web.site import parts
from ruta.web.site.given_answer import given

from . import case_words


def page(request: HttpRequest, found: Case, actor: Actor) -> HttpResponse:
    """The page; the applicant's log of reads says who looked."""
    prefetch_related_objects([found], "terms", "tokens")
    view = selectors.case_view(found)
    history = selectors.history_of(found)
    compiled = runtime.compiled(found.version_id)
    asked = selectors.asked_in(found, actor)
    still = [one for one in asked if not asking.is_over(one)]
    facts = found.applicant_facts
    audit.log_read(
        actor,
        persons=[(str(facts.get("document_type")), str(facts["document_number"]))]
        if facts.get("document_number")
        else [],
        purpose=audit.Purpose.CASE_PROCESSING,
        what="case",
        case_number=found.number,
    )
    outcome, color, icon = case_words.outcome(found.outcome, own=False)
    return render(
        request,
        "portal/party_case.html",
        {
            "case": found,
            "title": view.title,
            "roles": [pick(role) for role in selectors.roles_in(found, actor)],
            "stages": case_words.stages(view, history, own=False),
            "holder": case_words.holder(view, own=False, asked=bool(still)),
            "todo": case_words.todo((), (), still),
            "outcome": outcome,
            "outcome_color": color,
            "outcome_icon": icon,
            "shown": _shown(found, actor),
            "answered": [(one, given(one)) for one in asked if one.at],
            "letters": [
                letter
                for letter in notifications.messages_of_case(found.number)
                if letter.person_id == actor.person_id and "folder" in letter.channels
            ],
            "moments": case_words.moments(history, compiled, found.act, told=case_words.TOLD_TO_PARTY),
        },
    )


def _shown(found: Case, actor: Actor) -> list[parts.Fact]:
    """What the act shows of the application, and who filed it."""
    compiled, lang = runtime.compiled(found.version_id), current_language()
    form = compiled.act(found.act).form
    filed = [parts.Fact(_("Quién lo pidió"), found.applicant_name)] if found.applicant_name else []
    if form is None:
        return filed
    return filed + [
        parts.Fact(
            pick(form.fields[name].label), compiled.in_words(form.fields[name], found.form[name], lang)
        )
        for name in selectors.seen_by_party(found, actor)
    ]
