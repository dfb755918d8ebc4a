"""What can be told of an expression before it runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

CHECKS: Final = ("unknown-name", "unknown-entry", "operator", "comparison", "condition", "arguments")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that gives null for certain: the check, the offset in the text, a sentence by language, the name that
    was probably meant."""

    check: str
    at: int
    say: Mapping[str, str]
    nearest: str = ""
