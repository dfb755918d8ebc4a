"""A day on which an agency is closed by resolution is no business day in its terms, and in nobody else's (R11)."""

from datetime import date

import pytest

from ruta.engine.terms import Length, due_date
from ruta.kernel import calendars

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget() -> None:
    calendars._read.clear()


def test_co_35_two_closed_days_in_december_move_the_end_for_that_agency_alone() -> None:
    for day in (date(2026, 12, 24), date(2026, 12, 31)):
        calendars.close("899999040-4", day, resolution="Res. 1 de 2026")
    length = Length.parse("15 business days")
    assert due_date(date(2026, 12, 14), length, calendars.calendar_of("899999040-4")) == date(2027, 1, 8)
    assert due_date(date(2026, 12, 14), length, calendars.calendar_of("899999053-1")) == date(2027, 1, 6)


def test_closing_a_day_twice_is_once() -> None:
    first = calendars.close("899999040-4", date(2026, 12, 24), resolution="Res. 1 de 2026")
    assert calendars.close("899999040-4", date(2026, 12, 24), resolution="otra").pk == first.pk
