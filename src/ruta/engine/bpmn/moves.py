"""What a token does when it comes to a node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ruta.engine.bpmn import compensation, events, loops
from ruta.engine.bpmn.gateways import all_true, every_flow, first_true
from ruta.engine.bpmn.model import ACTIVITIES, Node
from ruta.engine.bpmn.protocol import (
    CaseCalled,
    JobRequested,
    MessageThrown,
    RuleEvaluated,
    RuleFailed,
    SignalThrown,
    Waiting,
)
from ruta.engine.bpmn.run import Run, Stuck
from ruta.engine.bpmn.state import Token


def come(run: Run, node: Node, scope: int, via: str) -> None:
    """Let a token come to a node and do what the node says."""
    if len(node.incoming) > 1 and via:
        if node.kind == "parallelGateway":
            _join(run, node, scope, via)
            return
        if node.kind == "inclusiveGateway":
            run.put(Token(run.fresh(), node.id, scope, "joining", via))
            return
    token = run.enter(node, scope, via)
    if not run.halts(node, token):
        perform(run, node, token)


def perform(run: Run, node: Node, token: Token) -> None:
    """Do what a node says for a token on it; a failing rule leaves the token there with an incident."""
    try:
        if node.kind in ACTIVITIES:
            _activity(run, node, token)
        else:
            _OTHERS[node.kind](run, node, token)
    except RuleFailed as failure:
        run.stick(token, failure)


def _join(run: Run, node: Node, scope: int, via: str) -> None:
    """One token per flow, the oldest first; surplus tokens stay for the next lap."""
    run.put(Token(run.fresh(), node.id, scope, "joining", via))
    join(run, node, scope)


def join(run: Run, node: Node, scope: int) -> None:
    """Go on at a parallel join when there is a token for each of its flows."""
    oldest: dict[str, int] = {}
    for waiting in run.tokens.values():
        if waiting.node == node.id and waiting.scope == scope and waiting.via is not None:
            oldest[waiting.via] = min(waiting.id, oldest.get(waiting.via, waiting.id))
    if oldest and len(oldest) >= len(node.incoming):
        for id in oldest.values():
            del run.tokens[id]
        token = run.enter(node, scope)
        if not run.halts(node, token):
            run.leave(token, every_flow)


def _activity(run: Run, node: Node, token: Token) -> None:
    in_turn = run.in_turn(token)
    if node.loop is not None and not in_turn:
        if loops.begin(run, node, node.loop, token):
            events.arm_boundaries(run, node, token)
        return
    _WORK[node.kind](run, node, token)
    if node.boundaries and not in_turn and token.id in run.tokens and not _stuck(run, token):
        events.arm_boundaries(run, node, token)


def _stuck(run: Run, token: Token) -> bool:
    return run.tokens[token.id].status == "stuck"


def _pass(run: Run, node: Node, token: Token) -> None:
    run.leave(token, all_true)


def _user(run: Run, node: Node, token: Token) -> None:
    run.effects.append(Waiting(token.id, node.id, "user", user_inputs(run, node, token)))


def user_inputs(run: Run, node: Node, token: Token) -> dict[str, Any]:
    """Return what a user task asks: its inputs, and for whom and until when."""
    inputs = run.inputs(node, token.scope)
    env = run.env(token.scope)
    inputs["groups"] = _groups(node, run.value(node.groups, env)) if node.groups else []
    inputs["due"] = run.value(node.due, env) if node.due else None
    if node.assignee:
        inputs["assignee"] = run.value(node.assignee, env)
    return inputs


def _groups(node: Node, given: Any) -> list[str]:
    """The groups as their expression gives them, a list or a text with commas. Whose task is nobody's is stuck."""
    groups = given.split(",") if isinstance(given, str) else given
    if (
        not isinstance(groups, list)
        or not groups
        or not all(isinstance(one, str) and one.strip() for one in groups)
    ):
        name = node.name or node.id
        raise Stuck(
            "no-group",
            es=f"«{name}» no dice de quién es: sus grupos dan {given!r}.",
            en=f'"{name}" is nobody\'s: its groups give {given!r}.',
        )
    return [one.strip() for one in groups]


def _job(run: Run, node: Node, token: Token) -> None:
    inputs = run.inputs(node, token.scope)
    run.effects.append(Waiting(token.id, node.id, "job", inputs))
    run.effects.append(JobRequested(token.id, node.id, node.job_type, inputs, node.headers))


def _send(run: Run, node: Node, token: Token) -> None:
    if node.job_type:
        _job(run, node, token)
        return
    _throw_message(run, node, token)
    run.leave(token, all_true)


def _throw_message(run: Run, node: Node, token: Token) -> None:
    event = node.event
    assert event is not None
    key = None if event.key is None else run.value(event.key, run.env(token.scope))
    inputs = run.inputs(node, token.scope)
    run.effects.append(MessageThrown(event.name, None if key is None else str(key), inputs))


def _rule(run: Run, node: Node, token: Token) -> None:
    if node.job_type:
        _job(run, node, token)
        return
    ask_rule(run, node, token.scope)
    run.leave(token, all_true)


