"""Anybody reads, filters and downloads what was released, and follows a document to the row that counts it."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer
from tests.cases.case_builders import ENTRY, an_output, ana
from tests.web import axe, filling, screens

from ruta.cases.models import Case
from ruta.cases.play.world import World
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.opendata import services
from ruta.opendata.models import CountedRow, Dataset
from ruta.registers.imports import import_entries

pytestmark = pytest.mark.django_db
PAGE = "/datos/civil-registration-births/"


@pytest.fixture
def world() -> Iterator[World]:
    with filling.registry() as opened:
        clock.set_clock(datetime(2026, 6, 10, 9))
        for at, (place, count) in enumerate((("15001", 80), ("11001", 60), ("05001", 3), ("08001", 2))):
            _births(place, count, at * 100)
        services.publish_all()
        yield opened


def _births(place: str, count: int, first: int) -> None:
    told: dict[str, Any] = {"birth_place": place, "birth_date": "2026-03-05", "entry_date": "2026-03-20"}
    rows = [
        ENTRY | told | {"serial": str(20_000_000 + first + at), "nuip": str(1_500_000_000 + first + at)}
        for at in range(count)
    ]
    import_entries("birth", rows, actor=Actor.system("clerk"))


def test_a_dataset_says_what_it_counts_and_what_it_hides(world: World) -> None:
    html = Client().get(PAGE, {"period": "2026-03"}).content.decode()
    for told in (
        "Tunja",
        "80",
        "menos de 5",
        "CC BY 4.0",
        "Diccionario de datos",
        "Gráfico de barras",
        "preliminar",
    ):
        assert told in html, told
    assert ">3<" not in html
    assert ">2<" not in html


def test_the_csv_has_stable_columns_and_hidden_counts_are_empty(world: World) -> None:
    rows = list(
        csv.DictReader(io.StringIO(Client().get("/datos/civil-registration-births.csv").content.decode()))
    )
    assert list(rows[0]) == ["month", "place", "sex", "count", "hidden", "preliminary"]
    by_place = {row["place"]: row for row in rows if row["sex"] == "*"}
    assert (by_place["15001"]["count"], by_place["15001"]["hidden"]) == ("80", "")
    assert (by_place["05001"]["count"], by_place["05001"]["hidden"]) == ("", "small")
    assert Client().get("/datos/civil-registration-births.json").json()[0].keys() == rows[0].keys()


def test_the_catalogue_describes_what_is_released_in_dcat(world: World) -> None:
    catalogue = json.loads(Client().get("/datos/catalogo.jsonld").content)
    found = {each["dct:identifier"]: each for each in catalogue["dcat:dataset"]}
    births = found["civil-registration-births"]
    assert births["dct:license"]["@id"].startswith("https://creativecommons.org/licenses/by/4.0")
    assert [each["dct:title"] for each in births["dcat:distribution"]] == ["CSV", "JSON"]
    assert births["dct:temporal"]["dcat:endDate"]["@value"] == "2026-03-31"
    csv_file = Client().get("/datos/civil-registration-births.csv").content
    told = births["dcat:distribution"][0]
    assert told["spdx:checksum"]["spdx:checksumValue"]["@value"] == hashlib.sha256(csv_file).hexdigest()
    assert told["dcat:byteSize"]["@value"] == str(len(csv_file))
    assert "civil-registration-deaths" not in found


def test_what_was_withdrawn_is_in_no_catalogue_until_it_is_released_again(world: World) -> None:
    services.begin_again("civil-registration-births")
    catalogue = json.loads(Client().get("/datos/catalogo.jsonld").content)
    assert "civil-registration-births" not in {each["dct:identifier"] for each in catalogue["dcat:dataset"]}
    assert Client().get(PAGE).status_code == 200
    services.publish_all()
    catalogue = json.loads(Client().get("/datos/catalogo.jsonld").content)
    assert "civil-registration-births" in {each["dct:identifier"] for each in catalogue["dcat:dataset"]}


def test_a_place_that_the_data_do_not_have_is_told(world: World) -> None:
    answer = Client().get(PAGE, {"place": "99999"})
    assert answer.status_code == 422
    assert "no está en estos datos" in answer.content.decode()


def test_an_unknown_dataset_is_not_found(world: World) -> None:
    assert Client().get("/datos/births/").status_code == 404


def test_the_thread_ends_at_the_row_that_counts_the_document(world: World) -> None:
    Dataset.objects.all().delete()  # what follows happens before: the clock goes back
    output = an_output(world, ana(world))
    address = f"/thread/{output.code}"
    assert "Se contará esta noche" in Client().get(address).content.decode()
    services.publish_all()
    html = Client().get(address).content.decode()
    assert "La fila de datos abiertos" in html
    assert "suma la misma fila" in html
    assert "no se pudo comprobar" not in html
    CountedRow.objects.filter(source=str(output.case_id)).update(category="death-copy")
    assert "no se pudo comprobar" in Client().get(address).content.decode()
    assert Case.objects.get(pk=output.case_id).decided_at is not None


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_page_is_accessible_and_fits(world: World, live_server: LiveServer, browser: Browser) -> None:
    for lang, width in (("es", 360), ("en", 1280)):
        with screens.a_page(browser, width=width, lang=lang, base_url=live_server.url) as page:
            page.goto(f"{PAGE}?period=2026-03")
            axe.assert_accessible(page)
            axe.assert_reflows(page)
