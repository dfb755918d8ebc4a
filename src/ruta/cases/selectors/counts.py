"""How many stand in each box of the inbox: every page of the desk shows it, so it is asked in one statement."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from ruta.identity.actors import Actor
from ruta.kernel import clock

from .. import perms
from ..models import Correction, FlowToken
from ..models.correction import CorrectionStatus
from .desk import STOPPED, WAITING, all_stopped, tasks_in
from .places import places_of_waiting

COUNTED_TO = 999
_BOXES = ("team", "today", "overdue", "mine", WAITING, STOPPED)


def box_counts(actor: Actor) -> dict[str, int]:
    """How many stand in each box, counted up to `COUNTED_TO` + 1; what is done is not counted.

    The first tasks by due date hold every one that is overdue or due today, unless there are more than are counted.
    """
    limit = COUNTED_TO + 1
    team, team_given = _statement(tasks_in(actor, "team").order_by("due_on").values("due_on")[:limit])
    mine, mine_given = _statement(tasks_in(actor, "mine").order_by().values("due_on")[:limit])
    waiting, waiting_given = _statement(_waiting(actor).values("since")[:limit])
    returned, returned_given = _statement(_returned(actor).values("asked_at")[:limit])
    stopped, stopped_given = _statement(all_stopped(actor).order_by().values("received_on")[:limit])
    today = clock.today()
    statement = f"""
        SELECT count(*), count(*) FILTER (WHERE due_on = %s), count(*) FILTER (WHERE due_on < %s),
               (SELECT count(*) FROM ({mine}) m),
               (SELECT count(*) FROM ({waiting}) w) + (SELECT count(*) FROM ({returned}) r),
               (SELECT count(*) FROM ({stopped}) s)
        FROM ({team}) t (due_on)"""  # noqa: S608  made of statements, no values
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            (today, today, *mine_given, *waiting_given, *returned_given, *stopped_given, *team_given),
        )
        return dict(zip(_BOXES, cursor.fetchone(), strict=True))


def _waiting(actor: Actor) -> QuerySet[FlowToken]:
    at = Q(pk__in=[])
    for version, node in places_of_waiting():
        at |= Q(version_id=version, node=node)
    return FlowToken.objects.filter(at, perms.with_case_visible_to(actor), status="waiting")


def _returned(actor: Actor) -> QuerySet[Correction]:
    visible = perms.with_case_visible_to(actor)
    return Correction.objects.filter(visible, status=CorrectionStatus.OPEN).order_by()


def _statement(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    """The SQL of a query of one column, and its values."""
    try:
        sql, given = rows.query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL::date WHERE false", ()
    return sql, tuple(given)
