"""The commands of a process run by hand. Each is a line; each gives lines that tell what happened."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from ruta.engine import bpmn
from ruta.engine.bpmn.timers import TimerError, timing
from ruta.engine.dmn import Model
from ruta.engine.rules import FeelRules
from ruta.engine.terms import BOGOTA, Calendar

from .tree import tree

_YEARS = 5


class Wrong(Exception):
    """A line that cannot be carried out; nothing has changed."""


class Shell:
    """One case of a process, stepped by lines. `now` is its clock; `back` undoes the last line."""

    def __init__(self, process: bpmn.Process, *, now: datetime, lang: str, models: list[Model]) -> None:
        self.process = process
        self.now = now
        self.lang = lang
        self.models = models
        self.known: dict[str, Any] = {}
        self.variables: dict[str, Any] = {}
        self.state: bpmn.State | None = None
        self.past: list[tuple[bpmn.State | None, datetime]] = []
        self._calendar: Calendar | None = None

    @property
    def calendar(self) -> Calendar:
        """The national calendar around the clock."""
        if self._calendar is None or not self._calendar.first <= self.now.date() <= self._calendar.last:
            year = self.now.year
            self._calendar = Calendar.colombia(range(year - 1, year + _YEARS))
        return self._calendar

    def do(self, line: str) -> Iterator[str]:
        """Carry a line out. Raises Wrong."""
        try:
            words = shlex.split(line, comments=True)
        except ValueError as wrong:
            raise Wrong(f"{line.strip()}: {wrong}") from None
        if not words:
            yield from self.show()
            return
        command, *rest = words
        if command == "decide":  # its expression keeps its quotes
            rest = line.split(maxsplit=2)[1:]
        if command.isdigit():
            command, rest = "done", words
        action = _ACTIONS.get(command)
        if action is None:
            raise Wrong(f"There is no command «{command}». Write help.")
        yield from action(self, rest)

    def rules(self) -> FeelRules:
        """FEEL and DMN at the hour of the clock."""
        return FeelRules(self.now, calendar=self.calendar, models=self.models, known=self.known)

    def step(self, command: bpmn.Command) -> Iterator[str]:
        """Carry a command of the engine out and tell what happened. Raises Wrong."""
        try:
            done = bpmn.step(
                self.process, self.state, command, now=self.now, rules=self.rules(), calendar=self.calendar
            )
        except (bpmn.StaleToken, bpmn.RuleFailed) as wrong:
            raise Wrong(wrong.say.get(self.lang, wrong.say["en"])) from None
        self.past.append((self.state, self.now))
        self.state = done.state
        for effect in done.effects:
            if told := self.tell(effect):
                yield told
        yield from self.show()

    def show(self) -> Iterator[str]:
        """The process with its positions, and the hour."""
        yield ""
        tokens = self.state.tokens if self.state else ()
        yield from tree(self.process, tokens, self.lang)
        ended = self.state.ended if self.state else None
        outcome = f" ({ended})" if ended else ""
        yield f"  {_at(self.now)}" + (f" · ended{outcome}" if ended is not None else "")
        if can := list(dict.fromkeys(self.can(each) for each in tokens)):
            yield f"  now: {' · '.join(each for each in can if each)}"

    def can(self, token: bpmn.Token) -> str:
        """The line that lets a position go on; "" where it goes on by itself."""
        node = self.process.nodes[token.node]
        event = node.event
        if token.status == "stuck":
            return f"retry {token.id}"
        if token.due is not None:
            return f"fire {token.id} ({_at(token.due)})"
        if token.status not in ("waiting", "armed"):
            return ""
        if event is not None and event.kind in ("message", "signal") and node.kind != "sendTask":
            return f"{event.kind} {shlex.quote(event.name)}"
        if event is not None and event.kind == "conditional":
            return f"set … ({event.text[1:]})"
        return f"done {token.id}" if node.kind != "eventBasedGateway" else ""

    def tell(self, effect: bpmn.Effect) -> str:
        """An effect in words; "" for what the picture shows."""
        words = _TOLD.get(type(effect))
        if words is None or (isinstance(effect, bpmn.Waiting) and effect.kind != "user"):
            return ""
        return words(effect, self._name(getattr(effect, "node", "")), self.lang)

    def _name(self, id: str) -> str:
        node = self.process.nodes.get(id)
        return f"{id} «{node.called(self.lang)}»" if node is not None and node.called(self.lang) != id else id

    def feel(self, text: str) -> Any:
        """The value of an expression over the case's variables. Raises Wrong."""
        seen = self.state.variables if self.state else self.variables
        try:
            return self.rules().evaluate(text, seen)
        except bpmn.RuleFailed as wrong:
            raise Wrong(wrong.say.get(self.lang, wrong.say["en"])) from None

    def pairs(self, words: list[str]) -> dict[str, Any]:
        """Variables as they are typed: `name=FEEL`. Raises Wrong."""
        found: dict[str, Any] = {}
        for word in words:
            name, equals, text = word.partition("=")
            if not equals or not re.fullmatch(r"[^\W\d][\w ]*", name):
                raise Wrong(f"«{word}» is not name=FEEL; a text needs its quotes: 'name=\"Ana\"'.")
            found[name] = self.feel(text)
        return found

    def assign(self, word: str) -> None:
        """Set a variable before the case begins. Raises Wrong."""
        self.variables |= self.pairs([word])

    def token(self, word: str, *, status: frozenset[str], timer: bool = False) -> bpmn.Token:
        """The live token with this number, or the oldest at the element with this id. Raises Wrong."""
        tokens = self.state.tokens if self.state else ()
        for token in tokens:
            named = token.id == int(word) if word.isdigit() else token.node == word
            if named and token.status in status and (not timer or token.due is not None):
                return token
        raise Wrong(f"No open position «{word}» for that.")


