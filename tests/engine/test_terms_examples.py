"""The worked examples of the law's arithmetic, each by its id."""

import re
from datetime import date, datetime, time
from typing import Literal

import pytest

from ruta.engine.terms import (
    APPEALS,
    BOGOTA,
    Calendar,
    Evidence,
    Length,
    TermError,
    add_business_days,
    appeal_until,
    business_days_between,
    cite,
    due_date,
    electronic_notice_falls_back,
    extend,
    firm_on,
    in_time,
    loses_force_on,
    negative_silence,
    notified_by_notice,
    pause,
    reception_date,
    resume,
    sanction_until,
    silence_on,
    start,
    tax_act_term_starts,
    web_notice,
)

CALENDAR = Calendar.colombia(range(2024, 2029))


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BOGOTA)


def length(text: str) -> Length:
    return Length.parse(text)


def due(filed: str, how_long: str, calendar: Calendar = CALENDAR) -> date:
    return due_date(reception_date(at(filed), calendar), length(how_long), calendar)


def test_co_16_a_petition_of_fifteen_days_runs_over_saint_joseph_and_holy_week() -> None:
    assert reception_date(at("2026-03-13T10:00"), CALENDAR) == day("2026-03-13")
    assert add_business_days(day("2026-03-13"), 1, CALENDAR) == day("2026-03-16")
    assert due("2026-03-13T10:00", "15 business days") == day("2026-04-08")


def test_co_17_information_and_consultation_have_their_own_lengths() -> None:
    assert due("2026-03-13T10:00", "10 business days") == day("2026-03-30")
    assert due("2026-03-13T10:00", "30 business days") == day("2026-04-29")


def test_co_18_filed_at_closing_time_exactly_is_received_the_next_business_day() -> None:
    assert reception_date(at("2026-03-13T17:00"), CALENDAR) == day("2026-03-16")
    assert due("2026-03-13T17:00", "15 business days") == day("2026-04-09")
    assert reception_date(at("2026-03-13T16:59:59"), CALENDAR) == day("2026-03-13")


def test_co_19_filed_on_a_saturday_is_received_on_monday() -> None:
    assert reception_date(at("2026-03-14T09:00"), CALENDAR) == day("2026-03-16")
    assert due("2026-03-14T09:00", "15 business days") == day("2026-04-09")


def test_co_20_a_term_runs_over_new_year() -> None:
    assert due("2026-12-23T09:00", "15 business days") == day("2027-01-18")


def test_co_21_the_new_holiday_of_july_counts_from_2026_only() -> None:
    assert due("2026-07-08T09:00", "10 business days") == day("2026-07-24")
    assert due("2025-07-08T09:00", "10 business days") == day("2025-07-22")


def test_co_22_two_holidays_on_one_day_take_one_day() -> None:
    assert due("2025-06-24T08:00", "15 business days") == day("2025-07-16")


def test_co_23_an_extension_counts_from_the_reception_and_comes_before_the_end() -> None:
    term = start("answer", length("15 business days"), day("2026-03-13"), CALENDAR)
    extended = extend(term, length("15 business days"), day("2026-04-07"), CALENDAR)
    assert extended.due == day("2026-04-29")
    with pytest.raises(TermError) as late:
        extend(term, length("15 business days"), day("2026-04-09"), CALENDAR)
    assert late.value.code == "too-late"
    with pytest.raises(TermError) as double:
        extend(term, length("16 business days"), day("2026-04-07"), CALENDAR)
    assert double.value.code == "too-long"


def test_co_24_a_requirement_stops_the_term_and_the_answer_lets_the_rest_run() -> None:
    term = start("answer", length("15 business days"), day("2026-05-04"), CALENDAR)
    assert term.due == day("2026-05-26")
    assert due_date(day("2026-05-04"), length("10 business days"), CALENDAR) == day("2026-05-19")
    assert business_days_between(day("2026-05-04"), day("2026-05-14"), CALENDAR) == 8
    assert due_date(day("2026-05-14"), length("1 month"), CALENDAR) == day("2026-06-16")
    paused = pause(term, day("2026-05-14"), CALENDAR)
    assert paused.due is None
    assert resume(paused, day("2026-06-05"), CALENDAR).due == day("2026-06-18")


