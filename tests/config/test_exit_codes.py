"""`service test`, `audit verify` and `check`: 0 when all is well, 1 when something is not, 2 when asked wrongly."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from django.conf import settings
from django.db import connection
from tests.cases.case_builders import a_case, ana
from typer.testing import CliRunner

from ruta.cases.play.story import stories_in
from ruta.cases.play.world import World
from ruta.config import cli
from ruta.config.cli import loaded
from ruta.definitions.loader import read_folder
from ruta.definitions.services import publish
from ruta.documents import keys
from ruta.kernel.errors import RutaError

SERVICES = Path(__file__).resolve().parents[2] / "services"
STORY = SERVICES / "civil-registration" / "scenarios" / "CO-B14.yaml"
RUN = CliRunner()
WRONG = """\
id: W-01
story: What no tariff says costs nothing, which is not so.
given:
  people: {ana: {document: CC 1020304050, born: 1998-03-27, assurance: medium}}
  today: 2031-03-03
decide: fee
when:
  - form: {kind: copy, delivery: online, copies: 1}
then: {value: 0}
"""


def _ruta(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ruta", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **env},
    )


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A service's folder and, apart from both, a folder with one story."""
    shutil.copytree(SERVICES / "civil-registration", tmp_path / "elsewhere" / "civil-registration")
    shutil.copytree(SERVICES / "shared", tmp_path / "elsewhere" / "shared")
    (tmp_path / "stories").mkdir()
    shutil.copy(STORY, tmp_path / "stories" / "one.yaml")
    return tmp_path


def _answers_one_line(ended: subprocess.CompletedProcess[str], said: str) -> None:
    assert ended.returncode == 2, ended
    assert len(ended.stderr.splitlines()) == 1, ended.stderr
    assert said in ended.stderr
    assert "Traceback" not in ended.stdout + ended.stderr


def test_stories_of_a_folder_outside_the_service_are_played_and_those_that_hold_end_with_zero(
    outside: Path,
) -> None:
    ended = _ruta("service", "test", "civil-registration", "--scenarios", str(outside / "stories"))
    assert (ended.returncode, ended.stderr) == (0, "")
    *lines, last = ended.stdout.splitlines()
    assert lines
    assert all(line.startswith("ok  ") for line in lines)
    assert last == f"{len(lines)} passed, 0 failed"


def test_a_story_that_does_not_hold_is_told_and_ends_with_one(outside: Path) -> None:
    story = outside / "stories" / "one.yaml"
    story.write_text(WRONG)
    ended = _ruta(
        "service", "test", str(outside / "elsewhere" / "civil-registration"),
        "--scenarios", str(outside / "stories"),
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (1, "")
    assert "FAIL W-01" in ended.stdout
    assert ended.stdout.splitlines()[-1] == "0 passed, 1 failed"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "There are no scenarios (*.yaml)"),
        ("id: W-02\nwhenever: []\n", "one.yaml: the key whenever is unknown"),
        ("id: [unclosed\n", "one.yaml"),
        ("- just a list\n", "one.yaml: a scenario has at least an id"),
    ],
)
def test_stories_that_cannot_be_read_are_named(tmp_path: Path, text: str | None, said: str) -> None:
    if text is not None:
        (tmp_path / "one.yaml").write_text(text)
    with pytest.raises(RutaError) as refused:
        stories_in(tmp_path)
    assert said in refused.value.say("en")


def test_a_service_that_is_not_there_has_no_stories_and_ends_with_two_and_one_line() -> None:
    _answers_one_line(_ruta("service", "test", "nobody"), "nobody")


@pytest.mark.parametrize("command", ["lint", "publish", "show"])
@pytest.mark.django_db
def test_an_unknown_service_ends_with_two_and_one_line(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["ruta", "service", command, "nobody"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    _answers_one_line(
        subprocess.CompletedProcess(sys.argv, cast(int, ended.value.code), *capsys.readouterr()), "nobody"
    )


def test_a_service_file_that_cannot_be_read_ends_with_two_and_one_line(outside: Path) -> None:
    folder = outside / "elsewhere" / "civil-registration"
    (folder / "service.yaml").write_bytes(b"slug: \xff\xfe\n")
    _answers_one_line(_ruta("service", "show", str(folder)), "service.yaml")


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The civil registry in force."""
    publish(read_folder(SERVICES / "civil-registration"), in_force_from=date(2024, 1, 1))
    with World("civil-registration").open() as opened:
        yield opened


@pytest.mark.django_db
def test_a_history_that_verifies_ends_with_zero_and_a_broken_one_with_one_and_its_first_broken_link(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    case = a_case(world, ana(world))
    world.settle()
    good = RUN.invoke(loaded(), ["audit", "verify"])
    case.refresh_from_db()
    assert (good.exit_code, good.output) == (0, f"1 cases and {case.head_seq} events verify\n")

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE ruta_owner")
        cursor.execute("DELETE FROM cases_eventpayload WHERE seq = 1")
        cursor.execute("RESET ROLE")
    broken = RUN.invoke(loaded(), ["audit", "verify"])
    assert (broken.exit_code, broken.output) == (
        1,
        f"broken: {case.number}, event 1: the data of event 1 are missing and no later event tells that "
        "they were erased\n",
    )


def test_an_installation_whose_database_does_not_answer_ends_the_check_with_one(tmp_path: Path) -> None:
    ended = _ruta("check", DATABASE_URL="host=127.0.0.1 port=1 dbname=ruta connect_timeout=2")
    assert ended.returncode == 1
    assert "✗ database" in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr


@pytest.mark.django_db
def test_an_installation_that_has_what_it_needs_ends_the_check_with_zero(
    assets: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ruta.config import setup

    monkeypatch.setattr(setup, "assets_are_there", lambda: True)  # collected names are off in tests
    keys.ensure_keys()
    publish(read_folder(SERVICES / "civil-registration"))
    ended = RUN.invoke(loaded(), ["check"])
    assert ended.exit_code == 0, ended.output
    assert "✗" not in ended.output
