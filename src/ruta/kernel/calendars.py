"""The business calendar in force: national, or with the closed days of one agency (common facts §5, R11)."""

import time
from datetime import date
from functools import lru_cache

from ruta.engine.terms import Calendar

from .models import ClosedDay

FIRST_YEAR, LAST_YEAR = 2015, 2035  # terms run in years near the present; a longer calendar costs every start
FRESH_FOR = 60.0  # seconds for which a process believes what it read of closed days

_read: dict[str, tuple[float, Calendar]] = {}


@lru_cache(maxsize=1)
def national() -> Calendar:
    """Colombia's calendar; made once per process."""
    return Calendar.colombia(range(FIRST_YEAR, LAST_YEAR + 1))


def calendar_of(agency: str) -> Calendar:
    """The calendar of the agency with this NIT: the national one, less the days it published as closed.

    Other processes see a new closure within a minute.
    """
    known = _read.get(agency)
    if known is not None and time.monotonic() - known[0] < FRESH_FOR:
        return known[1]
    closed = list(ClosedDay.objects.filter(agency=agency).values_list("day", flat=True))
    calendar = national().closing(closed) if closed else national()
    _read[agency] = (time.monotonic(), calendar)
    return calendar


def close(agency: str, day: date, *, resolution: str) -> ClosedDay:
    """Write down that the agency is closed on `day` by a published resolution; asked again it changes nothing.

    Terms that already run keep the due date computed with the calendar known at that time.
    """
    closed, _ = ClosedDay.objects.get_or_create(agency=agency, day=day, defaults={"resolution": resolution})
    _read.pop(agency, None)
    return closed
