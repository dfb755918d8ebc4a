"""Item definitions to types (DMN 1.5, 7.3.3): components, collections, allowed values, type constraints."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ruta.engine.dmn.elements import ItemDefinition, Place
from ruta.engine.feel.context import Run
from ruta.engine.feel.types import ANY, BY_NAME, Type

# Spellings that other tools write
_ALIASES = {
    "integer": "number",
    "long": "number",
    "double": "number",
    "decimal": "number",
    "<Undefined>": "Any",
}
Test = Callable[[Any, Run], bool]
Tests = Callable[[str, ItemDefinition], Test | None]


class Types:
    """Types by name of one model; imported ones are added as "import.name"."""

    def __init__(self, items: Iterable[ItemDefinition], imported: Mapping[str, Type], tests: Tests) -> None:
        self._items = {item.name: item for item in items}
        self._tests = tests
        self._building: set[str] = set()
        self.unknown: dict[str, Place] = {}  # references that no type answers to, and where each stands first
        self.known: dict[str, Type] = dict(imported)
        for name in self._items:
            self.named(name)

    def named(self, name: str) -> Type | None:
        """The type of that name, or None when there is none."""
        found = self.known.get(name)
        if found is None and name in self._items and name not in self._building:
            self._building.add(name)
            found = self.known[name] = self._type(self._items[name])
            self._building.discard(name)
        return found or BY_NAME.get(_ALIASES.get(name, name))

    def of(self, reference: str, place: Place) -> Type:
        """The type of a typeRef that stands at a place; an empty or unknown one is Any."""
        found = self.named(reference) if reference else ANY
        if found is None:
            self.unknown.setdefault(reference, place)
        return found or ANY

    def names(self) -> set[str]:
        """Every name that a typeRef may say."""
        return {*self._items, *self.known, *BY_NAME}

    def _type(self, item: ItemDefinition) -> Type:
        if item.components:
            built = Type("context", fields={part.name: self._type(part) for part in item.components})
        elif item.function is not None:
            parameters, result = item.function
            built = Type(
                "function",
                params=tuple(self.of(p, item.place) for p in parameters),
                result=self.of(result, item.place),
            )
        else:
            built = self.of(item.type_ref, item.place)
        if item.allowed:
            built = _limited(built, self._tests(item.allowed, item))
        if item.collection:
            built = Type("list", built)
        if item.constraint:
            built = _limited(built, self._tests(item.constraint, item))
        return built


def _limited(base: Type, test: Test | None) -> Type:
    if test is None:
        return base
    before = base.allowed
    return replace(
        base, allowed=test if before is None else lambda value, run: before(value, run) and test(value, run)
    )
