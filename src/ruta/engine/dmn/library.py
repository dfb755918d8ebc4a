"""What the parts of one model share while they are compiled: names, types, and the faults found."""

from collections.abc import Iterable, Mapping
from typing import Any

from ruta.engine.dmn.elements import Definitions, ItemDefinition, Place
from ruta.engine.dmn.errors import Fault
from ruta.engine.dmn.items import Test, Types
from ruta.engine.feel import syntax
from ruta.engine.feel.calls import Closure
from ruta.engine.feel.context import Run
from ruta.engine.feel.errors import FeelError
from ruta.engine.feel.names import Names
from ruta.engine.feel.program import STANDARD, Program, compile_in
from ruta.engine.feel.types import Type

_LONGEST_QUOTE = 120


def _nothing(env: Any, run: Run) -> Any:
    return None


def _never(env: Any, run: Run) -> Any:
    return False


class Library:
    """Compiles the texts of a model; a text that is not FEEL becomes a fault and, where faults are borne, null."""

    def __init__(
        self, definitions: Definitions, imported: Mapping[str, Type], elements: Iterable[str]
    ) -> None:
        self.faults: list[Fault] = []
        self.unknown: list[tuple[Place, str]] = []  # names read that nothing gives
        self._names = STANDARD.child()
        for name in _component_names(definitions.items):
            self._names.add(name)
        for name in (*imported, *elements):
            self._names.add(name)
        for item in definitions.items:
            self._names.add(item.name)
        self.items = {item.name: item for item in definitions.items}
        self._scopes: dict[frozenset[str], Names] = {}
        self._trees: dict[str, syntax.Tests | None] = {}
        self._programs: dict[tuple[str, frozenset[str], bool], Program] = {}
        self.types = Types(definitions.items, imported, self._item_test)

    def fault(self, place: Place, es: str, en: str) -> None:
        """Note a fault of the model."""
        self.faults.append(Fault(place.id, place.name, place.line, {"es": es, "en": en}))

    def expression(self, text: str, bound: frozenset[str], place: Place) -> Closure:
        """The closure of an expression; an empty text is null."""
        return self._compiled(text, bound, place, unary=False) if text else _nothing

    def tests(self, text: str, bound: frozenset[str], place: Place) -> Closure:
        """The closure of the unary tests of a cell; it reads its input as `?`."""
        return self._compiled(text, bound, place, unary=True)

    def names(self, text: str, bound: frozenset[str], *, unary: bool = False) -> frozenset[str]:
        """The variables of `bound` that a text reads; none when it is not FEEL."""
        program = self._programs.get((text, bound, unary))
        return program.names & bound if program else frozenset()

    def _compiled(self, text: str, bound: frozenset[str], place: Place, *, unary: bool) -> Closure:
        program = self._programs.get((text, bound, unary))
        if program is None:
            try:
                program = compile_in(text, self._known(bound), bound, self.types.known, unary=unary)
            except FeelError as error:
                self.fault(place, *_quoted(text, error))
                return _never if unary else _nothing
            self._programs[text, bound, unary] = program
        self.unknown += ((place, name) for name in sorted(program.names - bound))
        return program.evaluate

    def _known(self, bound: frozenset[str]) -> Names:
        known = self._scopes.get(bound)
        if known is None:
            known = self._scopes[bound] = self._names.child()
            for name in bound:
                known.add(name)
        return known

    def program(self, text: str, scope: Mapping[str, Type], *, unary: bool = False) -> Program | None:
        """The program of a text among variables of these types, or None when it is not FEEL."""
        bound = frozenset(scope) - {"?"}
        try:
            program = compile_in(text, self._known(bound), bound, self.types.known, unary=unary)
        except FeelError:
            return None
        program.know(scope)
        return program

    def tree(self, text: str) -> syntax.Tests | None:
        """The syntax tree of unary tests, or None when they are not FEEL."""
        if text not in self._trees:
            program = self.program(text, {}, unary=True)
            tree = program.tree if program else None
            self._trees[text] = tree if isinstance(tree, syntax.Tests) else None
        return self._trees[text]

    def _item_test(self, text: str, item: ItemDefinition) -> Test | None:
        # Types are built before `self.types` is there, and may test each other only by name: `known` is filled by then.
        try:
            program = compile_in(text, self._names, frozenset(), {}, unary=True)
        except FeelError as error:
            self.fault(item.place, *_quoted(text, error))
            return None
        return lambda value, run: program.evaluate({"?": value}, run) is True


def _quoted(text: str, error: FeelError) -> tuple[str, str]:
    """What is wrong with a text, in Spanish and English, behind as much of it as a person wants to read."""
    shown = text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
    return f"«{shown}»: {error.say['es']}", f"“{shown}”: {error.say['en']}"


def _component_names(items: Iterable[ItemDefinition]) -> Iterable[str]:
    for item in items:
        for component in item.components:
            yield component.name
        yield from _component_names(item.components)
