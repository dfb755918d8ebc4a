"""From the file's JSON to a Form; what cannot be used is refused by place, fault and cure."""

import re
from collections.abc import Mapping
from typing import Any

from ruta.engine.nearest import nearest

from .misfits import STANDARD
from .model import Check, Field, Form, Format, FormError, Kind, Page, Tell, Text

_UI = {
    "widget", "label", "hint", "why", "when", "required", "options", "list", "prefill", "evidence", "say",
    "rows", "autocomplete", "type_in",
}  # fmt: skip
_PAGE = {"id", "title", "fields", "when", "shows", "tells"}
_TELL = {"when", "say"}
_CHECK = {"id", "at", "wrong_when", "say", "law"}
WIDGETS = {
    "text", "textarea", "radio", "select", "search", "date", "money", "evidence", "checkbox", "checkboxes",
    "lines", "number", "group", "rows", "email", "tel",
}  # fmt: skip
_FACTS = r"\b(found|decisions)\b"
_RADIOS = 8
_PHONES = {"mobile", "landline"}
Faults = list[tuple[str, Text]]
Formats = Mapping[str, Format]


def load(schema: Mapping[str, Any], formats: Formats | None = None) -> Form:
    """Read one form, whose texts may be of `formats` beside those of JSON Schema.

    Raises FormError naming every fault of the file.
    """
    faults: Faults = []
    known = formats or {}
    properties: Mapping[str, Any] = schema.get("properties") or {}
    required = set(schema.get("required") or ())
    fields = {
        name: _field(name, part, f"/properties/{name}", name in required, faults, known)
        for name, part in properties.items()
    }
    pages = _pages(schema.get("x-ui") or {}, fields, faults)
    checks = _checks(schema.get("x-checks") or (), fields, faults)
    for name in required - set(fields):
        faults.append(("/required", _unknown("field", "campo", name, fields)))
    validator = _validator(schema, faults)
    if faults:
        raise FormError(faults)
    return Form(str(schema.get("title", "")), pages, fields, checks, schema, validator, known)


def field_of(name: str, schema: Mapping[str, Any]) -> Field:
    """One property of any JSON Schema with `x-ui` as a field, for showing a value of it; never refused."""
    part: Mapping[str, Any] = (schema.get("properties") or {}).get(name) or {}
    if "$ref" in part:
        target = (schema.get("$defs") or {}).get(str(part["$ref"]).rpartition("/")[2]) or {}
        part = {**target, **{key: value for key, value in part.items() if key != "$ref"}}
    return _field(name, part, "", False, [], {})


def _validator(schema: Mapping[str, Any], faults: Faults) -> Any:
    bare = {key: value for key, value in schema.items() if key not in ("required", "x-ui", "x-checks")}
    import jsonschema_rs

    try:
        return jsonschema_rs.Draft202012Validator(
            bare, validate_formats=True, pattern_options=jsonschema_rs.RegexOptions()
        )
    except (ValueError, jsonschema_rs.ValidationError) as wrong:
        why = str(wrong).splitlines()[0]
        faults.append(
            (
                "",
                {
                    "es": f"No es un esquema JSON 2020-12 que se pueda usar: {why}",
                    "en": f"This is not a usable JSON Schema 2020-12: {why}",
                },
            )
        )
        return None


