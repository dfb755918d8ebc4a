"""The pages' tests see the real style sheet, fonts and icons."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def _with_assets(assets: None) -> None:
    """Every test here needs them."""
