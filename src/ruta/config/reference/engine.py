"""The built-in functions of FEEL, from the table that calls are bound against."""

from ruta.engine.feel.builtins import TABLE, Builtin
from ruta.engine.feel.builtins.table import Overload

from . import markdown

OURS = "ruta.engine.feel.builtins.office"


def page() -> str:
    """`reference/feel.md`."""
    parts = [
        "The functions that every expression may call: those of FEEL (DMN 1.5, §10.3.4) and those that public offices need "
        "beside them. A function given what does not fit answers null and the reason is kept. What the language refuses, and "
        "what an expression may spend, is told in [the engine](../explanation/engine.md).",
    ]
    for title, ours in (("Ours", True), ("Of the standard", False)):
        rows = [
            _row(entry)
            for entry in sorted(TABLE.values(), key=lambda one: one.name)
            if is_ours(entry) == ours
        ]
        parts += [f"## {title}", markdown.table(["Function", "Gives", "What it does", "Example"], rows)]
    return markdown.document("Functions of FEEL", *parts)


def is_ours(entry: Builtin) -> bool:
    """Whether the function is beyond the standard."""
    return entry.host or any(overload.implementation.__module__ == OURS for overload in entry.overloads)


def _row(entry: Builtin) -> list[str]:
    calls = dict.fromkeys(f"{entry.name}({_params(overload)})" for overload in entry.overloads)
    spelled = "<br>".join(markdown.code(call) for call in calls) or markdown.code(entry.name)
    return [spelled, entry.result, entry.doc, markdown.code(entry.example)]


def _params(overload: Overload) -> str:
    return ", ".join(
        f"{param.name}{'…' if param.variadic else '?' if param.optional else ''}" for param in overload.params
    )
