"""Dates of notification, silence and firmness (CPACA arts. 65 to 91, Ley 2080 de 2021)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from ruta.engine.terms.calendar import Calendar, add_business_days
from ruta.engine.terms.due import due_date
from ruta.engine.terms.length import Length

_ONE_MONTH = Length(1, "months")
_THREE_MONTHS = Length(3, "months")


@dataclass(frozen=True, slots=True)
class Citation:
    """The days around a citation to personal notification (CPACA arts. 67 to 69)."""

    send_by: date
    appear_by: date
    notice_from: date


def cite(decided: date, sent: date, calendar: Calendar) -> Citation:
    """Return until when to send the citation, until when to come, and from when a notice replaces it."""
    appear_by = add_business_days(sent, 5, calendar)
    return Citation(
        send_by=add_business_days(decided, 5, calendar),
        appear_by=appear_by,
        notice_from=add_business_days(appear_by, 1, calendar),
    )


def notified_by_notice(delivered: date, calendar: Calendar) -> date:
    """Return the day at whose end a delivered notice notifies: the business day after delivery (art. 69)."""
    return add_business_days(delivered, 1, calendar)


def web_notice(posted: date, calendar: Calendar) -> tuple[date, date]:
    """Return (taken down, notified) for a notice on the web: it stays 5 business days (art. 69-2)."""
    taken_down = add_business_days(posted, 5, calendar)
    return taken_down, add_business_days(taken_down, 1, calendar)


def electronic_notice_falls_back(available: date, calendar: Calendar) -> date:
    """Return the day after which an unopened electronic notice gives way to citation and notice.

    No law presumes that an unopened notice was read: after 5 business days the paper way begins.
    """
    return add_business_days(available, 5, calendar)


def tax_act_term_starts(received: date, calendar: Calendar) -> date:
    """Return the day from which the taxpayer's term counts: 5 business days on (E.T. art. 566-1)."""
    return add_business_days(received, 5, calendar)


def negative_silence(received: date, calendar: Calendar, *, decide_in: Length | None = None) -> date:
    """Return the day on which a petition without notified decision counts as refused (CPACA art. 83).

    Three months after reception; where the law gives more than three months to decide, one month after the
    decision was due.
    """
    if decide_in is not None:
        due = due_date(received, decide_in, calendar)
        if due > due_date(received, _THREE_MONTHS, calendar):
            return due_date(due, _ONE_MONTH, calendar)
    return due_date(received, _THREE_MONTHS, calendar)


def firm_on(last_day: date) -> date:
    """Return the day on which an act is firm: the day after notification or after the appeal term (art. 87).

    Firmness needs nobody to act, so the day may be a holiday.
    """
    return last_day + timedelta(days=1)
