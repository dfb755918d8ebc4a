"""What the API says of itself: a valid OpenAPI 3.1 document, made from the forms in force, and a page for people."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client
from tests.api.api_builders import DEATH, Hospital, body_of

pytestmark = pytest.mark.django_db
SCHEMA = Path(__file__).with_name("openapi-3.1.schema.json")  # that of the OpenAPI Initiative


def references(part: Any) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*(references(each) for each in part.values()))
    return set().union(*(references(each) for each in part)) if isinstance(part, list) else set()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_document_is_valid_and_every_address_in_it_answers(hospital: Hospital, lang: str) -> None:
    document = body_of(Client().get("/api/v1/openapi.json", headers={"Accept-Language": lang}))
    jsonschema_rs.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(document)
    for reference in references(document):
        where: Any = document
        for step in reference.removeprefix("#/").split("/"):
            where = where[step]
    operations = [
        operation["operationId"] for each in document["paths"].values() for operation in each.values()
    ]
    assert len(operations) == len(set(operations)) > 2
    for address, methods in document["paths"].items():
        path = re.sub(r"\{id\}", "0198c5c1-7c1e-7b1f-a4c0-5f0f7e8f2a11", address).replace("{number}", "x")
        for method in methods:
            answer = getattr(Client(), method)(path)
            assert answer.status_code in (200, 401), (method, address)
    title = document["components"]["schemas"]["civil-registration.death"]["properties"]["death_date"]["title"]
    assert title == {"es": "Fecha de la muerte", "en": "Date of death"}[lang]


def test_what_the_schema_lets_pass_is_what_a_sender_needs(hospital: Hospital) -> None:
    document = body_of(Client().get("/api/v1/openapi.json"))
    schema = document["components"]["schemas"]["civil-registration.death"]
    judge = jsonschema_rs.Draft202012Validator(schema)
    judge.validate(DEATH)
    assert not judge.is_valid({**DEATH, "situation": "other"})
    assert not judge.is_valid({name: value for name, value in DEATH.items() if name != "office"})
    own = body_of(Client().get("/api/v1/civil-registration/death/schema"))
    assert [check["id"] for check in own["x-checks"]] == [check["id"] for check in schema["x-checks"]]


def test_people_read_what_systems_may_file(hospital: Hospital) -> None:
    page = Client().get("/api/").content.decode()
    assert "POST /api/v1/civil-registration/death/cases" in page
    assert "Alcance: deaths" in page
    assert "civil-registration/copy" not in page
