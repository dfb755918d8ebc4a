"""Conformance: the published test cases of a standard, run against our engine."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ruta.engine.dmn.conformance import Report, Result

app = typer.Typer(no_args_is_help=True, help=__doc__)
_COLUMNS = ("passed", "of those with a value", "always null")


@app.callback()
def _group() -> None:
    """So that a single command is still named by its word."""


@app.command("dmn")
def run_dmn(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A checkout of the kit (dmn-tck), or a part of it.")
    ],
    failures: Annotated[Path, typer.Option(help="Where the cases that failed are written, as CSV.")] = Path(
        "dmn-failures.csv"
    ),
    results: Annotated[Path | None, typer.Option(help="Write the result of every case by its id.")] = None,
) -> None:
    """Run the DMN Technology Compatibility Kit and count by folder and level. Exit code 1 when a case failed.

    "always null" is what an engine would pass that answers null to everything: so much of the first column is free.
    """
    from ruta.engine.dmn import conformance

    levels = conformance.run(folder)
    if not levels:
        raise ValueError(f"{folder}: there is no folder compliance-level-2 or -3 in it")
    typer.echo(f"{'':44}{_COLUMNS[0]:>14}{_COLUMNS[1]:>24}{_COLUMNS[2]:>14}")
    for level, reports in levels.items():
        for name, report in reports.items():
            typer.echo(_line(f"  {name}", report))
        typer.echo(_line(level, conformance.total(reports)))
    every = [
        result for reports in levels.values() for report in reports.values() for result in report.results
    ]
    failed = [result for result in every if not result.passed]
    _write_failures(failures, failed)
    if results is not None:
        results.write_text(conformance.listing(levels), encoding="utf-8")
    if failed:
        typer.echo(f"The failures are in {failures}.")
    typer.echo(f"{len(every) - len(failed)} passed, {len(failed)} failed")
    raise typer.Exit(bool(failed))


def _line(name: str, report: "Report") -> str:
    passed, cases, valued_passed, valued = report.columns
    return f"{name:44}{f'{passed}/{cases}':>14}{f'{valued_passed}/{valued}':>24}{f'{cases - valued}/{cases}':>14}"


def _write_failures(path: Path, failed: Iterable["Result"]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["folder", "test", "result node", "expected", "actual"])
        writer.writerows([one.folder, one.test, one.node, one.expected, one.actual] for one in failed)
