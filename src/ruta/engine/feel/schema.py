"""JSON Schema to types of FEEL, as the platform reads a document: a text with `format: date` is a date there."""

from collections.abc import Mapping, Sequence
from typing import Any

from ruta.engine.feel.types import ANY, NULL, SIMPLE, Type, join

_FORMATS = {"date": "date", "date-time": "date and time", "time": "time"}
_NAMES = {"number": "number", "integer": "number", "boolean": "boolean", "string": "string"}
_DEEPEST = 20


def type_of_schema(schema: Mapping[str, Any] | bool, *, root: Mapping[str, Any] | None = None) -> Type:
    """The type of the values that a JSON Schema (2020-12) takes; Any where it says nothing, or several kinds.

    `$ref` is followed inside `root` (by default the schema itself). null is of every type, so `["string", "null"]` is a
    string.
    """
    whole = root if root is not None else schema if isinstance(schema, Mapping) else {}
    return _type(schema, whole, 0)


def _type(schema: Any, root: Mapping[str, Any], depth: int) -> Type:  # noqa: PLR0911 - one return per kind
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return ANY
    if "$ref" in schema:
        return _type(_target(str(schema["$ref"]), root), root, depth + 1)
    for word in ("oneOf", "anyOf"):
        if word in schema:
            return _joined([_type(part, root, depth + 1) for part in schema[word]])
    named = schema.get("type")
    if named is None:
        named = "object" if "properties" in schema else None
        if named is None:
            return _joined([_of_value(value) for value in _listed(schema)])
    if isinstance(named, Sequence) and not isinstance(named, str):
        kinds = [kind for kind in named if kind != "null"]
        return _joined([_type({**schema, "type": kind}, root, depth + 1) for kind in kinds])
    if named == "array":
        return Type("list", _type(schema.get("items", True), root, depth + 1))
    if named == "object":
        fields = {name: _type(part, root, depth + 1) for name, part in schema.get("properties", {}).items()}
        return Type("context", fields=fields)
    if named == "string":
        return SIMPLE[_FORMATS.get(str(schema.get("format")), "string")]
    return SIMPLE[_NAMES[named]] if named in _NAMES else NULL if named == "null" else ANY


def _target(reference: str, root: Mapping[str, Any]) -> Any:
    found: Any = root
    for part in reference.removeprefix("#").split("/")[1:]:
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return found if reference.startswith("#") else None


def _listed(schema: Mapping[str, Any]) -> list[Any]:
    return [schema["const"]] if "const" in schema else list(schema.get("enum", ()))


def _of_value(value: Any) -> Type:
    for kinds, name in ((bool, "boolean"), ((int, float), "number"), (str, "string")):
        if isinstance(value, kinds):
            return SIMPLE[name]
    return NULL if value is None else ANY


def _joined(types: list[Type]) -> Type:
    found = NULL if types else ANY
    for each in types:
        found = join(found, each)
    return found
