"""Two tabs, one draft: which answers of a write were overtaken by another since the page was shown. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldConflict:
    """One answer written twice: `mine` by this write, `theirs` by one that it had not seen."""

    field: str
    mine: Any
    theirs: Any


def conflicts(
    stored: Mapping[str, Any],
    revisions: Mapping[str, int],
    written: Mapping[str, Any],
    seen: int,
) -> tuple[FieldConflict, ...]:
    """The answers of `written` that differ from what another write stored after revision `seen`."""
    return tuple(
        FieldConflict(name, mine, stored.get(name))
        for name, mine in written.items()
        if revisions.get(name, 0) > seen and not same(stored.get(name), mine)
    )


def changed(stored: Mapping[str, Any], written: Mapping[str, Any], names: Iterable[str]) -> set[str]:
    """The names whose answer in `written` is another one than in `stored`."""
    return {name for name in names if name in written and not same(stored.get(name), written[name])}


def same(one: Any, other: Any) -> bool:
    """Whether two typed answers are the same; no answer and an empty one are."""
    return (one or "") == (other or "")
