"""What is wrong with an input, told so that a person can mend it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One fault of an input.

    `at` is a JSON pointer to the value (`/birth_date`; empty: the whole); `check` the id of what failed (a keyword of
    the schema or an id of `x-checks`); `say` the fault and its cure in `es` and `en`; `law` an id of the service's
    legal basis.
    """

    at: str
    check: str
    say: Mapping[str, str]
    law: str | None = None
