"""The working copy of a case during one step: variables, tokens, scopes, effects and what moves next.

Only mechanics live here; what a node means is in `moves`, `loops` and `events`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ruta.engine.bpmn.model import Flow, Node, Process
from ruta.engine.bpmn.protocol import (
    Effect,
    Entered,
    Incident,
    Left,
    RuleFailed,
    Rules,
    RulesSpent,
    Variables,
    Withdrawn,
)
from ruta.engine.bpmn.state import Finished, Scope, State, Token
from ruta.engine.terms import Calendar

LEAVING = "leaving"
"""The `key` of a stuck token whose work is done and whose way out is not clear."""
CLOSING = "closing"
"""The `key` of a stuck token for which all is done inside, and what is to be gathered from it failed."""


class Stuck(RuleFailed):
    """The token cannot go on: `code` names the rule."""

    def __init__(self, code: str, *, es: str, en: str) -> None:
        self.code = code
        super().__init__({"es": es, "en": en})


class _Runaway(Stuck):
    """One step moved tokens more often than its budget."""

    def __init__(self, node: Node, budget: int) -> None:
        es, en = (f"{node.called(lang)} ({node.id})" if node.label else node.id for lang in ("es", "en"))
        super().__init__(
            "runaway",
            es=(
                f"El proceso da vueltas sin esperar a nadie: más de {budget} movimientos en un paso, "
                f"el último en «{es}», línea {node.line}. Revise la condición de salida del ciclo."
            ),
            en=(
                f"The process goes round without waiting for anybody: more than {budget} moves in one step, "
                f'the last at "{en}", line {node.line}. Check the exit condition of the loop.'
            ),
        )


class Run:
    """One step under way. Nothing outside sees it: `state()` gives the next State."""

    __slots__ = (
        "budget",
        "calendar",
        "deaf",
        "done",
        "effects",
        "ended",
        "last_end",
        "moves",
        "next_id",
        "now",
        "outcome",
        "process",
        "queue",
        "rules",
        "scopes",
        "tokens",
        "told",
        "variables",
    )

    def __init__(
        self,
        process: Process,
        state: State,
        *,
        now: datetime,
        rules: Rules,
        calendar: Calendar | None,
        budget: int,
    ) -> None:
        self.process = process
        self.now = now
        self.rules = rules
        self.calendar = calendar
        self.budget = budget
        self.variables: Variables = state.variables
        self.tokens: dict[int, Token] = {token.id: token for token in state.tokens}
        self.scopes: dict[int, Scope] = {scope.id: scope for scope in state.scopes}
        self.next_id = state.next_id
        self.ended = state.ended
        self.outcome = state.outcome
        self.last_end = state.last_end
        self.done: list[Finished] = list(state.done)
        self.effects: list[Effect] = []
        self.queue: deque[tuple[str, int, str]] = deque()
        self.moves = 0
        self.told = False  # that the step is spent
        self.deaf: set[int] = set()  # what was told to have a condition that cannot be computed

    def state(self) -> State:
        """Return the case as it stands now."""
        return State(
            dict(self.variables),
            tuple(self.tokens[id] for id in sorted(self.tokens)),
            tuple(self.scopes[id] for id in sorted(self.scopes)),
            self.next_id,
            self.ended,
            self.outcome,
            self.last_end,
            tuple(self.done),
        )

    # Variables

    def env(self, scope: int) -> Variables:
        """Return what is seen in a scope; the case's own mapping where there is nothing local."""
        chain: list[dict[str, Any]] = []
        while scope:
            at = self.scopes[scope]
            if at.local:
                chain.append(at.local)
            scope = at.parent
        if not chain:
            return self.variables
        seen = dict(self.variables)
        for local in reversed(chain):
            seen.update(local)
        return seen

    def write(self, scope: int, target: str, value: Any) -> None:
        """Set a variable where it belongs: in the nearest scope that has it, or gathers, else in the case.

        A dotted target sets a property inside a context.
        """
        name, *path = target.split(".")
        if path:
            value = _set_path(self.env(scope).get(name), path, value)
        while scope:
            at = self.scopes[scope]
            if at.local is not None and (name in at.local or self.gathers(at)):
                self.scopes[scope] = replace(at, local={**at.local, name: value})
                return
            scope = at.parent
        self.variables = {**self.variables, name: value}

    def merge(self, scope: int, values: Variables) -> None:
        """Set several variables."""
        if not scope:
            if values:
                self.variables = {**self.variables, **values}
            return
        for name, value in values.items():
            self.write(scope, name, value)

    def gathers(self, scope: Scope) -> bool:
        """Say whether results stay in this scope: it is one turn of a multi-instance."""
        if scope.kind != "instance":
            return False
        loop = self.process.nodes[scope.node].loop
        return loop is not None and loop.multi

    def value(self, source: str, env: Variables) -> Any:
        """Return what an expression gives: FEEL after a leading "=", else the text itself."""
        if source.startswith("="):
            return self.rules.evaluate(source[1:], env)
        return source

    def inputs(self, node: Node, scope: int) -> dict[str, Any]:
        """Return the evaluated input mapping of a node."""
        if not node.inputs:
            return {}
        env = self.env(scope)
        found: dict[str, Any] = {}
        for source, target in node.inputs:
            name, *path = target.split(".")
            value = self.value(source, {**env, **found} if found else env)
            found[name] = _set_path(found.get(name), path, value) if path else value
        return found

    def outputs(self, node: Node, scope: int, result: Variables) -> list[tuple[str, Any]]:
        """Return the evaluated output mapping of a node: where each value goes."""
        if not node.outputs:
            return []
        env = {**self.env(scope), **result}
        return [(target, self.value(source, env)) for source, target in node.outputs]

    def apply(self, node: Node, scope: int, result: Variables) -> None:
        """Write a result: through the output mapping where there is one, else as it is."""
        for target, value in self.outputs(node, scope, result):
            self.write(scope, target, value)
        if not node.outputs and node.keeps_results:
            self.merge(scope, result)

    # Tokens

    def fresh(self) -> int:
        """Return an id that was never used in this case."""
        id = self.next_id
        self.next_id = id + 1
        return id

    def arrive(self, node: str, scope: int, via: str = "") -> None:
        """Let a token come to a node next."""
        self.queue.append((node, scope, via))

    def enter(self, node: Node, scope: int, via: str = "") -> Token:
        """Put a new token on a node."""
        self.moves += 1
        token = Token(self.fresh(), node.id, scope, "waiting", via or None)
        self.tokens[token.id] = token
        self.effects.append(Entered(node.id, token.id))
        return token

    def halts(self, node: Node, token: Token) -> bool:
        """Say whether the step has no move left for a token that has just come; then it stays, stuck."""
        if self.moves <= self.budget:
            return False
        self.stick(token, _Runaway(node, self.budget))
        return True

    def put(self, token: Token) -> None:
        """Keep a changed token."""
        self.tokens[token.id] = token

    def in_turn(self, token: Token) -> bool:
        """Say whether the token is one turn of the loop around its own node."""
        scope = self.scopes.get(token.scope)
        return scope is not None and scope.kind == "instance" and scope.node == token.node

    def leave(self, token: Token, choose: Callable[[Run, Node, int], list[Flow]]) -> None:
        """Take the token off its node and send it along the flows that `choose` gives."""
        node = self.process.nodes[token.node]
        flows: list[Flow] = []
        if not self.in_turn(token):
            try:
                flows = choose(self, node, token.scope)
            except RuleFailed as failure:
                self.stick(token, failure, key=LEAVING)
                return
        self.disarm(token.id)
        self.tokens.pop(token.id, None)
        if node.id in self.process.compensable:
            self.remember(node, token)
        self.effects.append(Left(node.id, token.id))
        for flow in flows:
            self.arrive(flow.target, token.scope, flow.id)

    def remember(self, node: Node, token: Token) -> None:
        """Keep that an activity is done, so that it can be undone. A turn of a loop counts with the loop."""
        undone = any(self.process.nodes[id].handler for id in node.boundaries)
        if undone and not self.in_turn(token):
            self.done = [each for each in self.done if each.scope != -token.id]
            self.done.append(Finished(self.fresh(), node.id, token.scope))
        elif node.loop is not None and not self.in_turn(token):
            inner = tuple(each for each in self.done if each.scope == -token.id)
            self.done = [each for each in self.done if each.scope != -token.id]
            if inner:
                self.done.append(Finished(self.fresh(), node.id, token.scope, inner=inner))
        else:
            self.hand_over(-token.id, token.scope)

    def hand_over(self, scope: int, to: int) -> None:
        """Let what was done in a scope that closes belong to another, with the variables that end with it."""
        local = self.scopes[scope].local if scope in self.scopes else None
        self.done = [
            replace(each, scope=to, local={**(local or {}), **(each.local or {})} or None)
            if each.scope == scope
            else each
            for each in self.done
        ]

    def stick(self, token: Token, failure: RuleFailed, *, key: str | None = None) -> None:
        """Leave the token where it is, with an incident; where the step is spent, the first one speaks for all.

        What listens beside unfinished work keeps listening: a legal deadline does not stop for a failed job.
        """
        if key == LEAVING:
            self.disarm(token.id)
        self.put(replace(token, status="stuck", key=key, due=None))
        if isinstance(failure, RulesSpent | _Runaway):
            if self.told:
                return
            self.told = True
        code = failure.code if isinstance(failure, Stuck) else "rule-failed"
        self.effects.append(Incident(token.id, token.node, code, failure.say))

    def disarm(self, host: int) -> None:
        """Withdraw what only listens for this token."""
        for token in [each for each in self.tokens.values() if each.host == host]:
            del self.tokens[token.id]
            self.effects.append(Withdrawn(token.id, token.node))

    def withdraw(self, token: Token) -> None:
        """Take a token away with all that hangs on it: what listens for it and what runs inside."""
        self.disarm(token.id)
        if self.done:
            self.done = [each for each in self.done if each.scope != -token.id]
        if token.status in ("inside", "stuck"):
            for scope in [each for each in self.scopes.values() if each.token == token.id]:
                self.close(scope.id)
        if self.tokens.pop(token.id, None) is not None:
            self.effects.append(Withdrawn(token.id, token.node))

    def close(self, scope: int) -> None:
        """Remove a scope, the scopes in it and all their tokens."""
        self.empty(scope)
        for inner in [each.id for each in self.scopes.values() if each.parent == scope]:
            self.close(inner)
        self.scopes.pop(scope, None)
        if self.done:
            self.done = [each for each in self.done if each.scope != scope]

    def empty(self, scope: int, *, keep: int = 0) -> None:
        """Withdraw every token of a scope but `keep`, and what was on its way in it."""
        if self.queue:
            self.queue = deque(each for each in self.queue if each[1] != scope)
        for token in [each for each in self.tokens.values() if each.scope == scope and each.id != keep]:
            if token.id in self.tokens:
                self.withdraw(token)


def _set_path(base: Any, path: list[str], value: Any) -> Any:
    inner = dict(base) if isinstance(base, Mapping) else {}
    head, *rest = path
    inner[head] = _set_path(inner.get(head), rest, value) if rest else value
    return inner
