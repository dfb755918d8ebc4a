"""Identifiers of persons, organisations, cases and outputs: every worked example and every bad input of common facts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruta.kernel import identifiers
from ruta.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("number", "nit"),
    [
        ("800197268", "800197268-4"),  # CO-01
        ("899999040", "899999040-4"),  # CO-02
        ("899999053", "899999053-1"),  # CO-03
        ("899999011", "899999011-0"),  # CO-04
        ("899999061", "899999061-9"),  # CO-05
        ("1020304050", "1020304050-8"),  # CO-06
        ("52148963", "52148963-3"),  # CO-07
        ("900123456", "900123456-8"),  # CO-08
    ],
)
def test_co_01_to_08_the_check_digit_of_a_nit(number: str, nit: str) -> None:
    assert f"{number}-{identifiers.nit_check_digit(number)}" == nit
    assert identifiers.parse_nit(identifiers.format_nit(nit)) == nit


def refusal(kind: str, typed: str, **more: object) -> tuple[str, str, str]:
    with pytest.raises(Invalid) as refused:
        identifiers.parse_document(kind, typed, **more)  # type: ignore[arg-type]
    problem = refused.value.problems[0]
    return problem.check, problem.say["es"], problem.say["en"]


def test_co_b01_a_wrong_check_digit_is_told_with_the_right_one() -> None:
    with pytest.raises(Invalid) as refused:
        identifiers.parse_nit("899999053-2")
    assert refused.value.say("en") == (
        "Check digit of the NIT: for 899999053 it is 1, not 2. Review the number on the RUT."
    )
    assert "para 899999053 es 1, no 2" in refused.value.say("es")
    assert refused.value.field == "/nit"


def test_co_b02_a_letter_in_a_cedula() -> None:
    check, es, en = refusal("CC", "52.148.96A")
    assert check == "digits"
    assert en == "Document number: only digits. Write it without letters, dots or spaces."
    assert es == "Número de documento: solo lleva números. Escríbalo sin letras, puntos ni espacios."


def test_co_b03_a_cedula_of_nine_digits() -> None:
    _, es, en = refusal("CC", "123456789")
    assert (
        "a cédula has up to 8 digits or exactly 10. Check whether a digit is missing; if it is a NIT choose NIT"
        in en
    )
    assert "hasta 8 cifras o exactamente 10" in es


def test_co_b04_an_identity_card_whose_digits_are_no_date() -> None:
    _, es, en = refusal("TI", "99133012345")
    assert (
        en
        == "Document number: the first six digits must be the birth date (yymmdd); month 13 does not exist."
    )
    assert "el mes 13 no existe" in es
    _, es, _ = refusal("TI", "98032712345", birth_date=date(1998, 3, 28))
    assert "no coinciden con la fecha que dio" in es
    assert identifiers.parse_document("TI", "980327-12345", birth_date=date(1998, 3, 27)) == "98032712345"


@pytest.mark.parametrize(
    ("kind", "typed", "stored"),
    [
        ("CC", "52.148.963", "52148963"),
        ("CC", " 1.020.304.050 ", "1020304050"),
        ("CC", "123", "123"),
        ("TI", "1020304050", "1020304050"),
        ("RC", "1020304050", "1020304050"),
        ("CE", "123456", "123456"),
        ("PA", "ab 123456", "AB123456"),
        ("PE", "123456789012345", "123456789012345"),
        ("PT", "1234567", "1234567"),
        ("CN", "12345678-9", "123456789"),
        ("NI", "899.999.053-1", "899999053"),
        ("AS", "n1", "N1"),
    ],
)
def test_a_number_is_stored_without_dots_blanks_and_hyphens(kind: str, typed: str, stored: str) -> None:
    assert identifiers.parse_document(kind, typed) == stored


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("CC", "012345"),
        ("CC", "2020304050"),
        ("CC", ""),
        ("CC", "٣٤٥٦"),
        ("RC", "52148963"),
        ("CE", "12345"),
        ("PA", "A1"),
        ("PE", "123"),
        ("PT", "12345"),
        ("SC", "12"),
        ("CN", "1234567"),
        ("XX", "1"),
        ("NI", "8999990531"),
        ("NI", "899999053"),
        ("NI", "8999A-1"),
        ("NI", "12-1"),
    ],
)
def test_what_cannot_be_a_number_of_its_type_is_refused_in_both_languages(kind: str, typed: str) -> None:
    _, es, en = refusal(kind, typed)
    assert es and en and es != en
    assert es.endswith((".", "?"))


def test_a_document_is_shown_grouped() -> None:
    assert identifiers.format_document("CC", "1020304050") == "1.020.304.050"
    assert identifiers.format_document("NI", "899999053") == "899.999.053-1"
    assert identifiers.format_document("PA", "AB123456") == "AB123456"


def test_the_document_that_one_shows_depends_on_the_age() -> None:
    assert identifiers.document_types_by_age(6) == ("RC",)
    assert identifiers.document_types_by_age(7) == ("TI", "RC")
    assert identifiers.document_types_by_age(18) == ("CC", "TI")
    assert identifiers.document_types_by_age(19) == ("CC",)


@pytest.mark.parametrize(
    ("parts", "number"),
    [
        ((2026, "CRB", 123), "2026-CRB-000123-7"),  # CO-09
        ((2026, "CRB", 124), "2026-CRB-000124-5"),  # CO-10
        ((2026, "CRB", 132), "2026-CRB-000132-3"),  # CO-11
        ((2025, "CRB", 123), "2025-CRB-000123-0"),  # CO-12
        ((2026, "EMP", 987654), "2026-EMP-987654-8"),  # CO-13
        ((2026, "PQR", 45), "2026-PQR-000045-9"),  # CO-14
        ((2027, "VIC", 999999), "2027-VIC-999999-8"),  # CO-15
    ],
)
def test_co_09_to_15_the_case_number(parts: tuple[int, str, int], number: str) -> None:
    assert identifiers.case_number(*parts) == number
    assert identifiers.parse_case_number(number.replace("-", "").lower()) == number
    assert identifiers.parse_case_number(f" {number.replace('-', ' ')} ") == number


def test_a_sequence_beyond_six_digits_grows() -> None:
    number = identifiers.case_number(2026, "CRB", 1_234_567)
    assert number.startswith("2026-CRB-1234567-")
    assert identifiers.split_case_number(number).sequence == 1_234_567


def test_co_b05_a_wrong_digit_of_a_case_number() -> None:
    with pytest.raises(Invalid) as refused:
        identifiers.parse_case_number("2026-CRB-000123-8")
    assert refused.value.say("en") == (
        "Case number: a digit is wrong (the control digit does not match). Copy it from your receipt."
    )
    assert "el dígito de control no coincide" in refused.value.say("es")


@pytest.mark.parametrize("typed", ["", "123", "2026-CR-000123-7", "2026-CRB-000000-1", "2026-CRB-0000123-7"])
def test_what_is_no_case_number_is_told_its_form(typed: str) -> None:
    with pytest.raises(Invalid, match="2026-CRB-000123-7"):
        identifiers.parse_case_number(typed)


@given(st.integers(1000, 9999), st.integers(1, 9_999_999), st.data())
def test_every_single_wrong_digit_of_a_case_number_is_found(
    year: int, sequence: int, data: st.DataObject
) -> None:
    number = identifiers.case_number(year, "CRB", sequence)
    places = [place for place, character in enumerate(number) if character.isdigit()]
    place = data.draw(st.sampled_from(places))
    wrong = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != number[place]]))
    with pytest.raises(Invalid):
        identifiers.parse_case_number(number[:place] + wrong + number[place + 1 :])


def test_co_56_the_check_digit_of_gs1() -> None:
    assert identifiers.gs1_check_digit("770999800123") == 7


@given(st.data())
def test_every_single_wrong_character_of_an_output_code_is_found(data: st.DataObject) -> None:
    code = identifiers.output_code()
    assert identifiers.parse_output_code(code.lower().replace("-", " ")) == code
    place = data.draw(st.sampled_from([place for place, character in enumerate(code) if character != "-"]))
    wrong = data.draw(st.sampled_from([c for c in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" if c != code[place]]))
    with pytest.raises(Invalid, match="letter or digit is wrong"):
        identifiers.parse_output_code(code[:place] + wrong + code[place + 1 :])


def test_an_output_code_is_read_as_people_misread_it() -> None:
    code = next(code for code in iter(identifiers.output_code, None) if "0" in code and "1" in code)
    assert identifiers.parse_output_code(code.replace("0", "o").replace("1", "l")) == code
    with pytest.raises(Invalid, match="twelve letters or digits"):
        identifiers.parse_output_code("K7QF-9M2P-XW4U")
    assert len({identifiers.output_code() for _ in range(200)}) == 200
