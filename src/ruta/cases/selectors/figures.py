"""How long things really take: public figures from decided cases."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from ruta.engine.terms import business_days_between
from ruta.kernel import calendars, clock

FEWEST_FOR_STATISTICS = 20  # with fewer decided cases no median is told


@dataclass(frozen=True)
class Durations:
    """How long decided cases really took, in business days; None while there are too few to tell."""

    count: int
    median: int | None
    p90: int | None
    in_term_share: float | None


def durations(service: str, act: str, *, days: int = 365) -> Durations:
    """Median and 90th percentile of the business days from reception to decision, over the last `days`."""
    since = clock.now() - timedelta(days=days)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT received_on, (decided_at AT TIME ZONE 'America/Bogota')::date,
                      NOT EXISTS (SELECT 1 FROM cases_caseterm t WHERE t.case_id = c.id AND t.status = 'expired'
                                  AND t.term <> 'appeal')
               FROM cases_case c WHERE service = %s AND act = %s AND decided_at >= %s
                 AND outcome IN ('granted', 'refused') ORDER BY decided_at DESC LIMIT 5000""",
            [service, act, since],
        )
        rows = cursor.fetchall()
    if len(rows) < FEWEST_FOR_STATISTICS:
        return Durations(len(rows), None, None, None)
    calendar = calendars.national()
    took = sorted(max(0, business_days_between(received, decided, calendar)) for received, decided, _ in rows)
    return Durations(
        len(rows),
        _percentile(took, 0.5),
        _percentile(took, 0.9),
        sum(1 for row in rows if row[2]) / len(rows),
    )


def _percentile(ordered: list[int], share: float) -> int:
    """The smallest value that at least `share` of the values do not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True)
class MonthFigures:
    """What happened since the first of the month."""

    decided: int
    median_days: int | None
    in_term_share: float | None
    papers_not_asked: int


def month_figures() -> MonthFigures:
    """The public figures of this month over all services."""
    first = clock.instant(clock.today().replace(day=1))
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT received_on, (decided_at AT TIME ZONE 'America/Bogota')::date,
                      NOT EXISTS (SELECT 1 FROM cases_caseterm t WHERE t.case_id = c.id AND t.status = 'expired'
                                  AND t.term <> 'appeal'),
                      (SELECT count(*) FROM jsonb_each(facts) f WHERE f.value->>'status' = 'found')
               FROM cases_case c WHERE decided_at >= %s AND outcome IN ('granted', 'refused')""",
            [first],
        )
        rows = cursor.fetchall()
    if not rows:
        return MonthFigures(0, None, None, 0)
    calendar = calendars.national()
    took = sorted(max(0, business_days_between(row[0], row[1], calendar)) for row in rows)
    enough = len(rows) >= FEWEST_FOR_STATISTICS
    return MonthFigures(
        len(rows),
        _percentile(took, 0.5) if enough else None,
        sum(1 for row in rows if row[2]) / len(rows) if enough else None,
        sum(row[3] for row in rows),
    )
