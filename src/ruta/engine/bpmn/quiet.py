"""What happens when nothing moves any more: scopes end, conditions are looked at, inclusive joins decide."""

from __future__ import annotations

from dataclasses import replace

from ruta.engine.bpmn import compensation, events, loops
from ruta.engine.bpmn.gateways import all_true
from ruta.engine.bpmn.model import Event
from ruta.engine.bpmn.moves import go_on
from ruta.engine.bpmn.protocol import CaseEnded, Incident, RuleFailed, Withdrawn
from ruta.engine.bpmn.run import CLOSING, Run
from ruta.engine.bpmn.state import Scope, Token


def settle(run: Run) -> bool:
    """Do the next thing that is due at rest; say whether anything may move again."""
    if run.ended is not None:
        return False
    return _end_scopes(run) or _look_at_conditions(run) or _join_inclusive(run) or _end_case(run)


def _end_scopes(run: Run) -> bool:
    if not run.scopes:
        return False
    live = {token.scope for token in run.tokens.values() if token.status != "armed"}
    done = [
        scope for scope in run.scopes.values() if scope.kind not in ("loop", "undo") and scope.id not in live
    ]
    ended = False
    # None of them is inside another: a token stands inside for every open scope. So the oldest goes first.
    for scope in sorted(done, key=lambda each: each.id):
        if scope.id in run.scopes and (host := _host(run, scope)).status != "stuck":
            ended = True
            try:
                _end_scope(run, scope)
            except RuleFailed as failure:
                run.stick(host, failure, key=CLOSING)
    return ended


def _host(run: Run, scope: Scope) -> Token:
    """Return the token that stands inside for the scope, or for the loop that it is a turn of."""
    return run.tokens[scope.token or run.scopes[scope.parent].token]


def _end_scope(run: Run, scope: Scope) -> None:
    """End a scope in which nothing is left. Raises RuleFailed before anything has changed."""
    if scope.kind == "instance":
        loops.turn_done(run, scope)
    elif scope.kind == "undoing":
        waited = compensation.turn_done(run, scope)
        if waited is not None:
            go_on(run, run.process.nodes[waited.node], waited)
    else:
        _body_done(run, scope)


def _body_done(run: Run, scope: Scope) -> None:
    node = run.process.nodes[scope.node]
    values = run.outputs(node, scope.id, {})
    if node.id in run.process.compensable:
        compensation.body_done(run, node, scope)
    run.close(scope.id)
    for target, value in values:
        run.write(scope.parent, target, value)
    run.leave(run.tokens[scope.token], all_true)


def _look_at_conditions(run: Run) -> bool:
    for token in list(run.tokens.values()):
        event = run.process.nodes[token.node].event
        if event is None or event.kind != "conditional" or token.status not in ("waiting", "armed"):
            continue
        try:
            if _comes_true(run, token, event):
                events.trigger(run, run.tokens[token.id], {})
                return True
        except RuleFailed as failure:
            _cannot_tell(run, token, failure)
    return False


def _cannot_tell(run: Run, token: Token, failure: RuleFailed) -> None:
    """A condition that cannot be computed: what waits for it is stuck, what only listens is deaf until the next step."""
    if token.status == "waiting":
        run.stick(token, failure)
        return
    run.put(token)
    if token.id not in run.deaf:
        run.deaf.add(token.id)
        run.effects.append(Incident(token.id, token.node, "deaf", failure.say))


def _comes_true(run: Run, token: Token, event: Event) -> bool:
    """Say whether a condition has become true: an event that keeps listening fires once while it stays so."""
    holds = run.value(event.text, run.env(token.scope)) is True
    before = token.key == "true"
    if holds != before:
        run.put(replace(token, key="true" if holds else None))
    return holds and not before


def _join_inclusive(run: Run) -> bool:
    if not run.process.before_inclusive:
        return False
    groups: dict[tuple[int, str], list[Token]] = {}
    for token in run.tokens.values():
        if token.status == "joining" and token.node in run.process.before_inclusive:
            groups.setdefault((token.scope, token.node), []).append(token)
    for (scope, gateway), tokens in sorted(groups.items(), key=lambda each: min(t.id for t in each[1])):
        if _blocked(run, scope, gateway, tokens):
            continue
        oldest: dict[str, int] = {}
        for token in tokens:
            assert token.via is not None
            oldest[token.via] = min(token.id, oldest.get(token.via, token.id))
        for id in oldest.values():
            del run.tokens[id]
        node = run.process.nodes[gateway]
        merged = run.enter(node, scope)
        if not run.halts(node, merged):
            run.leave(merged, all_true)
        return True
    return False


def _blocked(run: Run, scope: int, gateway: str, tokens: list[Token]) -> bool:
    """Say whether a token elsewhere in the scope can still fill an empty flow and no filled one.

    BPMN 2.0.2, 13.4.3.
    """
    before = run.process.before_inclusive[gateway]
    filled = {token.via for token in tokens}
    for token in run.tokens.values():
        if token.scope != scope or token.node == gateway or token.status == "armed":
            continue
        fills_empty = any(token.node in before[flow] for flow in before if flow not in filled)
        if fills_empty and not any(token.node in before[flow] for flow in before if flow in filled):
            return True
    return False


def _end_case(run: Run) -> bool:
    if any(token.status != "armed" for token in run.tokens.values()):
        return False
    for token in list(run.tokens.values()):
        run.effects.append(Withdrawn(token.id, token.node))
    run.tokens.clear()
    run.ended = run.outcome or ""
    run.effects.append(CaseEnded(run.last_end, run.outcome))
    return False
