"""To whom work goes when nobody of its office can do it: it must not lie unseen until its term is over."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat

from ruta.definitions.runtime import CompiledService
from ruta.identity.models import Grant, Official, Team
from ruta.kernel import clock

from .models import Task
from .models.task import TaskStatus

OFFICES = "offices"  # how lists of offices end; their column `municipality` says where each is


def who_can(service: CompiledService, groups: Sequence[str], *, but: Official | None = None) -> list[str]:
    """`groups` where somebody (`but` this person) is in one of them; else the same posts at the nearest office of the
    service's agency that has one: in the same municipality, else department, else the agency's oldest.

    `groups` again where the whole agency has nobody under these posts: `ruta check` tells the operator.
    """
    agency = service.service.agency
    active = Official.objects.filter(active=True)
    if but is not None:
        active = active.exclude(account_id=but.account_id).exclude(person_id=but.person_id)
    if not groups or active.filter(in_one_of(groups, agency)).exists():
        return list(groups)
    split = [group.partition("@") for group in groups]
    roles = [role for role, _, _ in split]
    teams = dict(
        Team.objects.filter(code__in=[code for _, _, code in split]).values_list("code", "municipality")
    )
    places = {_municipality(service, code, teams.get(code, "")) for _, _, code in split} - {""}
    near = sorted(
        (
            _distance(_municipality(service, code, municipality), places),
            team,
            roles.index(role),
            f"{role}@{code}",
        )
        for role, team, code, municipality in active.filter(
            team__agency__nit=agency, role__in=roles
        ).values_list("role", "team_id", "team__code", "team__municipality")
    )
    return list(dict.fromkeys(group for _, team, _, group in near if team == near[0][1])) or list(groups)


def in_one_of(groups: Sequence[str], agency: str) -> Q:
    """The officials of one of the groups: a post in a team, of whatever agency; a post alone, in the agency."""
    named = Q(pk__in=[])
    for group in groups:
        role, _, code = group.partition("@")
        named |= Q(role=role, team__code=code) if code else Q(role=role, team__agency__nit=agency)
    return named


def _municipality(service: CompiledService, office: str, known: str) -> str:
    """Where an office is, five digits: as the agency says (`known`), else a list; empty when neither does."""
    for name, codes in () if known else service.lists.items():
        if name.endswith(OFFICES) and (code := codes.get(office)) is not None:
            return code.more.get("municipality", "")
    return known


def _distance(municipality: str, places: Collection[str]) -> int:
    if municipality in places:
        return 0
    return 1 if municipality and municipality[:2] in {place[:2] for place in places} else 2


def undoable() -> int:
    """How many open tasks nobody may do: nobody took them, and no official is in one of their groups, or the case is
    sealed and no grant opens it."""
    waiting = Task.objects.filter(status=TaskStatus.OPEN, assignee=None)
    now = clock.now()
    opens = Q(scope=Concat(Value("case:"), OuterRef("case__number")))
    opens |= Q(scope=Concat(Value("service:"), OuterRef("case__service")))
    grants = Grant.objects.filter(opens, valid_from__lte=now).exclude(valid_to__lte=now)
    sealed = waiting.filter(~Exists(grants), case__sealed=True)
    rest = waiting.exclude(pk__in=sealed.values("pk"))
    lost = [
        Q(groups=groups, case__agency=agency)
        for agency, groups in rest.values_list("case__agency", "groups").distinct()
        if not Official.objects.filter(in_one_of(groups, agency), active=True).exists()
    ]
    return sealed.count() + sum(rest.filter(kind).count() for kind in lost)
