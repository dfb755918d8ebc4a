"""The sessions of Python in the documentation say what they would say."""

from __future__ import annotations

import doctest
import re

import pytest
from tests.docs.blocks import DOCS

SESSION = re.compile(r"^```pycon\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PAGES = sorted(str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md"))


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in PAGES if SESSION.search(page(name))])
def test_a_session_says_what_the_page_says(name: str) -> None:
    text = "\n".join(SESSION.findall(page(name)))
    told = doctest.DocTestParser().get_doctest(text, {}, name, name, 0)
    runner = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    out: list[str] = []
    runner.run(told, out=out.append)
    assert told.examples
    assert out == []
