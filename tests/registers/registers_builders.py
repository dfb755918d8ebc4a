"""The smallest register that shows every rule, and entries of it."""

from typing import Any

from ruta.identity.actors import Actor
from ruta.registers import services
from ruta.registers.models import Entry, RegisterDefinition

CLERK = Actor.system("tests")


def label(es: str, en: str) -> dict[str, Any]:
    return {"label": {"es": es, "en": en}}


PETS: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["serial", "office", "name", "born"],
    "properties": {
        "serial": {"type": "string", "pattern": "^[0-9]{8}$", "x-ui": label("Indicativo serial", "Serial")},
        "chip": {"type": "string", "pattern": "^[0-9]{10}$", "x-ui": label("Microchip", "Microchip")},
        "office": {"type": "string", "x-ui": label("Oficina", "Office")},
        "name": {"type": "string", "minLength": 1, "maxLength": 50, "x-ui": label("Nombre", "Name")},
        "family": {"type": "string", "x-ui": label("Familia", "Family")},
        "born": {"type": "string", "format": "date", "x-ui": label("Fecha de nacimiento", "Date of birth")},
        "weight": {"type": "integer", "minimum": 1, "x-ui": label("Peso", "Weight")},
        "owner": {
            "type": "object",
            "required": ["names"],
            "properties": {"names": {"type": "string", "x-ui": label("Nombres del dueño", "Owner's names")}},
        },
        "partner": {"type": "string", "x-ui": label("Pareja", "Partner")},
        "reserved": {"type": "boolean", "x-ui": label("Reservado", "Reserved")},
    },
    "x-register": {
        "title": {"es": "Registro de mascotas", "en": "Pet register"},
        "holder": "chip",
        "key": [["serial"], ["chip"]],
        "never_reused": ["chip"],
        "valid_from": "born",
        "ranges": [{"id": "chip", "digits": 10, "per": "office"}],
        "notes": [
            {"id": "pairing", "title": {"es": "Pareja", "en": "Pairing"}, "sets": ["partner"]},
            {"id": "secret", "title": {"es": "Reserva", "en": "Reserve"}, "sealed": True},
        ],
        "searchable": [["chip", "born"], ["name", "family", "born", "office"]],
        "sealed": "entry.reserved = true",
    },
}


def pets(**rules: Any) -> RegisterDefinition:
    schema = {**PETS, "x-register": {**PETS["x-register"], **rules}}
    return services.define_register("animals", "pet", schema, 1)


def pet(**changes: Any) -> dict[str, Any]:
    data = {
        "serial": "28451190",
        "chip": "1020304050",
        "office": "1501-15001",
        "name": "Ñoño José",
        "family": "Rojas",
        "born": "1998-03-27",
    } | changes
    return {name: value for name, value in data.items() if value is not None}


def recorded(**changes: Any) -> Entry:
    return services.record_entry("pet", pet(**changes), actor=CLERK, case_number="2026-CRB-000123-7")
