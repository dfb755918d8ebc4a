"""How long things really take: public figures from decided cases."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any, TypeVar, cast

from django.db import connection

from ruta.engine.terms import Calendar, business_days_between
from ruta.kernel import calendars, clock

from ..models import Case

FEWEST_FOR_STATISTICS = 20  # with fewer decided cases no median is told
FRESH_FOR = 60.0  # seconds for which a process tells what it counted
Told = TypeVar("Told")
_Row = tuple[date, date, bool, int, list[list[str]] | None]
_DECIDED = """SELECT received_on, (decided_at AT TIME ZONE 'America/Bogota')::date,
                     NOT EXISTS (SELECT 1 FROM cases_caseterm t WHERE t.case_id = c.id AND t.status = 'expired'
                                 AND t.term !~ '^(appeal|firmness|correction)'),
                     {found},
                     (SELECT json_agg(json_build_array(asked_at, ended_at)) FROM cases_correction k
                      WHERE k.case_id = c.id AND k.status = 'answered')
              FROM cases_case c WHERE outcome IN ('granted', 'refused') AND """
_FOUND = "(SELECT count(*) FROM jsonb_each(facts) f WHERE f.value->>'status' = 'found')"

_read: dict[tuple[object, ...], tuple[float, Any]] = {}


@dataclass(frozen=True)
class Durations:
    """How long decided cases really took, in business days; None while there are too few to tell."""

    count: int
    median: int | None
    p90: int | None
    in_term_share: float | None


def durations(service: str, act: str, *, days: int = 365) -> Durations:
    """Median and 90th percentile of the business days from reception to decision, over the last `days`.

    A process reads them again once a minute, as all figures.
    """
    key = ("durations", service, act, days, clock.today())
    return _fresh(key, lambda: _durations(service, act, days))


def _durations(service: str, act: str, days: int) -> Durations:
    since = clock.now() - timedelta(days=days)
    rows = _decided(
        "service = %s AND act = %s AND decided_at >= %s ORDER BY decided_at DESC LIMIT 5000",
        [service, act, since],
    )
    median, p90 = _times(rows, 0.5, 0.9)
    return Durations(len(rows), median, p90, _in_term(rows))


def _fresh(key: tuple[object, ...], read: Callable[[], Told]) -> Told:
    """What is known under `key`, read again when it is older than a minute."""
    known = _read.get(key)
    if known is not None and time.monotonic() - known[0] < FRESH_FOR:
        return cast(Told, known[1])
    told = read()
    for old in [each for each, (at, _) in list(_read.items()) if time.monotonic() - at >= FRESH_FOR]:
        _read.pop(old, None)  # else each day would leave its keys behind
    _read[key] = (time.monotonic(), told)
    return told


def _decided(where: str, params: Sequence[Any], *, found: str = "0") -> list[_Row]:
    """Cases granted or refused, as (received, decided, no term expired, `found`, when applicants had them to correct);
    `where` may order and limit."""
    with connection.cursor() as cursor:
        cursor.execute(_DECIDED.format(found=found) + where, params)
        return cast(list[_Row], cursor.fetchall())


def _times(rows: Sequence[_Row], *shares: float) -> list[int | None]:
    """The percentiles of the business days from reception to decision, without those in which the applicant had the
    request to correct; None while there are too few to tell."""
    if len(rows) < FEWEST_FOR_STATISTICS:
        return [None] * len(shares)
    calendar = calendars.national()
    moment = datetime.fromisoformat
    took = sorted(
        _took(received, decided, [(moment(since), moment(until)) for since, until in stops or ()], calendar)
        for received, decided, *_, stops in rows
    )
    return [_percentile(took, share) for share in shares]


def _took(
    received: date, decided: date, stops: Iterable[tuple[datetime, datetime]], calendar: Calendar
) -> int:
    """The business days, without those of the `stops` in which the applicant had the request to correct."""
    away = sum(
        business_days_between(clock.local_date(since), clock.local_date(until), calendar)
        for since, until in stops
    )
    return max(0, business_days_between(received, decided, calendar) - away)


def business_days_of(case: Case) -> int:
    """The business days from reception to decision of a decided case, counted as the public figures count them."""
    assert case.decided_at is not None
    answered = case.corrections.filter(status="answered", ended_at__isnull=False)
    stops = cast(Iterable[tuple[datetime, datetime]], answered.values_list("asked_at", "ended_at"))
    return _took(case.received_on, clock.local_date(case.decided_at), stops, calendars.national())


def _in_term(rows: Sequence[_Row]) -> float | None:
    if len(rows) < FEWEST_FOR_STATISTICS:
        return None
    return sum(1 for row in rows if row[2]) / len(rows)


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
    """The public figures of this month over all services; a process reads them again once a minute."""
    return _fresh(("month", clock.today()), _month_figures)


def _month_figures() -> MonthFigures:
    first = clock.instant(clock.today().replace(day=1), time_of_day(0))
    rows = _decided("decided_at >= %s", [first], found=_FOUND)
    (median,) = _times(rows, 0.5)
    return MonthFigures(len(rows), median, _in_term(rows), sum(row[3] for row in rows))
