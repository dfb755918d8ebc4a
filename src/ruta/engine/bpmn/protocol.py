"""What goes into a step and what comes out: commands, effects, and the rules that a process asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

Variables = Mapping[str, Any]


class Rules(Protocol):
    """FEEL and DMN, as the runtime needs them.

    `variables` is never changed after it was handed over, and the same object comes again as long as nothing
    was written: an implementation may keep what it converted per identity. An exception leaves `step` as it
    is and nothing has happened; `RuleFailed` becomes an incident at the node instead. An implementation gives
    all that one step asks one budget: what goes round must not begin anew with each expression.
    """

    def evaluate(self, text: str, variables: Variables) -> Any:
        """Return the JSON value of a FEEL expression (text without its leading "=")."""
        ...

    def decide(self, decision: str, variables: Variables) -> tuple[Any, Any]:
        """Return (value, hits) of a decision."""
        ...


class RuleFailed(Exception):
    """Raised by `Rules` when the token should stay at its node with an incident until somebody mends it."""

    def __init__(self, say: Mapping[str, str]) -> None:
        self.say = dict(say)
        super().__init__(self.say.get("en", ""))


class RulesSpent(RuleFailed):
    """Raised by `Rules` when a step has nothing left to spend: what needs a rule stays, and the first one is told."""


class StaleToken(Exception):
    """The command is about a token that is gone or does not wait for it. Nothing has changed."""

    def __init__(self, token: int | None, en: str, es: str) -> None:
        self.token = token
        self.say = {"es": es, "en": en}
        super().__init__(en)


class NobodyWaits(StaleToken):
    """No token of this case waits for the message (yet); the caller may keep it and deliver it again."""


class NotDue(StaleToken):
    """A timer was fired before its time."""


# Commands


@dataclass(frozen=True, slots=True)
class Start:
    """Begin a case with these variables.

    `at` is the start event: of a message, a timer, a signal or a condition, that the caller saw happen. Without
    it the case begins at the plain start event, or at the only one.
    """

    variables: Variables = field(default_factory=dict)
    at: str = ""


@dataclass(frozen=True, slots=True)
class Complete:
    """A person finished the user task at this token."""

    token: int
    result: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobDone:
    """The platform finished the work asked for at this token."""

    token: int
    result: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JobFailed:
    """The work at this token failed for good; caught by an error event with this code, else an incident.

    `say` is the reason in both languages; without it the `message` (else the `code`) stands in each.
    """

    token: int
    code: str
    message: str = ""
    say: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Fire:
    """The time of the timer at this token has come."""

    token: int


@dataclass(frozen=True, slots=True)
class Receive:
    """A message has come for this case; `key` None matches every key."""

    message: str
    key: str | None = None
    payload: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal was broadcast; nobody needs to listen."""

    name: str
    payload: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again at a token that stands on an incident."""

    token: int


@dataclass(frozen=True, slots=True)
class Cancel:
    """End the case from outside, for example because it was withdrawn; `reason` becomes its outcome."""

    reason: str


@dataclass(frozen=True, slots=True)
class Patch:
    """Set variables of the case."""

    variables: Variables


@dataclass(frozen=True, slots=True)
class Restate:
    """Let every user task that waits say again what it asks (`Waiting`): what the case knows has changed."""


@dataclass(frozen=True, slots=True)
class AskRule:
    """Ask the rule of the business rule task `node` once more: its answer of now replaces the one before.

    Nothing moves. Only a task of the process itself, outside loops, has an answer that all of the case sees.
    """

    node: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """Take a case that has ended up again, at the user task `node` of the process: its decision was undone.

    With `waiting` also one that has not ended and waits with its decision taken: where it stands is withdrawn.
    """

    node: str
    waiting: bool = False


Command = (
    Start
    | Complete
    | JobDone
    | JobFailed
    | Fire
    | Receive
    | Signal
    | Retry
    | Cancel
    | Patch
    | Restate
    | AskRule
    | Reopen
)


# Effects

WaitKind = Literal["user", "job", "message", "timer", "event", "signal", "condition"]


@dataclass(frozen=True, slots=True)
class Entered:
    """A token came to a node. Token ids are never used twice: (case, token) names one visit."""

    node: str
    token: int


@dataclass(frozen=True, slots=True)
class Left:
    """The node is done and the token went on."""

    node: str
    token: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What waited at this token is no longer wanted."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A position came from another version of the process: where it stood there, where it stands now."""

    token: int
    before: str
    node: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A token waits. `inputs` are evaluated; for a user task they hold `groups`, `due` and `assignee` too.

    For kind "message" `name` and `key` say which message. `armed` is true for an event that only listens
    beside something else (boundary, event sub-process, event-based gateway).
    """

    token: int
    node: str
    kind: WaitKind
    inputs: Variables = field(default_factory=dict)
    name: str = ""
    key: str | None = None
    armed: bool = False


@dataclass(frozen=True, slots=True)
class JobRequested:
    """Work for the platform: `type` such as "ruta.charge". Answer with JobDone or JobFailed.

    `headers` are what the definition tells whoever does such work (zeebe:taskHeaders).
    """

    token: int
    node: str
    type: str
    inputs: Variables
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseCalled:
    """Another process is to be run with these variables (`inputs`); its end comes back as JobDone."""

    token: int
    node: str
    process: str
    inputs: Variables


@dataclass(frozen=True, slots=True)
class TimerSet:
    """Send Fire for this token at `due` (aware, UTC)."""

    token: int
    due: datetime


@dataclass(frozen=True, slots=True)
class MessageThrown:
    """The process sends a message to other cases."""

    name: str
    key: str | None
    payload: Variables


@dataclass(frozen=True, slots=True)
class SignalThrown:
    """The process broadcasts a signal; this case has already heard it."""

    name: str
    payload: Variables


@dataclass(frozen=True, slots=True)
class RuleEvaluated:
    """A decision was taken in this step; its hits are the explanation."""

    node: str
    decision: str
    variable: str
    value: Any
    hits: Any


@dataclass(frozen=True, slots=True)
class Incident:
    """The token cannot go on until the cause is mended: Patch, then Retry."""

    token: int
    node: str
    code: str
    say: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CaseEnded:
    """The last token is gone. `node` is the last end event reached ("" when cancelled)."""

    node: str
    outcome: str | None


Effect = (
    Entered
    | Left
    | Withdrawn
    | Moved
    | Waiting
    | JobRequested
    | CaseCalled
    | TimerSet
    | MessageThrown
    | SignalThrown
    | RuleEvaluated
    | Incident
    | CaseEnded
)
