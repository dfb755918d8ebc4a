"""When somebody who does not answer is asked or told again."""

from datetime import datetime, timedelta

SOONEST, LATEST = timedelta(minutes=1), timedelta(hours=1)


def next_try(now: datetime, *, since: datetime, until: datetime | None) -> datetime | None:
    """The next time: after a quarter of the time waited `since`, within a minute and an hour; the last time is `until`.

    None when that is over. Without `until` it is never over.
    """
    if until is not None and now >= until:
        return None
    later = now + min(max((now - since) / 4, SOONEST), LATEST)
    return later if until is None else min(later, until)
