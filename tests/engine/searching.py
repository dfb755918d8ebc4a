"""How many examples a dear property is given: few for a commit, all where new ones are looked for (`make test-all`)."""

from hypothesis import settings


def examples(all: int, *, few: int) -> int:
    """`few` where the same commit has the same answer, else `all`."""
    return few if settings.default.derandomize else all
