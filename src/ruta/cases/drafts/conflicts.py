"""Two tabs, one draft: which answers of a write were overtaken by another since the page was shown. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldConflict:
    """One answer written twice: `mine` by this write, `theirs` by one that it had not seen."""

    field: str
    mine: Any
    theirs: Any


Revisions = Mapping[str, Sequence[Any]]
"""By field: the revision of the draft at which it was last written, and the tab that wrote it."""


def conflicts(
    stored: Mapping[str, Any], revisions: Revisions, written: Mapping[str, Any], *, seen: int, tab: str
) -> tuple[FieldConflict, ...]:
    """The answers of `written` that differ from what another tab stored after revision `seen`.

    What the same tab stored meanwhile (it saves as one types) is no conflict. An empty `tab` is always another one.
    """
    return tuple(
        FieldConflict(name, mine, stored.get(name))
        for name, mine in written.items()
        if _overtaken(revisions.get(name), seen, tab) and not same(stored.get(name), mine)
    )


def _overtaken(last: Sequence[Any] | None, seen: int, tab: str) -> bool:
    if last is None:
        return False
    revision, writer = last
    return bool(revision > seen and (not tab or writer != tab))


def changed(stored: Mapping[str, Any], written: Mapping[str, Any], names: Iterable[str]) -> set[str]:
    """The names whose answer in `written` is another one than in `stored`."""
    return {name for name in names if name in written and not same(stored.get(name), written[name])}


def same(one: Any, other: Any) -> bool:
    """Whether two typed answers are the same; no answer and an empty one are."""
    return (one or "") == (other or "")
