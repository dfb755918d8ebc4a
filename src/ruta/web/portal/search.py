"""Finding a service in everyday words; without words, the list of all."""

from dataclasses import dataclass
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ruta.definitions import runtime
from ruta.definitions.models import ServiceVersion
from ruta.definitions.selectors import Found, current_services, find_services
from ruta.identity import access

from . import catalogue

SURE = 1.0  # below this only the spelling is like what was asked
SUGGESTIONS = 6
LONGEST = 200


@dataclass(frozen=True)
class Hit:
    """One act in the results; `phrase` is what matched, empty where the title says it already."""

    card: catalogue.ActCard
    phrase: str


@access.public
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/tramites/?q=…` or `?momento=…`."""
    query = " ".join(request.GET.get("q", "").split())[:LONGEST]
    versions = current_services()
    moment = request.GET.get("momento", "")
    titles = {each.id: each.title for each in catalogue.moments(versions)}
    found = find_services(query) if query else []
    hits = _hits(found, versions)
    acts = catalogue.acts_of(versions)
    in_moment = catalogue.acts_of_moment(versions, moment) if moment in titles and not query else acts
    every = [Hit(card, "") for card in in_moment]
    suggestions = [card.words[0] for card in acts if card.words][:SUGGESTIONS]
    return render(
        request,
        "portal/search.html",
        {
            "query": query,
            "moment": "" if query else titles.get(moment, ""),
            "groups": _by_service(hits if query else every),
            "count": len(hits) if query else len(every),
            "did_you_mean": found[0].phrase if found and found[0].score < SURE else "",
            "suggestions": suggestions,
        },
    )


def _hits(found: list[Found], versions: list[ServiceVersion]) -> list[Hit]:
    """Each act found, the best first; a service found as a whole stands for all its acts that were not."""
    by_slug = {version.service_id: version.pk for version in versions}
    hits: list[Hit] = []
    seen: set[tuple[str, str]] = set()
    for one in found:
        compiled = runtime.compiled(by_slug[one.slug])
        for name in [one.act] if one.act else list(compiled.service.acts):
            if (one.slug, name) in seen:
                continue
            seen.add((one.slug, name))
            card = catalogue.act_card(compiled, name)
            hits.append(Hit(card, one.phrase if one.act and one.phrase.lower() != card.title.lower() else ""))
    return hits


def _by_service(hits: list[Hit]) -> list[tuple[str, str, list[Hit]]]:
    """(slug, title, hits) of each service, in the order of its best hit."""
    order = {slug: place for place, slug in reversed(list(enumerate(hit.card.slug for hit in hits)))}
    ordered = sorted(hits, key=lambda hit: order[hit.card.slug])
    return [
        (slug, group[0].card.service_title, group)
        for slug, rows in groupby(ordered, key=lambda hit: hit.card.slug)
        if (group := list(rows))
    ]
