"""Services: what is published, what is wrong with a folder, what it says, and putting it in force."""

import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from ruta.definitions.findings import Finding
    from ruta.definitions.loader import Folder

app = typer.Typer(no_args_is_help=True, help=__doc__)
_out = Console()
_Service = Annotated[
    str, typer.Argument(metavar="SERVICE", help="The service's slug, or the path of its folder.")
]


def _django(*, needs_database: bool) -> None:
    from ruta.config.setup import django

    django(needs_database=needs_database)


def _scratch() -> None:
    """Django on an empty database of the newest schema, which has nothing of this installation; no mail goes out."""
    from ruta.config import database

    database.use_scratch()
    _django(needs_database=True)
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        made = subprocess.run(
            [sys.executable, "-m", "ruta", "migrate"], capture_output=True, text=True, check=False
        )
        if made.returncode:
            raise RuntimeError(f"the database of stories could not be made: {made.stderr.strip()[-500:]}")


def service_folder(name: str) -> Path:
    """The folder of a service by its slug (under RUTA_SERVICES) or its path."""
    from django.conf import settings

    path = Path(name)
    return path if (path / "service.yaml").is_file() else Path(settings.SERVICES_DIR) / name


def read(name: str) -> "Folder":
    """The folder of a service with the shared one (beside it, else that of RUTA_SERVICES)."""
    from django.conf import settings

    from ruta.definitions.loader import read_folder

    path = service_folder(name)
    beside = path.parent / "shared"
    return read_folder(path, shared=beside if beside.is_dir() else Path(settings.SERVICES_DIR) / "shared")


def _folders() -> list[str]:
    from django.conf import settings

    return sorted(path.parent.name for path in Path(settings.SERVICES_DIR).glob("*/service.yaml"))


@app.command("list")
def list_services() -> None:
    """List the services in force, and the folders that are not published yet."""
    _django(needs_database=True)
    from ruta.definitions import runtime, selectors
    from ruta.kernel.texts import pick

    table = Table("service", "code", "version", "in force from", "title", "acts")
    published = set()
    for version in selectors.current_services():
        spec = runtime.compiled(version.pk).service
        published.add(spec.slug)
        acts = ", ".join(spec.acts)
        table.add_row(
            spec.slug,
            spec.code,
            str(version.number),
            str(version.in_force_from),
            pick(spec.title, "es"),
            acts,
        )
    for slug in _folders():
        if slug not in published:
            table.add_row(slug, "", "not published", "", "", "")
    _out.print(table)


@app.command()
def lint(
    services: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SERVICE]...", help="Slugs or folders; all when none is named."),
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of the findings: es or en.")] = "en",
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors.")] = False,
) -> None:
    """Name what is wrong in a service's folder: file, line, fault and cure. Exit code 1 when there is an error."""
    _django(needs_database=False)
    from ruta.definitions.lint import lint as lint_folder

    worst = 0
    for name in services or _folders():
        folder = read(name)
        findings = lint_folder(folder)
        errors = [one for one in findings if strict or one.severity == "error"]
        for finding in findings:
            _tell(finding, lang)
        typer.echo(f"{folder.slug}: {len(errors)} errors, {len(findings) - len(errors)} warnings")
        worst = max(worst, bool(errors))
    raise typer.Exit(worst)


def _tell(finding: "Finding", lang: str) -> None:
    typer.echo(f"{finding.file}:{finding.line}: {finding.severity} [{finding.check}]")
    typer.echo(f"    {finding.say.get(lang, finding.say['en'])}")
    typer.echo(f"    → {finding.cure.get(lang, finding.cure['en'])}")


@app.command()
def checks(lang: Annotated[str, typer.Option(help="Language: es or en.")] = "en") -> None:
    """List what the lint looks for, check by check."""
    _django(needs_database=False)
    from ruta.definitions.lint import CHECKS

    for check in CHECKS.values():
        typer.echo(f"{check.id:24} {check.severity:8} {check.looks_for.get(lang, check.looks_for['en'])}")


@app.command()
def show(
    service: _Service,
    lang: Annotated[str, typer.Option(help="Language: es or en.")] = "es",
) -> None:
    """Show what a folder says: acts, who, cost today, terms, look-ups, outputs, decisions."""
    _django(needs_database=False)
    from ruta.definitions.runtime import compile_folder
    from ruta.kernel import clock
    from ruta.kernel.money import format_pesos
    from ruta.kernel.texts import pick

    compiled = compile_folder(read(service))
    spec = compiled.service
    typer.echo(f"{pick(spec.title, lang)} ({spec.slug}, {spec.code}) · {compiled.content_hash[:12]}")
    typer.echo(f"  {pick(spec.summary, lang)}")
    for name, act in spec.acts.items():
        typer.echo(
            f"\n{name}: {pick(act.title, lang)}" + ("" if compiled.act(name).is_open else " (explained only)")
        )
        typer.echo(f"  who        {', '.join(f'{who.kind} {who.value}'.strip() for who in act.who)}")
        typer.echo(f"  channels   {', '.join(act.channels)} · level to file: {act.assurance.file}")
        for shown in act.fee.show if act.fee else ():
            figure = compiled.figure(shown.value, clock.today())
            typer.echo(
                f"  costs      {pick(shown.title, lang)}: {format_pesos(int(figure.value))} ({figure.source})"
            )
        for term in act.terms:
            typer.echo(f"  term       {term.id}: {term.length} from {term.from_} ({term.law})")
        for read_id in act.needs:
            read_spec = compiled.read(read_id)
            typer.echo(f"  looks up   {read_id} in {read_spec.register_}: {', '.join(read_spec.fields)}")
        for output in act.outputs:
            typer.echo(f"  issues     {output.id}: {pick(output.title, lang)}, follows {output.source}")
    typer.echo(f"\ndecisions    {', '.join(compiled.decisions)}")
    typer.echo(f"registers    {', '.join(spec.registers.writes)}")


