"""Which Chromium the browser tests run: any of the names under which systems install it."""

from pathlib import Path

import pytest
from tests.web import screens

MAKEFILE = Path(__file__).resolve().parents[2] / "Makefile"


def _install(folder: Path, name: str) -> Path:
    program = folder / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return program


@pytest.mark.parametrize("name", screens.NAMES)
def test_chromium_is_found_by_each_name_that_make_browser_takes(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program = _install(tmp_path, name)
    assert screens.installed() == str(program)
    assert f"command -v {name} >/dev/null" in MAKEFILE.read_text()


def test_without_chromium_the_tests_say_what_is_missing_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        RuntimeError, match=r"none of chromium, chromium-browser, google-chrome .* `make browser`"
    ):
        screens.installed()
