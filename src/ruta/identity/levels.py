"""Assurance levels compared (common facts §11.1). Pure."""

ORDER = ("none", "low", "medium", "high", "very_high")


def at_least(level: str, needed: str) -> bool:
    """Whether `level` is `needed` or more; `none` is what nobody has to prove."""
    return ORDER.index(level) >= ORDER.index(needed)


def weakest(*levels: str) -> str:
    """A session has the level of its weakest link of proofing and authenticator."""
    return min(levels, key=ORDER.index)


def up_to(level: str) -> tuple[str, ...]:
    """The levels that somebody known with `level` suffices for."""
    return ORDER[: ORDER.index(level) + 1]