_WAITS = frozenset({"waiting"})
_ANY = frozenset({"waiting", "armed", "stuck"})


def _start(shell: Shell, words: list[str]) -> Iterator[str]:
    """start [EVENT]: begin the case, at a start event of a message, timer or signal if the process has several"""
    if words and words[0] not in shell.process.nodes:
        raise Wrong(f"There is no start event «{words[0]}».")
    yield from shell.step(bpmn.Start(dict(shell.variables), at=words[0] if words else ""))


def _done(shell: Shell, words: list[str]) -> Iterator[str]:
    """done TOKEN|ELEMENT [name=FEEL…]: finish a task, a piece of work or a call, with its results"""
    token = shell.token(_one(words, "done"), status=_WAITS)
    result = shell.pairs(words[1:])
    node = shell.process.node(token.node)
    yield from shell.step(
        bpmn.Complete(token.id, result) if node.kind == "userTask" else bpmn.JobDone(token.id, result)
    )


def _fail(shell: Shell, words: list[str]) -> Iterator[str]:
    """fail TOKEN|ELEMENT [CODE]: let a piece of work fail with an error code"""
    token = shell.token(_one(words, "fail"), status=_WAITS)
    yield from shell.step(bpmn.JobFailed(token.id, words[1] if len(words) > 1 else "failed"))


def _message(shell: Shell, words: list[str]) -> Iterator[str]:
    """message NAME [name=FEEL…]: let a message come, whatever its key"""
    yield from shell.step(bpmn.Receive(_one(words, "message"), None, shell.pairs(words[1:])))


def _signal(shell: Shell, words: list[str]) -> Iterator[str]:
    """signal NAME [name=FEEL…]: broadcast a signal"""
    yield from shell.step(bpmn.Signal(_one(words, "signal"), shell.pairs(words[1:])))


def _set(shell: Shell, words: list[str]) -> Iterator[str]:
    """set name=FEEL…: set variables of the case"""
    yield from shell.step(bpmn.Patch(shell.pairs(words)))


def _clock(shell: Shell, words: list[str]) -> Iterator[str]:
    """clock P3D | 2026-03-16 | "5 business days": move the clock; timers on the way fire, the earliest first"""
    text = _one(words, "clock")
    try:
        to = timing(text, shell.now, shell.calendar).due
    except TimerError as wrong:
        raise Wrong(wrong.say[shell.lang]) from None
    if to < shell.now:
        raise Wrong("The clock does not go back; `back` undoes the last line.")
    while shell.state is not None:
        due = [token for token in shell.state.tokens if token.due is not None and token.due <= to]
        if not due:
            break
        first = min(due, key=lambda each: (each.due or to, each.id))
        shell.now = max(shell.now, (first.due or to).astimezone(UTC))
        yield from shell.step(bpmn.Fire(first.id))
    shell.now = to
    yield from shell.show()


