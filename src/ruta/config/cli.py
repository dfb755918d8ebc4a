"""`ruta`: one command line for operators, analysts and developers.

A mistake of the person answers one line and exit code 2, never a traceback (RUTA_TRACE=1 shows it).
"""

import os
import sys
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import typer

from . import commands, logs

root = typer.Typer(
    name="ruta", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)


@root.callback()
def _group() -> None:
    """So that a single command is still named by its word."""


@cache
def loaded(only: str = "") -> typer.Typer:
    """The command line with the commands of every topic, or of the one that `only` names if there is such a one."""
    names = [module.name for module in iter_modules(commands.__path__)]
    for name in [only] if only in names else names:
        topic = import_module(f"{commands.__name__}.{name}")
        if hasattr(topic, "register"):
            topic.register(root)
        else:
            root.add_typer(topic.app, name=name)
    return root


def main() -> None:
    """Run the command line; the exit code is that of the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruta.config.settings")
    try:
        # Outside its standalone mode typer gives back the code of an Exit instead of raising it.
        code = loaded(only=sys.argv[1] if len(sys.argv) > 1 else "")(standalone_mode=False)
    except typer.Exit as stop:
        sys.exit(stop.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    except Exception as wrong:
        if not str(wrong) and type(wrong).__name__ == "NoArgsIsHelpError":  # the help was printed instead
            sys.exit(2)
        if os.environ.get("RUTA_TRACE"):
            raise
        print(f"ruta: {' '.join(_said(wrong).split())}", file=sys.stderr)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


def _said(wrong: Exception) -> str:
    if callable(say := getattr(wrong, "say", None)):  # a RutaError: the command line speaks English
        return str(say("en"))
    if callable(say := getattr(wrong, "format_message", None)):
        return str(say())
    if type(wrong).__module__ == "django.db.utils":  # a worker's last words stand in a log
        return logs.without_identifiers(logs.without_values(wrong))
    return str(wrong) or type(wrong).__name__
