"""The DMN Technology Compatibility Kit, where it is present: no case that passed may fail."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ruta.engine.dmn import conformance
from ruta.engine.dmn.conformance import Report

ROOT = Path(__file__).resolve().parents[2]
KIT = Path(os.environ.get("RUTA_CONFORMANCE") or ROOT.parent / "shared" / "conformance") / "dmn-tck"


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    if not KIT.is_dir():
        pytest.skip(f"not present: {KIT} (set RUTA_CONFORMANCE)")
    return {level: conformance.total(folders) for level, folders in conformance.run(KIT).items()}


@pytest.mark.parametrize(("level", "least"), [("compliance-level-2", 126), ("compliance-level-3", 2472)])
def test_every_case_of_the_kit_passes(reports: dict[str, Report], level: str, least: int) -> None:
    report = reports[level]
    passed, cases, valued_passed, valued = report.columns
    failures = [f"{f.test} {f.node}: expected {f.expected!r}, got {f.actual!r}" for f in report.failures()]
    assert failures == []
    assert passed == cases >= least
    assert valued_passed == valued > cases * 0.5


def test_a_wrong_value_is_counted_as_a_failure() -> None:
    result = conformance.Result("f", "t", "n", True, False, 1, 2)
    null = conformance.Result("f", "u", "n", False, True, None, None)
    report = Report((result, null))
    assert report.columns == (1, 2, 0, 1)
    assert report.failures() == (result,)
