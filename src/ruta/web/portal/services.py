"""The public page of a service, and of each of its acts: what one wants to know before signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ruta.cases.drafts.selectors import open_drafts
from ruta.definitions import runtime
from ruta.definitions.selectors import current_version
from ruta.identity import access
from ruta.identity.actors import actor_of
from ruta.identity.selectors import agency_title
from ruta.kernel.texts import pick

from . import catalogue, structured_data


@access.public
@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """`/tramites/<slug>/`: the acts of a service."""
    version = current_version(slug)
    compiled = runtime.compiled(version.pk)
    about = compiled.service
    cards = catalogue.acts_of([version])
    agency = agency_title(about.agency)
    return render(
        request,
        "portal/service.html",
        {
            "title": pick(about.title),
            "summary": pick(about.summary),
            "agency": agency,
            "open_acts": [card for card in cards if card.open],
            "explained_acts": [card for card in cards if not card.open],
            "laws": about.legal_basis,
            "data": structured_data.of_service(compiled, agency, request.build_absolute_uri()),
        },
    )


@access.public
@require_safe
def act(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """`/tramites/<slug>/<act>/`: cost, term, real times, what is needed, law, steps, and the button that begins."""
    version = current_version(slug)
    compiled = runtime.compiled(version.pk)
    compiled_act = compiled.act(act)
    spec = compiled_act.spec
    prices = catalogue.prices(compiled, spec)
    figures, figures_note = catalogue.real_times(slug, act)
    agency = agency_title(compiled.service.agency)
    can_start = catalogue.can_start(compiled_act)
    actor = actor_of(request)
    return render(
        request,
        "portal/act.html",
        {
            "slug": slug,
            "act": act,
            "service_title": pick(compiled.service.title),
            "title": pick(spec.title),
            "summary": pick(spec.summary),
            "guide": spec.guide,
            "agency": agency,
            "prices": prices,
            "price": catalogue.price_in_words(prices, spec),
            "term": catalogue.term_view(compiled, spec),
            "figures": figures,
            "figures_note": figures_note,
            "fetched": catalogue.fetched(compiled, spec),
            "needed": catalogue.needed(spec),
            "steps": catalogue.steps(compiled, compiled_act),
            "outputs": [pick(output.title) for output in spec.outputs],
            "laws": _laws_of(compiled, act),
            "who": catalogue.audience(compiled_act),
            "channels": catalogue.channels(compiled_act),
            "level": catalogue.level_in_words(spec.assurance.file),
            "can_start": can_start,
            "start_url": reverse("portal:form-start", args=[slug, act]),
            "drafts": list(open_drafts(actor, service=slug, act=act)[:3]) if actor.account_id else [],
            "others": [card for card in catalogue.acts_of([version]) if card.act != act],
            "data": structured_data.of_act(compiled, act, agency, prices, request.build_absolute_uri()),
        },
    )


def _laws_of(compiled: runtime.CompiledService, act: str) -> list[object]:
    """The articles that the act itself names; all of the service's where it names none."""
    spec = compiled.service.acts[act]
    named = {term.law for term in spec.terms} | {output.law for output in spec.outputs}
    named |= {compiled.read(need).law for need in spec.needs}
    named |= {
        law
        for output in spec.outputs
        if (thread := compiled.service.thread.get(output.id))
        for law in thread.law
    }
    used = [law for law in compiled.service.legal_basis if law.id in named]
    return list(used or compiled.service.legal_basis)
