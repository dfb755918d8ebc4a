"""JSON values as FEEL sees them: a text that the schema calls a date is a date."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

Schema = Mapping[str, Any]


def typed(value: Any, schema: Schema, root: Schema | None = None) -> Any:
    """`value` with dates and instants where `schema` (JSON Schema 2020-12) declares them; else unchanged."""
    root = schema if root is None else root
    if "$ref" in schema:
        schema = _resolve(schema["$ref"], root)
    if isinstance(value, Mapping):
        properties = schema.get("properties", {})
        return {name: typed(item, properties.get(name, {}), root) for name, item in value.items()}
    if isinstance(value, list):
        items = schema.get("items", {})
        return [typed(item, items if isinstance(items, Mapping) else {}, root) for item in value]
    if isinstance(value, str):
        return _moment(value, schema.get("format"))
    return value


def _moment(value: str, form: str | None) -> Any:
    try:
        if form == "date":
            return date.fromisoformat(value)
        if form == "date-time":
            return datetime.fromisoformat(value)
    except ValueError:
        return value
    return value


def _resolve(reference: str, root: Schema) -> Schema:
    found: Any = root
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found  # type: ignore[no-any-return]
