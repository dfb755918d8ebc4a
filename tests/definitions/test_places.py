"""Places and offices: the official codes, as many as each department has (common facts §2)."""

from collections import Counter

import pytest
from definitions_builders import GOOD

from ruta.definitions.runtime import compile_folder

SERVICE = compile_folder(GOOD)
PLACES = SERVICE.list("divipola")
COUNTS = {
    "05": 125, "08": 23, "11": 1, "13": 46, "15": 123, "17": 27, "18": 16, "19": 42, "20": 25, "23": 30, "25": 116,
    "27": 31, "41": 37, "44": 15, "47": 30, "50": 29, "52": 64, "54": 40, "63": 12, "66": 14, "68": 87, "70": 26,
    "73": 47, "76": 42, "81": 7, "85": 19, "86": 13, "88": 2, "91": 11, "94": 8, "95": 4, "97": 6, "99": 4,
}  # fmt: skip


def test_each_department_has_the_number_of_codes_that_dane_gives() -> None:
    assert Counter(code.code[:2] for code in PLACES) == COUNTS
    assert sum(COUNTS.values()) == len(PLACES.codes) == 1122


def test_every_code_is_five_digits_in_the_department_that_it_names() -> None:
    departments = {code.code for code in SERVICE.list("departments")}
    assert departments == set(COUNTS)
    for code in PLACES:
        assert code.code.isdigit()
        assert len(code.code) == 5
        assert code.more["department"] == code.code[:2]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("05042", "Santa Fe de Antioquia"),
        ("95001", "San José del Guaviare"),
        ("11001", "Bogotá, D.C."),
        ("15001", "Tunja"),
        ("54001", "San José de Cúcuta"),
        ("27493", "Nuevo Belén de Bajirá"),
        ("94343", "Barrancominas"),
    ],
)
def test_names_are_written_as_people_write_them(code: str, name: str) -> None:
    assert PLACES.title(code) == name


@pytest.mark.parametrize("code", ["94663", "27086"])
def test_codes_that_were_merged_or_never_valid_are_not_there(code: str) -> None:
    assert PLACES.get(code) is None


def test_every_office_stands_in_a_place_or_abroad() -> None:
    for office in SERVICE.list("registry_offices"):
        municipality = office.more["municipality"]
        if office.more["kind"] == "consulate":
            assert municipality == ""
        else:
            assert PLACES.get(municipality) is not None, office.code
            assert office.code.endswith(f"-{municipality}")


def test_the_five_special_offices_and_seven_notaries_issue_entries_of_any_office() -> None:
    issuing = [office for office in SERVICE.list("registry_offices") if office.more["issues"] == "any"]
    assert Counter(office.more["kind"] for office in issuing) == {"registry": 5, "notary": 7}
