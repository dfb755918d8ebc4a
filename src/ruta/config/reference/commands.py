"""Every command with its arguments and options, as the command line itself knows them."""

from collections.abc import Iterator
from typing import Any

import typer.main

from . import markdown


def tree() -> Iterator[tuple[str, Any]]:
    """Each command that can be run, by its whole name (`ruta service lint`), in the order of names."""
    from ruta.config import cli

    root = typer.main.get_command(cli.loaded())
    yield from _walk("ruta", root)


def _walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    subcommands = getattr(command, "commands", None)
    if subcommands is None:
        yield name, command
        return
    for each in sorted(subcommands):
        yield from _walk(f"{name} {each}", subcommands[each])


def page() -> str:
    """`reference/commands.md`."""
    parts = [
        "A mistake of the person who types answers one line on standard error and exit code 2; `RUTA_TRACE=1` shows the "
        "traceback. `0` means that all is well, `1` that the command found something wrong."
    ]
    for name, command in tree():
        parts += [f"## `{name}`", markdown.prose(command.help)]
        rows = [row for parameter in command.params if (row := _row(parameter))]
        if rows:
            parts.append(markdown.table(["Argument or option", "Meaning", "Default"], rows))
    return markdown.document("Commands", *parts)


def _row(parameter: Any) -> list[str] | None:
    if parameter.name == "help":
        return None
    default = parameter.default
    shown = "" if default in (None, "", False) or callable(default) else markdown.code(str(default))
    return [markdown.code(_spelled(parameter)), getattr(parameter, "help", "") or "", shown]


def _spelled(parameter: Any) -> str:
    if parameter.param_type_name != "argument":
        return ", ".join(parameter.opts)
    return parameter.metavar or str(parameter.name).upper()
