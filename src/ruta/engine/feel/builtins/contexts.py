"""Contexts (DMN 1.5, 10.3.4.8): entries read, put and merged."""

from collections.abc import Mapping
from typing import Any

from ruta.engine.feel.builtins.table import builtin
from ruta.engine.feel.context import Run


@builtin(
    "get value", "m: context, key: string", "Any", "The entry of that key.", 'get value({a: 1}, "a") = 1'
)
def _get_value(run: Run, context: Mapping[str, Any], key: str) -> Any:
    return context.get(key)


@builtin("get entries", "m: context", "list", "A list of {key, value}.", 'get entries({a: 1})[1].key = "a"')
def _get_entries(run: Run, context: Mapping[str, Any]) -> list[Any]:
    run.items(len(context))
    run.spend(len(context) >> 1)
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin(
    "context",
    "entries: list",
    "context",
    "From entries {key, value}.",
    'context([{key: "a", value: 1}]) = {a: 1}',
)
def _context(run: Run, entries: list[Any]) -> dict[str, Any] | None:
    run.items(len(entries))
    run.spend(len(entries))
    built: dict[str, Any] = {}
    for entry in entries:
        if (
            not isinstance(entry, Mapping)
            or not {"key", "value"} <= entry.keys()
            or type(entry["key"]) is not str
        ):
            return None
        if entry["key"] in built:
            return None
        built[entry["key"]] = entry["value"]
    return built


@builtin(
    "context put",
    "context: context, key: string, value: any|null",
    "context",
    "The context with one more entry; a list of keys leads inside.",
    'context put({a: 1}, "b", 2) = {a: 1, b: 2}',
)
def _put(run: Run, context: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    run.items(len(context))
    return {**context, key: value}


@builtin("context put", "context: context, keys: list, value: any|null", "context")
def _put_deep(run: Run, context: Mapping[str, Any], keys: list[Any], value: Any) -> dict[str, Any] | None:
    run.items(len(context))
    if not keys or not all(type(key) is str for key in keys):
        return None
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    if not isinstance(inner, Mapping):
        return None
    run.enter()
    changed = _put_deep(run, inner, keys[1:], value)
    run.depth -= 1
    return None if changed is None else {**context, keys[0]: changed}


@builtin(
    "context merge",
    "contexts: list",
    "context",
    "Later entries win.",
    "context merge([{a: 1}, {a: 2}]) = {a: 2}",
)
def _merge(run: Run, contexts: list[Any]) -> dict[str, Any] | None:
    merged: dict[str, Any] = {}
    for context in contexts:
        if not isinstance(context, Mapping):
            return None
        run.spend(1 + len(context))
        merged.update(context)
    run.items(len(merged))
    return merged
