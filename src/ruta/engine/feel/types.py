"""Types of FEEL: what `instance of` asks, and how a value is brought into a type or becomes null (10.3.2.9.4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ruta.engine.feel import syntax, temporal, values
from ruta.engine.feel.context import Run
from ruta.engine.feel.values import Function, Range


@dataclass(frozen=True, slots=True)
class Type:
    """One type: a kind by name, or a list or range of `element`, a context of `fields`, a function.

    `params` and `result` describe a function (None: any). `allowed` is a further test that a value must pass.
    """

    name: str
    element: "Type | None" = None
    fields: Mapping[str, "Type"] | None = None
    params: tuple["Type", ...] | None = None
    result: "Type | None" = None
    allowed: Callable[[Any, Run], bool] | None = field(default=None, compare=False)


ANY: Final = Type("Any")
NULL: Final = Type("Null")
SIMPLE: Final[dict[str, Type]] = {
    name: Type(name)
    for name in (
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    )
}
BY_NAME: Final[dict[str, Type]] = SIMPLE | {
    "Any": ANY,
    "any": ANY,
    "Null": NULL,
    "list": Type("list", ANY),
    "range": Type("range", ANY),
    "context": Type("context", fields={}),
    "function": Type("function"),
    # spellings of typeRef in DMN files
    "dateTime": SIMPLE["date and time"],
    "dayTimeDuration": SIMPLE["days and time duration"],
    "yearMonthDuration": SIMPLE["years and months duration"],
}
_ORDERED = frozenset(values.ORDERED)


def named(written: syntax.TypeName, types: Mapping[str, Type]) -> Type | None:
    """The type as written in an expression, or None when a name in it is unknown."""
    arguments = [named(argument, types) for argument in written.arguments]
    fields = {name: named(of, types) for name, of in written.fields}
    if None in arguments or None in fields.values():
        return None
    known = [argument for argument in arguments if argument is not None]
    if written.name in ("list", "range") and len(known) == 1:
        return Type(written.name, known[0])
    if written.name == "context" and written.fields:
        return Type("context", fields={name: of for name, of in fields.items() if of})
    if written.name == "function" and known:
        return Type("function", params=tuple(known[:-1]), result=known[-1])
    return types.get(written.name) or BY_NAME.get(written.name)


def conforms(value: Any, wanted: Type, run: Run, *, limits: bool = True) -> bool:  # noqa: PLR0911 - one return per kind
    """Whether the value is of the type; null is of Any and Null only. Without `limits`, allowed values are ignored."""
    run.left -= 1
    if limits and wanted.allowed is not None and value is not None and not wanted.allowed(value, run):
        return False
    name = wanted.name
    if name == "Any":
        return True
    kind = values.kind(value)
    if value is None or name == "Null":
        return value is None and name == "Null"
    if kind != name:
        return False
    if name == "list":
        run.spend(len(value))
        element = wanted.element or ANY
        return element is ANY or all(
            item is None or conforms(item, element, run, limits=limits) for item in value
        )
    if name == "context":
        fields = wanted.fields or {}
        return all(
            key in value and (value[key] is None or conforms(value[key], of, run, limits=limits))
            for key, of in fields.items()
        )
    if name == "range":
        return _range_conforms(value, wanted.element or ANY, run)
    return name != "function" or subtype(type_of_function(value), wanted)


def _range_conforms(value: Range, element: Type, run: Run) -> bool:
    return element is ANY or all(
        end is None or conforms(end, element, run) for end in (value.start, value.end)
    )


def type_of_function(value: Function) -> Type:
    """What is known of a function's type; a result of None is unknown and fits any."""
    if value.signature is not None:
        params, result = value.signature
        return Type("function", params=tuple(params), result=result)
    return Type("function", params=None if value.variadic else (ANY,) * len(value.params))


def subtype(given: Type, wanted: Type) -> bool:  # noqa: PLR0911 - one return per kind
    """Whether each value of `given` is one of `wanted`: functions contravariant in parameters."""
    if wanted.name == "Any" or given == wanted or given.name == "Null":
        return True
    if given.name != wanted.name:
        return False
    if wanted.name in ("list", "range"):
        return subtype(given.element or ANY, wanted.element or ANY)
    if wanted.name == "context":
        has = given.fields or {}
        return all(key in has and subtype(has[key], of) for key, of in (wanted.fields or {}).items())
    if wanted.name != "function" or wanted.params is None:
        return True
    if given.params is not None and (
        len(given.params) != len(wanted.params) or not all(map(subtype, wanted.params, given.params))
    ):
        return False
    return given.result is None or subtype(given.result, wanted.result or ANY)


def join(a: Type, b: Type) -> Type:
    """A type that holds the values of both; Null adds nothing, since null is a value of every type."""
    if a.name == "Null" or a == b:
        return b
    if b.name == "Null":
        return a
    if a.name == b.name in ("list", "range"):
        return Type(a.name, join(a.element or ANY, b.element or ANY))
    if a.name == b.name == "context" and a.fields and b.fields:
        both = {key: join(of, b.fields[key]) for key, of in a.fields.items() if key in b.fields}
        return Type("context", fields=both)
    return Type(a.name, fields={}) if a.name == b.name == "context" else ANY


def shown(of: Type) -> str:
    """A type as it is written after `instance of`."""
    if of.name in ("list", "range") and of.element is not None:
        return f"{of.name}<{shown(of.element)}>"
    if of.name == "context" and of.fields:
        return f"context<{', '.join(f'{key}: {shown(field)}' for key, field in of.fields.items())}>"
    if of.name == "function" and of.params is not None:
        return f"function<{', '.join(map(shown, of.params))}> -> {shown(of.result or ANY)}"
    return of.name


def coerce(value: Any, wanted: Type, run: Run) -> Any:
    """The value in the type: itself, the item of a singleton list, a list of itself, a date as its midnight, or null."""
    if value is None or wanted is ANY or conforms(value, wanted, run):
        return value
    if type(value) is list and len(value) == 1 and wanted.name != "list" and conforms(value[0], wanted, run):
        return value[0]
    if wanted.name == "list":
        wrapped = value if type(value) is list else [value]
        if conforms(wrapped, wanted, run):
            return wrapped
    if wanted.name == "date and time" and values.kind(value) == "date":
        moment = temporal.midnight(value)
        return moment if conforms(moment, wanted, run) else None
    return None
