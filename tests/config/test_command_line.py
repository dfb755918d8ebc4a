"""Scripts and continuous integration rely on the exit code of a command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def _ruta(*words: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ruta", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ} | ({"RUTA_HOME": str(home), "RUTA_PORT": "18640"} if home else {}),
    )


def test_a_folder_with_errors_makes_the_lint_end_with_one(tmp_path: Path) -> None:
    (tmp_path / "service.yaml").write_text("slug: x\n")

    ended = _ruta("service", "lint", str(tmp_path))

    assert ended.returncode == 1
    assert "error [" in ended.stdout


def test_a_folder_without_errors_makes_the_lint_end_with_zero() -> None:
    assert _ruta("service", "lint", "civil-registration").returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nonsense"], "nonsense"),
        (["service", "show"], "SERVICE"),
        (["service", "show", "nobody"], "service.yaml"),
    ],
)
def test_a_mistyped_command_ends_with_two_and_one_line(words: list[str], said: str) -> None:
    ended = _ruta(*words)

    assert ended.returncode == 2
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert "Traceback" not in ended.stdout + ended.stderr


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_the_web_does_not_start_without_its_style_sheet_and_says_what_to_do(
    command: str, tmp_path: Path
) -> None:
    ended = _ruta(command, home=tmp_path)

    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        "ruta: style sheet and scripts are not built: run `ruta assets`, then start again"
    ]
    assert not (tmp_path / "postgres").exists()
