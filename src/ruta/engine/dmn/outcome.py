"""What a decision answers: the value, the rules and sub-decisions that gave it, and what was odd on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule of a table that decided.

    `annotations` by column name (law, words…); `inputs` are the values seen, by label; `outputs` those given, by name.
    `labels` are the labels that have English, in both languages.
    """

    decision: str
    rule_id: str
    annotations: Mapping[str, str]
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell the author: the check, the decision, the rules concerned and a sentence by language."""

    check: str
    decision: str
    say: dict[str, str]
    rules: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a value came about.

    `hits` are the rules of all tables on the way, sub-decisions first; `inputs` the input data that were read, as FEEL
    values by name; `decisions` the value of each sub-decision by name, in the order they were decided.
    """

    hits: tuple[Hit, ...]
    inputs: Mapping[str, Any]
    decisions: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The value of a decision with its explanation; `findings` say why it is null, or what no rule covers."""

    value: Any
    explanation: Explanation
    findings: tuple[Finding, ...]

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The rules that decided, sub-decisions first."""
        return self.explanation.hits
