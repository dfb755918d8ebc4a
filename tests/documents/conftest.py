"""Keys are made once for the whole run; files go to a folder of the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: object) -> Iterator[None]:
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]
    yield