def _fire(shell: Shell, words: list[str]) -> Iterator[str]:
    """fire TOKEN|ELEMENT: move the clock to a timer and let it fire"""
    token = shell.token(_one(words, "fire"), status=_ANY, timer=True)
    assert token.due is not None
    shell.now = max(shell.now, token.due)
    yield from shell.step(bpmn.Fire(token.id))


def _retry(shell: Shell, words: list[str]) -> Iterator[str]:
    """retry TOKEN|ELEMENT: try again where a problem stopped the case"""
    yield from shell.step(bpmn.Retry(shell.token(_one(words, "retry"), status=_ANY).id))


def _decide(shell: Shell, words: list[str]) -> Iterator[str]:
    """decide NAME FEEL: what a decision answers that no file given with --dmn has"""
    if len(words) != 2:
        raise Wrong("decide NAME FEEL")
    text = words[1].strip()
    shell.known[words[0]] = shell.feel(text[1:-1] if text[0] == text[-1] == "'" else text)
    yield f"decision {words[0]} = {_json(shell.known[words[0]])}"


def _cancel(shell: Shell, words: list[str]) -> Iterator[str]:
    """cancel [REASON]: end the case from outside"""
    yield from shell.step(bpmn.Cancel(words[0] if words else "cancelled"))


def _vars(shell: Shell, words: list[str]) -> Iterator[str]:
    """vars: the variables of the case"""
    for name, value in sorted((shell.state.variables if shell.state else shell.variables).items()):
        yield f"  {name} = {_json(value)}"


def _back(shell: Shell, words: list[str]) -> Iterator[str]:
    """back: undo the last step"""
    if not shell.past:
        raise Wrong("There is nothing to undo.")
    shell.state, shell.now = shell.past.pop()
    yield from shell.show()


def _help(shell: Shell, words: list[str]) -> Iterator[str]:
    """help: this list; an empty line shows where the case stands"""
    for action in _ACTIONS.values():
        yield f"  {action.__doc__}"
    yield "  quit"


def _one(words: list[str], command: str) -> str:
    if not words:
        raise Wrong(f"{_ACTIONS[command].__doc__}")
    return words[0]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _at(at: datetime) -> str:
    return f"{at.astimezone(BOGOTA):%Y-%m-%d %H:%M:%S}"


_TOLD: dict[type, Callable[[Any, str, str], str]] = {
    bpmn.Incident: lambda e, at, lang: f"! {at}: {e.say.get(lang, e.say['en'])} (token {e.token})",
    bpmn.JobRequested: lambda e, at, _: f"→ work «{e.type}» at {at} (token {e.token}) {_json(e.inputs)}",
    bpmn.CaseCalled: lambda e, at, _: (
        f"→ process «{e.process}» called at {at} (token {e.token}) {_json(e.inputs)}"
    ),
    bpmn.MessageThrown: lambda e, *_: f"→ message «{e.name}» key {e.key} {_json(e.payload)}",
    bpmn.SignalThrown: lambda e, *_: f"→ signal «{e.name}» {_json(e.payload)}",
    bpmn.RuleEvaluated: lambda e, *_: f"→ decision «{e.decision}» = {_json(e.value)} → {e.variable}",
    bpmn.TimerSet: lambda e, *_: f"→ timer of token {e.token} at {_at(e.due)}",
    bpmn.Waiting: lambda e, at, _: f"→ task {at} (token {e.token}) {_json(e.inputs)}",
    bpmn.CaseEnded: lambda e, at, _: f"→ ended at {at or '-'}" + (f": {e.outcome}" if e.outcome else ""),
}

_ACTIONS: dict[str, Callable[[Shell, list[str]], Iterator[str]]] = {
    "start": _start,
    "done": _done,
    "fail": _fail,
    "message": _message,
    "signal": _signal,
    "set": _set,
    "clock": _clock,
    "fire": _fire,
    "retry": _retry,
    "decide": _decide,
    "cancel": _cancel,
    "vars": _vars,
    "back": _back,
    "help": _help,
}