@app.command()
def publish(
    services: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SERVICE]...", help="Slugs or folders; all when none is named."),
    ] = None,
    in_force: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From which day; default today.")
    ] = None,
) -> None:
    """Put a folder in force as an immutable version. The same content again changes nothing."""
    _django(needs_database=True)
    from ruta.definitions.services import PublicationError
    from ruta.definitions.services import publish as publish_folder

    for name in services or _folders():
        folder = read(name)
        since: date | None = in_force.date() if in_force else None
        try:
            version = publish_folder(folder, in_force_from=since)
        except PublicationError as refused:
            for finding in refused.findings:
                _tell(finding, "en")
            raise
        typer.echo(f"{version.service_id}: version {version.number}, in force from {version.in_force_from}")


@app.command()
def migrate(
    service: Annotated[str, typer.Argument(metavar="SERVICE", help="The service's slug.")],
    to: Annotated[int | None, typer.Option(help="To which version; the newest without it.")] = None,
    since: Annotated[
        int | None, typer.Option("--from", help="Only cases of this version; of all others without it.")
    ] = None,
    act: Annotated[str, typer.Option(help="Only cases of this act.")] = "",
    pairs: Annotated[
        list[str] | None,
        typer.Option("--map", help="An element that became another: old=new. May be repeated."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why: it enters the history of each case.")] = "",
    apply: Annotated[bool, typer.Option("--apply", help="Move them; without it nothing stays.")] = False,
    lang: Annotated[str, typer.Option(help="Language of the reasons: es or en.")] = "en",
) -> None:
    """Move running cases to another version of their service: a dry run unless told to apply it.

    Elements are mapped by id, then by kind and name, then as --map says. A case that could then wait for ever or do
    something twice stays, with the reason. Exit code 1 when a case stays.
    """
    _django(needs_database=True)
    from ruta.cases.migration import Migration, Moving, version
    from ruta.identity.actors import Actor

    if apply and not reason.strip():
        raise typer.BadParameter("say why: it enters the history of each case", param_hint="--reason")
    given = dict(_pair(each) for each in pairs or [])
    moving = Moving(service, version(service, to), act, since, given, reason.strip())
    moved = stayed = 0
    for result in Migration(moving, Actor.system("migration")).run(apply=apply):
        moved, stayed = moved + result.moved, stayed + (not result.moved)
        told = " ".join(say.get(lang, say["en"]) for say in result.reasons)
        state = "stays" if told else ("moved" if apply else "would move")
        typer.echo(
            f"{result.number} {result.act} version {result.version}: {state}" + (f": {told}" if told else "")
        )
    verb = "moved" if apply else "would move"
    typer.echo(f"{service}: {moved} {verb} to version {moving.to.number}, {stayed} stay")
    raise typer.Exit(bool(stayed))


def _pair(text: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not (equals and old and new):
        raise typer.BadParameter(f"{text}: write old=new", param_hint="--map")
    return old, new


@app.command()
def test(
    service: _Service,
    scenarios: Annotated[
        Path | None, typer.Option(help="Play the scenarios of this directory instead of the folder's own.")
    ] = None,
    only: Annotated[str, typer.Option(help="Play only stories whose id begins so.")] = "",
) -> None:
    """Play the stories of a service on the real engine, in a database of their own: jobs, people, files and mail of this
    installation are left alone. Exit code 1 when one does not hold."""
    _scratch()
    from django.db import transaction

    from ruta.cases.play.run import play
    from ruta.cases.play.story import stories_in, stories_of
    from ruta.definitions.selectors import trying
    from ruta.definitions.services import publish as publish_folder

    folder = read(service)
    stories = stories_in(scenarios) if scenarios else stories_of(folder)
    stories = [story for story in stories if story.id.startswith(only)]
    failed = 0
    with transaction.atomic():
        version = publish_folder(folder, in_force_from=date(1990, 1, 1))
        for story in stories:
            with trying(version):
                result = play(story, version.service_id)
            failed += not result.passed
            typer.echo(f"{'ok  ' if result.passed else 'FAIL'} {story.name}  {story.text}")
            for failure in result.failures:
                typer.echo(f"       {failure}")
        transaction.set_rollback(True)
    typer.echo(f"{len(stories) - failed} passed, {failed} failed")
    raise typer.Exit(bool(failed))
