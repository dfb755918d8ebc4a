"""Before signing in: found in everyday words, with cost, term, real times, what is needed, law and steps."""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from tests.definitions.definitions_builders import changed
from tests.web import filling, queries

from ruta.cases import filing
from ruta.cases.play.world import World
from ruta.definitions.selectors import current_version
from ruta.definitions.services import publish
from ruta.kernel import clock
from ruta.payments.models import Charge

pytestmark = pytest.mark.django_db
ACT = "/tramites/civil-registration/copy/"
EXPLAINED = "/tramites/civil-registration/birth/"
CERTIFICATE = {
    "search_by": "nuip",
    "nuip": "1020304050",
    "birth_date": "27/03/1998",
    "kind": "certificate",
    "copies": "1",
    "delivery": "online",
}


@pytest.fixture
def world() -> Iterator[World]:
    with filling.registry() as opened:
        yield opened


def page(path: str, lang: str = "es") -> str:
    """The text of a page, without its tags."""
    client = Client()
    client.cookies["django_language"] = lang
    html = re.sub(r"<script.*?</script>", "", client.get(path).content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def decide(world: World, many: int) -> None:
    """`many` certificates asked for, paid and issued, one a day."""
    clock.set_clock(datetime(2026, 3, 2, 9))
    ana = filling.ana(world)
    for number in range(many):
        clock.set_clock(datetime(2026, 3, 2, 9) + timedelta(days=number))
        case = filing.file_case(
            filing.Application(
                version_id=current_version("civil-registration").pk,
                act="copy",
                form=CERTIFICATE,
                actor=ana,
                channel="portal",
                lang="es",
                submission_key=f"n{number}",
            )
        )
        world.settle()
        world.pay(Charge.objects.get(case_number=case.number))
        world.settle()


@pytest.mark.parametrize("words", ["partida de nacimiento", "copia regstro civil", "birth certificate"])
def test_everyday_words_find_the_act(world: World, words: str) -> None:
    assert f'href="{ACT}"' in Client().get("/tramites/", {"q": words}).content.decode()


def test_a_result_says_which_words_matched(world: World) -> None:
    assert "También le dicen: partida de nacimiento" in page("/tramites/?q=partida+de+nacimiento")


def test_a_slip_of_the_pen_is_told_what_was_looked_for(world: World) -> None:
    assert "se escribe parecido" in page("/tramites/?q=certifcado")


def test_words_that_fit_nothing_get_suggestions(world: World) -> None:
    html = Client().get("/tramites/", {"q": "xyzzy"}).content.decode()
    assert "No encontramos un trámite con esas palabras" in html
    assert "?q=copia%20registro%20civil" in html


def test_what_was_searched_for_is_shown_as_text(world: World) -> None:
    assert (
        "<script>alert" not in Client().get("/tramites/", {"q": "<script>alert(1)</script>"}).content.decode()
    )


def test_the_act_tells_price_term_needs_law_and_steps_from_the_folder(world: World) -> None:
    clock.set_clock(date(2026, 3, 2))
    text = page(ACT)
    for told in (
        "Copia, en línea $ 18.750",
        "10 días hábiles",
        "Ley 1755 de 2015",
        "Documento que muestra para qué la necesita",
        "Esto no tiene que traerlo: lo buscamos nosotros",
        "Registro civil de nacimiento",
        "Decreto-Ley 1260 de 1970",
        "Su documento está listo",
        "Empezar",
    ):
        assert told in text, told


def test_a_price_that_is_not_in_force_yet_is_not_shown(world: World) -> None:
    clock.set_clock(date(2026, 3, 2))
    today = page(ACT)
    clock.set_clock(date(2040, 1, 2))
    later = page(ACT)
    assert "Copia, en línea $ 18.750" in today
    assert "Copia, en línea No hay tarifa publicada para hoy" in later
    assert "$ 18.750" not in later


def test_the_page_promises_no_way_of_asking_that_is_not_built(world: World) -> None:
    folder = changed("service.yaml", "    who: [citizen]", "    who: [citizen, representative]")
    publish(folder, in_force_from=clock.today())
    text = page(ACT)
    assert "Usted mismo, con su cuenta" in text
    assert "Aquí, en línea" in text
    assert "Quien lo represente" not in text
    assert "En la oficina de la entidad" in text


def test_with_few_decided_cases_no_median_is_told(world: World) -> None:
    decide(world, 2)
    assert "Todavía no hay suficientes casos (2)" in page(ACT)


def test_with_twenty_decided_cases_the_real_times_are_told(world: World) -> None:
    decide(world, 20)
    text = page(ACT)
    assert "Contado en los 20 casos decididos" in text
    assert (
        "la mitad de las personas la recibió en este tiempo o menos El mismo día "
        "nueve de cada diez, en este tiempo o menos El mismo día dentro del plazo legal 100 %"
    ) in text
    assert "20 trámites resueltos" in _flat_figures("/")


def _flat_figures(path: str) -> str:
    html = Client().get(path).content.decode()
    return " ".join(
        f"{value} {label}" for label, value in re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", html)
    )


def test_an_act_that_only_officials_file_is_explained_without_a_button(world: World) -> None:
    text = page(EXPLAINED)
    assert "Usted no tiene que presentar nada aquí" in text
    assert "Empezar" not in text
    assert "20 días calendario" in text


def test_a_search_for_what_others_file_leads_to_the_explanation(world: World) -> None:
    html = Client().get("/tramites/", {"q": "registrar a mi bebé"}).content.decode()
    assert f'href="{EXPLAINED}"' in html
    assert "le explicamos quién lo hace" in html


def test_the_service_page_lists_its_acts(world: World) -> None:
    html = Client().get("/tramites/civil-registration/").content.decode()
    assert f'href="{ACT}"' in html and f'href="{EXPLAINED}"' in html


def test_the_moments_of_life_come_from_the_services(world: World) -> None:
    assert "Matrimonio o unión" in page("/")
    assert "Copia o certificado" in page("/tramites/?momento=marriage")


def test_search_engines_read_the_price_of_today(world: World) -> None:
    clock.set_clock(date(2026, 3, 2))
    html = Client().get(ACT).content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert found
    data = json.loads(found[1])
    assert data["@type"] == "GovernmentService"
    assert 18750 in [offer["price"] for offer in data["offers"]]


@pytest.mark.parametrize(
    "path", ["/", "/tramites/", "/tramites/?q=partida", "/tramites/civil-registration/", ACT, EXPLAINED]
)
def test_every_public_page_is_in_english_too(world: World, path: str) -> None:
    text = page(path, "en")
    for spanish in ("Qué ", "Trámites", "Cuánto", "Lo que ", "trámite"):
        assert spanish not in text, (spanish, text)


@pytest.mark.parametrize(
    ("path", "most"), [("/", 6), ("/tramites/", 3), ("/tramites/?q=partida", 6), (ACT, 9), (EXPLAINED, 9)]
)
def test_public_pages_ask_a_bounded_number_of_questions(world: World, path: str, most: int) -> None:
    Client().get(path)
    with queries.at_most(most):
        Client().get(path)
