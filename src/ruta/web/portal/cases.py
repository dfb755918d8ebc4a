"""My cases, and the page of one: where it stands, who has it, until when, and what there is to do."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ruta.cases import asking, perms, selectors
from ruta.cases.appeals import filing
from ruta.cases.drafts.selectors import open_drafts
from ruta.cases.models import Case
from ruta.definitions import runtime
from ruta.documents import selectors as documents
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.kernel import audit
from ruta.kernel.errors import NotFound
from ruta.notifications import selectors as notifications
from ruta.payments import selectors as payments
from ruta.web.site import entry_differences, parts

from . import appealing, case_words, charges, party_case, pending

MOST_DRAFTS = 20


@never_cache
@require_safe
@access.signed_in
def my_cases(request: HttpRequest) -> HttpResponse:
    """`/mis-tramites/`: drafts to go on with, open cases, and closed ones under their own tab."""
    actor = actor_of(request)
    found = selectors.cases_of_person(actor)
    opened = [case for case in found if case.status == "open"]
    ended = [case for case in found if case.status != "open"]
    show_ended = request.GET.get("ver") == "terminados"
    due = {
        charge.case_number: charge
        for charge in (payments.charges_of_person(actor.person_id) if actor.person_id else ())
        if charge.status in pending.PAYABLE
    }
    return render(
        request,
        "portal/cases.html",
        {
            "drafts": [pending.draft_pending(draft) for draft in open_drafts(actor)[:MOST_DRAFTS]],
            "asked": [pending.asked_pending(one, actor) for one in selectors.open_asks(actor)],
            "open": pending.case_pendings(opened, due, actor),
            "ended": [_ended(case, actor) for case in ended] if show_ended else [],
            "show_ended": show_ended,
            "tabs": [
                parts.Tab(_("En curso"), reverse("portal:cases"), not show_ended, str(len(opened))),
                parts.Tab(
                    _("Terminados"), f"{reverse('portal:cases')}?ver=terminados", show_ended, str(len(ended))
                ),
            ],
        },
    )


def _ended(case: Case, actor: Actor) -> dict[str, Any]:
    own = case.applicant_id == actor.person_id
    outcome, color, icon = case_words.outcome(case.outcome, own=own)
    return {
        "title": selectors.title_of(case),
        "number": case.number,
        "url": reverse("portal:case", args=[case.number]),
        "outcome": outcome,
        "color": color,
        "icon": icon,
        "at": case.decided_at or case.closed_at or case.filed_at,
    }


@never_cache
@require_safe
@access.signed_in
def case(request: HttpRequest, number: str) -> HttpResponse:
    """`/mis-tramites/<number>/`: whole for who asked for it; for a party, what the act shows to it."""
    actor = actor_of(request)
    try:
        found = selectors.find(number, actor)
    except NotFound:
        if needed := selectors.level_lacking(number, actor):
            return access.step_up(request, needed)
        raise
    if not perms.sees_whole(actor, found):
        return party_case.page(request, found, actor)
    prefetch_related_objects([found], "terms", "tokens")
    view = selectors.case_view(found)
    history = selectors.history_of(found)
    compiled = runtime.compiled(found.version_id)
    case_charges = list(payments.charges_of_case(found.number))
    letters = [
        letter
        for letter in notifications.messages_of_case(found.number)
        if letter.person_id == actor.person_id and "folder" in letter.channels
    ]
    outputs = list(documents.outputs_of_case(found.number))
    audit.log_read(
        actor,
        persons=[actor.document] if actor.document_number else [],
        purpose=audit.Purpose.OWN_DATA,
        what="case",
        case_number=found.number,
    )
    outcome, outcome_color, outcome_icon = case_words.outcome(found.outcome)
    asked = [one for one in selectors.asked_in(found, actor) if not asking.is_over(one)]
    return render(
        request,
        "portal/case.html",
        {
            "case": found,
            "title": view.title,
            "stages": case_words.stages(view, history),
            "clocks": case_words.clocks(view),
            "holder": case_words.holder(view, asked=bool(asked) and view.holder is not None),
            "todo": [
                *(
                    pending.to_correct(found.number, each.due_on)
                    for each in view.clocks
                    if case_words.is_correction(each)
                ),
                *case_words.todo(case_charges, letters, asked),
            ],
            "outcome": outcome,
            "outcome_color": outcome_color,
            "outcome_icon": outcome_icon,
            "outputs": [case_words.output_row(output) for output in outputs],
            "documents": list(documents.given_documents(found.number)),
            "differences": entry_differences.of_case(found, compiled, actor),
            "letters": letters,
            "charges": [charges.view(charge, compiled) for charge in case_charges],
            "held": charges.held(case_charges),
            "motivation": case_words.motivation(found),
            "reasons": case_words.reasons(selectors.explanation_of(found))
            if found.outcome in case_words.ANSWERED
            else [],
            "moments": case_words.moments(history, compiled, found.act),
            "appeals": appealing.appeals(found, {each.term: each.due_on for each in view.clocks}),
            "may_appeal": perms.may_answer(actor, found) and bool(filing.choices(found)),
            "may_withdraw": perms.may_withdraw(actor, found) and found.status == "open" and not view.told,
        },
    )
