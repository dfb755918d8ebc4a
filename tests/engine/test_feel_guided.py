"""Fuzzing led by coverage: minutes of it, in `make test-all` only; how long is said by RUTA_FUZZ_SECONDS."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="no wheel of atheris for this machine"
)
def test_nothing_but_feels_own_errors_comes_out(tmp_path: Path) -> None:
    seconds = os.environ.get("RUTA_FUZZ_SECONDS", "60")
    ended = subprocess.run(
        [sys.executable, "-m", "tests.engine.fuzz_feel", f"-max_total_time={seconds}", "-max_len=200", "-timeout=10",
         "-rss_limit_mb=1024", f"-artifact_prefix={tmp_path}/"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-4_000:]
    assert "DONE" in ended.stderr or "Done" in ended.stderr
