"""Legal terms: which days count, when a term ends, what suspends or extends it.

Pure arithmetic over dates: no clock, no database, no network. The calendar is an argument and has
a version, because the due date of a case is the one computed with the calendar known that day.
This room does not know what a term is *for*: what its expiry does is decided by whoever holds it.
"""

from typing import TYPE_CHECKING

from ruta.engine.later import later
from ruta.engine.terms.calendar import (
    Calendar,
    CalendarEnds,
    add_business_days,
    business_days_between,
    is_business_day,
    next_business_day,
)
from ruta.engine.terms.due import (
    BOGOTA,
    CLOSING,
    OPENING,
    add_months,
    due_at,
    due_date,
    end_of_day,
    reception_date,
)
from ruta.engine.terms.length import Length, LengthError

if TYPE_CHECKING:
    from ruta.engine.terms.appeals import (
        APPEALS,
        Appeal,
        Evidence,
        appeal_until,
        in_time,
        loses_force_on,
        sanction_until,
        silence_on,
    )
    from ruta.engine.terms.notices import (
        Citation,
        cite,
        electronic_notice_falls_back,
        firm_on,
        negative_silence,
        notified_by_notice,
        tax_act_term_starts,
        web_notice,
    )
    from ruta.engine.terms.running import (
        Suspension,
        TermError,
        TermState,
        expire,
        extend,
        met,
        pause,
        recompute,
        resume,
        start,
    )
else:
    __getattr__ = later(
        __name__,
        {
            "APPEALS": "appeals",
            "Appeal": "appeals",
            "Evidence": "appeals",
            "appeal_until": "appeals",
            "in_time": "appeals",
            "loses_force_on": "appeals",
            "sanction_until": "appeals",
            "silence_on": "appeals",
            "Citation": "notices",
            "cite": "notices",
            "electronic_notice_falls_back": "notices",
            "firm_on": "notices",
            "negative_silence": "notices",
            "notified_by_notice": "notices",
            "tax_act_term_starts": "notices",
            "web_notice": "notices",
            "Suspension": "running",
            "TermError": "running",
            "TermState": "running",
            "expire": "running",
            "extend": "running",
            "met": "running",
            "pause": "running",
            "recompute": "running",
            "resume": "running",
            "start": "running",
        },
    )

__all__ = [
    "APPEALS",
    "BOGOTA",
    "CLOSING",
    "OPENING",
    "Appeal",
    "Calendar",
    "CalendarEnds",
    "Citation",
    "Evidence",
    "Length",
    "LengthError",
    "Suspension",
    "TermError",
    "TermState",
    "add_business_days",
    "add_months",
    "appeal_until",
    "business_days_between",
    "cite",
    "due_at",
    "due_date",
    "electronic_notice_falls_back",
    "end_of_day",
    "expire",
    "extend",
    "firm_on",
    "in_time",
    "is_business_day",
    "loses_force_on",
    "met",
    "negative_silence",
    "next_business_day",
    "notified_by_notice",
    "pause",
    "reception_date",
    "recompute",
    "resume",
    "sanction_until",
    "silence_on",
    "start",
    "tax_act_term_starts",
    "web_notice",
]
