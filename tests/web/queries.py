"""Snapshots of the queries of a page: a new one shows in review, and none may grow with rows."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext


@contextmanager
def counted() -> Iterator[CaptureQueriesContext]:
    """Capture the queries of the block."""
    with CaptureQueriesContext(connection) as captured:
        yield captured


def shapes(captured: CaptureQueriesContext) -> list[str]:
    """The queries with literals taken out, so that two runs can be compared."""
    return [
        re.sub(r"'[^']*'|\b\d+\b", "?", re.sub(r"IN \([^)]*\)", "IN (?)", query["sql"]))
        for query in captured.captured_queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE SAVEPOINT"))
    ]


@contextmanager
def at_most(number: int) -> Iterator[None]:
    """Fail, listing the queries, when the block asks the database more often than `number` times."""
    with counted() as captured:
        yield
    asked = shapes(captured)
    listed = "\n".join(f"{place}. {sql[:300]}" for place, sql in enumerate(asked, 1))
    assert len(asked) <= number, f"{len(asked)} queries, {number} allowed:\n{listed}"
