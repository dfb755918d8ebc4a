"""Why a value is null, in words: expressions note a reason by its id, which is written out only when somebody asks."""

from collections.abc import Iterable
from typing import Any, Final

Reason = tuple[str, tuple[Any, ...]]

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "filter": (
        "Un filtro no es ni una condición ni una posición.",
        "A filter is neither a condition nor a position.",
    ),
    "failed": ("La función {0} no tiene valor para estos datos.", "The function {0} has no value: {1}."),
    "no-value": (
        "La función {0} no tiene valor para estos datos.",
        "The function {0} has no value for these data.",
    ),
    "misfit": ("La función {0} no recibe ({1}).", "The function {0} does not take ({1})."),
    "variable": ("No hay ninguna variable {0}.", "There is no variable {0}."),
    "parameter": ("La función {0} no tiene ese parámetro.", "The function {0} has no such parameter."),
    "arity": ("La función {0} recibe {1} argumentos.", "The function {0} takes {1} arguments."),
    "argument": ("El argumento {0} no es de tipo {1}.", "The argument {0} is not a {1}."),
    "range": (
        "Un rango une valores que no tienen orden entre sí.",
        "A range joins values that have no order.",
    ),
    "not-function": (
        "Se llamó a algo que no es una función.",
        "Something that is not a function was called.",
    ),
    "operator": ("{1} {0} {2} no tiene valor.", "{1} {0} {2} has no value."),
    "type": ("{0} no es de tipo {1}.", "{0} is not a {1}."),
}


def told(reasons: Iterable[Reason]) -> list[dict[str, str]]:
    """The reasons as sentences by language, each once."""
    written: dict[str, dict[str, str]] = {}
    for name, parts in reasons:
        spanish, english = SENTENCES[name]
        say = {"es": spanish.format(*parts), "en": english.format(*parts)}
        written.setdefault(say["en"], say)
    return list(written.values())
