"""The examples of the engine's page run, and give what the page says."""

import ast
import re
from datetime import date
from typing import Any

from tests.docs.blocks import DOCS

PAGE = (DOCS / "explanation/engine.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
GIVE = ["adult", ("", {"n": 1, "ok": True}), date(2026, 6, 18)]


def given(block: str) -> Any:
    """The value of the last line of an example."""
    tree = ast.parse(block)
    *lines, last = tree.body
    assert isinstance(last, ast.Expr)
    names: dict[str, Any] = {}
    exec(compile(ast.Module(lines, []), PAGE[:20], "exec"), names)
    return eval(compile(ast.Expression(last.value), PAGE[:20], "eval"), names)


def test_every_example_gives_what_the_page_says() -> None:
    assert [given(block) for block in BLOCKS] == GIVE