def _field(
    name: str, schema: Mapping[str, Any], at: str, required: bool, faults: Faults, formats: Formats
) -> Field:
    ui: Mapping[str, Any] = schema.get("x-ui") or {}
    _known(ui, _UI, f"{at}/x-ui", faults)
    kind = _kind(schema, at, faults)
    widget = str(ui.get("widget") or _widget(kind, schema, ui))
    if widget not in WIDGETS:
        faults.append((f"{at}/x-ui/widget", _unknown("widget", "control", widget, WIDGETS)))
    label = ui.get("label")
    if label is None:
        words = name.replace("_", " ").capitalize()
        label = {"es": words, "en": words}
    told = str(schema.get("format") or "")
    if at and told and told not in formats and told not in STANDARD:
        faults.append((f"{at}/format", _unknown("format", "formato", told, (*formats, *STANDARD))))
    return Field(
        name=name,
        kind=kind,
        widget=widget,
        label=label,
        hint=ui.get("hint"),
        why=ui.get("why"),
        when=_feel(ui.get("when")),
        required=required or bool(ui.get("required")),
        options=_options(schema, kind, ui),
        list=ui.get("list"),
        prefill=_feel(ui.get("prefill")),
        evidence=ui.get("evidence"),
        rows=_feel(ui.get("rows")),
        say=ui.get("say") or {},
        schema=schema,
        children=_children(name, kind, schema, at, faults, formats),
        default=schema.get("default"),
        format=formats.get(told),
    )


def _children(
    name: str, kind: Kind, schema: Mapping[str, Any], at: str, faults: Faults, formats: Formats
) -> tuple[Field, ...]:
    if kind == "list":
        items = schema.get("items") or {"type": "string"}
        return (_field(name, items, f"{at}/items", True, faults, formats),)
    if kind not in ("group", "rows"):
        return ()
    inner, where = (schema, at) if kind == "group" else (schema["items"], f"{at}/items")
    due = set(inner.get("required") or ())
    children = tuple(
        _field(child, part, f"{where}/properties/{child}", child in due, faults, formats)
        for child, part in (inner.get("properties") or {}).items()
    )
    for child in children:
        if child.when or child.children:
            faults.append(
                (
                    f"{where}/properties/{child.name}",
                    {
                        "es": "Dentro de un grupo no hay aún condiciones ni grupos: llévelo al primer nivel.",
                        "en": "A group cannot hold conditions or groups yet: move it to the top level.",
                    },
                )
            )
    return children


def _kind(schema: Mapping[str, Any], at: str, faults: Faults) -> Kind:  # noqa: PLR0911  one line a type
    if "enum" in schema:
        return "choice"
    match schema.get("type"):
        case "string":
            return "date" if schema.get("format") == "date" else "text"
        case "integer":
            return "integer"
        case "number":
            return "number"
        case "boolean":
            return "boolean"
        case "object":
            return "group"
        case "array":
            return "rows" if (schema.get("items") or {}).get("type") == "object" else "list"
    if "const" in schema and isinstance(schema["const"], bool):
        return "boolean"
    faults.append(
        (
            at,
            {
                "es": "Falta `type` (string, integer, number, boolean, array u object) o `enum`.",
                "en": "`type` (string, integer, number, boolean, array or object) or `enum` is missing.",
            },
        )
    )
    return "text"


def _widget(kind: Kind, schema: Mapping[str, Any], ui: Mapping[str, Any]) -> str:
    if ui.get("evidence"):
        return "evidence"
    if ui.get("list"):
        return "search"
    if kind == "list":
        return "checkboxes" if "enum" in (schema.get("items") or {}) else "lines"
    if kind == "choice":
        return "radio" if len(schema["enum"]) < _RADIOS else "select"
    if kind == "text":
        told = str(schema.get("format"))
        return "tel" if told in _PHONES else "email" if told == "email" else "text"
    return {"integer": "number", "boolean": "checkbox" if "const" in schema else "radio"}.get(kind, kind)


def _options(schema: Mapping[str, Any], kind: Kind, ui: Mapping[str, Any]) -> Mapping[str, Text]:
    given = ui.get("options") or {}
    if kind == "boolean":
        return given or {"true": {"es": "Sí", "en": "Yes"}, "false": {"es": "No", "en": "No"}}
    values = schema.get("enum") or (schema.get("items") or {}).get("enum") or ()
    return {str(value): given.get(str(value)) or {"es": str(value), "en": str(value)} for value in values}


