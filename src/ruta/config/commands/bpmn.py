"""Processes: whether one can be executed and always ends, run by hand, drawn. No database is needed."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help=__doc__)

_File = Annotated[Path, typer.Argument(metavar="FILE", help="A BPMN 2.0 file, of any tool.")]
_Process = Annotated[
    str, typer.Option("--process", help="The id of the process, where the file has several.")
]
_Lang = Annotated[str, typer.Option(help="Language: es or en.")]


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="BPMN 2.0 files, of any tool.")],
    process: _Process = "",
    lang: _Lang = "en",
) -> None:
    """Name what cannot be executed and what does not always end, by line, id and name.

    Every process of each file is looked at. Exit code 0: all can be executed and always end; 1: something was
    found; 2: a file is not BPMN or cannot be read.
    """
    from ruta.config import processes

    codes = [processes.check(file, process, lang) for file in files]
    raise typer.Exit(max(codes))


@app.command()
def svg(
    file: _File,
    out: Annotated[Path | None, typer.Option("--out", help="Where to write; the screen without it.")] = None,
    at: Annotated[list[str] | None, typer.Option("--at", help="An element with a position on it.")] = None,
    done: Annotated[list[str] | None, typer.Option("--done", help="An element already passed.")] = None,
    process: _Process = "",
    lang: _Lang = "es",
    layout: Annotated[
        bool, typer.Option("--layout", help="Lay it out anew, though the file has a diagram.")
    ] = False,
) -> None:
    """Draw a process as SVG, with positions. A file without a diagram is laid out.

    What cannot be executed is drawn too; only a file that is not BPMN is refused.
    """
    from ruta.config import processes

    drawn = processes.draw(file, process, at=at or [], done=done or [], lang=lang, layout=layout)
    if out is None:
        typer.echo(drawn)
    else:
        out.write_text(drawn, encoding="utf-8")


@app.command()
def run(
    file: _File,
    process: _Process = "",
    lang: _Lang = "en",
    given: Annotated[
        list[str] | None, typer.Option("--set", help="A variable at the start: name=FEEL. May be repeated.")
    ] = None,
    dmn: Annotated[
        list[Path] | None, typer.Option("--dmn", help="A file with the decisions that it asks for.")
    ] = None,
    now: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="What the clock shows (Bogotá)."),
    ] = None,
    do: Annotated[
        list[str] | None,
        typer.Option("--do", help="A command instead of asking for it. May be repeated."),
    ] = None,
) -> None:
    """Run a process by hand: positions are drawn, tasks done, the clock moved, variables set.

    Write `help` for the commands. Without a terminal they are read from standard input, one a line. Exit code 1:
    a command could not be carried out (with --do or standard input only).
    """
    from ruta.config import processes
    from ruta.engine.terms import BOGOTA

    at = now.replace(tzinfo=BOGOTA).astimezone(UTC) if now else datetime.now(UTC).replace(microsecond=0)
    shell = processes.begin(file, process, given=given or [], dmn=dmn or [], now=at, lang=lang)
    asks = do is None and sys.stdin.isatty()
    lines = iter(do) if do is not None else (processes.asked() if asks else iter(sys.stdin))
    failed = processes.play(shell, lines, typer.echo)
    raise typer.Exit(bool(failed) and not asks)