def test_co_25_a_month_from_30_january_ends_with_february_and_moves_off_the_weekend() -> None:
    assert due_date(day("2026-01-30"), length("1 month"), CALENDAR) == day("2026-03-02")


def test_co_26_a_month_that_ends_on_sunday_before_a_holiday_moves_two_days() -> None:
    assert due_date(day("2026-04-17"), length("1 month"), CALENDAR) == day("2026-05-19")


def test_co_27_a_transfer_takes_five_days_and_the_full_term_starts_anew() -> None:
    assert due_date(day("2026-03-17"), length("5 business days"), CALENDAR) == day("2026-03-25")
    assert due_date(day("2026-03-24"), length("15 business days"), CALENDAR) == day("2026-04-16")


def test_co_28_a_notice_replaces_a_citation_that_nobody_followed() -> None:
    citation = cite(day("2026-09-01"), day("2026-09-04"), CALENDAR)
    assert citation.send_by == day("2026-09-08")
    assert citation.appear_by == day("2026-09-11")
    assert citation.notice_from == day("2026-09-14")
    notified = notified_by_notice(day("2026-09-17"), CALENDAR)
    assert notified == day("2026-09-18")
    appeals = appeal_until("apelacion", notified, CALENDAR)
    assert appeals == day("2026-10-02")
    assert firm_on(appeals) == day("2026-10-03")


@pytest.mark.parametrize("opened", ["2026-10-09", "2026-10-11"])
def test_co_29_a_notice_opened_on_friday_or_sunday_gives_the_same_appeal_term(opened: str) -> None:
    assert due_date(day(opened), length("10 business days"), CALENDAR) == day("2026-10-26")


def test_co_30_a_notice_on_the_web_stays_five_business_days() -> None:
    taken_down, notified = web_notice(day("2026-09-01"), CALENDAR)
    assert taken_down == day("2026-09-08")
    assert notified == day("2026-09-09")
    assert due_date(notified, length("10 business days"), CALENDAR) == day("2026-09-23")


@pytest.mark.parametrize("kind", ["reposicion", "apelacion"])
def test_co_31_silence_answers_an_appeal_after_two_months(kind: Literal["reposicion", "apelacion"]) -> None:
    assert silence_on(kind, day("2026-10-26"), CALENDAR) == day("2026-12-28")
    assert APPEALS[kind].silence == "negative_silence"


def test_co_31_silence_on_an_appeal_comes_after_two_months() -> None:
    assert due_date(day("2026-10-26"), length("2 months"), CALENDAR) == day("2026-12-28")


def test_co_32_negative_silence_comes_after_three_months() -> None:
    assert negative_silence(day("2026-08-31"), CALENDAR) == day("2026-11-30")
    assert negative_silence(day("2026-11-30"), CALENDAR) == day("2027-03-01")
    assert negative_silence(day("2026-08-31"), CALENDAR, decide_in=length("2 months")) == day("2026-11-30")


def test_co_33_a_longer_term_to_decide_puts_silence_a_month_after_it() -> None:
    four_months = length("4 months")
    assert due_date(day("2026-02-10"), four_months, CALENDAR) == day("2026-06-10")
    assert negative_silence(day("2026-02-10"), CALENDAR, decide_in=four_months) == day("2026-07-10")


def test_co_34_the_complaint_against_a_rejected_appeal_has_five_days() -> None:
    assert appeal_until("queja", day("2026-10-08"), CALENDAR) == day("2026-10-16")
    assert silence_on("queja", day("2026-10-16"), CALENDAR) is None


def test_co_35_an_agency_closed_by_resolution_has_a_later_due_date() -> None:
    closed = CALENDAR.closing([day("2026-12-24"), day("2026-12-31")])
    fifteen = length("15 business days")
    assert due_date(day("2026-12-14"), fifteen, closed) == day("2027-01-08")
    assert due_date(day("2026-12-14"), fifteen, CALENDAR) == day("2027-01-06")


