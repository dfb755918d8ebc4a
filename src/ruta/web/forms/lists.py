"""Long code lists: found by typing part of a title, with or without JavaScript."""

from dataclasses import dataclass

from ruta.definitions.runtime import CompiledService
from ruta.definitions.tables import Code, CodeList
from ruta.kernel import clock, names

MOST = 12
"""How many candidates are shown at once; more would be a list to scroll, not a search."""


@dataclass(frozen=True)
class Candidate:
    """A code that fits what was typed, with the title that tells it from the others."""

    code: str
    title: str


def title_of(found: CodeList, code: str, lang: str) -> str:
    """The title of a code; empty when the list does not have it."""
    return found.title(code, lang) if found.get(code) is not None else ""


def candidates(found: CodeList, typed: str, lang: str) -> list[Candidate]:
    """The codes in force whose title has every word typed, those that begin with it first."""
    words = names.fold(typed).split()
    if not words:
        return []
    fitting: list[tuple[bool, str, Code]] = []
    for code in found.on(clock.today()):
        folded = names.fold(found.title(code.code, lang))
        if all(word in folded for word in words):
            fitting.append((not folded.startswith(words[0]), folded, code))
    fitting.sort(key=lambda each: each[:2])
    return [Candidate(code.code, found.title(code.code, lang)) for _, _, code in fitting[:MOST]]


def resolve(compiled: CompiledService, name: str, typed: str, lang: str) -> str:
    """The code that `typed` names: a code itself, one exact title, or the only one that fits; else `typed`."""
    found = compiled.list(name)
    typed = typed.strip()
    if not typed or found.get(typed) is not None:
        return typed
    fitting = candidates(found, typed, lang)
    exact = [each for each in fitting if names.fold(each.title) == names.fold(typed)]
    if len(exact) == 1:
        return exact[0].code
    return fitting[0].code if len(fitting) == 1 else typed
