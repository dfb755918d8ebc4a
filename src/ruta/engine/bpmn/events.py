"""Events: what a token listens to, and what happens when it comes."""

from __future__ import annotations

from dataclasses import replace

from ruta.engine.bpmn.gateways import all_true, every_flow, no_flow
from ruta.engine.bpmn.model import ROOT, Node
from ruta.engine.bpmn.protocol import Incident, RuleFailed, TimerSet, Variables, Waiting, WaitKind
from ruta.engine.bpmn.run import Run
from ruta.engine.bpmn.state import Scope, Token
from ruta.engine.bpmn.timers import Duration, after, timing

THROWS = frozenset({"intermediateThrowEvent", "endEvent", "sendTask"})

_WAITS: dict[str, WaitKind] = {
    "message": "message",
    "timer": "timer",
    "signal": "signal",
    "conditional": "condition",
}


LISTENED = frozenset(_WAITS)
"""Kinds of events that somebody has to listen to; errors and escalations find their way alone."""


def listen(run: Run, node: Node, token: Token, *, armed: bool = False) -> None:
    """Let a token wait for the event of its node: sets its timer, its key, and says so.

    Raises RuleFailed when timer or key cannot be evaluated.
    """
    event = node.event
    assert event is not None
    if event.kind == "timer":
        when = timing(run.value(event.text, run.env(token.scope)), run.now, run.calendar)
        left = None if when.every is None else ("" if when.left is None else str(when.left))
        token = replace(token, due=when.due, via=left if armed else token.via)
        run.effects.append(TimerSet(token.id, when.due))
        if not armed:
            run.effects.append(Waiting(token.id, node.id, "timer"))
    else:
        key = event.key
        if key is not None:
            found = run.value(key, run.env(token.scope))
            key = None if found is None else str(found)
            token = replace(token, key=key)
        inputs = run.inputs(node, token.scope) if not armed else {}
        kind = _WAITS[event.kind]
        run.effects.append(Waiting(token.id, node.id, kind, inputs, event.name, key, armed))
    run.put(token)


def arm(run: Run, node: Node, scope: int, *, host: int | None) -> None:
    """Add a token that only listens, beside the token `host` or for the whole scope.

    When its timer or key cannot be evaluated it stays, deaf, with an incident.
    """
    token = Token(run.fresh(), node.id, scope, "armed", None, None, None, host)
    run.put(token)
    try:
        listen(run, node, token, armed=True)
    except RuleFailed as failure:
        deafen(run, token, failure)


def deafen(run: Run, token: Token, failure: RuleFailed) -> None:
    """Say that the event of a token cannot be heard; one that only listens goes on standing there."""
    if token.status == "waiting":
        run.stick(token, failure)
        return
    run.put(token)
    run.effects.append(Incident(token.id, token.node, "deaf", failure.say))


def arm_boundaries(run: Run, node: Node, token: Token) -> None:
    """Arm what is attached to an activity that now waits; errors and escalations need no listening.

    Work that is tried again keeps the timers of its first try.
    """
    if any(each.host == token.id for each in run.tokens.values()):
        return
    for id in node.boundaries:
        boundary = run.process.nodes[id]
        if boundary.event is not None and boundary.event.kind in _WAITS:
            arm(run, boundary, token.scope, host=token.id)


def arm_scope(run: Run, definition: str, scope: int) -> None:
    """Arm the start events of the event sub-processes of a scope that was just opened."""
    for id in run.process.scopes[definition].event_starts:
        start = run.process.nodes[id]
        if start.event is not None and start.event.kind in _WAITS:
            arm(run, start, scope, host=None)


def open_body(run: Run, node: Node, token: Token, *, local: dict[str, object] | None) -> Scope:
    """Open the scope of a sub-process for a token that stays inside."""
    body = Scope(run.fresh(), node.id, token.scope, token.id, "body", local)
    run.put(replace(token, status="inside"))
    run.scopes[body.id] = body
    arm_scope(run, node.id, body.id)
    return body


def trigger(run: Run, token: Token, payload: Variables) -> None:
    """Let the event that a token waits for happen. Raises RuleFailed before anything has changed."""
    node = run.process.nodes[token.node]
    run.outputs(node, token.scope, payload)
    if token.status == "waiting":
        run.apply(node, token.scope, payload)
        run.leave(token, all_true)
    elif node.kind == "boundaryEvent":
        _boundary(run, node, token, payload)
    elif node.kind == "startEvent":
        _event_subprocess(run, node, token, payload)
    else:
        _event_gateway(run, node, token, payload)


def _boundary(run: Run, node: Node, token: Token, payload: Variables) -> None:
    assert token.host is not None
    if node.interrupting:
        run.tokens.pop(token.id)
        run.withdraw(run.tokens[token.host])
    else:
        _rearm(run, node, token)
    pass_boundary(run, node, token.scope, payload)


def pass_boundary(run: Run, node: Node, scope: int, payload: Variables) -> None:
    """Go out by a boundary event."""
    entered = run.enter(node, scope)
    run.apply(node, scope, payload)
    run.leave(entered, every_flow)


