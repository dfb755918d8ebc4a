"""What is wrong with an input, told so that a person can mend it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


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

    def as_json(self) -> dict[str, Any]:
        """The problem as it is kept; `of_json` reads it."""
        return {"at": self.at, "check": self.check, "say": dict(self.say), "law": self.law}

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> "Problem":
        """A kept problem."""
        return cls(str(told["at"]), str(told["check"]), dict(told["say"]), told.get("law"))