def _pages(ui: Mapping[str, Any], fields: Mapping[str, Field], faults: Faults) -> tuple[Page, ...]:
    pages: list[Page] = []
    placed: dict[str, str] = {}
    for number, raw in enumerate(ui.get("pages") or ()):
        at = f"/x-ui/pages/{number}"
        _known(raw, _PAGE, at, faults)
        page = Page(
            id=str(raw.get("id", "")),
            title=raw.get("title") or {"es": "", "en": ""},
            fields=tuple(raw.get("fields") or ()),
            when=_feel(raw.get("when")),
            shows=tuple(raw.get("shows") or ()),
            tells=_tells(raw.get("tells") or (), f"{at}/tells", faults),
        )
        if not page.id or any(other.id == page.id for other in pages):
            faults.append(
                (
                    f"{at}/id",
                    {"es": "Cada página lleva un id propio.", "en": "Each page needs an id of its own."},
                )
            )
        for name in page.fields:
            if name not in fields:
                faults.append((f"{at}/fields", _unknown("field", "campo", name, fields)))
            elif name in placed:
                faults.append(
                    (
                        f"{at}/fields",
                        {
                            "es": f"El campo {name} ya está en la página {placed[name]}: déjelo en una.",
                            "en": f"The field {name} is on the page {placed[name]} already: leave it on one.",
                        },
                    )
                )
            placed.setdefault(name, page.id)
        pages.append(page)
    for name in fields:
        if name not in placed:
            faults.append(
                (
                    f"/properties/{name}",
                    {
                        "es": "El campo no está en ninguna página: agréguelo a una de x-ui.pages.",
                        "en": "The field is on no page: add it to one of x-ui.pages.",
                    },
                )
            )
    return tuple(pages)


def _tells(raw: Any, at: str, faults: Faults) -> tuple[Tell, ...]:
    tells: list[Tell] = []
    for number, part in enumerate(raw):
        _known(part, _TELL, f"{at}/{number}", faults)
        if not part.get("say"):
            say = {"es": "Falta say: lo que la página dice.", "en": "It lacks say: what the page tells."}
            faults.append((f"{at}/{number}", say))
        tells.append(Tell(part.get("say") or {}, _feel(part.get("when"))))
    return tuple(tells)


def _checks(raw: Any, fields: Mapping[str, Field], faults: Faults) -> tuple[Check, ...]:
    checks: list[Check] = []
    for number, part in enumerate(raw):
        at = f"/x-checks/{number}"
        _known(part, _CHECK, at, faults)
        missing = [key for key in ("id", "wrong_when", "say") if not part.get(key)]
        if missing:
            names = ", ".join(missing)
            faults.append((at, {"es": f"A la regla le falta: {names}.", "en": f"The check lacks: {names}."}))
            continue
        check = Check(
            id=part["id"],
            at=part.get("at", ""),
            wrong_when=_feel(part["wrong_when"]) or "false",
            say=part["say"],
            law=part.get("law"),
            weighs_facts=bool(re.search(_FACTS, part["wrong_when"])),
        )
        if check.field and check.field not in fields:
            faults.append((f"{at}/at", _unknown("field", "campo", check.field, fields)))
        checks.append(check)
    return tuple(checks)


def _feel(text: Any) -> str | None:
    return None if text is None else str(text).removeprefix("=").strip()


def _known(part: Mapping[str, Any], keys: set[str], at: str, faults: Faults) -> None:
    for key in part:
        if key not in keys:
            faults.append((f"{at}/{key}", _unknown("key", "clave", key, keys)))


def _unknown(what: str, que: str, name: str, known: Any) -> Text:
    near = nearest(name, known, cutoff=0.6)
    return {
        "es": f"No existe {que} «{name}»" + (f"; ¿quiso decir «{near}»?" if near else "."),
        "en": f"There is no {what} “{name}”" + (f"; did you mean “{near}”?" if near else "."),
    }
