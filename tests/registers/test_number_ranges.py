"""Offices give out numbers from their ranges; nobody gets one twice."""

from datetime import timedelta

import pytest
from registers_builders import CLERK, pet, pets

from ruta.kernel import clock
from ruta.kernel.errors import Conflict, NotFound
from ruta.registers import services
from ruta.registers.models import Reservation

pytestmark = pytest.mark.django_db

CASE, OTHER = "2026-CRB-000123-7", "2026-CRB-000124-5"


def opened() -> None:
    pets()
    services.open_range("pet", "chip", first=1140987652, last=1140987655, office="1501-15001")


def reserve(case: str, *, count: int = 1, token: str = "1") -> tuple[str, ...]:
    until = clock.now() + timedelta(days=1)
    return services.reserve_number(
        "pet", "chip", office="1501-15001", until=until, case_number=case, token=token, count=count
    )


def test_cr_15_twins_get_consecutive_numbers_and_the_next_is_free() -> None:
    """`CR-15`: next 1140987652 → 1140987652 and 1140987653; next 1140987654."""
    opened()
    assert reserve(CASE, count=2) == ("1140987652", "1140987653")
    assert reserve(OTHER) == ("1140987654",)


def test_a_step_that_runs_twice_gets_the_same_numbers() -> None:
    opened()
    assert reserve(CASE, count=2) == reserve(CASE, count=2)
    assert Reservation.objects.count() == 2


def test_a_reservation_that_lapsed_is_given_again_and_a_used_one_is_not() -> None:
    opened()
    assert reserve(CASE) == ("1140987652",)
    assert reserve(OTHER) == ("1140987653",)
    services.record_entry("pet", pet(chip="1140987653"), actor=CLERK, case_number=OTHER)
    with clock.moved(clock.now() + timedelta(days=2)):
        assert reserve("2026-CRB-000132-3") == ("1140987652",)
        assert reserve("2025-CRB-000123-0") == ("1140987654",)


def test_a_number_reserved_for_another_case_cannot_be_recorded() -> None:
    opened()
    reserve(CASE)
    with pytest.raises(Conflict, match="reserved for another case"):
        services.record_entry("pet", pet(chip="1140987652"), actor=CLERK, case_number=OTHER)
    services.record_entry("pet", pet(chip="1140987652"), actor=CLERK, case_number=CASE)


def test_a_case_that_ends_lets_go_of_its_numbers() -> None:
    opened()
    reserve(CASE)
    assert services.lapse(CASE) == 1
    assert reserve(OTHER) == ("1140987652",)


def test_a_range_that_is_used_up_overlaps_or_is_unknown_is_refused() -> None:
    opened()
    with pytest.raises(Conflict, match="No numbers"):
        reserve(CASE, count=5)
    with pytest.raises(Conflict, match="overlap"):
        services.open_range("pet", "chip", first=1140987655, last=1140987700, office="1501-15002")
    with pytest.raises(NotFound):
        services.open_range("pet", "collar", first=1, last=2)
