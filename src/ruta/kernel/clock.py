"""The one clock. Rooms ask it; tests, the sample country and simulations move it.

Instants are aware UTC. Dates are those of Colombia (America/Bogota, no daylight saving).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

BOGOTA = ZoneInfo("America/Bogota")

_moved: ContextVar[datetime | None] = ContextVar("ruta_clock", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _moved.get() or datetime.now(UTC)


def today() -> date:
    """The present day in Colombia."""
    return local_date(now())


def local_date(instant: datetime) -> date:
    """The day in Colombia on which `instant` falls."""
    return instant.astimezone(BOGOTA).date()


def instant(moment: date | datetime, at: time = time(9)) -> datetime:
    """`moment` as an aware UTC instant; a bare date means `at` o'clock in Colombia, a naive time is Colombian."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, at)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=BOGOTA)
    return moment.astimezone(UTC)


def set_clock(moment: date | datetime | None) -> None:
    """Move the clock of this thread or task for good; `None` gives real time back."""
    _moved.set(None if moment is None else instant(moment))


@contextmanager
def moved(moment: date | datetime) -> Iterator[datetime]:
    """Within the block it is `moment`."""
    token = _moved.set(instant(moment))
    try:
        yield now()
    finally:
        _moved.reset(token)
