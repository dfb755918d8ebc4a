"""YAML and JSON texts read with the line of every value, so that a finding can name it.

YAML 1.2 core schema (`on` and `yes` are texts); dates stay texts; a number written with a leading zero stays a text
(codes of places). Anchors, aliases and tags are refused: a definition says everything where it stands.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_DEPTH = 40
_CORE = tuple(
    f"tag:yaml.org,2002:{kind}"
    for kind in ("str", "int", "float", "bool", "null", "map", "seq", "timestamp", "value")
)


class TextError(Exception):
    """The text is not YAML or JSON; `line` counts from 1, `say` in both languages."""

    def __init__(self, line: int, say: dict[str, str]) -> None:
        super().__init__(f"line {line}: {say['en']}")
        self.line = line
        self.say = say


@dataclass(frozen=True)
class Marked:
    """A value and the line (from 1) of each part of it, by JSON pointer (`/acts/some/title`)."""

    value: Any
    lines: dict[str, int] = field(default_factory=dict)

    def line(self, *path: str | int) -> int:
        """The line of the part at `path`, or of the nearest part around it that has one."""
        parts = list(path)
        while parts:
            if found := self.lines.get("/" + "/".join(escape(part) for part in parts)):
                return found
            parts.pop()
        return self.lines.get("", 1)

    def walk(self) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        """Every part with its path, the whole first."""
        yield from _walk((), self.value)


def _walk(path: tuple[str | int, ...], value: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _walk((*path, str(key)), item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk((*path, index), item)


def escape(part: str | int) -> str:
    """One step of a JSON pointer (RFC 6901)."""
    return str(part).replace("~", "~0").replace("/", "~1")


@lru_cache(maxsize=512)
def read_yaml(text: str) -> Marked:
    """Read one YAML document; raises TextError with the line. The value is shared: do not change it."""
    try:
        root = _compose(text)
    except MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        fault = " ".join(str(part) for part in (wrong.context, wrong.problem) if part)
        raise TextError(
            mark.line + 1 if mark else 1,
            {"es": f"El texto no es YAML: {fault}.", "en": f"The text is not YAML: {fault}."},
        ) from None
    except YAMLError as wrong:
        fault = " ".join(str(wrong).split())
        say = {"es": f"El texto no es YAML: {fault}.", "en": f"The text is not YAML: {fault}."}
        raise TextError(1, say) from None
    except RecursionError:
        raise _too_deep(1) from None
    lines: dict[str, int] = {}
    return Marked({} if root is None else _build(root, "", lines, 0), lines)


def _compose(text: str) -> Node | None:
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    root: Node | None = reader.compose(text)
    return root


@lru_cache(maxsize=512)
def read_json(text: str) -> Marked:
    """Read one JSON document; raises TextError with the line. The value is shared: do not change it."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as wrong:
        raise TextError(
            wrong.lineno,
            {
                "es": f"El texto no es JSON, columna {wrong.colno}: {wrong.msg}.",
                "en": f"The text is not JSON, column {wrong.colno}: {wrong.msg}.",
            },
        ) from None
    except RecursionError:
        raise _too_deep(1) from None
    return Marked(value, _Lines(text))


class _Lines(dict[str, int]):
    """The lines of a JSON text. JSON is YAML: the second, slower reading happens only when a line is needed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text: str | None = text

    def get(self, key: str, default: Any = None) -> Any:
        if self._text is not None:
            text, self._text = self._text, None
            try:
                root = _compose(text.replace("\t", "  "))
            except (YAMLError, RecursionError):
                root = None
            if root is not None:
                _build(root, "", self, 0)
        return super().get(key, default)


def _too_deep(line: int) -> TextError:
    return TextError(
        line,
        {
            "es": f"Hay más de {_DEPTH} niveles; aplane el texto.",
            "en": f"There are more than {_DEPTH} levels; flatten the text.",
        },
    )


def _build(node: Node, pointer: str, lines: dict[str, int], depth: int) -> Any:
    line = node.start_mark.line + 1
    lines.setdefault(pointer, line)
    if depth > _DEPTH:
        raise _too_deep(line)
    if node.anchor or not str(node.tag).startswith(_CORE):
        raise TextError(
            line,
            {
                "es": "No se admiten anclas, alias ni etiquetas (&, *, !); escriba el valor donde hace falta.",
                "en": "Anchors, aliases and tags (&, *, !) are not accepted; write the value where it is needed.",
            },
        )
    if isinstance(node, MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            where = f"{pointer}/{escape(key)}"
            if key in result:
                raise TextError(
                    key_node.start_mark.line + 1,
                    {
                        "es": f"La clave {key} está dos veces; deje una.",
                        "en": f"The key {key} stands twice; keep one.",
                    },
                )
            lines[where] = key_node.start_mark.line + 1
            result[key] = _build(value_node, where, lines, depth + 1)
        return result
    if isinstance(node, SequenceNode):
        return [_build(item, f"{pointer}/{index}", lines, depth + 1) for index, item in enumerate(node.value)]
    assert isinstance(node, ScalarNode)
    return _scalar(node)


def _scalar(node: ScalarNode) -> Any:
    text: str = node.value
    kind = str(node.tag).rpartition(":")[2] if node.style is None else "str"
    digits = text.lstrip("+-")
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int" and digits.isdigit() and (digits == "0" or not digits.startswith("0")):
        return int(text)
    if kind == "float" and digits.replace(".", "", 1).isdigit():
        return float(text)
    return text
