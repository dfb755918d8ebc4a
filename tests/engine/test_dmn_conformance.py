"""The DMN Technology Compatibility Kit, where it is present: no case that passed may fail."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ruta.engine.dmn import conformance
from ruta.engine.dmn.conformance import Report

ROOT = Path(__file__).resolve().parents[2]
KIT = Path(os.environ.get("RUTA_CONFORMANCE") or ROOT.parent / "shared" / "conformance") / "dmn-tck"
RESULTS = Path(__file__).with_name("dmn_conformance.txt")


@pytest.fixture(scope="module")
def levels() -> dict[str, dict[str, Report]]:
    if not KIT.is_dir():
        pytest.skip(f"not present: {KIT} (set RUTA_CONFORMANCE)")
    return conformance.run(KIT)


def test_no_case_of_the_kit_that_passed_fails_now(levels: dict[str, dict[str, Report]]) -> None:
    """`dmn_conformance.txt` is written by `ruta conformance dmn DIR --results FILE`."""
    now = set(conformance.listing(levels).splitlines())
    here = {line.split("/")[1] for line in now}
    kept = [line for line in RESULTS.read_text(encoding="utf-8").splitlines() if line.startswith("passed ")]
    worse = [line for line in kept if line.split("/")[1] in here and line not in now]
    assert worse == []
    assert len(kept) >= 2598


@pytest.mark.parametrize("level", ["compliance-level-2", "compliance-level-3"])
def test_values_are_right_and_not_only_nulls(levels: dict[str, dict[str, Report]], level: str) -> None:
    report = conformance.total(levels[level])
    passed, cases, valued_passed, valued = report.columns
    failures = [f"{f.test} {f.node}: expected {f.expected!r}, got {f.actual!r}" for f in report.failures()]
    assert passed >= cases * 0.99, failures
    assert valued_passed >= valued * 0.99, failures
    assert valued > cases * 0.4


def test_the_page_tells_what_the_committed_results_say() -> None:
    lines = [line.split(" ", 2) for line in RESULTS.read_text(encoding="utf-8").splitlines()]
    page = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
    row = []
    for level in ("compliance-level-2", "compliance-level-3"):
        mine = [(passed == "passed", of) for passed, of, case in lines if case.startswith(level)]
        valued = [passed for passed, of in mine if of == "value"]
        row.append(f"{sum(passed for passed, _ in mine):,} of {len(mine):,}")
        row.append(f"{sum(valued):,} of {len(valued):,}")
        row.append(f"{len(mine) - len(valued):,}")
    assert f"| Ruta | {' | '.join(row[:2])} | {' | '.join(row[3:5])} |" in page
    assert f"| an engine that always answers null | {row[2]} | 0 | {row[5]} | 0 |" in page


def test_a_wrong_value_is_counted_as_a_failure() -> None:
    result = conformance.Result("f", "t", "n", True, False, 1, 2)
    null = conformance.Result("f", "u", "n", False, True, None, None)
    report = Report((result, null))
    assert report.columns == (1, 2, 0, 1)
    assert report.failures() == (result,)
