"""The sample country, up and running with one command."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from ruta.config import database, setup

if TYPE_CHECKING:
    from ruta.cases.play.guides import Guide

PASSWORD = "ruta-de-muestra-2026"  # noqa: S105  printed at every start; only in the sample country
SINCE = date(2024, 1, 1)  # the first tariffs that the services' folders hold
PROGRAM = (sys.executable, "-m", "ruta")
out = Console()


def register(root: typer.Typer) -> None:
    root.command()(demo)


def demo() -> None:
    """Build the sample country if there is none, start everything, and stay until Ctrl-C."""
    for number in (
        signal.SIGINT,
        signal.SIGTERM,
    ):  # started in the background, a shell would have SIGINT ignored
        signal.signal(number, _leave)
    port = int(os.environ.get("RUTA_PORT", "8000"))
    os.environ.update(RUTA_DEMO="1", RUTA_PORT=str(port), RUTA_HOME=str(database.home()))
    home = database.home()
    home.mkdir(parents=True, exist_ok=True)
    _refuse_taken_ports(port)
    setup.refuse_without_assets()
    with _steps() as steps:
        steps.say("PostgreSQL")
        begin_again(home)
        database.use_embedded()
        steps.say("Schema")
        _run("migrate")
        steps.say("Services")
        setup.django()
        _publish()
        with _children() as children:
            steps.say("The world outside")
            children.start("sandbox")
            _wait_for(f"http://127.0.0.1:{port + 1}/", children)
            if not (home / "demo.ready").exists():
                _build(steps)
                (home / "demo.ready").touch()
            steps.say("Web and worker")
            children.start("serve")
            children.start("worker")
            _wait_for(f"http://127.0.0.1:{port}/readyz", children)
            steps.end()
            _tell(port)
            children.wait()


def begin_again(home: Path) -> None:
    """A country whose building was interrupted is of no use: drop what there is of it."""
    if (home / "postgres").exists() and not (home / "demo.ready").exists():
        for part in ("postgres", "files", "heads", "sandbox"):
            shutil.rmtree(home / part, ignore_errors=True)


def _publish() -> None:
    from django.conf import settings

    from ruta.definitions.loader import read_folder
    from ruta.definitions.services import publish
    from ruta.documents import keys

    keys.ensure_keys()
    for file in sorted(Path(settings.SERVICES_DIR).glob("*/service.yaml")):
        publish(read_folder(file.parent), in_force_from=SINCE)


def _build(steps: "Steps") -> None:
    from ruta.cases import sealing
    from ruta.cases.play.country import Country
    from ruta.definitions import runtime
    from ruta.definitions.selectors import current_services
    from ruta.kernel import clock
    from ruta.opendata.services import publish_all

    for version in current_services():
        compiled = runtime.compiled(version.pk)
        if "samples.yaml" in compiled.folder.files:
            country = Country(compiled, today=clock.today(), progress=steps.progress)
            country.build()
            for stopped in country.play():
                out.print(f"[yellow]{stopped}[/]")
    _give_passwords()
    for fed in publish_all():
        if fed.why:
            out.print(f"[yellow]{fed.dataset}: {fed.why}[/]")
    sealing.seal_heads()


def _first_guides() -> list["Guide"]:
    """A citizen with cases, and the busiest officials of two posts that sign: with whom one signs in by hand."""
    from ruta.cases.play.guides import citizens, officials
    from ruta.definitions import posts

    busiest: dict[str, Guide] = {}
    for guide in officials():
        busiest.setdefault(guide.role, guide)
    signing = set(posts.with_power("signs", posts.titles()))
    chosen = [guide for role, guide in busiest.items() if role in signing]
    return [*citizens(limit=1), *chosen[:2]]


def _give_passwords() -> None:
    for guide in _first_guides():
        guide.account.set_password(PASSWORD)
        guide.account.save(update_fields=["password"])


def _tell(port: int) -> None:
    base = f"http://localhost:{port}"
    out.print("\n[bold green]Ruta is ready[/]\n")
    for what, where in (
        ("Portal", base),
        ("Desk", f"{base}/escritorio/"),
        ("Become anybody in one click, and a ten-minute tour", f"{base}/demo/"),
        ("The world outside: bank, registers, mailbox", f"http://localhost:{port + 1}/"),
    ):
        out.print(f"  {what}: [link={where}]{where}[/]")
    out.print(f"\n  Sign in with the password [bold]{PASSWORD}[/] as")
    for guide in _first_guides():
        out.print(f"    {guide.account.email}  {guide.name}{', ' + guide.post['en'] if guide.post else ''}")
    out.print("\n  Ctrl-C stops everything.\n")
    sys.stdout.flush()


class Steps:
    """Progress on the terminal: what is being done, and how far."""

    def __init__(self, bar: Progress) -> None:
        self.bar = bar
        self.tasks: dict[str, TaskID] = {}

    def say(self, what: str) -> None:
        """A step begins; the one before it is done."""
        self.end()
        self.tasks[what] = self.bar.add_task(what, total=1)

    def progress(self, what: str, done: int, total: int) -> None:
        """How far a long step is."""
        name = f"The sample country: {what}"
        if name not in self.tasks:
            self.tasks[name] = self.bar.add_task(name, total=total)
        self.bar.update(self.tasks[name], completed=done, total=total)

    def end(self) -> None:
        """Every step so far is done."""
        for task in self.bar.tasks:
            self.bar.update(task.id, completed=task.total or 1)


@contextmanager
def _steps() -> Iterator[Steps]:
    columns = (TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out) as bar:
        yield Steps(bar)


class Children:
    """The processes started here; all end together."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, command: str) -> None:
        """Start `ruta ‹command›`, its words into RUTA_HOME/logs."""
        logs = database.home() / "logs"
        logs.mkdir(exist_ok=True)
        with (logs / f"{command}.log").open("ab") as log:
            self.running[command] = subprocess.Popen(  # noqa: S603  our own command
                [*PROGRAM, command], stdout=log, stderr=log, start_new_session=True
            )

    def ended(self) -> str:
        """The first child that is no longer running, or empty."""
        return next((name for name, child in self.running.items() if child.poll() is not None), "")

    def wait(self) -> None:
        """Stay until a child ends or somebody stops us."""
        while not self.ended():
            time.sleep(0.5)
        name = self.ended()
        out.print(f"[red]{name} ended; see {database.home() / 'logs' / name}.log[/]")
        raise typer.Exit(1)

    def stop(self) -> None:
        """End every child, its own children too."""
        for child in self.running.values():
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGTERM)
        for child in self.running.values():
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)


@contextmanager
def _children() -> Iterator[Children]:
    children = Children()
    try:
        yield children
    except KeyboardInterrupt:
        out.print("\nStopping…")
    finally:
        children.stop()


def _leave(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _run(command: str) -> None:
    done = subprocess.run([*PROGRAM, command], capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"ruta {command}: {done.stderr.decode(errors='replace').strip()[-500:]}")


def _refuse_taken_ports(port: int) -> None:
    for each in (port, port + 1, port + 2):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", each))
            except OSError:
                raise RuntimeError(
                    f"port {each} is taken: choose another with RUTA_PORT, e.g. RUTA_PORT=8100"
                ) from None


def _wait_for(url: str, children: Children, seconds: int = 60) -> None:
    import httpx  # a third of the time that every other command would take to start

    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if name := children.ended():
            raise RuntimeError(f"{name} did not start; see {database.home() / 'logs' / name}.log")
        try:
            if httpx.get(url, timeout=2, trust_env=False).status_code < 500:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    raise RuntimeError(f"{url} did not answer within {seconds} seconds")
