"""`service.yaml` read into its model, each fault told with its line and the nearest known key."""

from collections.abc import Mapping
from typing import Any, get_origin

from pydantic import BaseModel, ValidationError

from .findings import Finding, did_you_mean, nearest
from .loader import Folder, FolderError
from .marked import Marked, TextError, escape, read_yaml
from .schema import MisfitError, ServiceFile

FILE = "service.yaml"

_FAULTS: dict[str, tuple[str, str]] = {
    "missing": ("falta", "is missing"),
    "string_pattern_mismatch": ("no tiene la forma {pattern}", "does not have the form {pattern}"),
    "literal_error": ("tiene que ser {expected}", "must be {expected}"),
    "greater_than_equal": ("tiene que ser al menos {ge}", "must be at least {ge}"),
    "less_than_equal": ("tiene que ser a lo sumo {le}", "must be at most {le}"),
    "string_type": ("tiene que ser un texto", "must be a text"),
    "string_too_short": ("está vacío", "is empty"),
    "int_type": ("tiene que ser un número entero", "must be a whole number"),
    "int_parsing": ("tiene que ser un número entero", "must be a whole number"),
    "bool_parsing": ("tiene que ser true o false", "must be true or false"),
    "tuple_type": ("tiene que ser una lista", "must be a list"),
    "dict_type": (
        "tiene que ser un texto por idioma: {{es: …, en: …}}",
        "must be a text by language: {{es: …, en: …}}",
    ),
    "mapping_type": ("tiene que ser un conjunto de claves", "must be a set of keys"),
    "model_type": ("tiene que ser un conjunto de claves", "must be a set of keys"),
}


def read_service_file(folder: Folder) -> tuple[ServiceFile | None, Marked, list[Finding]]:
    """The model (None when it cannot be built), the text with its lines, and what is wrong."""
    try:
        marked = read_yaml(folder.text(FILE))
    except TextError as wrong:
        cure = {"es": "Revise esa línea y la anterior.", "en": "Check that line and the one before."}
        return None, Marked({}), [Finding("yaml-syntax", "error", FILE, wrong.line, wrong.say, cure)]
    except FolderError as wrong:
        cure = {"es": "Cree service.yaml.", "en": "Write service.yaml."}
        return None, Marked({}), [Finding("yaml-syntax", "error", FILE, 1, wrong.message, cure)]
    try:
        return ServiceFile.model_validate(marked.value), marked, []
    except ValidationError as wrong:
        return None, marked, _told_once([_finding(error, marked) for error in wrong.errors()], wrong, marked)


def _told_once(findings: list[Finding], wrong: ValidationError, marked: Marked) -> list[Finding]:
    """Without the keys that are missing only because they stand there misspelt."""
    misspelt = {
        (place[:-1], nearest(str(place[-1]), _known_keys(place[:-1])))
        for error in wrong.errors()
        if error["type"] == "extra_forbidden"
        for place in (_place(error["loc"], marked.value),)
    }
    return [
        finding
        for finding, error in zip(findings, wrong.errors(), strict=True)
        if error["type"] != "missing"
        or ((place := _place(error["loc"], marked.value))[:-1], str(place[-1])) not in misspelt
    ]


def _finding(error: Any, marked: Marked) -> Finding:
    place = _place(error["loc"], marked.value)
    line = marked.line(*place)
    name = ".".join(str(part) for part in place)
    kind = error["type"]
    if kind == "extra_forbidden":
        return Finding(
            "unknown-key",
            "error",
            FILE,
            line,
            {"es": f"No se conoce la clave {name}.", "en": f"The key {name} is unknown."},
            did_you_mean(str(place[-1]), _known_keys(place[:-1])),
        )
    if kind == "literal_error" and error["loc"][-1] == "[key]":
        say = {"es": f"{name}: no se conoce esta clave.", "en": f"{name}: this key is unknown."}
        return Finding(
            "unknown-key", "error", FILE, line, say, {"es": "Use es y en.", "en": "Use es and en."}
        )
    context = error.get("ctx", {})
    fault = context.get("error")
    if isinstance(fault, MisfitError):
        say = {lang: f"{name}: {fault.say[lang]}" for lang in ("es", "en")}
    else:
        es, en = _FAULTS.get(kind, (error["msg"], error["msg"]))
        say = {"es": f"{name}: {_fill(es, context)}.", "en": f"{name}: {_fill(en, context)}."}
    return Finding(
        "bad-value",
        "error",
        FILE,
        line,
        say,
        {
            "es": "Corrija el valor según la referencia de service.yaml.",
            "en": "Mend the value by the reference of service.yaml.",
        },
    )


def _fill(text: str, context: dict[str, Any]) -> str:
    try:
        return text.format(**context)
    except (KeyError, IndexError):
        return text


def _place(loc: tuple[Any, ...], value: Any) -> tuple[str | int, ...]:
    """The part of a pydantic location that is really in the text (tags of unions and `[key]` are not)."""
    place: list[str | int] = []
    for position, part in enumerate(loc):
        last = position == len(loc) - 1
        if isinstance(value, dict) and (part in value or last) and part != "[key]":
            place.append(part)
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            place.append(part)
            value = value[part]
    return tuple(place)


def _known_keys(place: tuple[str | int, ...]) -> list[str]:
    """The keys that the model knows at `place`."""
    kind: Any = ServiceFile
    for part in place:
        if isinstance(part, int):
            continue
        if not _is_model(kind):  # a mapping by name: `part` is the name
            kind = _inner(kind)
            continue
        field = next(
            (field for key, field in kind.model_fields.items() if (field.alias or key) == part), None
        )
        if field is None:
            return []
        origin = get_origin(field.annotation)
        kind = field.annotation if origin in (dict, Mapping) else _inner(field.annotation)
    if not _is_model(kind):
        return ["es", "en"]
    return [field.alias or key for key, field in kind.model_fields.items()]


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _inner(annotation: Any) -> Any:
    """The model inside `tuple[Model, ...]`, `Mapping[str, Model]`, `Model | None`."""
    if _is_model(annotation):
        return annotation
    for part in getattr(annotation, "__args__", ()):
        found = _inner(part)
        if _is_model(found):
            return found
    return annotation


def pointer(*path: str | int) -> str:
    """The JSON pointer of a path."""
    return "".join("/" + escape(part) for part in path)
