"""What the lint finds: where, how bad, what is wrong and what would be right, in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """One fault of a service's folder. An error refuses publication; a warning does not.

    `check` is the id of the check (kebab-case); `file` is relative to the folder; `line` counts from 1.
    """

    check: str
    severity: Severity
    file: str
    line: int
    say: dict[str, str]
    cure: dict[str, str]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.severity} {self.check}: {self.say['en']} {self.cure['en']}"


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that looks most like `name`; empty when none does."""
    found = get_close_matches(name, sorted(set(known)), n=1, cutoff=0.55)
    return found[0] if found else ""


def did_you_mean(name: str, known: Iterable[str]) -> dict[str, str]:
    """A cure that proposes the nearest known name, or lists the known ones when none is near."""
    choices = sorted(set(known))
    if close := nearest(name, choices):
        return {"es": f"¿Quiso decir {close}?", "en": f"Did you mean {close}?"}
    if not choices:
        return {"es": "Aquí no hay ninguno; quítelo.", "en": "There is none here; remove it."}
    listed = ", ".join(choices[:12]) + ("…" if len(choices) > 12 else "")
    return {"es": f"Use uno de estos: {listed}.", "en": f"Use one of these: {listed}."}