def ask_rule(run: Run, node: Node, scope: int) -> None:
    """Let the decision of a business rule task answer, as of now, and keep its answer."""
    env = {**run.env(scope), **run.inputs(node, scope)} if node.inputs else run.env(scope)
    value, hits = run.rules.decide(node.called_decision, env)
    variable = node.result_variable or node.called_decision
    run.effects.append(RuleEvaluated(node.id, node.called_decision, variable, value, hits))
    run.apply(node, scope, {variable: value})


def _script(run: Run, node: Node, token: Token) -> None:
    if node.job_type:
        _job(run, node, token)
        return
    env = {**run.env(token.scope), **run.inputs(node, token.scope)} if node.inputs else run.env(token.scope)
    value = run.rules.evaluate(node.script, env)
    run.apply(node, token.scope, {node.result_variable: value} if node.result_variable else {})
    run.leave(token, all_true)


def _call(run: Run, node: Node, token: Token) -> None:
    inputs, env = run.inputs(node, token.scope), run.env(token.scope)
    process = str(run.value(node.called_process, env))
    given = {**env, **inputs} if node.gives_variables else inputs
    run.effects.append(Waiting(token.id, node.id, "job", inputs))
    run.effects.append(CaseCalled(token.id, node.id, process, given))


def _subprocess(run: Run, node: Node, token: Token) -> None:
    body = events.open_body(run, node, token, local=run.inputs(node, token.scope) or None)
    for start in run.process.scopes[node.id].starts:
        run.arrive(start, body.id)


def _exclusive(run: Run, node: Node, token: Token) -> None:
    run.leave(token, first_true)


def _inclusive(run: Run, node: Node, token: Token) -> None:
    run.leave(token, all_true)


def _fork(run: Run, node: Node, token: Token) -> None:
    run.leave(token, every_flow)


def _event_based(run: Run, node: Node, token: Token) -> None:
    run.effects.append(Waiting(token.id, node.id, "event"))
    for flow in node.outgoing:
        events.arm(run, run.process.nodes[flow.target], token.scope, host=token.id)


def _catch(run: Run, node: Node, token: Token) -> None:
    assert node.event is not None
    if node.event.kind == "link":
        run.leave(token, every_flow)
        return
    events.listen(run, node, token)


def _throw(run: Run, node: Node, token: Token) -> None:
    if node.job_type:
        _job(run, node, token)
        return
    if compensation.is_undoing(node) and compensation.begin(run, node, token):
        return
    _emit(run, node, token)
    if token.id in run.tokens:
        run.leave(token, every_flow)


def go_on(run: Run, node: Node, token: Token) -> None:
    """Leave an event whose work is done."""
    if node.kind == "endEvent":
        reach_end(run, node, token)
    else:
        run.leave(token, all_true)


def _end(run: Run, node: Node, token: Token) -> None:
    if node.job_type:
        _job(run, node, token)
        return
    kind = node.event.kind if node.event is not None else "none"
    if kind == "error":
        assert node.event is not None
        code = node.event.name
        if events.throw_error(run, token, code, node.name):
            return
        failure = Stuck(
            "uncaught-error",
            es=f"El error «{code}» de «{node.called('es')}» (línea {node.line}) no lo recoge nadie.",
            en=f'Nobody catches the error "{code}" of "{node.called("en")}" (line {node.line}).',
        )
        run.stick(token, failure)
        return
    if compensation.is_undoing(node) and compensation.begin(run, node, token):
        return
    _emit(run, node, token)
    reach_end(run, node, token)


def reach_end(run: Run, node: Node, token: Token) -> None:
    """Take the token off an end event and remember the outcome that it gives."""
    if token.id not in run.tokens:
        return
    run.last_end = node.id
    run.outcome = node.properties.get("ruta:outcome", run.outcome)
    run.leave(token, every_flow)
    if node.event is not None and node.event.kind == "terminate":
        run.empty(token.scope)


def _emit(run: Run, node: Node, token: Token) -> None:
    event = node.event
    if event is None:
        return
    if event.kind == "message":
        _throw_message(run, node, token)
    elif event.kind == "signal":
        payload = run.inputs(node, token.scope)
        run.effects.append(SignalThrown(event.name, payload))
        events.hear(run, "signal", event.name, None, payload)
    elif event.kind == "escalation":
        events.throw_escalation(run, token, event.name)


_WORK: dict[str, Callable[[Run, Node, Token], None]] = {
    "task": _pass,
    "manualTask": _pass,
    "userTask": _user,
    "serviceTask": _job,
    "sendTask": _send,
    "receiveTask": _catch,
    "businessRuleTask": _rule,
    "scriptTask": _script,
    "subProcess": _subprocess,
    "callActivity": _call,
}

_OTHERS: dict[str, Callable[[Run, Node, Token], None]] = {
    "startEvent": _fork,
    "boundaryEvent": _fork,
    "exclusiveGateway": _exclusive,
    "parallelGateway": _fork,
    "inclusiveGateway": _inclusive,
    "eventBasedGateway": _event_based,
    "intermediateCatchEvent": _catch,
    "intermediateThrowEvent": _throw,
    "endEvent": _end,
}

__all__ = ["ask_rule", "come", "go_on", "join", "perform", "reach_end", "user_inputs"]
