"""The inbox: earliest legal due date first, by box, filtered and searched; and the search in all cases."""

from collections.abc import Callable, Mapping
from typing import TypedDict
from urllib.parse import quote, urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ruta.cases import selectors, supervision
from ruta.definitions.runtime import CompiledService, compiled
from ruta.definitions.selectors import current_services
from ruta.identity import access
from ruta.identity.actors import actor_of
from ruta.kernel import identifiers
from ruta.kernel.errors import Invalid
from ruta.kernel.texts import current_language, pick
from ruta.web.site.parts import Option

from . import rows, words
from .navigation import BOXES, frame

TAKEABLE = ("team", "today", "overdue")
TICKED = ("mine", *TAKEABLE)
FILTERS = ("q", "acto", "paso", "quien", "plazo")
CASE_LISTS = {selectors.WAITING: selectors.waiting_for_people, selectors.STOPPED: selectors.stopped_cases}


@never_cache
@require_safe
@access.official
def inbox(request: HttpRequest) -> HttpResponse:
    """`/escritorio/?caja=mine&q=…&acto=…&paso=…&quien=…&plazo=…&despues=…`."""
    actor = actor_of(request, desk=True)
    counts = selectors.box_counts(actor)
    box = request.GET.get("caja", "")
    supervised = supervision.of(actor) if box == selectors.OFFICE else None
    if box not in BOXES or (supervised and not supervised.offices):
        box = "mine" if counts["mine"] else "team"
    asked = asked_of(request)
    after = request.GET.get("despues", "")
    if box in CASE_LISTS:
        waiting = CASE_LISTS[box](actor, after=after)
        shown, following = rows.of_waiting(waiting.cases, actor), waiting.next
    else:
        page = selectors.inbox(actor, box, after=after, **wanted(asked))
        shown, following = rows.of_tasks(page.tasks, actor), page.next
    kept = {name: value for name, value in {"caja": box, **asked}.items() if value}
    services = [compiled(version.pk) for version in current_services()]
    return render(
        request,
        "desk/inbox.html",
        {
            **frame(actor, box, counts),
            "box": box,
            "rows": shown,
            "query": asked["q"],
            "query_encoded": quote(asked["q"]),
            "act": asked["acto"],
            "step": asked["paso"],
            "acts": _options(services, _acts_of),
            "steps": _options(services, _steps_of),
            "holder": asked["quien"],
            "holders": _holders(supervised) if supervised else (),
            "due": asked["plazo"],
            "filters": sum(bool(asked[name]) for name in FILTERS if name != "q"),
            "filtered": any(asked.values()),
            "waiting": box in CASE_LISTS,
            "may_take": box in TAKEABLE and any(row.may_take for row in shown),
            "may_tick": box in TICKED and any(row.may_take or row.mine for row in shown),
            "next": f"?{urlencode({**kept, 'despues': following})}" if following else "",
            "first": f"?{urlencode(kept)}" if after else "",
            "export": f"{reverse('desk:export')}?{urlencode(kept)}",
        },
    )


def asked_of(request: HttpRequest) -> dict[str, str]:
    """The filters in the address, by their parameters; those not asked are empty."""
    return {name: request.GET.get(name, "").strip() for name in FILTERS}


class Wanted(TypedDict):
    """The filters as arguments of `selectors.inbox`."""

    query: str
    act: str
    node: str
    holder: str
    due: str


def wanted(asked: Mapping[str, str]) -> Wanted:
    """The filters of the address as arguments."""
    return Wanted(
        query=asked["q"], act=asked["acto"], node=asked["paso"], holder=asked["quien"], due=asked["plazo"]
    )


def _holders(supervised: supervision.Supervised) -> list[Option]:
    names = [Option(str(each.pk), each.person.full_name) for each in supervised.officials]
    return [Option(selectors.NOBODY, _("Nadie")), *names]


def _options(
    services: list[CompiledService], read: Callable[[CompiledService], dict[str, str]]
) -> list[Option]:
    found = {value: label for service in services for value, label in read(service).items()}
    return [Option(value, label) for value, label in sorted(found.items(), key=lambda pair: pair[1])]


def _acts_of(service: CompiledService) -> dict[str, str]:
    return {name: pick(act.title) for name, act in service.service.acts.items() if act.guide is None}


def _steps_of(service: CompiledService) -> dict[str, str]:
    return {
        node.id: node.called(current_language())
        for name in _acts_of(service)
        if (process := service.act(name).process) is not None
        for node in process.nodes.values()
        if node.kind == "userTask"
    }


@never_cache
@require_safe
@access.official
def search(request: HttpRequest) -> HttpResponse:
    """`/escritorio/buscar/?q=…`: any case that the official may see, open or not."""
    actor = actor_of(request, desk=True)
    query = request.GET.get("q", "").strip()
    found = selectors.search_cases(actor, query)
    rows.log_list(found, actor, "search")
    return render(
        request,
        "desk/search.html",
        {
            **frame(actor, "search"),
            "query": query,
            "rows": [(case, selectors.title_of(case), words.outcome(case.outcome)) for case in found],
            "full": len(found) == selectors.MOST_FOUND,
            "wrong_digit": "" if found else _wrong_digit(query),
        },
    )


def _wrong_digit(query: str) -> str:
    """What is wrong with a case number whose control digit does not match (CO-B05); empty for anything else."""
    try:
        identifiers.parse_case_number(query)
    except Invalid as wrong:
        return next((pick(each.say) for each in wrong.problems if each.check == "case-number-check"), "")
    return ""
