"""A request that was returned: what the office asks to have corrected, why and until when."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ruta.cases import perms, selectors
from ruta.cases.corrections import answering, answers
from ruta.cases.models import Case, Correction, Draft
from ruta.definitions import runtime
from ruta.identity import access
from ruta.identity.actors import actor_of
from ruta.kernel.errors import Conflict, NotFound
from ruta.kernel.texts import pick
from ruta.web.forms import steps
from ruta.web.forms.correcting import words


@dataclass(frozen=True)
class Asked:
    """One thing to correct: the question, what the office says of it, and what was answered."""

    label: str
    say: str
    answered: str


@access.signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """`/mis-tramites/<number>/corregir/`: what is asked, why and until when; a post begins, or goes on."""
    actor = actor_of(request)
    case = selectors.find_whole(number, actor)
    correction = answers.open_of(case)
    if correction is None or not perms.may_answer(actor, case):
        return HttpResponseRedirect(reverse("portal:case", args=[case.number]))
    if request.method == "POST":
        return HttpResponseRedirect(steps.resume(answering.begin(case, actor), actor))
    term = next(each for each in selectors.clocks_of(case) if each.term == correction.term)
    context = {
        "case": case,
        "title": selectors.title_of(case),
        "correction": correction,
        "asked": _asked(case, correction),
        "due": term.due_on,
        "begun": Draft.objects.filter(correction=correction).exists(),
        "may_ask_for_longer": answers.may_ask_for_longer(case, correction),
    }
    return render(request, "portal/correct.html", context)


def _asked(case: Case, correction: Correction) -> list[Asked]:
    compiled = runtime.compiled(case.version_id)
    form = compiled.act(case.act).form
    assert form is not None
    return [
        Asked(
            pick(form.fields[each["field"]].label),
            each["say"],
            words(compiled, form.fields[each["field"]], case.form.get(each["field"])),
        )
        for each in correction.asked
    ]


@access.signed_in
@require_POST
def longer(request: HttpRequest, number: str) -> HttpResponse:
    """The applicant asks for one more month."""
    actor = actor_of(request)
    case = selectors.find_whole(number, actor)
    try:
        answering.ask_for_longer(case, actor)
    except (Conflict, NotFound) as wrong:
        messages.warning(request, wrong.say())
    else:
        messages.success(request, _("Tiene un mes más para corregir."))
    return HttpResponseRedirect(reverse("portal:correct", args=[case.number]))
