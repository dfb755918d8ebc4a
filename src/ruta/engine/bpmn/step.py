"""One step of a case: a command goes in, the next state and the effects come out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ruta.engine.bpmn import events
from ruta.engine.bpmn.gateways import all_true
from ruta.engine.bpmn.model import ACTIVITIES, ROOT, Node, Process
from ruta.engine.bpmn.moves import ask_rule, come, go_on, perform, user_inputs
from ruta.engine.bpmn.protocol import (
    AskRule,
    Cancel,
    CaseEnded,
    Command,
    Complete,
    Effect,
    Fire,
    JobDone,
    JobFailed,
    NobodyWaits,
    NotDue,
    Patch,
    Receive,
    Reopen,
    Restate,
    Retry,
    RuleFailed,
    Rules,
    Signal,
    StaleToken,
    Start,
    Variables,
    Waiting,
)
from ruta.engine.bpmn.quiet import settle
from ruta.engine.bpmn.run import CLOSING, LEAVING, Run, Stuck
from ruta.engine.bpmn.state import State, Token
from ruta.engine.terms import Calendar

BUDGET = 10_000
"""Moves that one step may make before it counts as an automatic loop, and stops."""


@dataclass(frozen=True, slots=True)
class Step:
    """The case after a step, and what the caller now has to do."""

    state: State
    effects: tuple[Effect, ...]


def step(
    process: Process,
    state: State | None,
    command: Command,
    *,
    now: datetime,
    rules: Rules,
    calendar: Calendar | None = None,
    budget: int = BUDGET,
) -> Step:
    """Apply one command to a case; the same arguments always give the same step, and none is changed.

    `state` is None for Start only. `now` is aware. Where the budget of moves is spent, what moves stays where it
    came with the incident "runaway". Raises StaleToken for a command about a token that is gone or does not wait
    for it, RuleFailed where the result or payload of a command cannot be mapped (it may come again), and what
    else `rules` raises.
    """
    if isinstance(command, Start):
        if state is not None:
            raise StaleToken(None, "The case has already begun.", "El expediente ya empezó.")
        state = State(dict(command.variables))
    elif state is None:
        raise StaleToken(None, "The case has not begun.", "El expediente no ha empezado.")
    elif isinstance(command, Reopen):
        if state.ended is None and not command.waiting:
            raise StaleToken(None, "The case has not ended.", "El expediente no ha terminado.")
    elif state.ended is not None:
        raise StaleToken(None, "The case has ended.", "El expediente ya terminó.")
    run = Run(process, state, now=now, rules=rules, calendar=calendar, budget=budget)
    _COMMANDS[type(command)](run, command)
    return finish(run)


def finish(run: Run) -> Step:
    """Let everything move that can, until the case rests."""
    process = run.process
    while True:
        while run.queue:
            node, scope, via = run.queue.popleft()
            come(run, process.nodes[node], scope, via)
        if not settle(run) and not run.queue:
            return Step(run.state(), tuple(run.effects))


def _start(run: Run, command: Start) -> None:
    events.arm_scope(run, ROOT, 0)
    for start in _begins(run.process, command.at):
        if run.process.nodes[start].outputs:
            run.apply(run.process.nodes[start], 0, command.variables)
        run.arrive(start, 0)


def _begins(process: Process, at: str) -> tuple[str, ...]:
    """Where a case begins: at the start event `at`, at the plain one, at the only one, or at all without event."""
    starts = process.scopes[ROOT].starts
    events_ = [process.nodes[id] for id in starts if process.nodes[id].kind == "startEvent"]
    if at:
        chosen = [node.id for node in events_ if node.id == at]
    elif not events_:
        return starts
    else:
        plain = [node.id for node in events_ if node.event is None or node.event.kind == "none"]
        chosen = plain or [node.id for node in events_]
    if len(chosen) == 1:
        return (chosen[0],)
    names = ", ".join(node.id for node in events_)
    raise StaleToken(
        None,
        f"The process does not begin at one place: say at which of {names}.",
        f"El proceso no empieza en un solo lugar: diga en cuál de {names}.",
    )


def _complete(run: Run, command: Complete) -> None:
    node, token = _waiting(run, command.token)
    if node.kind != "userTask":
        raise _not_for(token, node)
    _done(run, node, token, command.result)


def _job_done(run: Run, command: JobDone) -> None:
    node, token = _waiting(run, command.token)
    if not _is_job(node):
        raise _not_for(token, node)
    _done(run, node, token, command.result)


def _job_failed(run: Run, command: JobFailed) -> None:
    node, token = _waiting(run, command.token)
    if not _is_job(node):
        raise _not_for(token, node)
    why = command.say or dict.fromkeys(("es", "en"), command.message or command.code)
    if events.throw_error(run, token, command.code, command.message or why["es"]):
        return
    failure = Stuck(
        command.code,
        es=f"«{node.called('es')}» no se pudo hacer: {why['es']}",
        en=f'"{node.called("en")}" could not be done: {why["en"]}',
    )
    run.stick(token, failure)


def _receive(run: Run, command: Receive) -> None:
    if not events.hear(run, "message", command.message, command.key, command.payload):
        raise NobodyWaits(
            None,
            f'No step of the case waits for the message "{command.message}".',
            f"Ningún paso del expediente espera el mensaje «{command.message}».",
        )


def _signal(run: Run, command: Signal) -> None:
    events.hear(run, "signal", command.name, None, command.payload)


def _patch(run: Run, command: Patch) -> None:
    run.merge(0, command.variables)


def _restate(run: Run, command: Restate) -> None:
    for token in list(run.tokens.values()):
        node = run.process.nodes[token.node]
        if token.status != "waiting" or node.kind != "userTask":
            continue
        with suppress(RuleFailed):  # what it asked before stands
            run.effects.append(Waiting(token.id, node.id, "user", user_inputs(run, node, token)))


def _ask_rule(run: Run, command: AskRule) -> None:
    node = run.process.nodes.get(command.node)
    if node is not None and node.called_decision and node.parent == ROOT and node.loop is None:
        ask_rule(run, node, 0)


def can_reopen(process: Process, node: str) -> bool:
    """Say whether a case may be taken up again at `node`: from there alone every way leads to a sound end."""
    found = process.nodes.get(node)
    if found is None or found.kind != "userTask" or found.parent != ROOT or found.loop is not None:
        return False
    from ruta.engine.bpmn.landing import Landing  # the search of soundness: few steps need it

    return not Landing(process).problems(ROOT, ((node, None),))


def _reopen(run: Run, command: Reopen) -> None:
    if not can_reopen(run.process, command.node):
        raise StaleToken(
            None,
            f'The case cannot be taken up again at "{command.node}".',
            f"El expediente no se puede retomar en «{command.node}».",
        )
    if run.ended is None:
        run.empty(0)
        run.scopes.clear()
    run.ended, run.outcome, run.last_end = None, None, ""
    run.done.clear()
    events.arm_scope(run, ROOT, 0)
    run.arrive(command.node, 0)


def _cancel(run: Run, command: Cancel) -> None:
    run.empty(0)
    run.scopes.clear()
    run.ended = command.reason
    run.effects.append(CaseEnded("", command.reason))


def _done(run: Run, node: Node, token: Token, result: Variables) -> None:
    run.apply(node, token.scope, result)
    go_on(run, node, token)


def _fire(run: Run, command: Fire) -> None:
    id = command.token
    token = run.tokens.get(id)
    if token is None or token.due is None:
        raise _gone(id)
    if run.now < token.due:
        raise NotDue(
            id,
            f"The timer is due at {token.due.isoformat()}.",
            f"El temporizador vence el {token.due.isoformat()}.",
        )
    events.trigger(run, token, {})


def _retry(run: Run, command: Retry) -> None:
    id = command.token
    token = run.tokens.get(id)
    if token is None:
        raise _gone(id)
    node = run.process.nodes[token.node]
    if token.status == "armed" and token.due is None and token.key is None:
        events.listen(run, node, token, armed=True)
        return
    if token.status != "stuck":
        raise _not_for(token, node)
    if token.key == CLOSING:  # what is done inside is looked at again when all rests
        run.put(replace(token, status="inside", key=None))
        return
    leaving = token.key == LEAVING
    again = Token(token.id, token.node, token.scope, "waiting", token.via)
    run.put(again)
    if leaving and node.kind in ACTIVITIES:
        run.leave(again, all_true)
    else:
        perform(run, node, again)


def _waiting(run: Run, id: int) -> tuple[Node, Token]:
    token = run.tokens.get(id)
    if token is None:
        raise _gone(id)
    node = run.process.nodes[token.node]
    if token.status != "waiting":
        raise _not_for(token, node)
    return node, token


def _is_job(node: Node) -> bool:
    return bool(node.job_type) or node.kind in ("serviceTask", "callActivity")


def _gone(id: int) -> StaleToken:
    return StaleToken(
        id,
        f"Position {id} of the case is no longer open: it was done or withdrawn before.",
        f"La posición {id} del expediente ya no está abierta: se terminó o se retiró antes.",
    )


def _not_for(token: Token, node: Node) -> StaleToken:
    return StaleToken(
        token.id,
        f'Position {token.id} stands at "{node.called("en")}", which does not wait for this.',
        f"La posición {token.id} está en «{node.called('es')}», que no espera esto.",
    )


_COMMANDS: dict[type[Command], Callable[[Run, Any], None]] = {
    Start: _start,
    Complete: _complete,
    JobDone: _job_done,
    JobFailed: _job_failed,
    Fire: _fire,
    Receive: _receive,
    Signal: _signal,
    Retry: _retry,
    Patch: _patch,
    Cancel: _cancel,
    Restate: _restate,
    AskRule: _ask_rule,
    Reopen: _reopen,
}
