"""People find a service in their own words; words that fit nothing find nothing."""

from datetime import date

import pytest
from definitions_builders import GOOD, changed

from ruta.definitions.selectors import find_services
from ruta.definitions.services import publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _published(db: None) -> None:
    publish(GOOD, in_force_from=date(2024, 1, 1))


@pytest.mark.parametrize(
    ("words", "act"),
    [
        ("partida de nacimiento", "copy"),
        ("Partida de Nacimiento", "copy"),
        ("copia registro civil", "copy"),
        ("copia regstro civil", "copy"),
        ("copia registro cibil", "copy"),
        ("certificado nacimiento", "copy"),
        ("acta de nacimiento", "copy"),
        ("necesito una copia de mi registro civil de nacimiento", "copy"),
        ("birth certificate", "copy"),
        ("registrar a mi bebé", "birth"),
        ("registrar a mi bebe", "birth"),
        ("registrar mi bebe recien nacido", "birth"),
        ("nacio mi bebe", "birth"),
        ("mi hijo nacio ayer", "birth"),
        ("rejistro sivil de nasimiento", "copy"),
        ("register my baby", "birth"),
        ("copia acta de matrimonio", "marriage-copy"),
        ("registro civil de matrimonio", "marriage-copy"),
        ("partida de matrimonio", "marriage-copy"),
        ("acta matrimonio", "marriage-copy"),
        ("rejistro sivil de matrimonio", "marriage-copy"),
        ("necesito el registro de mi matrimonio", "marriage-copy"),
        ("marriage certificate", "marriage-copy"),
        ("partida de defunción", "death-copy"),
        ("acta de defuncion", "death-copy"),
        ("registro de defunción", "death-copy"),
        ("registro civil de defunción", "death-copy"),
        ("copia del registro de defuncion de mi papa", "death-copy"),
        ("sertificado de defunsion", "death-copy"),
        ("death certificate", "death-copy"),
    ],
)
def test_everyday_words_find_the_act(words: str, act: str) -> None:
    found = find_services(words, "es")
    assert found
    assert (found[0].slug, found[0].act) == ("civil-registration", act)


NONSENSE = [
    "",
    "   ",
    "xyzzy plugh",
    "pizza hawaiana",
    "qqqqqqqq",
    "%",
    "' OR 1=1 --",
    "& | ! ( )",
    "el de la",
]


@pytest.mark.parametrize("words", [*NONSENSE, "a" * 5000])
def test_words_that_fit_nothing_find_nothing(words: str) -> None:
    assert find_services(words, "es") == []


def test_the_exact_words_come_before_those_that_are_only_like_them() -> None:
    exact = find_services("partida de nacimiento", "es")[0]
    alike = find_services("partda de nacimento", "es")[0]
    assert exact.score > alike.score > 0
    assert exact.phrase == "partida de nacimiento"


def test_the_service_itself_is_found_by_its_own_title() -> None:
    found = find_services("registro civil", "es")
    assert (found[0].slug, found[0].act) == ("civil-registration", "")


def test_the_newest_version_is_found_by_its_words_alone() -> None:
    other = changed("service.yaml", "partida de nacimiento, ", "cédula de los bautizados, ")
    publish(other, in_force_from=date(2024, 1, 2))
    assert find_services("cédula de los bautizados", "es")[0].act == "copy"
    assert "partida de nacimiento" not in {
        found.phrase for found in find_services("partida de nacimiento", "es")
    }
