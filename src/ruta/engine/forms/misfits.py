"""Texts that are not of their `format`, and codes that are not in their `x-ui.list`: in any JSON Schema, at any depth."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .model import Format, Text

CodeFault = Callable[[str, str], Text | None]
"""(name of a code list, code): what is wrong with the code, in words that follow the field's label; None: nothing."""
STANDARD = frozenset(
    {"date", "date-time", "time", "duration", "email", "uri", "uri-reference", "uuid", "hostname", "regex"}
    | {"ipv4", "ipv6", "iri", "idn-email", "json-pointer", "uri-template"}
)
"""The formats of JSON Schema itself."""


@dataclass(frozen=True)
class Misfit:
    """A value at `path` that its schema's `format` or `x-ui.list` refuses; `node` is that part of the schema."""

    path: tuple[str, ...]
    keyword: Literal["format", "list"]
    say: Text
    node: Mapping[str, Any]


def resolved(root: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema node with a local `$ref` filled in; what stands beside `$ref` wins."""
    ref = node.get("$ref", "")
    if not isinstance(ref, str) or not ref.startswith("#/"):
        return node
    target: Any = root
    for part in ref[2:].split("/"):
        target = target[part.replace("~1", "/").replace("~0", "~")]
    return {**resolved(root, target), **{key: value for key, value in node.items() if key != "$ref"}}


def misfits(
    root: Mapping[str, Any],
    value: Any,
    *,
    formats: Mapping[str, Format],
    code_fault: CodeFault | None = None,
) -> Iterator[Misfit]:
    """Every misfit of `value` under the schema `root`. Without `code_fault` no list is asked."""
    yield from _Walk(root, formats, code_fault).of(root, value, (), {})


@dataclass(frozen=True)
class _Walk:
    root: Mapping[str, Any]
    formats: Mapping[str, Format]
    code_fault: CodeFault | None

    def of(
        self, node: Mapping[str, Any], value: Any, path: tuple[str, ...], beside: Mapping[str, Any]
    ) -> Iterator[Misfit]:
        node = resolved(self.root, node)
        if isinstance(value, Mapping):
            properties = node.get("properties") or {}
            for name, part in value.items():
                if name in properties:
                    yield from self.of(properties[name], part, (*path, name), value)
        elif isinstance(value, list):
            items = node.get("items") or {}
            listed = (node.get("x-ui") or {}).get("list")
            for place, part in enumerate(value):
                inner = {**items, "x-ui": {"list": listed, **(items.get("x-ui") or {})}} if listed else items
                yield from self.of(inner, part, (*path, str(place)), beside)
        elif isinstance(value, str):
            yield from self._text(node, value, path, beside)

    def _text(
        self, node: Mapping[str, Any], value: str, path: tuple[str, ...], beside: Mapping[str, Any]
    ) -> Iterator[Misfit]:
        ui: Mapping[str, Any] = node.get("x-ui") or {}
        known = self.formats.get(str(node.get("format")))
        if known is not None and (
            say := known.fault(value, str(beside.get(ui.get("type_in", ""), "") or ""))
        ):
            yield Misfit(path, "format", say, node)
        if ui.get("list") and self.code_fault is not None and (say := self.code_fault(ui["list"], value)):
            yield Misfit(path, "list", say, node)
