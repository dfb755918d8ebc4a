"""What a decision answers: the value, the rules that gave it, and what was odd on the way."""

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
class Outcome:
    """The value of a decision with its explanation: hits of all tables on the way, sub-decisions first."""

    value: Any
    hits: tuple[Hit, ...]
    findings: tuple[Finding, ...]
