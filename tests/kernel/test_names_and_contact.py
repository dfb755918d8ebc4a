"""Names, telephones, e-mail, dates and places as people type them (common facts §2–4)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruta.kernel import dates, names
from ruta.kernel.errors import Invalid
from ruta.kernel.formats import FORMATS
from ruta.kernel.names import Match, PersonName

FIRST = {"es": "Primer nombre", "en": "First name"}


def refused(call: object, *args: object, **kwargs: object) -> Invalid:
    with pytest.raises(Invalid) as wrong:
        call(*args, **kwargs)  # type: ignore[operator]
    assert all(problem.say["es"] and problem.say["en"] for problem in wrong.value.problems)
    return wrong.value


def test_co_b08_digits_in_a_name_and_somebody_with_one_name() -> None:
    wrong = refused(names.parse_name, "Mar1a", at="/first_name", label=FIRST)
    assert wrong.say("en").startswith("First name: digits are not allowed.")
    assert wrong.field == "/first_name"
    assert names.parse_name("", at="/first_surname", label=FIRST, required=False) == ""
    assert str(PersonName("Sukarno")) == "Sukarno"


@pytest.mark.parametrize(
    "typed", ["D'Costa", "D’Costa", "María del Mar", "Núñez-Ávila", "Łukasz", "St. John"]
)
def test_names_of_this_and_other_languages_are_taken_as_typed(typed: str) -> None:
    assert names.parse_name(f"  {typed}  ", at="/x", label=FIRST) == typed


@pytest.mark.parametrize("typed", ["", "Ana@", "Ana_", "A" * 61, "<b>Ana</b>"])
def test_what_is_no_name_is_refused(typed: str) -> None:
    refused(names.parse_name, typed, at="/x", label=FIRST)


@pytest.mark.parametrize(
    ("one", "other", "match"),
    [
        (("María", "Rojas", "Pérez"), ("MARÍA ", "rojas", "Pérez"), Match.EXACT),
        (("D’Angelo", "Rojas", ""), ("D'Angelo", "Rojas", ""), Match.EXACT),
        (("Maria", "Rojas", "Perez"), ("María", "Rojas", "Pérez"), Match.EQUIVALENT),
        (("Ana María", "Rojas-Díaz", ""), ("Ana María", "Rojas Díaz", ""), Match.EQUIVALENT),
        (("María Fernanda", "Rojas", "Pérez"), ("María", "Rojas", "Gómez"), Match.PARTIAL),
        (("María", "Nunez", ""), ("María", "Núñez", ""), Match.DIFFERENT),
        (("María", "Rojas", ""), ("Marta", "Rojas", ""), Match.DIFFERENT),
    ],
)
def test_names_are_compared_and_enie_is_never_n(
    one: tuple[str, str, str], other: tuple[str, str, str], match: Match
) -> None:
    assert names.compare(PersonName(*one), PersonName(*other)) == match


def test_a_search_forgives_what_equality_does_not() -> None:
    assert names.fold("  ÑOÑO   D'Acosta-Peña ") == "nono dacosta pena"
    assert names.identity_key("Núñez") == "nuñez"
    assert sorted(["Óscar", "Nunez", "Ñañez", "Núñez", "Ana"], key=names.sort_key) == [
        "Ana",
        "Nunez",
        "Núñez",
        "Ñañez",
        "Óscar",
    ]


@given(st.text(max_size=40))
def test_folding_is_stable_for_any_text(text: str) -> None:
    assert names.fold(names.fold(text)) == names.fold(text)


def fault(name: str, typed: str, kind: str = "") -> str:
    said = FORMATS[name].fault(typed, kind)
    return said["en"] if said else ""


def test_co_b09_a_mobile_and_an_address_that_cannot_be() -> None:
    assert fault("mobile", "123456789").startswith("10 digits that start with 3.")
    assert fault("email", "ana@") == "the part after @ is missing."


@pytest.mark.parametrize("typed", ["300 123 4567", "+57 300-123-4567", "(300) 1234567"])
def test_a_mobile_is_taken_as_people_write_it(typed: str) -> None:
    assert fault("mobile", typed) == ""
    assert FORMATS["mobile"].stored(typed) == "3001234567"


def test_a_land_line_has_its_area() -> None:
    assert fault("landline", "601 234 5678") == ""
    assert FORMATS["landline"].stored("601 234 5678") == "6012345678"
    assert fault("landline", "2345678").startswith("10 digits: 60")


def test_an_address_is_taken_in_lower_case() -> None:
    assert fault("email", " Ana.Rojas@Correo.GOV.co ") == ""
    assert FORMATS["email"].stored(" Ana.Rojas@Correo.GOV.co ") == "ana.rojas@correo.gov.co"


@pytest.mark.parametrize(
    "typed", ["", "ana", "@x.co", "a b@x.co", "ana@x", "ana@-x.co", "a..b@x.co", "a" * 65 + "@x.co"]
)
def test_what_is_no_address_is_told_what_lacks(typed: str) -> None:
    assert fault("email", typed)


def test_a_number_is_judged_by_the_type_of_its_document() -> None:
    assert (
        fault("document-number", "52.148.96A", "CC")
        == "only digits. Write it without letters, dots or spaces."
    )
    assert fault("document-number", "123456789", "CC").startswith("a cédula has up to 8 digits")
    assert fault("document-number", "AB123456", "PA") == ""
    assert fault("document-number", "899999053-2", "NI").startswith("Check digit of the NIT")
    assert FORMATS["document-number"].stored("52.148.963") == "52148963"


def test_a_number_without_its_type_has_letters_only_as_a_passport_does() -> None:
    assert fault("document-number", "52148963") == ""
    assert fault("document-number", "AB123456") == ""
    assert fault("document-number", "5214896A").startswith("it has digits")


def test_a_nit_is_stored_as_it_is_compared() -> None:
    assert FORMATS["nit"].stored("899.999.053-1") == "899999053-1"
    assert fault("nit", "899999053-2").startswith("Check digit of the NIT: for 899999053 it is 1, not 2.")


def test_co_b06_days_that_do_not_exist_and_short_years() -> None:
    february = refused(dates.parse_date, "31/02/2026", at="/birth_date")
    assert february.say("en").startswith("Date: February 2026 has 28 days.")
    assert february.say("es").startswith("Fecha: febrero de 2026 tiene 28 días.")
    assert (
        refused(dates.parse_date, "5/3/26", at="/birth_date").say("en")
        == "Date: write the year with four digits."
    )


def test_an_empty_date_is_told_to_be_empty() -> None:
    assert (
        refused(dates.parse_date, " ", at="/d", label=FIRST)
        .say("es")
        .startswith("Primer nombre: está vacía.")
    )


def test_a_date_is_taken_as_people_write_it() -> None:
    for typed in ("27/03/1998", "27-3-1998", "27.03.1998", "27 3 1998", "1998-03-27"):
        assert dates.parse_date(typed, at="/d") == date(1998, 3, 27)
    for typed in ("", "mañana", "32/01/2020", "01/13/2020", "00/01/2020", "29/02/2100", "1/1/0000"):
        refused(dates.parse_date, typed, at="/d")


def test_age_counts_on_the_birthday_and_a_leap_day_child_turns_on_the_28th() -> None:
    assert dates.age_on(date(1998, 3, 27), date(2016, 3, 26)) == 17
    assert dates.age_on(date(1998, 3, 27), date(2016, 3, 27)) == 18
    assert dates.age_on(date(2008, 2, 29), date(2026, 2, 28)) == 18
    assert dates.age_on(date(2008, 2, 29), date(2028, 2, 28)) == 19
