"""When a filing counts as received and when a term ends (rules R1 to R7)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ruta.engine.terms.calendar import Calendar, add_business_days, is_business_day, next_business_day
from ruta.engine.terms.length import Length

BOGOTA = ZoneInfo("America/Bogota")
OPENING = time(8)
CLOSING = time(17)
_LAST_SECOND = time(23, 59, 59)


def local_date(at: date | datetime) -> date:
    """Return the date in Bogotá of an instant; a date is itself."""
    if isinstance(at, datetime):
        if at.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return at.astimezone(BOGOTA).date()
    return at


def end_of_day(day: date) -> datetime:
    """Return 23:59:59 of `day` in Bogotá: until then what a person does is in time (CPACA art. 54; R3)."""
    return datetime.combine(day, _LAST_SECOND, tzinfo=BOGOTA)


def reception_date(filed_at: datetime, calendar: Calendar, closing: time = CLOSING) -> date:
    """Return the business day on which a filing counts as received (CPACA arts. 54 and 61; R2).

    It is the day of filing when that is a business day and the hour is strictly before `closing`; else the
    next one.
    """
    day = local_date(filed_at)
    if is_business_day(day, calendar) and filed_at.astimezone(BOGOTA).time() < closing:
        return day
    return add_business_days(day, 1, calendar)


def add_months(day: date, count: int) -> date:
    """Return the same day number `count` months later, or the last day of that month when it has no such day
    (R6).
    """
    from calendar import monthrange  # and the languages of the machine with it

    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_date(start: date, length: Length, calendar: Calendar) -> date:
    """Return the last day of a term whose event (reception, notification, fact) was on `start`.

    Business days: the n-th business day after (R4, R5). Months and calendar days: by the calendar, moved to
    the next business day unless `length.moves` is false (R6). Lengths in hours have no due date of their own:
    use `due_at`.
    """
    return ended(nominal_end(start, length, calendar), length, calendar)


def nominal_end(start: date, length: Length, calendar: Calendar) -> date:
    """Return the end of a term before it is moved off a non-business day."""
    match length.unit:
        case "business days":
            return add_business_days(start, length.amount, calendar)
        case "calendar days":
            return start + timedelta(days=length.amount)
        case "months":
            return add_months(start, length.amount)
        case _:
            raise ValueError(f"{length} counts hours: it needs an instant")


def ended(day: date, length: Length, calendar: Calendar) -> date:
    """Move the end of a term to a business day where the law moves it."""
    if length.unit != "business days" and not length.moves:
        return day
    return next_business_day(day, calendar)


def due_at(
    start: date | datetime,
    length: Length,
    calendar: Calendar,
    *,
    opening: time = OPENING,
    closing: time = CLOSING,
) -> datetime:
    """Return the instant in Bogotá until which a term runs.

    Days and months end at 23:59:59 of the due date. Hours run without interruption from the instant `start`;
    working hours only between `opening` and `closing` of business days (R7). Hours need an instant:
    ValueError for a date.
    """
    if length.unit not in ("hours", "working hours"):
        return end_of_day(due_date(local_date(start), length, calendar))
    if not isinstance(start, datetime):
        raise ValueError(f"{length} counts hours: it needs an instant")
    span = timedelta(hours=length.amount)
    if length.unit == "hours":
        return (start + span).astimezone(BOGOTA)
    return add_working_time(start, span, calendar, opening=opening, closing=closing)


def add_working_time(
    start: datetime, span: timedelta, calendar: Calendar, *, opening: time, closing: time
) -> datetime:
    """Return the instant at which `span` of opening hours has passed since `start`."""
    at = start.astimezone(BOGOTA)
    day = at.date()
    while True:
        if is_business_day(day, calendar):
            opens = datetime.combine(day, opening, tzinfo=BOGOTA)
            closes = datetime.combine(day, closing, tzinfo=BOGOTA)
            begins = max(at, opens)
            if begins < closes:
                if span <= closes - begins:
                    return begins + span
                span -= closes - begins
        day = add_business_days(day, 1, calendar)


def working_time_between(
    start: datetime, end: datetime, calendar: Calendar, *, opening: time, closing: time
) -> timedelta:
    """Return how much opening time lies between two instants."""
    total = timedelta()
    day, last = local_date(start), local_date(end)
    while day <= last:
        if is_business_day(day, calendar):
            begins = max(start, datetime.combine(day, opening, tzinfo=BOGOTA))
            ends = min(end, datetime.combine(day, closing, tzinfo=BOGOTA))
            total += max(ends - begins, timedelta())
        day += timedelta(days=1)
    return total
