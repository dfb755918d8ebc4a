"""How much work stands in the supervised offices, with whom and at which step, and how long steps took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Greatest, Least

from ruta.identity.actors import Actor
from ruta.identity.models import Official
from ruta.kernel import clock

from .. import perms, supervision
from ..models import Correction, Task
from ..models.task import TaskStatus
from .desk import due_soon

LOAD_DAYS = 90
_STEP = ("case__service", "case__act", "node", "form_key")


@dataclass(frozen=True)
class Standing:
    """Open tasks: how many, and of them overdue, and due today or within two business days; `done` in the last 90 days."""

    open: int = 0
    overdue: int = 0
    soon: int = 0
    done: int = 0

    @property
    def later(self) -> int:
        """Those that are due after that."""
        return self.open - self.overdue - self.soon


@dataclass(frozen=True)
class OfficialLoad:
    """What one official has; `official` is None for what nobody has."""

    official: Official | None
    standing: Standing


@dataclass(frozen=True)
class StepLoad:
    """What stands at one step of an act, and how long it took in the last 90 days: from the task's opening to its end,
    without the time in which the applicant had the request to correct. None where none was done."""

    service: str
    act: str
    node: str
    form_key: str
    standing: Standing
    median: timedelta | None = None
    p90: timedelta | None = None


@dataclass(frozen=True)
class TeamLoad:
    """The whole: the sum, by official (nobody first, then by name) and by step (most open first)."""

    offices: frozenset[str]
    whole: Standing
    officials: tuple[OfficialLoad, ...]
    steps: tuple[StepLoad, ...]


class _Percentile(Aggregate):
    """The smallest value that at least `share` of the values do not exceed, as of all figures."""

    function = "PERCENTILE_DISC"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def team_load(actor: Actor) -> TeamLoad:
    """The load of the offices that the official supervises, of cases that it may see, in a fixed number of queries."""
    supervised = supervision.of(actor)
    visible = perms.with_case_visible_to(actor)
    opened = _open(Task.objects.filter(visible, supervision.open_tasks(actor, supervised)), actor)
    since = clock.now() - timedelta(days=LOAD_DAYS)
    working = [each.pk for each in supervised.officials]
    done = Task.objects.filter(visible, status=TaskStatus.DONE, done_by_id__in=working, done_at__gte=since)
    done_by = dict(done.values_list("done_by_id").annotate(n=Count("pk")))
    held: dict[int | None, Standing] = {}
    for holder, *_, standing in opened:
        held[holder] = _sum(held.get(holder, Standing()), standing)
    elsewhere = [holder for holder in held if holder is not None and holder not in working]
    known = [
        *supervised.officials,
        *Official.objects.filter(pk__in=elsewhere).select_related("person", "team"),
    ]
    officials = [OfficialLoad(None, held[None])] if None in held else []
    officials += [
        OfficialLoad(each, _sum(held.get(each.pk, Standing()), Standing(done=done_by.get(each.pk, 0))))
        for each in known
    ]
    whole = Standing()
    for load in officials:
        whole = _sum(whole, load.standing)
    return TeamLoad(supervised.offices, whole, tuple(officials), _steps(opened, _took(done)))


_Opened = tuple[int | None, tuple[str, str, str, str], Standing]


def _open(found: Any, actor: Actor) -> list[_Opened]:
    rows = found.values_list("assignee_id", *_STEP).annotate(
        n=Count("pk"),
        late=Count("pk", filter=Q(due_on__lt=clock.today())),
        near=Count("pk", filter=due_soon(actor.agency)),
    )
    return [
        (holder, (service, act, node, form), Standing(n, late, near))
        for holder, service, act, node, form, n, late, near in rows.order_by()
    ]


def _took(done: Any) -> Mapping[tuple[str, str, str, str], tuple[int, timedelta, timedelta]]:
    """By step: how many were done, the median and the 90th percentile."""
    away = Correction.objects.filter(case_id=OuterRef("case_id"), asked_at__lt=OuterRef("done_at"))
    away = away.filter(Q(ended_at=None) | Q(ended_at__gt=OuterRef("created_at"))).order_by()
    ended = Least(Coalesce("ended_at", OuterRef("done_at")), OuterRef("done_at"))
    overlap = Func(
        ended - Greatest("asked_at", OuterRef("created_at")), function="SUM", output_field=DurationField()
    )
    returned = Subquery(
        away.values("case_id").annotate(span=overlap).values("span"), output_field=DurationField()
    )
    span = F("done_at") - F("created_at") - Coalesce(returned, Value(timedelta()))
    took = ExpressionWrapper(span, output_field=DurationField())
    rows = done.annotate(took=took).values_list(*_STEP)
    rows = rows.annotate(
        n=Count("pk"), half=_Percentile("took", share=0.5), most=_Percentile("took", share=0.9)
    )
    return {(service, act, node, form): told for service, act, node, form, *told in rows.order_by()}


def _steps(opened: list[_Opened], took: Mapping[Any, Any]) -> tuple[StepLoad, ...]:
    at: dict[tuple[str, str, str, str], Standing] = {}
    for _, step, standing in opened:
        at[step] = _sum(at.get(step, Standing()), standing)
    steps = []
    for step in {**at, **took}:
        service, act, node, form = step
        done, median, p90 = took.get(step, (0, None, None))
        steps.append(
            StepLoad(
                service, act, node, form, _sum(at.get(step, Standing()), Standing(done=done)), median, p90
            )
        )
    return tuple(
        sorted(steps, key=lambda step: (-step.standing.open, -step.standing.done, step.node, step.act))
    )


def _sum(one: Standing, other: Standing) -> Standing:
    return Standing(
        one.open + other.open, one.overdue + other.overdue, one.soon + other.soon, one.done + other.done
    )
