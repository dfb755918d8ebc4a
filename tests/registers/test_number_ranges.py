"""Offices give out numbers from their ranges; nobody gets one twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from registers_builders import CLERK, pet, pets

from ruta.kernel import clock
from ruta.kernel.errors import Conflict, NotFound
from ruta.registers import blocks, services
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


@pytest.mark.django_db(transaction=True)
def test_two_devices_that_take_a_block_at_once_over_two_connections_get_two_blocks() -> None:
    opened()
    together = Barrier(2)

    def take(holder: str) -> tuple[str, ...]:
        together.wait()
        try:
            return blocks.take_block(
                "pet", "chip", office="1501-15001", count=2, holder=holder, until=clock.now(), actor=CLERK
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(take, ("one", "two"))
    assert sorted(first + second) == ["1140987652", "1140987653", "1140987654", "1140987655"]
    with pytest.raises(Conflict, match="No numbers"):
        blocks.take_block(
            "pet", "chip", office="1501-15001", count=1, holder="three", until=clock.now(), actor=CLERK
        )


def test_numbers_of_a_block_go_back_where_the_register_may_use_them_again_and_are_void_where_not() -> None:
    opened()
    with_block(("1140987652", "1140987653"))
    assert blocks.end_blocks("device", reason="Volvió") == 2
    assert reserve(CASE, count=2) == ("1140987654", "1140987655")  # a chip is never reused
    with pytest.raises(Conflict, match="void"):
        services.record_entry("pet", pet(chip="1140987652"), actor=CLERK, case_number=CASE)
    pets(never_reused=[])
    services.open_range("pet", "chip", first=1140987700, last=1140987701, office="1501-15001")
    with_block(("1140987700", "1140987701"))
    assert blocks.end_blocks("device", reason="Volvió") == 2
    assert reserve(OTHER) == ("1140987700",)


def with_block(numbers: tuple[str, ...]) -> None:
    until = clock.now() + timedelta(days=1)
    got = blocks.take_block(
        "pet", "chip", office="1501-15001", count=2, holder="device", until=until, actor=CLERK
    )
    assert got == numbers


def test_a_number_given_on_paper_is_the_cases_and_void_when_it_ends_without_an_entry() -> None:
    opened()
    with_block(("1140987652", "1140987653"))
    blocks.give("device", "pet", "chip", "1140987653", case_number=CASE)
    with pytest.raises(Conflict, match="another case"):
        blocks.give("device", "pet", "chip", "1140987653", case_number=OTHER)
    assert reserve(CASE) == reserve(CASE) == ("1140987653",)
    assert reserve(CASE, count=2, token="1") == ("1140987653", "1140987654")  # twins: one was on paper
    services.lapse(CASE)
    assert reserve(OTHER) == ("1140987654",)
    with pytest.raises(Conflict, match="void"):
        services.record_entry("pet", pet(chip="1140987653"), actor=CLERK, case_number=CASE)