def _rearm(run: Run, node: Node, token: Token) -> None:
    """Set a timer that does not interrupt again while repetitions are left; other events keep listening."""
    event = node.event
    if event is None or event.kind != "timer":
        return
    run.tokens.pop(token.id)
    if token.via is None or token.via == "0":
        return
    assert token.due is not None
    again = replace(token, id=run.fresh(), due=None, via=None)
    try:
        told = run.value(event.text, run.env(token.scope))
        when = timing(told, run.now, run.calendar)
        every = when.every if when.every is not None else Duration(0, when.due - run.now)
        due = after(every, token.due, run.calendar, told)
    except RuleFailed as failure:
        deafen(run, again, failure)
        return
    left = "" if token.via == "" else str(int(token.via) - 1)
    run.put(replace(again, due=due, via=left))
    run.effects.append(TimerSet(again.id, due))


def _event_gateway(run: Run, node: Node, token: Token, payload: Variables) -> None:
    assert token.host is not None
    run.tokens.pop(token.id)
    gateway = run.tokens[token.host]
    run.leave(gateway, no_flow)
    entered = run.enter(node, token.scope)
    run.apply(node, token.scope, payload)
    run.leave(entered, all_true)


def _event_subprocess(run: Run, start: Node, token: Token, payload: Variables) -> None:
    if not start.interrupting:
        _rearm(run, start, token)
    enter_event_subprocess(run, start, token.scope, payload)


def enter_event_subprocess(run: Run, start: Node, scope: int, payload: Variables) -> None:
    """Begin an event sub-process in a scope; an interrupting one ends everything else in it first."""
    node = run.process.nodes[start.parent]
    local = run.inputs(node, scope) or None
    if start.interrupting:
        run.empty(scope)
    host = run.enter(node, scope)
    body = open_body(run, node, host, local=local)
    run.apply(start, body.id, payload)
    run.arrive(start.id, body.id)


def throw_error(run: Run, token: Token, code: str, message: str) -> bool:
    """Send an error outward from a token until an event catches it; say whether one did."""
    return _throw(run, token, "error", code, {"error": {"code": code, "message": message}})


def throw_escalation(run: Run, token: Token, code: str) -> None:
    """Send an escalation outward; nobody needs to catch it."""
    _throw(run, token, "escalation", code, {"escalation": {"code": code}})


def _throw(run: Run, token: Token, kind: str, code: str, payload: Variables) -> bool:
    """Look for who catches it at each level: on the border of the activity, then in the scope around it.

    What is thrown inside an event sub-process goes past the scope that it belongs to. Raises RuleFailed before
    anything has changed.
    """
    at: Token | None = token
    while at is not None:
        node = run.process.nodes[at.node]
        if not run.in_turn(at):
            boundary = _catcher(run, node.boundaries, kind, code)
            if boundary is not None:
                run.outputs(boundary, at.scope, payload)
                if boundary.interrupting:
                    run.withdraw(at)
                pass_boundary(run, boundary, at.scope, payload)
                return True
            if not node.event_subprocess:
                starts = run.process.scopes[_definition(run, at.scope)].event_starts
                start = _catcher(run, starts, kind, code)
                if start is not None:
                    run.outputs(start, at.scope, payload)
                    enter_event_subprocess(run, start, at.scope, payload)
                    return True
        at = _outward(run, at)
    return False


def _definition(run: Run, scope: int) -> str:
    while scope:
        at = run.scopes[scope]
        if at.kind == "body":
            return at.node
        scope = at.parent
    return ROOT


def _outward(run: Run, token: Token) -> Token | None:
    """Return the token that stands for the scope around this one."""
    scope = run.scopes.get(token.scope)
    if scope is None:
        return None
    if scope.kind in ("instance", "undoing"):
        scope = run.scopes[scope.parent]
    return run.tokens[scope.token]


def _catcher(run: Run, candidates: tuple[str, ...], kind: str, code: str) -> Node | None:
    anything: Node | None = None
    for id in candidates:
        node = run.process.nodes[id]
        if node.event is None or node.event.kind != kind:
            continue
        if node.event.name == code:
            return node
        if not node.event.name:
            anything = anything or node
    return anything


def hear(run: Run, kind: str, name: str, key: str | None, payload: Variables) -> int:
    """Deliver a message or signal to every token that waits for it, the oldest first; return how many."""
    heard = 0
    for token in sorted(run.tokens.values(), key=lambda each: each.id):
        node = run.process.nodes[token.node]
        event = node.event
        if event is None or event.kind != kind or event.name != name or node.kind in THROWS:
            continue
        if token.status not in ("waiting", "armed") or token.id not in run.tokens:
            continue
        if key is not None and token.key is not None and token.key != key:
            continue
        heard += 1
        try:
            trigger(run, token, payload)
        except RuleFailed as failure:
            if kind != "signal":
                raise  # the message is still there: it may come again
            deafen(run, token, failure)
    return heard
