"""`ruta service`: an analyst lints, reads and publishes a folder from the command line."""

import shutil
from pathlib import Path

import pytest
from definitions_builders import SERVICES
from typer.testing import CliRunner

from ruta.config.commands import service as commands
from ruta.definitions.lint import CHECKS
from ruta.definitions.models import ServiceVersion

RUN = CliRunner()


@pytest.fixture(autouse=True)
def _django_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "_django", lambda *, needs_database: None)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    folder = tmp_path / "civil-registration"
    shutil.copytree(SERVICES / "civil-registration", folder)
    shutil.copytree(SERVICES / "shared", tmp_path / "shared")
    told = (folder / "service.yaml").read_text()
    (folder / "service.yaml").write_text(told.replace("law: L527", "law: L572"))
    return folder


def test_a_good_folder_lints_with_exit_code_0() -> None:
    ran = RUN.invoke(commands.app, ["lint", "civil-registration"])
    assert ran.exit_code == 0, ran.output
    assert "civil-registration: 0 errors, 0 warnings" in ran.output


def test_a_broken_folder_is_named_by_file_line_and_cure_with_exit_code_1(broken: Path) -> None:
    ran = RUN.invoke(commands.app, ["lint", str(broken)])
    assert ran.exit_code == 1
    line = next(
        at for at, text in enumerate((broken / "service.yaml").read_text().splitlines(), 1) if "L572" in text
    )
    assert f"service.yaml:{line}: error [law-unknown]" in ran.output
    assert "Did you mean L527?" in ran.output
    spanish = RUN.invoke(commands.app, ["lint", str(broken), "--lang", "es"])
    assert "¿Quiso decir L527?" in spanish.output


def test_show_tells_what_the_folder_says() -> None:
    ran = RUN.invoke(commands.app, ["show", "civil-registration"])
    assert ran.exit_code == 0, ran.output
    for told in (
        "Registro civil",
        "answer: 10 business days from received",
        "who_may_ask",
        "birth_mother_rule",
    ):
        assert told in ran.output


def test_checks_lists_every_check_of_the_lint() -> None:
    ran = RUN.invoke(commands.app, ["checks"])
    for check in CHECKS.values():
        assert check.id in ran.output
        assert check.looks_for["en"] in ran.output


@pytest.mark.django_db
def test_publish_puts_a_folder_in_force_and_list_shows_it() -> None:
    ran = RUN.invoke(commands.app, ["publish", "civil-registration", "--in-force", "2026-01-01"])
    assert ran.exit_code == 0, ran.output
    assert "civil-registration: version 1, in force from 2026-01-01" in ran.output
    assert "CRB" in RUN.invoke(commands.app, ["list"]).output


@pytest.mark.django_db
def test_a_broken_folder_is_not_published(broken: Path) -> None:
    ran = RUN.invoke(commands.app, ["publish", str(broken)])
    assert ran.exit_code != 0
    assert "[law-unknown]" in ran.output
    assert not ServiceVersion.objects.exists()
