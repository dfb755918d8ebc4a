"""Faults of an entry in words: the schema's own `x-ui.say` first, else a sentence by keyword. Pure."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from ruta.engine.forms import Misfit, resolved
from ruta.engine.problems import Problem

NUMBER = ("se escribe solo con números.", "it is written with digits only.")


def node_at(root: Mapping[str, Any], path: Sequence[str | int]) -> Mapping[str, Any]:
    """The part of the schema that speaks of the value at `path`; empty where it says nothing."""
    node: Mapping[str, Any] = root
    for part in path:
        node = resolved(root, node)
        node = node.get("items", {}) if isinstance(part, int) else node.get("properties", {}).get(part, {})
    return resolved(root, node)


def label_of(node: Mapping[str, Any], name: str) -> dict[str, str]:
    """How people call the field."""
    label = node.get("x-ui", {}).get("label") or node.get("title") or name
    return dict(label) if isinstance(label, Mapping) else {"es": str(label), "en": str(label)}


def problem(at: str, check: str, label: Mapping[str, str], es: str, en: str) -> Problem:
    """A problem whose text begins with the field's label."""
    return Problem(at, check, {"es": f"{label['es']}: {es}", "en": f"{label.get('en') or label['es']}: {en}"})


def problem_of(schema: Mapping[str, Any], error: Any) -> Problem:
    """An error of the validator as a problem of the field that a person must mend."""
    path: list[str | int] = list(error.instance_path)
    keyword = str(error.kind.name)
    facts: Mapping[str, Any] = error.kind.as_dict()
    if keyword == "required":
        path.append(facts["property"])
    elif keyword == "additionalProperties":
        return _unknown(schema, path, list(facts["unexpected"]))
    node = node_at(schema, path)
    at = "".join(f"/{part}" for part in path)
    own = node.get("x-ui", {}).get("say", {}).get(keyword)
    if own:
        return Problem(at, keyword, dict(own))
    name = next((str(part) for part in reversed(path) if isinstance(part, str)), "entry")
    return problem(at, keyword, label_of(node, name), *_sentence(keyword, node))


def of_misfit(misfit: Misfit) -> Problem:
    """A text that is not of its format, or a code that its list lacks, as a problem of the field."""
    at = "".join(f"/{part}" for part in misfit.path)
    ui = misfit.node.get("x-ui") or {}
    if own := (ui.get("say") or {}).get(misfit.keyword):
        return Problem(at, misfit.keyword, dict(own))
    name = next((part for part in reversed(misfit.path) if not part.isdigit()), "entry")
    return problem(at, misfit.keyword, label_of(misfit.node, name), misfit.say["es"], misfit.say["en"])


def _unknown(schema: Mapping[str, Any], path: list[str | int], unexpected: list[str]) -> Problem:
    known = list(node_at(schema, path).get("properties", {}))
    name = unexpected[0]
    near = get_close_matches(name, known, n=1)
    at = "".join(f"/{part}" for part in (*path, name))
    return problem(
        at,
        "additionalProperties",
        {"es": name, "en": name},
        "ese campo no existe." + (f" ¿Quiso decir {near[0]}?" if near else ""),
        "there is no such field." + (f" Did you mean {near[0]}?" if near else ""),
    )


def _sentence(  # noqa: PLR0911  one keyword each
    keyword: str, node: Mapping[str, Any]
) -> tuple[str, str]:
    limit = node.get(keyword)
    hint = node.get("x-ui", {}).get("hint", {})
    match keyword:
        case "required":
            return "falta. Escriba este dato.", "it is missing. Give this value."
        case "type" if node.get("type") in ("integer", "number"):
            return NUMBER
        case "format" if node.get("format") == "date":
            return (
                "ese día no existe o no se lee. Escríbalo día/mes/año, por ejemplo 27/03/1998.",
                "that day does not exist or cannot be read. Write day/month/year, for example 27/03/1998.",
            )
        case "pattern" | "format":
            es = hint.get("es") or "Revise cómo aparece en el documento."
            en = hint.get("en") or "Check how it is on the document."
            return f"no tiene la forma que debe. {es}", f"it does not have the right form. {en}"
        case "enum":
            values = [str(value) for value in node.get("enum", ())]
            return (
                f"no es de la lista. Elija: {', '.join(values)}.",
                f"it is not on the list. Choose: {', '.join(values)}.",
            )
        case "minLength":
            return f"es muy corto: al menos {limit} letras.", f"it is too short: at least {limit} characters."
        case "maxLength":
            return f"es muy largo: hasta {limit} letras.", f"it is too long: up to {limit} characters."
        case "minimum":
            return (
                f"es menos de lo permitido: al menos {limit}.",
                f"it is less than allowed: at least {limit}.",
            )
        case "maximum":
            return f"es más de lo permitido: hasta {limit}.", f"it is more than allowed: up to {limit}."
    return (
        f"no cumple la regla «{keyword}». Revise el dato.",
        f"it does not meet the rule “{keyword}”. Check the value.",
    )
