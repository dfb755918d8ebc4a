"""Appeals against an act: until when each is filed, when silence answers it, when the act is firm (CPACA arts. 74 to 91).

The kinds keep their Spanish names: they are those of the law and have no equal in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ruta.engine.terms.calendar import Calendar, business_days_between
from ruta.engine.terms.due import add_months, due_date, ended, nominal_end
from ruta.engine.terms.length import Length
from ruta.engine.terms.running import TermError

Kind = Literal["reposicion", "apelacion", "queja", "revocatoria", "reconsideracion"]
Silence = Literal["negative_silence", "positive_silence", ""]

MOST_EVIDENCE = 30
"""Business days for which evidence may stop the term to decide an appeal (art. 79)."""
YEARS_OF_FORCE = 5
YEARS_TO_SANCTION = 3


@dataclass(frozen=True, slots=True)
class Appeal:
    """One kind of appeal.

    `file_within` counts from the notification (None: at any time), `decide_within` from the filing (None: no term);
    `silence` is what the end of the second does. `law` names where it stands.
    """

    file_within: Length | None
    decide_within: Length | None
    silence: Silence
    law: str


_TEN = Length(10, "business days")
_TWO_MONTHS = Length(2, "months")
APPEALS: Mapping[Kind, Appeal] = {
    "reposicion": Appeal(_TEN, _TWO_MONTHS, "negative_silence", "CPACA arts. 74, 76, 86"),
    "apelacion": Appeal(_TEN, _TWO_MONTHS, "negative_silence", "CPACA arts. 74, 76, 86"),
    "queja": Appeal(Length(5, "business days"), None, "", "CPACA art. 74-3"),
    "revocatoria": Appeal(None, _TWO_MONTHS, "", "CPACA arts. 93-97"),
    "reconsideracion": Appeal(
        _TWO_MONTHS, Length(12, "months"), "positive_silence", "E.T. arts. 720, 732-734"
    ),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A time of evidence in an appeal: the day it was opened, and the day it was closed."""

    since: date
    until: date


def appeal_until(kind: Kind, notified: date, calendar: Calendar) -> date | None:
    """Return the last day to file an appeal against an act notified that day; None when it has no term."""
    length = APPEALS[kind].file_within
    return None if length is None else due_date(notified, length, calendar)


def in_time(kind: Kind, notified: date, filed: date, calendar: Calendar) -> bool:
    """Say whether an appeal filed that day is in time; the last day counts until 23:59:59 (R3)."""
    last = appeal_until(kind, notified, calendar)
    return filed >= notified and (last is None or filed <= last)


def silence_on(kind: Kind, filed: date, calendar: Calendar, *evidence: Evidence) -> date | None:
    """Return the day on which silence answers an appeal; None for a kind that silence does not answer.

    The term stops while evidence is taken, for 30 business days in all at most (CPACA arts. 79 and 86): what is longer
    does not stop it, TermError.
    """
    appeal = APPEALS[kind]
    if appeal.decide_within is None or not appeal.silence:
        return None
    used = sum(business_days_between(each.since, each.until, calendar) for each in evidence)
    if used > MOST_EVIDENCE:
        raise TermError(
            "evidence-too-long",
            f"Las pruebas duran {used} días hábiles; el máximo es {MOST_EVIDENCE}.",
            f"Evidence takes {used} business days; the most is {MOST_EVIDENCE}.",
        )
    stopped = sum(((each.until - each.since) for each in evidence), timedelta())
    end = nominal_end(filed, appeal.decide_within, calendar) + stopped
    return ended(end, appeal.decide_within, calendar)


def loses_force_on(firm: date) -> date:
    """Return the day on which an act that was never executed loses its force (CPACA art. 91-3)."""
    return add_months(firm, 12 * YEARS_OF_FORCE)


def sanction_until(fact: date) -> date:
    """Return the last day on which a sanction for a fact may be issued and notified (CPACA art. 52)."""
    return add_months(fact, 12 * YEARS_TO_SANCTION)
