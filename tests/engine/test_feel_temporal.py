"""Dates, times and durations beyond what Python's own hold, and the arithmetic between all kinds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.feel_world import WORLD, value

from ruta.engine import feel
from ruta.engine.feel import notation, temporal, wide


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"999999999-12-31".year', 999999999),
        ('@"-999999999-01-01".month', 1),
        ('@"1000000000-01-01"', None),
        ('date("00012-01-01")', None),
        ('date("-0000-01-01")', None),
        ('date("0000-02-29")', "0000-02-29"),
        ('date("10000-02-30")', None),
        ('date("10000-13-01")', None),
        ('@"10000-01-31" + @"P1M"', "10000-02-29"),
        ('@"9999-12-31" + @"P1D"', "10000-01-01"),
        ('@"10000-01-01" - @"P1D"', "9999-12-31"),
        ('@"10000-01-01" - @"9999-12-31"', "P1D"),
        ('@"0001-01-01" - @"P1Y"', "0000-01-01"),
        ('@"999999999-12-31" + @"P1Y"', None),
        ('@"10000-03-01".weekday', 3),
        ('@"9999-12-31T23:59:59.999999999Z" + @"PT0.000000001S"', "10000-01-01T00:00:00Z"),
        ('@"10000-01-01T00:00:00@America/Bogota" - @"PT1H"', "9999-12-31T23:00:00-05:00"),
        ('@"10000-07-01T00:00:00@Europe/Paris".time offset', "PT2H"),
        ('@"-0044-03-15T10:00:00@Europe/Paris".timezone', "Europe/Paris"),
        ('@"-0044-03-15T10:00:00Z" < @"0001-01-01T00:00:00Z"', True),
        ('date and time(@"10000-01-01T10:00:00Z", "America/Bogota")', "10000-01-01T05:00:00-05:00"),
        ('date and time(@"10000-01-01T10:00:00", "America/Bogota")', "10000-01-01T10:00:00-05:00"),
        ('date(@"10000-01-01T10:00:00Z")', "10000-01-01"),
        ('time(@"10000-01-01T10:00:00.000000001Z")', "10:00:00.000000001Z"),
        ('@"10:00:00.000000001" + @"PT0.000000001S"', "10:00:00.000000002"),
        ('@"23:00:00" + @"PT2H"', "01:00:00"),
        ('@"01:00:00Z" - @"PT2H"', "23:00:00Z"),
        ('@"10:00:00.000000002" > @"10:00:00.000000001"', True),
        ('@"10:00:00" - @"10:00:00Z"', None),
        ('@"10:00:00Z" - @"10:00:00+01:00"', "PT1H"),
        ('@"P999999999D".days', 999999999),
        ('@"P999999999D" + @"P999999999D"', "P1999999998D"),
        ('@"PT999999999999999H"', None),
        ('@"P999999999Y" + @"P999999999Y" + @"P999999999Y"', None),
        ('@"PT0.000000001S" * 2', "PT0.000000002S"),
        ('@"PT1S" / 3', "PT0.333333333S"),
        ('@"PT1S" / 0', None),
        ('@"PT3H" / @"PT2H"', 1.5),
        ('@"P1Y" / @"P5M"', 2.4),
        ('@"P1Y" / 5', "P2M"),
        ('@"P1Y" * 0.3', "P3M"),
        ('@"P1Y" / @"PT1H"', None),
        ('@"P1Y" + @"PT1H"', None),
        ('@"P1Y" - @"PT1H"', None),
        ('@"P1Y" * @"P1Y"', None),
        ('1 + @"P1Y"', None),
        ('@"P1D" + @"2026-01-01"', "2026-01-02"),
        ('@"2026-01-01" - @"PT1H"', "2025-12-31"),
        ('@"2026-01-01" + @"2026-01-01"', None),
        ('@"2026-03-31" - @"P1M"', "2026-02-28"),
        ('@"2024-02-29" + @"P1Y"', "2025-02-28"),
        ('@"2026-01-31T10:00:00Z" + @"P1M"', "2026-02-28T10:00:00Z"),
        ('@"2026-03-29T01:30:00@Europe/Paris" + @"PT1H"', "2026-03-29T03:30:00+02:00"),
        ('@"2026-01-01T00:00:00Z" - @"2026-01-01"', "PT0S"),
        ('@"2026-01-01T00:00:00" - @"2026-01-01T00:00:00Z"', None),
        ('@"2026-01-01T12:00:00" - @"2026-01-01T00:00:00"', "PT12H"),
        ('-@"PT1H"', "-PT1H"),
        ('-@"P1Y"', "-P1Y"),
        ('-"a"', None),
        ('@"2026-01-01T10:00:00Z" = @"2026-01-01T05:00:00@America/Bogota"', True),
        ('@"2026-01-01T10:00:00" = @"2026-01-01T10:00:00Z"', False),
        ('@"2026-01-01".day', 1),
        ('@"2026-01-01".hour', 0),
        ('@"2026-01-01".zone', None),
        ('@"PT1H".years', None),
        ('@"-P1DT2H3M4S".minutes', -3),
        ('@"P1Y2M".months', 2),
        ('@"-P14M".years', -1),
        ('[@"2026-01-01", @"2027-01-01"].year', [2026, 2027]),
        ('for d in @"2026-02-27"..@"2026-03-01" return d', ["2026-02-27", "2026-02-28", "2026-03-01"]),
        ('for d in @"2026-03-01"..@"2026-02-28" return d', ["2026-03-01", "2026-02-28"]),
        ('for d in 1..@"2026-02-28" return d', None),
        ('@"2026-02-30"', None),
        ('@"x"', None),
        ('@"P"', None),
        ('@"10:00"', None),
    ],
)  # fmt: skip
def test_moments_and_spans(text: str, expected: Any) -> None:
    assert value(text) == expected


@settings(max_examples=200, deadline=None)
@given(st.datetimes(datetime(1, 2, 1), datetime(9999, 11, 30)), st.integers(-(10**13), 10**13))
def test_what_is_wide_counts_as_python_does(moment: datetime, micros: int) -> None:
    moment = moment.replace(tzinfo=UTC)
    span = timedelta(microseconds=micros)
    far = wide.WideDateTime(
        moment.year,
        moment.month,
        moment.day,
        moment.hour,
        moment.minute,
        moment.second,
        moment.microsecond * 1000,
        UTC,
    )
    try:
        expected = moment + span
    except OverflowError:
        return
    assert temporal.key(temporal.add_span(far, span)) == temporal.key(expected)
    assert wide.day_number(moment.year, moment.month, moment.day) == (moment.date() - date(1970, 1, 1)).days
    assert temporal.weekday(far) == moment.isoweekday()
    assert temporal.week_of_year(far) == moment.isocalendar()[1]
    assert temporal.day_of_year(far) == moment.timetuple().tm_yday


@settings(max_examples=200, deadline=None)
@given(
    st.integers(-999_999_999, 999_999_999),
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(0, 999_999_999),
    st.integers(-14 * 60, 14 * 60),
)
def test_what_is_written_is_read_back(year: int, month: int, day: int, nano: int, offset: int) -> None:
    clock = temporal.make_time(10, 20, 30, nano, timezone(timedelta(minutes=offset)) if offset else UTC)
    moment = temporal.join(temporal.make_date(year, month, day), clock)
    assert temporal.key(notation.read_datetime(notation.show(moment))) == temporal.key(moment)
    assert notation.show(notation.read_literal(notation.show(clock))) == notation.show(clock)
    assert notation.read_date(notation.show(temporal.date_part(moment))) == temporal.make_date(
        year, month, day
    )
    span = temporal.make_span(year * 86_400 * 10**9 + nano)
    assert notation.read_duration(notation.show(span)) == span


def test_the_instant_of_the_world_is_shown_in_its_zone() -> None:
    assert feel.compile("now()")({}, WORLD).hour == 12
    assert value("string(now())") == "2026-11-24T12:00:00@America/Bogota"
    assert value("now()") == "2026-11-24T12:00:00-05:00"


def test_values_of_the_host_come_in_as_they_are() -> None:
    env = feel.to_feel(
        {
            "at": datetime(2026, 1, 1, 10, tzinfo=UTC),
            "on": date(2026, 1, 1),
            "for": timedelta(hours=1),
            "many": (1, 2.5),
            "rate": Decimal("1.10"),
            "inf": float("inf"),
        }
    )
    names = list(env)
    assert feel.compile("string(rate)", names=names)(env, WORLD) == "1.10"
    assert feel.compile("at.hour", names=names)(env, WORLD) == 10
    assert feel.to_json(feel.compile("many", names=names)(env, WORLD)) == [1, 2.5]
    assert feel.compile("inf", names=names)(env, WORLD) is None
