"""The calendar against the table of holidays and business days of 2024 to 2027, and what each term arithmetic promises."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruta.engine.terms import (
    Calendar,
    CalendarEnds,
    add_business_days,
    business_days_between,
    is_business_day,
    next_business_day,
)

CALENDAR = Calendar.colombia(range(2023, 2030))

HOLIDAYS = {
    2024: "01-01 01-08 03-25 03-28 03-29 05-01 05-13 06-03 06-10 07-01 07-20 08-07 08-19 10-14 11-04 11-11 12-08 12-25",
    2025: "01-01 01-06 03-24 04-17 04-18 05-01 06-02 06-23 06-30 07-20 08-07 08-18 10-13 11-03 11-17 12-08 12-25",
    2026: "01-01 01-12 03-23 04-02 04-03 05-01 05-18 06-08 06-15 06-29 07-13 07-20 08-07 08-17 10-12 11-02 11-16 "
    "12-08 12-25",
    2027: "01-01 01-11 03-22 03-25 03-26 05-01 05-10 05-31 06-07 07-05 07-12 07-20 08-07 08-16 10-18 11-01 11-15 "
    "12-08 12-25",
}

BUSINESS_DAYS = {
    2024: (246, (21, 21, 18, 22, 21, 18, 22, 20, 21, 22, 19, 21)),
    2025: (245, (21, 20, 20, 20, 21, 18, 23, 19, 22, 22, 18, 21)),
    2026: (242, (20, 20, 21, 20, 19, 19, 21, 19, 22, 21, 19, 21)),
    2027: (245, (19, 20, 20, 22, 19, 21, 19, 21, 22, 20, 20, 22)),
}

days = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize("year", HOLIDAYS)
def test_the_holidays_of_the_year_are_those_of_the_law(year: int) -> None:
    expected = {date.fromisoformat(f"{year}-{day}") for day in HOLIDAYS[year].split()}
    assert {day for day in CALENDAR.holidays if day.year == year} == expected


@pytest.mark.parametrize("year", BUSINESS_DAYS)
def test_each_month_has_its_number_of_business_days(year: int) -> None:
    total, by_month = BUSINESS_DAYS[year]
    counted = [0] * 12
    day = date(year, 1, 1)
    while day.year == year:
        counted[day.month - 1] += is_business_day(day, CALENDAR)
        day += timedelta(days=1)
    assert tuple(counted) == by_month
    assert sum(counted) == total


def test_a_day_closed_by_resolution_is_no_business_day_of_that_agency_only() -> None:
    closed = CALENDAR.closing([date(2026, 12, 24)])
    assert not is_business_day(date(2026, 12, 24), closed)
    assert is_business_day(date(2026, 12, 24), CALENDAR)


def test_a_term_that_leaves_the_calendar_is_refused_and_not_guessed() -> None:
    short = Calendar.colombia([2026])
    with pytest.raises(CalendarEnds) as error:
        add_business_days(date(2026, 12, 28), 15, short)
    assert "31/12/2026" in error.value.say["es"]
    with pytest.raises(CalendarEnds):
        is_business_day(date(2027, 1, 4), short)


def test_the_version_of_the_calendar_says_where_it_comes_from() -> None:
    assert CALENDAR.version.startswith("CO-2023-2029/holidays-")


@given(days, st.integers(0, 200))
def test_a_term_never_ends_on_a_holiday(start: date, length: int) -> None:
    assert is_business_day(add_business_days(start, length, CALENDAR), CALENDAR)


@given(days, st.integers(1, 200))
def test_counting_back_what_was_counted_forward_gives_the_length(start: date, length: int) -> None:
    end = add_business_days(start, length, CALENDAR)
    assert business_days_between(start, end, CALENDAR) == length
    assert add_business_days(end, -length, CALENDAR) <= next_business_day(start, CALENDAR)


@given(days, st.integers(0, 60), st.integers(0, 60))
def test_two_terms_in_a_row_are_as_long_as_one(start: date, first: int, second: int) -> None:
    begun = next_business_day(start, CALENDAR)
    middle = add_business_days(begun, first, CALENDAR)
    assert add_business_days(middle, second, CALENDAR) == add_business_days(begun, first + second, CALENDAR)


@given(days)
def test_the_day_of_the_event_does_not_count(start: date) -> None:
    end = add_business_days(start, 1, CALENDAR)
    assert end > start
    between = (start + timedelta(days=n) for n in range(1, (end - start).days))
    assert not any(is_business_day(day, CALENDAR) for day in between)
