"""The accessibility check that every page type passes: axe-core in the page, WCAG 2.2 AA and good practice."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _source() -> str:
    return AXE.read_text() + "\n;undefined"


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds wrong on the page as it stands."""
    page.evaluate(_source())
    found: list[dict[str, Any]] = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}}).then(r => r.violations)", TAGS
    )
    return found


def assert_accessible(page: Page) -> None:
    """Fail with each violation, its element and how to mend it; fail too when the page scrolls sideways."""
    said = [
        "\n    ".join(
            [
                f"{violation['id']}: {violation['help']}",
                str(node["target"]),
                node["html"][:200],
                node["failureSummary"],
            ]
        )
        for violation in violations(page)
        for node in violation["nodes"]
    ]
    width, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if width > window:
        said.append(f"the page is {width} px wide in a window of {window} px")
    assert not said, f"{page.url}\n" + "\n".join(said)


REFLOW = {"320 CSS px": 320, "200 % of 1280 px": 640}
"""Widths that a page must fit without scrolling sideways (WCAG 2.2, 1.4.10 and 1.4.4)."""


def assert_reflows(page: Page) -> None:
    """Fail where the page, narrowed or enlarged, scrolls sideways; the window has its width again afterwards."""
    before = page.viewport_size
    assert before is not None
    said = []
    for name, width in REFLOW.items():
        page.set_viewport_size({"width": width, "height": 800})
        needed = page.evaluate("document.documentElement.scrollWidth")
        if needed > width:
            said.append(f"{name}: the page is {needed} px wide")
    page.set_viewport_size(before)
    assert not said, f"{page.url}\n" + "\n".join(said)
