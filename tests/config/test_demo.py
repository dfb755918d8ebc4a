"""`make demo` in a home of its own, as processes: it starts, stays, ends whole, and does not build twice."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

SERVICES = Path(__file__).resolve().parents[2] / "services"
SMALL = """seed: 7
offices: {1501-15001: 1.0}
people: 24
registers: {}
agencies: {}
play: []
"""
READY = "Ruta is ready"


@pytest.fixture
def services(tmp_path: Path) -> Path:
    """The services, with a country of two dozen people."""
    folder = tmp_path / "services"
    shutil.copytree(SERVICES, folder)
    (folder / "civil-registration" / "samples.yaml").write_text(SMALL)
    return folder


@pytest.fixture
def home(tmp_path: Path, assets: None) -> Path:
    """An installation whose style sheet is built and which has nothing else."""
    folder = tmp_path / "home"
    (folder / "static").mkdir(parents=True)
    shutil.copytree(settings.ASSETS_DIR, folder / "assets")
    (folder / "static" / "staticfiles.json").write_text('{"version": "1.1", "paths": {}, "hash": ""}')
    return folder


def environment(home: Path) -> dict[str, str]:
    """This process's, with the home and without the database of the tests."""
    ours = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "RUTA_OWNER_URL")
    }
    return ours | {"RUTA_HOME": str(home)}


def free_ports() -> int:
    """The first of three ports in a row that nobody holds."""
    for port in range(18700, 19700, 10):
        try:
            for each in range(port, port + 3):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", each))
        except OSError:
            continue
        return port
    raise AssertionError("no three free ports in a row")


@pytest.fixture
def demo(home: Path, services: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts `ruta demo` and, whatever happens, leaves none of its processes."""
    started: list[subprocess.Popen[str]] = []
    env = environment(home) | {"RUTA_SERVICES": str(services), "RUTA_PORT": str(free_ports())}

    def start() -> subprocess.Popen[str]:
        into = (home / "demo.out").open("w")
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "ruta", "demo"], stdout=into, stderr=into, text=True, env=env
            )
        )
        return started[-1]

    yield start
    for each in started:
        if each.poll() is None:
            each.terminate()
            each.wait(30)


def processes_of(home: Path) -> dict[int, str]:
    """Every live process that was started for this home: pid and command."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        mine = f"RUTA_HOME={home}".encode() in environment.split(b"\0") or str(home) in command
        if mine and command:  # a dead one that nobody waited for has no command
            found[int(folder.name)] = command
    return found


def wait_until(holds: Callable[[], object], what: str, seconds: float = 600) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, what
        time.sleep(0.2)


def ready(home: Path, running: subprocess.Popen[str]) -> None:
    """Wait until it says that it is ready."""
    written = home / "demo.out"
    wait_until(lambda: READY in written.read_text() or running.poll() is not None, "demo is not ready")
    assert running.poll() is None, written.read_text()


COUNT = """
from ruta.config import setup
setup.django()
from ruta.identity.models import Person
print(Person.objects.count())
"""


def people(home: Path) -> int:
    """How many the country has, asked in a process that ends: the server stops with the last that joined it."""
    told = subprocess.run(
        [sys.executable, "-c", COUNT], capture_output=True, text=True, check=True, env=environment(home)
    )
    return int(told.stdout)


@pytest.mark.slow
def test_the_demo_starts_its_children_ends_them_at_sigterm_and_does_not_build_again(
    demo: Callable[[], subprocess.Popen[str]], home: Path
) -> None:
    running = demo()
    ready(home, running)
    commands = " ".join(processes_of(home).values())
    for child in ("ruta sandbox", "ruta serve", "ruta worker", "postgres"):
        assert child in commands
    there = people(home)
    assert there >= 24
    built = (home / "demo.ready").stat().st_mtime_ns

    running.send_signal(signal.SIGTERM)
    assert running.wait(60) == 0
    wait_until(lambda: not processes_of(home), f"still there: {processes_of(home)}", 30)

    again = demo()
    ready(home, again)
    assert (home / "demo.ready").stat().st_mtime_ns == built
    assert people(home) == there
    again.send_signal(signal.SIGTERM)
    assert again.wait(60) == 0
    wait_until(lambda: not processes_of(home), f"still there: {processes_of(home)}", 30)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_port_that_is_held_is_named_in_one_line_with_exit_code_2(which: int, tmp_path: Path) -> None:
    port = free_ports()
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", port + which))
        holder.listen()
        ended = subprocess.run(
            [sys.executable, "-m", "ruta", "demo"],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "RUTA_HOME": str(tmp_path), "RUTA_PORT": str(port)},
        )
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        f"ruta: port {port + which} is taken: choose another with RUTA_PORT, e.g. RUTA_PORT=8100"
    ]
    assert not (tmp_path / "postgres").exists()


SLEEPER = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
time.sleep(600)
"""


def test_stopping_ends_every_child_and_what_the_child_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ruta.config.commands import demo as command

    monkeypatch.setenv("RUTA_HOME", str(tmp_path))
    monkeypatch.setattr(command, "PROGRAM", (sys.executable, "-c", SLEEPER))
    with command._children() as children:
        for name in ("one", "two"):
            children.start(name)
        wait_until(lambda: len(processes_of(tmp_path)) == 4, "4 processes")
        assert children.ended() == ""
        mine = set(processes_of(tmp_path))
    assert len(mine) == 4
    wait_until(lambda: not mine & set(processes_of(tmp_path)), "children remain", 10)


def test_a_child_that_ends_by_itself_is_named_with_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import typer

    from ruta.config.commands import demo as command

    monkeypatch.setenv("RUTA_HOME", str(tmp_path))
    monkeypatch.setattr(command, "PROGRAM", (sys.executable, "-c", "import sys; sys.exit(3)"))
    with pytest.raises(typer.Exit) as ended, command._children() as children:
        children.start("worker")
        children.wait()
    assert ended.value.exit_code == 1
    assert "worker.log" in capsys.readouterr().out.replace("\n", "")
