"""The known name that looks most like one that nobody knows, for "did you mean …?"."""

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str], *, cutoff: float = 0.7) -> str:
    """Return the known name most like `name`, or ""; `cutoff` from 0 to 1 is how like it must be."""
    from difflib import get_close_matches  # who makes no mistake does not wait for it

    return next(iter(get_close_matches(name, sorted(known), n=1, cutoff=cutoff)), "")