def test_co_36_one_minute_before_or_after_closing_is_a_day_of_difference() -> None:
    assert due("2026-06-12T16:59", "3 business days") == day("2026-06-18")
    assert due("2026-06-12T17:01", "3 business days") == day("2026-06-19")


def test_co_45_consultations_and_claims_about_personal_data_are_extended_by_their_own_law() -> None:
    consultation = start("consultation", length("10 business days"), day("2026-03-30"), CALENDAR)
    claim = start("claim", length("15 business days"), day("2026-03-30"), CALENDAR)
    assert (consultation.due, claim.due) == (day("2026-04-15"), day("2026-04-22"))
    told = day("2026-04-10")
    five, eight = length("5 business days"), length("8 business days")
    assert extend(consultation, five, told, CALENDAR, most=five).due == day("2026-04-22")
    assert extend(claim, eight, told, CALENDAR, most=eight).due == day("2026-05-05")
    with pytest.raises(TermError):
        extend(consultation, length("6 business days"), told, CALENDAR, most=five)


def test_co_57_a_tax_act_by_mail_starts_its_term_after_five_business_days() -> None:
    starts = tax_act_term_starts(day("2026-06-05"), CALENDAR)
    assert starts == day("2026-06-16")
    assert appeal_until("reconsideracion", starts, CALENDAR) == day("2026-08-18")


def test_an_unopened_electronic_notice_gives_way_after_five_business_days() -> None:
    assert electronic_notice_falls_back(day("2026-10-05"), CALENDAR) == day("2026-10-13")


def test_an_agency_with_another_closing_time_receives_until_then() -> None:
    assert reception_date(at("2026-03-13T18:30"), CALENDAR, time(19)) == day("2026-03-13")


def test_an_instant_in_another_zone_is_received_by_the_hour_of_bogota() -> None:
    late_evening_in_utc = datetime.fromisoformat("2026-03-13T21:30:00+00:00")
    assert reception_date(late_evening_in_utc, CALENDAR) == day("2026-03-13")
    assert reception_date(datetime.fromisoformat("2026-03-13T22:00:00+00:00"), CALENDAR) == day("2026-03-16")


def test_co_b12_an_appeal_on_day_eleven_is_late_and_revocation_is_still_open() -> None:
    notified = day("2026-10-09")
    assert in_time("apelacion", notified, day("2026-10-26"), CALENDAR)
    assert not in_time("apelacion", notified, day("2026-10-27"), CALENDAR)
    assert not in_time("apelacion", notified, day("2026-10-08"), CALENDAR)
    assert in_time("revocatoria", notified, day("2030-01-01"), CALENDAR)
    assert silence_on("revocatoria", notified, CALENDAR) is None


def test_evidence_stops_the_term_of_an_appeal_for_thirty_business_days_at_most() -> None:
    filed = day("2026-10-26")
    month = Evidence(day("2026-11-03"), day("2026-12-03"))
    assert business_days_between(month.since, month.until, CALENDAR) == 21
    # 26 December and thirty days more is a Monday, 25 January 2027
    assert silence_on("apelacion", filed, CALENDAR, month) == day("2027-01-25")
    with pytest.raises(TermError) as long:
        silence_on("apelacion", filed, CALENDAR, month, Evidence(day("2026-12-03"), day("2026-12-31")))
    assert long.value.code == "evidence-too-long"
    assert "30" in long.value.say["es"]


def test_silence_on_a_tax_reconsideration_is_positive_after_a_year() -> None:
    assert silence_on("reconsideracion", day("2026-08-18"), CALENDAR) == day("2027-08-18")
    assert APPEALS["reconsideracion"].silence == "positive_silence"


def test_an_act_loses_its_force_after_five_years_and_a_fact_is_sanctioned_for_three() -> None:
    assert loses_force_on(day("2026-10-03")) == day("2031-10-03")
    assert sanction_until(day("2024-02-29")) == day("2027-02-28")


REFERENCE = (16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 57)


def test_every_worked_example_of_the_reference_has_its_test() -> None:
    told = {int(found[1]) for name in globals() if (found := re.match(r"test_co_(\d+)_", name))}
    assert set(REFERENCE) <= told
