"""A scenario as it is written (contract §8): who, what happens, what must then be true; one story for each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruta.definitions.loader import Folder
from ruta.definitions.marked import TextError, read_yaml
from ruta.kernel.errors import RutaError

KEYS = ("id", "story", "sad", "given", "rows", "decide", "when", "then", "and_when", "and_then")


@dataclass(frozen=True)
class Act:
    """What happens then is checked: sentences, each with what it says, and expectations."""

    sentences: tuple[tuple[str, Any], ...]
    expected: Mapping[str, Any]


@dataclass(frozen=True)
class Story:
    """One scenario, or one row of it, ready to be played. `decide` names a decision to be evaluated alone."""

    id: str
    text: str
    row: int | None
    given: Mapping[str, Any]
    acts: tuple[Act, ...]
    decide: str = ""

    @property
    def name(self) -> str:
        """`CR-08`, or `CR-08[2]` for its second row."""
        return self.id if self.row is None else f"{self.id}[{self.row}]"


class StoryUnreadable(RutaError):
    """The file is not a scenario."""


def stories_of(folder: Folder) -> list[Story]:
    """Every story of a service's own folder, in the order of its files."""
    return [
        story
        for path in folder.under("scenarios/", ".yaml")
        for story in read_story(folder.text(path), source=path)
    ]


def stories_in(directory: Path) -> list[Story]:
    """Every story of a directory of scenario files."""
    files = sorted([*directory.rglob("*.yaml"), *directory.rglob("*.yml")])
    if not files:
        raise StoryUnreadable(
            {
                "es": f"No hay escenarios (*.yaml) en {directory}.",
                "en": f"There are no scenarios (*.yaml) in {directory}.",
            }
        )
    return [story for path in files for story in read_story(path.read_text("utf-8"), source=path.name)]


def read_story(text: str, *, source: str) -> Iterator[Story]:
    """The stories of one file: as many as it has rows. Raises StoryUnreadable with file and key."""
    try:
        told = read_yaml(text).value
    except TextError as wrong:
        raise StoryUnreadable(
            {
                "es": f"{source}, línea {wrong.line}: {wrong.say['es']}",
                "en": f"{source}, line {wrong.line}: {wrong.say['en']}",
            }
        ) from wrong
    if not isinstance(told, Mapping) or "id" not in told:
        raise StoryUnreadable(
            {
                "es": f"{source}: un escenario tiene al menos id.",
                "en": f"{source}: a scenario has at least an id.",
            }
        )
    for key in told:
        if key not in KEYS:
            raise StoryUnreadable(
                {
                    "es": f"{source}: no se conoce la clave {key}; hay: {', '.join(KEYS)}.",
                    "en": f"{source}: the key {key} is unknown; there are: {', '.join(KEYS)}.",
                }
            )
    rows: Sequence[Mapping[str, Any]] = told.get("rows") or [{}]
    for number, row in enumerate(rows, 1):
        yield _story(_filled(told, row), number if told.get("rows") else None, row)


def _story(told: Mapping[str, Any], row: int | None, values: Mapping[str, Any]) -> Story:
    given = dict(told.get("given") or {})
    if "today" in values:
        given["today"] = values["today"]
    acts = [
        Act(_sentences(told.get(when)), told.get(then) or {})
        for when, then in (("when", "then"), ("and_when", "and_then"))
        if told.get(when) or told.get(then)
    ]
    return Story(
        str(told["id"]), str(told.get("story", "")), row, given, tuple(acts), str(told.get("decide", ""))
    )


def _sentences(listed: Any) -> tuple[tuple[str, Any], ...]:
    sentences: list[tuple[str, Any]] = []
    for each in listed or ():
        if isinstance(each, Mapping):
            sentences += [(str(sentence), said) for sentence, said in each.items()]
        else:
            sentences.append((str(each), None))
    return tuple(sentences)


def _filled(value: Any, row: Mapping[str, Any]) -> Any:
    """`value` with every `=name` that the row has replaced by the row's value."""
    if isinstance(value, Mapping):
        return {name: _filled(item, row) for name, item in value.items() if name != "rows"} | (
            {"rows": value["rows"]} if "rows" in value else {}
        )
    if isinstance(value, list):
        return [_filled(item, row) for item in value]
    if isinstance(value, str) and value.startswith("=") and value[1:] in row:
        return row[value[1:]]
    return value
