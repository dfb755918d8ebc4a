"""A running term: what stops it, what lengthens it, when it is over."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ruta.engine.terms import (
    BOGOTA,
    Calendar,
    Length,
    LengthError,
    TermError,
    TermState,
    add_business_days,
    business_days_between,
    due_at,
    expire,
    extend,
    is_business_day,
    met,
    pause,
    recompute,
    resume,
    start,
)

CALENDAR = Calendar.colombia(range(2023, 2031))
STARTS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def term(length: str = "15 business days", started: str = "2026-05-04") -> TermState:
    return start("answer", Length.parse(length), date.fromisoformat(started), CALENDAR)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BOGOTA)


def suspended(state: TermState, after: int, days: int) -> TermState:
    """Stop the term `after` business days from where it last ran, for `days` business days."""
    begun = state.suspensions[-1].until if state.suspensions else state.started
    stopped = add_business_days(begun, after, CALENDAR)
    lifted = add_business_days(stopped, days, CALENDAR)
    return resume(pause(state, stopped, CALENDAR), lifted, CALENDAR)


@given(STARTS, st.integers(1, 60), st.data())
def test_suspending_n_business_days_moves_the_end_by_n_business_days(
    started: date, length: int, data: st.DataObject
) -> None:
    used = data.draw(st.integers(0, length))
    stopped_for = data.draw(st.integers(0, 90))
    begun = start("t", Length(length, "business days"), started, CALENDAR)
    moved = suspended(begun, used, stopped_for)
    assert begun.due is not None and moved.due is not None
    assert moved.due == add_business_days(begun.due, stopped_for, CALENDAR)


@given(STARTS, st.integers(4, 60), st.integers(0, 40), st.integers(0, 40), st.data())
def test_the_order_of_suspensions_does_not_matter(
    started: date, length: int, first: int, second: int, data: st.DataObject
) -> None:
    used = data.draw(st.integers(0, length // 2))
    used_more = data.draw(st.integers(0, length // 2))
    begun = start("t", Length(length, "business days"), started, CALENDAR)
    one = suspended(suspended(begun, used, first), used_more, second)
    other = suspended(suspended(begun, used, second), used_more, first)
    assert one.due == other.due


@given(STARTS, st.integers(1, 24), st.integers(0, 20), st.integers(0, 60))
def test_a_term_in_months_moves_by_the_days_it_was_suspended(
    started: date, months: int, used: int, days: int
) -> None:
    begun = start("t", Length(months, "months", moves=False), started, CALENDAR)
    stopped = started + timedelta(days=used)
    moved = resume(pause(begun, stopped, CALENDAR), stopped + timedelta(days=days), CALENDAR)
    assert begun.due is not None and moved.due is not None
    assert (moved.due - begun.due).days == days


@given(STARTS, st.sampled_from(["business days", "calendar days", "months"]), st.integers(0, 30))
def test_a_term_never_ends_on_a_holiday(started: date, unit: str, amount: int) -> None:
    begun = start("t", Length.parse(f"{amount} {unit}"), started, CALENDAR)
    assert begun.due is not None
    assert is_business_day(begun.due, CALENDAR)


@given(STARTS, st.integers(1, 40), st.data())
def test_a_state_survives_being_stored(started: date, length: int, data: st.DataObject) -> None:
    state = start("t", Length(length, "business days"), started, CALENDAR, binds="person")
    if data.draw(st.booleans()):
        state = suspended(state, data.draw(st.integers(0, length)), 3)
    if data.draw(st.booleans()):
        assume(state.due is not None)
        state = extend(state, Length(1, "business days"), started, CALENDAR)
    if data.draw(st.booleans()):
        state = pause(state, state.due or started, CALENDAR, reason="charge")
    assert TermState.from_json(json.loads(json.dumps(state.to_json()))) == state


def test_a_term_is_in_time_until_the_last_second_of_the_day() -> None:
    state = term()
    assert state.due_at == at("2026-05-26T23:59:59")
    with pytest.raises(TermError) as early:
        expire(state, at("2026-05-26T23:59:59"))
    assert early.value.code == "not-due"
    over = expire(state, at("2026-05-27T00:00:00"), effect="negative_silence")
    assert (over.state, over.effect, over.closed_on) == ("expired", "negative_silence", date(2026, 5, 26))


def test_a_suspended_term_does_not_expire_and_cannot_be_stopped_after_its_end() -> None:
    paused = pause(term(), date(2026, 5, 14), CALENDAR)
    with pytest.raises(TermError) as error:
        expire(paused, at("2027-01-01T00:00:00"))
    assert error.value.code == "not-running"
    with pytest.raises(TermError) as over:
        pause(term(), date(2026, 5, 27), CALENDAR)
    assert over.value.code == "over"
    with pytest.raises(TermError) as early:
        pause(term(), date(2026, 5, 1), CALENDAR)
    assert early.value.code == "before-start"


def test_two_reasons_stop_a_term_until_the_last_is_gone() -> None:
    state = pause(term(), date(2026, 5, 14), CALENDAR, reason="charge")
    state = pause(state, date(2026, 5, 15), CALENDAR, reason="return")
    with pytest.raises(TermError) as twice:
        pause(state, date(2026, 5, 15), CALENDAR, reason="charge")
    assert twice.value.code == "already-paused"
    state = resume(state, date(2026, 5, 20), CALENDAR, reason="charge")
    assert state.state == "paused"
    state = resume(state, date(2026, 6, 5), CALENDAR, reason="return")
    assert state.due == date(2026, 6, 18)
    with pytest.raises(TermError) as gone:
        resume(state, date(2026, 6, 8), CALENDAR, reason="return")
    assert gone.value.code == "not-paused"


def test_an_answer_cannot_come_before_the_requirement() -> None:
    paused = pause(term(), date(2026, 5, 14), CALENDAR)
    with pytest.raises(TermError) as error:
        resume(paused, date(2026, 5, 13), CALENDAR)
    assert error.value.code == "before-pause"


def test_a_term_is_extended_once_and_in_the_same_kind_of_time() -> None:
    five = Length.parse("5 business days")
    longer = extend(term(), five, date(2026, 5, 20), CALENDAR)
    with pytest.raises(TermError) as again:
        extend(longer, five, date(2026, 5, 20), CALENDAR)
    assert again.value.code == "extended-before"
    with pytest.raises(TermError) as other:
        extend(term(), Length.parse("1 month"), date(2026, 5, 20), CALENDAR)
    assert other.value.code == "other-unit"


def test_an_extension_of_a_suspended_term_counts_once_it_runs_again() -> None:
    paused = pause(term(), date(2026, 5, 14), CALENDAR)
    longer = extend(paused, Length.parse("5 business days"), date(2026, 5, 20), CALENDAR)
    assert longer.due is None
    resumed = resume(longer, date(2026, 6, 5), CALENDAR)
    assert resumed.due == add_business_days(date(2026, 6, 18), 5, CALENDAR)


def test_a_term_that_was_met_is_closed_for_good() -> None:
    done = met(term(), date(2026, 5, 20))
    assert (done.state, done.closed_on) == ("met", date(2026, 5, 20))
    assert met(pause(term(), date(2026, 5, 14), CALENDAR), date(2026, 5, 20)).state == "met"
    changes: list[Callable[[], TermState]] = [
        lambda: met(done, date(2026, 5, 21)),
        lambda: pause(done, date(2026, 5, 21), CALENDAR),
        lambda: extend(done, Length.parse("1 business day"), date(2026, 5, 21), CALENDAR),
        lambda: expire(done, at("2027-01-01T00:00:00")),
    ]
    for change in changes:
        with pytest.raises(TermError) as error:
            change()
        assert error.value.code == "not-running"


def test_a_new_calendar_changes_an_open_term_only_in_the_persons_favour() -> None:
    agency = term()
    person = start("answer", agency.length, agency.started, CALENDAR, binds="person")
    with_a_holiday = CALENDAR.closing([date(2026, 5, 20)])
    assert recompute(agency, with_a_holiday) == agency
    later = recompute(person, with_a_holiday)
    assert later.due == date(2026, 5, 27)
    back = start("answer", agency.length, agency.started, with_a_holiday)
    assert recompute(back, CALENDAR).due == date(2026, 5, 26)
    paused = pause(agency, date(2026, 5, 14), CALENDAR)
    assert recompute(paused, with_a_holiday) == paused


def test_hours_run_at_night_and_working_hours_do_not() -> None:
    friday = at("2026-06-12T16:00:00")
    assert due_at(friday, Length.parse("48 hours"), CALENDAR) == at("2026-06-14T16:00:00")
    # Saturday, Sunday and the holiday of Monday 15 June do not count.
    assert due_at(friday, Length.parse("8 working hours"), CALENDAR) == at("2026-06-16T15:00:00")
    assert due_at(at("2026-06-13T10:00:00"), Length.parse("1 working hour"), CALENDAR) == at(
        "2026-06-16T09:00:00"
    )
    with pytest.raises(ValueError, match="instant"):
        due_at(date(2026, 6, 12), Length.parse("48 hours"), CALENDAR)


def test_a_term_in_hours_stops_by_the_clock() -> None:
    state = start("t", Length.parse("48 hours"), at("2026-06-12T16:00:00"), CALENDAR)
    state = pause(state, at("2026-06-13T16:00:00"), CALENDAR)
    state = resume(state, at("2026-06-15T10:00:00"), CALENDAR)
    assert state.due_at == at("2026-06-16T10:00:00")
    working = start("t", Length.parse("8 working hours"), at("2026-06-12T15:00:00"), CALENDAR)
    working = pause(working, at("2026-06-12T16:30:00"), CALENDAR)
    working = resume(working, at("2026-06-16T12:00:00"), CALENDAR)
    assert working.due_at == at("2026-06-17T09:30:00")
    assert TermState.from_json(working.to_json()) == working


def test_a_health_term_ends_on_its_day_even_on_a_holiday() -> None:
    assert term("5 calendar days exact", "2026-06-10").due == date(2026, 6, 15)
    assert term("5 calendar days", "2026-06-10").due == date(2026, 6, 16)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("10 business days", Length(10, "business days")),
        ("1 business day", Length(1, "business days")),
        ("20 calendar days", Length(20, "calendar days")),
        ("1 month", Length(1, "months")),
        ("2 years", Length(24, "months")),
        ("48 hours", Length(48, "hours")),
        ("8  working hours", Length(8, "working hours")),
        ("5 calendar days exact", Length(5, "calendar days", moves=False)),
    ],
)
def test_lengths_are_read_as_the_contract_writes_them(written: str, read: Length) -> None:
    assert Length.parse(written) == read
    assert Length.parse(str(read)) == read


@pytest.mark.parametrize(
    "written", ["", "10", "ten days", "10 days", "-1 business days", "1.5 months", "3 weeks"]
)
def test_a_length_that_cannot_be_read_says_how_to_write_it(written: str) -> None:
    with pytest.raises(LengthError) as error:
        Length.parse(written)
    assert "10 business days" in error.value.say["es"]
    assert "10 business days" in error.value.say["en"]


@given(STARTS, st.integers(1, 40), st.integers(1, 10))
def test_days_used_and_days_left_add_up_to_the_term(started: date, length: int, gap: int) -> None:
    begun = start("t", Length(length, "business days"), started, CALENDAR)
    moved = suspended(begun, length // 2, gap)
    stop = moved.suspensions[0]
    assert isinstance(stop.since, date) and isinstance(stop.until, date) and moved.due is not None
    used = business_days_between(started, stop.since, CALENDAR)
    left = business_days_between(stop.until, moved.due, CALENDAR)
    assert used + left == length
