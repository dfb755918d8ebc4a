"""Who is absent from a post, from when until when, and who stands in: it begins and ends by itself.

Who stands in sees the absent official's work and may take it (`Actor.stands_in_for`); no other power of the post goes
over. The own post is told absent by its official, any post of an office by who supervises the office.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When

from ruta.engine.problems import Problem
from ruta.kernel import clock
from ruta.kernel.errors import Conflict, Forbidden, Invalid

from .actors import Actor
from .models import Absence, Official

LONGEST = timedelta(days=366)
LONGEST_REASON = 300
MOST_SUBSTITUTES = 200
KEPT_SHOWN = timedelta(days=90)


def may_be_told_by(actor: Actor, offices: Collection[str]) -> QuerySet[Official]:
    """The active posts whose absence this official may tell: the own ones, and those of the offices that it supervises
    (`offices`, codes of teams of its agency)."""
    posts = Official.objects.filter(active=True, team__agency__nit=actor.agency)
    posts = posts.filter(Q(pk__in=actor.posting_ids) | Q(team__code__in=sorted(offices)))
    named = posts.select_related("person", "team")
    return named.order_by("person__first_surname", "person__given_names", "id")


def substitutes(of: Collection[Official]) -> list[Official]:
    """Who may stand in for any of them: everybody of the same team, and the same post elsewhere in the agency; the own
    team first, then the same department, each by name; at most 200."""
    teams = {each.team_id for each in of}
    alike = Q(role__in={each.role for each in of}, team__agency_id__in={each.team.agency_id for each in of})
    near = Q(pk__in=[])
    for department in {each.team.municipality[:2] for each in of} - {""}:
        near |= Q(team__municipality__startswith=department)
    distance = Case(When(team_id__in=teams, then=Value(0)), When(near, then=Value(1)), default=Value(2))
    found = Official.objects.filter(Q(team_id__in=teams) | alike, active=True).select_related(
        "person", "team"
    )
    by_name = ("person__first_surname", "person__given_names", "id")
    return list(found.alias(distance=distance).order_by("distance", *by_name)[:MOST_SUBSTITUTES])


def shown_to(actor: Actor, offices: Collection[str]) -> list[Absence]:
    """The absences of the last 90 days and to come that concern this official: the own, those in which it stands in,
    and those of the offices that it supervises; the newest first, at most 100."""
    mine = Q(official_id__in=actor.posting_ids) | Q(substitute_id__in=actor.posting_ids)
    mine |= Q(official__team__code__in=sorted(offices), official__team__agency__nit=actor.agency)
    found = Absence.objects.filter(mine, last_day__gte=clock.today() - KEPT_SHOWN)
    found = found.select_related(
        "official__person", "official__team", "substitute__person", "substitute__team"
    )
    return list(found.order_by("-first_day", "-id")[:100])


@transaction.atomic
def tell(
    *,
    official: int | None,
    substitute: int | None,
    first_day: date,
    last_day: date,
    reason: str,
    actor: Actor,
    offices: Collection[str] = (),
) -> Absence:
    """Write down that the post `official` is absent on these days, both included, and who stands in.

    Raises Invalid with every problem. The chosen posts are locked, so that two absences never overlap.
    """
    absent = may_be_told_by(actor, offices).filter(pk=official).first() if official is not None else None
    list(
        Official.objects.select_for_update(of=("self",))
        .filter(pk__in=[each for each in (official, substitute) if each is not None])
        .order_by("pk")
    )
    found = next((each for each in substitutes([absent]) if each.pk == substitute), None) if absent else None
    problems = [*_days(first_day, last_day), *_people(absent, found, first_day, last_day)]
    if len(reason) > LONGEST_REASON:
        say = {"es": "Motivo: tiene más de 300 caracteres.", "en": "Reason: it has more than 300 characters."}
        problems.append(Problem("/reason", "length", say))
    if problems or absent is None or found is None or actor.official_id is None:
        raise Invalid(problems)
    return Absence.objects.create(
        official=absent,
        substitute=found,
        first_day=first_day,
        last_day=last_day,
        reason=" ".join(reason.split()),
        said_by_id=actor.official_id,
        said_at=clock.now(),
    )


def _days(first: date, last: date) -> list[Problem]:
    if first < clock.today():
        say = {
            "es": "Desde: ese día ya pasó. Nadie actúa por otro hacia atrás; escriba hoy o un día que venga.",
            "en": "From: that day is past. Nobody acts for somebody else backwards; write today or a day to come.",
        }
        return [Problem("/first_day", "past", say)]
    if not timedelta() <= last - first <= LONGEST:
        say = {
            "es": "Hasta: debe ser el mismo día o uno posterior, y no más de un año después.",
            "en": "Until: it must be the same day or a later one, and no more than a year later.",
        }
        return [Problem("/last_day", "range", say)]
    return []


def _people(absent: Official | None, found: Official | None, first: date, last: date) -> list[Problem]:
    if absent is None:
        say = {
            "es": "Quién se ausenta: elija un cargo suyo o de la oficina que supervisa.",
            "en": "Who is absent: choose a post of yours or of the office that you supervise.",
        }
        return [Problem("/official", "enum", say)]
    if found is None:
        say = {
            "es": "Quién reemplaza: elija a alguien de la lista.",
            "en": "Who stands in: choose somebody of the list.",
        }
        return [Problem("/substitute", "enum", say)]
    if found.account_id == absent.account_id or found.person_id == absent.person_id:
        say = {
            "es": "Quién reemplaza: nadie se reemplaza a sí mismo. Elija a otra persona.",
            "en": "Who stands in: nobody stands in for oneself. Choose somebody else.",
        }
        return [Problem("/substitute", "self", say)]
    days = Absence.objects.filter(ended_at=None, first_day__lte=last, last_day__gte=first)
    if taken := days.filter(official=absent).first():
        say = {
            "es": f"Desde: ya hay una ausencia del {taken.first_day:%d/%m/%Y} al {taken.last_day:%d/%m/%Y}. "
            "Termínela antes, o escriba otros días.",
            "en": f"From: there is an absence already from {taken.first_day} to {taken.last_day}. "
            "End it first, or write other days.",
        }
        return [Problem("/first_day", "overlap", say)]
    if days.filter(official__account_id=found.account_id).exists():
        say = {
            "es": "Quién reemplaza: esa persona también está ausente en esos días. Elija a otra.",
            "en": "Who stands in: that person is absent on these days too. Choose somebody else.",
        }
        return [Problem("/substitute", "absent", say)]
    return []


@transaction.atomic
def end(absence_id: int, *, actor: Actor, offices: Collection[str] = ()) -> Absence:
    """End an absence now; one that has not begun is undone by it. What was taken meanwhile stays with who took it.

    Raises Forbidden for who may not tell it, Conflict when it is over.
    """
    found = Absence.objects.select_for_update().filter(pk=absence_id).first()
    if found is None or not may_be_told_by(actor, offices).filter(pk=found.official_id).exists():
        raise Forbidden(
            {
                "es": "Esa ausencia no la puede terminar usted.",
                "en": "You may not end that absence.",
            }
        )
    if found.ended_at is not None or found.last_day < clock.today():
        raise Conflict({"es": "Esa ausencia ya terminó.", "en": "That absence is over."}, code="over")
    found.ended_at, found.ended_by_id = clock.now(), actor.official_id
    found.save(update_fields=["ended_at", "ended_by"])
    return found
