"""`ruta feel`: the value of one expression, without a service, a database or Django."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ruta.engine import feel

Lang = Annotated[str, typer.Option(help="Language of what is said: es or en.")]
Now = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="Pretend that it is this instant in Colombia."
    ),
]


def register(root: typer.Typer) -> None:
    """Add the command."""
    root.command("feel")(evaluate)


def evaluate(
    expression: Annotated[str, typer.Argument(metavar="EXPR", help="An expression of FEEL.")],
    context: Annotated[
        str | None,
        typer.Option(metavar="JSON|FILE", help="Variables: a JSON object, or a file that holds one."),
    ] = None,
    now: Now = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write the value as JSON instead of as FEEL.")
    ] = False,
    lang: Lang = "en",
) -> None:
    """Write the value of an expression; where it is null, standard error says why."""
    from ruta.engine import feel

    variables = read_object(context, "--context") if context else {}
    try:
        program = feel.compile(expression, names=variables)
        run = feel.Run(world(now, lang, needs_calendar="business day" in expression))
        value = program.run(feel.to_feel(variables), run)
    except feel.FeelError as wrong:
        raise ValueError(wrong.say.get(lang, wrong.say["en"])) from None
    except feel.Stop as stop:
        raise ValueError(stop.problem.say.get(lang, stop.problem.say["en"])) from None
    typer.echo(written(value) if not as_json else _json(value))
    if value is None:
        for line in _reasons(program, run, lang):
            typer.echo(line, err=True)


def _reasons(program: "feel.Program", run: "feel.Run", lang: str) -> Iterator[str]:
    """What can be told before the run, with its place, then what was noted during it."""
    from ruta.engine.feel.reasons import told

    for remark in program.remarks:
        line, column = program.place(remark.at)
        yield f"{line}:{column}: {remark.say.get(lang, remark.say['en'])}"
    for say in told(run.notes or ()):
        yield say.get(lang, say["en"])


def read_object(given: str, option: str) -> dict[str, Any]:
    """The JSON object that an option holds or names; numbers keep their digits. Raises ValueError."""
    import json
    from decimal import Decimal

    text = given if given.lstrip().startswith(("{", "[")) else _file(given, option)
    try:
        found = json.loads(text, parse_float=Decimal)
    except ValueError as wrong:
        raise ValueError(f"{option} is not JSON: {wrong}") from None
    if not isinstance(found, dict):
        raise ValueError(f"{option} must be a JSON object of names and values")
    return found


def _file(name: str, option: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8")
    except OSError as wrong:
        raise ValueError(f"{option}: {name}: {wrong.strerror}") from None


def world(now: datetime | None, lang: str, *, needs_calendar: bool) -> "feel.Context":
    """The context of a command: the instant, Colombia, and the business calendar around it where it is asked for."""
    from ruta.engine import feel
    from ruta.engine.feel.context import BOGOTA
    from ruta.engine.terms import Calendar

    instant = now.replace(tzinfo=BOGOTA) if now else datetime.now(BOGOTA)
    years = range(instant.year - 5, instant.year + 6)
    return feel.Context(instant, calendar=Calendar.colombia(years) if needs_calendar else None, lang=lang)


def written(value: Any) -> str:
    """A value as FEEL writes it, a text in quotes."""
    from ruta.engine.feel import values

    return values.text([value])[1:-1]


def _json(value: Any) -> str:
    from ruta.engine import feel

    return feel.dumps(feel.to_json(value))
