"""`ruta`: one command line for operators, analysts and developers.

A mistake of the person answers one line and exit code 2, never a traceback (RUTA_TRACE=1 shows it).
"""

import os
import sys
from importlib import import_module
from pkgutil import iter_modules

import click
import typer

from . import commands

root = typer.Typer(
    name="ruta", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)


def _load() -> None:
    for module in iter_modules(commands.__path__):
        loaded = import_module(f"{commands.__name__}.{module.name}")
        if hasattr(loaded, "register"):
            loaded.register(root)
        else:
            root.add_typer(loaded.app, name=module.name)


def main() -> None:
    """Run the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruta.config.settings")
    _load()
    try:
        root(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as wrong:
        print(f"ruta: {wrong.format_message()}", file=sys.stderr)
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    except Exception as wrong:
        if os.environ.get("RUTA_TRACE"):
            raise
        said = wrong.say() if hasattr(wrong, "say") else str(wrong) or type(wrong).__name__
        print(f"ruta: {' '.join(said.split())}", file=sys.stderr)
        sys.exit(2)
