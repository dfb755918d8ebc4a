"""A hospital's system: its key, what it sends, and how it asks."""

import json
from dataclasses import dataclass
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client
from tests.desk.desk_builders import Office

from ruta.identity import clients
from ruta.identity.actors import Actor
from ruta.identity.models import ApiClient

DEATH: dict[str, Any] = {
    "situation": "body",
    "identified": "number",
    "deceased_number": "1020304050",
    "death_date": "2026-03-14",
    "death_place": "15001",
    "cause_type": "natural",
    "known_on": "2026-03-15",
    "certificate_number": "72345678",
    "relation": "physician",
    "declarant_type": "CC",
    "declarant_number": "40023114",
    "declarant_given_names": "Rosa",
    "declarant_first_surname": "Pérez",
    "office": "1501-15001",
}
CASES = "/api/v1/civil-registration/death/cases"
BULK = "/api/v1/civil-registration/death/bulk"


@dataclass
class Hospital:
    """A system of an office, with its key."""

    office: Office
    client: ApiClient
    key: str

    @property
    def actor(self) -> Actor:
        return clients.actor_of_key(self.key)

    def get(self, address: str, **headers: str) -> HttpResponseBase:
        return Client().get(address, headers={"Authorization": f"Bearer {self.key}", **headers})

    def send(
        self, body: Any, *, key: str = "k-1", address: str = CASES, lang: str = "es"
    ) -> HttpResponseBase:
        """POST one application as JSON."""
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": key, "Accept-Language": lang}
        return Client().post(address, json.dumps(body), content_type="application/json", headers=headers)


def hospital_of(
    office: Office, *, scopes: tuple[str, ...] = ("deaths",), role: str = "hospital_registrar"
) -> Hospital:
    """A system in Tunja's office."""
    client, key = clients.make_client(
        name="Historia clínica HUV", team="1501-15001", role=role, scopes=scopes
    )
    return Hospital(office, client, key)


def body_of(answer: HttpResponseBase) -> Any:
    return json.loads(answer.content)  # type: ignore[attr-defined]
