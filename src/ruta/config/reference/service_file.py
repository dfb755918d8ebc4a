"""`service.yaml` key by key, from the models that read it, and the checks of the lint."""

import inspect
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from ruta.definitions import schema
from ruta.definitions.lint import CHECKS

from . import markdown

NAMED = {
    schema.Text: "text in `es` and `en`",
    schema.Feel: "FEEL, beginning with `=`",
    schema.Snake: "name in snake_case",
    schema.Dotted: "name in snake_case, or `part.name`",
    schema.Kebab: "name in kebab-case",
    schema.Duration: "length: `10 business days`, `20 calendar days`, `1 month`, `48 hours`, `8 working hours`",
    schema.Laws: "ids of `legal_basis`",
}


def page() -> str:
    """`reference/service-yaml.md`."""
    parts = [
        "The keys of `service.yaml`. Unknown keys are refused with the nearest known one. "
        "What each part is for is told in [the folder of a service](service-folder.md).",
    ]
    for model in models():
        title = "service.yaml" if model is schema.ServiceFile else model.__name__
        parts += [f"## {title}", markdown.prose(inspect.getdoc(model)), markdown.table(_HEAD, _rows(model))]
    return markdown.document("service.yaml", *parts)


_HEAD = ["Key", "Value", "If left out"]


def models() -> list[type[BaseModel]]:
    """The models of the file, the whole first, each after the one that names it."""
    found: list[type[BaseModel]] = []
    waiting: list[type[BaseModel]] = [schema.ServiceFile]
    while waiting:
        model = waiting.pop(0)
        if model not in found:
            found.append(model)
            waiting += [inner for field in model.model_fields.values() for inner in _inner(field.annotation)]
    return found


def _inner(annotation: Any) -> Iterator[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _inner(part)


def _rows(model: type[BaseModel]) -> list[list[str]]:
    hints = inspect.get_annotations(model, eval_str=True)
    return [
        [markdown.code(field.alias or name), _value(hints[name]), _default(field)]
        for name, field in model.model_fields.items()
    ]


def _value(annotation: Any) -> str:  # noqa: PLR0911  one line a shape
    for known, words in NAMED.items():
        if annotation == known:
            return words
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _annotated(*args)
    if origin is Literal:
        return " or ".join(markdown.code(str(one)) for one in args)
    if origin in (Union, UnionType):
        return " or ".join(_value(one) for one in args if one is not NoneType)
    if origin is tuple:
        return f"list of {_value(args[0])}"
    if origin is not None and len(args) == 2:
        return f"mapping: {_value(args[0])} to {_value(args[1])}"
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    return {str: "text", int: "whole number", bool: "`true` or `false`"}.get(annotation, str(annotation))


def _annotated(kind: Any, *rules: Any) -> str:
    words: dict[Any, tuple[str, ...]] = {
        schema._silence: schema.SILENCE_WORDS,
        schema._confidentiality: schema.CONFIDENTIALITY,
    }
    for rule in rules:
        if known := words.get(getattr(rule, "func", None)):
            return f"{markdown.codes(known)}, or FEEL beginning with `=`"
    patterns = [
        rule.pattern for info in rules for rule in getattr(info, "metadata", ()) if hasattr(rule, "pattern")
    ]
    return f"text like `{patterns[0]}`" if patterns else _value(kind)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "refused"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is PydanticUndefined or value in (None, (), {}, ""):
        return "nothing"
    if isinstance(value, BaseModel):
        told = ", ".join(f"{name}: {one}" for name, one in value.model_dump(exclude_defaults=True).items())
        return markdown.code(told) or "nothing"
    return markdown.code(str(value).lower() if isinstance(value, bool) else str(value))


def lint_page() -> str:
    """`reference/lint.md`."""
    rows = [
        [markdown.code(check.id), check.severity, check.looks_for["en"], check.looks_for["es"]]
        for check in CHECKS.values()
    ]
    return markdown.document(
        "Checks of the lint",
        "`ruta service lint` looks for what follows. Each finding names file and line, says what is wrong there and how to "
        "cure it, in Spanish or English (`--lang`). An error keeps the folder from being published; a warning does not "
        "(with `--strict` it counts as an error).",
        markdown.table(["Check", "Severity", "Looks for", "Busca"], rows),
    )
