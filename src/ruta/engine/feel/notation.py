"""ISO 8601 texts of dates, times and durations: read and write (DMN 1.5, 10.3.4.1; XML Schema part 2)."""

import re
from datetime import UTC, time, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ruta.engine.feel import temporal
from ruta.engine.feel.temporal import DATES, DATETIMES, TIMES, AnyDate, AnyDateTime, AnyTime, Months, Span
from ruta.engine.feel.wide import DAY, NANOS

_DATE = re.compile(r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})", re.ASCII)
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9})[0-9]*)?"
    r"(Z|z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z][A-Za-z0-9_+/-]*)?",
    re.ASCII,
)
_MONTHS = re.compile(r"(-?)P(?:([0-9]{1,10})Y)?(?:([0-9]{1,10})M)?", re.ASCII)
_DAYS = re.compile(
    r"(-?)P(?:([0-9]{1,12})D)?"
    r"(?:(T)(?:([0-9]{1,15})H)?(?:([0-9]{1,15})M)?(?:([0-9]{1,18})(?:\.([0-9]{0,9})[0-9]*)?S)?)?",
    re.ASCII,
)
_UTMOST_OFFSET = timedelta(hours=18)


@cache
def _zones() -> frozenset[str]:
    """The names of the time zone database. The list of `tzdata` is read, not the disk for each name asked."""
    from importlib import resources

    return frozenset((resources.files("tzdata") / "zones").read_text(encoding="utf-8").split())


@lru_cache(maxsize=1024)  # all zones fit, so that none is read twice
def _named(name: str) -> tzinfo:
    if name not in _zones():
        raise ValueError(f"no time zone {name}")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"no time zone {name}") from error


def zone(text: str) -> tzinfo | None:
    """The zone written "Z", "+05:00" or "@Europe/Paris"; raises ValueError when there is none."""
    if not text:
        return None
    if text in ("Z", "z"):
        return UTC
    if text[0] == "@":
        return _named(text[1:])
    return _offset(text)


@lru_cache(maxsize=512)
def _offset(text: str) -> tzinfo:
    parts = [int(part) for part in text[1:].split(":")]
    offset = timedelta(hours=parts[0], minutes=parts[1], seconds=parts[2] if len(parts) > 2 else 0)
    if parts[1] > 59 or offset > _UTMOST_OFFSET:
        raise ValueError(f"no time offset {text}")
    return timezone(-offset if text[0] == "-" else offset) if offset else UTC


def read_date(text: str) -> AnyDate:
    """The date of a text like 2026-11-24; raises ValueError."""
    found = _DATE.fullmatch(text)
    if not found or found[1] == "-0000":
        raise ValueError("not a date")
    return temporal.make_date(int(found[1]), int(found[2]), int(found[3]))


def read_time(text: str) -> AnyTime:
    """The time of a text like 10:15:00, with an offset or @zone; raises ValueError."""
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError("not a time")
    nano = int((found[4] or "0").ljust(9, "0"))
    return temporal.make_time(int(found[1]), int(found[2]), int(found[3]), nano, zone(found[5] or ""))


def read_datetime(text: str) -> AnyDateTime:
    """The date and time of an ISO 8601 text; a bare date is its midnight, 24:00:00 the next; raises ValueError."""
    head, separator, tail = text.partition("T")
    day = read_date(head)
    if tail.startswith("24:00:00"):
        midnight = temporal.join(day, read_time("00" + tail[2:]))
        return temporal.add_span(midnight, timedelta(days=1))
    return temporal.join(day, read_time(tail) if separator else time())


def read_duration(text: str) -> Months | Span:
    """The duration of an ISO 8601 text, either of years and months or of days and time; raises ValueError."""
    found = _MONTHS.fullmatch(text)
    if found and (found[2] or found[3]):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return temporal.make_months(-months if found[1] else months)
    found = _DAYS.fullmatch(text)
    if (
        not found
        or not any(found[i] for i in (2, 4, 5, 6))
        or (found[3] and not any(found[i] for i in (4, 5, 6)))
    ):
        raise ValueError("not a duration")
    days, hours, minutes, seconds = (int(found[i] or 0) for i in (2, 4, 5, 6))
    nanos = (
        days * DAY + ((hours * 60 + minutes) * 60 + seconds) * NANOS + int((found[7] or "0").ljust(9, "0"))
    )
    return temporal.make_span(-nanos if found[1] else nanos)


def read_literal(text: str) -> Any:
    """What `@"..."` means: a date, date and time, time or duration; raises ValueError."""
    if "P" in text[:2]:
        return read_duration(text)
    if "T" in text:
        return read_datetime(text)
    return read_time(text) if ":" in text[:3] else read_date(text)


def _fraction(nanos: int) -> str:
    return f".{nanos:09}".rstrip("0") if nanos else ""


def show_offset(offset: timedelta) -> str:
    """The offset from UTC as "Z" or "+05:00"."""
    total = int(offset.total_seconds())
    if not total:
        return "Z"
    hours, rest = divmod(abs(total), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{'-' if total < 0 else '+'}{hours:02}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


def _show_zone(value: AnyTime | AnyDateTime) -> str:
    if value.tzinfo is None:
        return ""
    if isinstance(value.tzinfo, ZoneInfo):
        return "@" + value.tzinfo.key
    return show_offset(temporal.offset_of(value) or timedelta())


def _show_time(value: AnyTime | AnyDateTime) -> str:
    fraction = _fraction(temporal.nano_of(value))
    return f"{value.hour:02}:{value.minute:02}:{value.second:02}{fraction}{_show_zone(value)}"


def _show_date(value: AnyDate | AnyDateTime) -> str:
    sign = "-" if value.year < 0 else ""
    return f"{sign}{abs(value.year):04}-{value.month:02}-{value.day:02}"


def _show_months(value: Months) -> str:
    years, months = divmod(abs(value.total), 12)
    body = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return ("-" if value.total < 0 else "") + "P" + (body or "0M")


def _show_span(value: Span) -> str:
    nanos = temporal.nanos_of(value)
    days, clock = divmod(abs(nanos), DAY)
    total_seconds, fraction = divmod(clock, NANOS)
    hours, rest = divmod(total_seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    body = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    body += f"{seconds}{_fraction(fraction)}S" if seconds or fraction else ""
    text = (f"{days}D" if days else "") + (f"T{body}" if body else "")
    return ("-" if nanos < 0 else "") + "P" + (text or "T0S")


def show_iso(value: Any) -> str:
    """Any temporal value in ISO 8601, which has no named zones: a date and time in one is written with its offset."""
    if isinstance(value, DATETIMES) and isinstance(value.tzinfo, ZoneInfo):
        bare = show(value).partition("@")[0]
        return bare + show_offset(temporal.offset_of(value) or timedelta())
    return show(value)


def show(value: Any) -> str:
    """Any temporal value in the text from which it can be read again, durations normalised (P1Y2M, P1DT2H, PT0S)."""
    if isinstance(value, DATETIMES):
        return f"{_show_date(value)}T{_show_time(value)}"
    if isinstance(value, DATES):
        return _show_date(value)
    if isinstance(value, TIMES):
        return _show_time(value)
    return _show_months(value) if isinstance(value, Months) else _show_span(value)
