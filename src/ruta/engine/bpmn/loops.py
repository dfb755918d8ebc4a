"""Activities that run more than once: multi-instance, in sequence or at once, and the standard loop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ruta.engine.bpmn.gateways import all_true
from ruta.engine.bpmn.model import Loop, Node
from ruta.engine.bpmn.run import Run, Stuck
from ruta.engine.bpmn.state import Scope, Token


def begin(run: Run, node: Node, loop: Loop, token: Token) -> bool:
    """Open the loop of an activity; say whether the token stays for it (False: nothing to do, it left)."""
    if loop.collection is None:
        if loop.test_before and not _goes_on(run, loop, token.scope, 0):
            run.leave(token, all_true)
            return False
        scope = Scope(run.fresh(), node.id, token.scope, token.id, "loop")
    else:
        items = run.value(loop.collection, run.env(token.scope))
        if not isinstance(items, (list, tuple)):
            raise Stuck(
                "not-a-list",
                es=f"«{node.called('es')}» se repite por cada elemento de {loop.collection}, que no es una lista.",
                en=f'"{node.called("en")}" runs once per item of {loop.collection}, which is not a list.',
            )
        if len(items) > run.budget:
            raise Stuck(
                "too-many-items",
                es=f"«{node.called('es')}» se repetiría {len(items)} veces; el máximo es {run.budget}.",
                en=f'"{node.called("en")}" would run {len(items)} times; the most is {run.budget}.',
            )
        results = (None,) * len(items) if loop.output_collection else None
        scope = Scope(run.fresh(), node.id, token.scope, token.id, "loop", None, tuple(items), 0, 0, results)
    run.put(replace(token, status="inside"))
    run.scopes[scope.id] = scope
    if scope.items is not None and not scope.items:
        _end(run, node, loop, scope)
        return False
    turns = 1 if loop.sequential or scope.items is None else len(scope.items)
    for _ in range(turns):
        _next_turn(run, node, loop, scope.id)
    return True


def _next_turn(run: Run, node: Node, loop: Loop, loop_scope: int) -> None:
    scope = run.scopes[loop_scope]
    local: dict[str, Any] = {"loopCounter": scope.at + 1}
    if scope.items is not None and loop.element:
        local[loop.element] = scope.items[scope.at]
    turn = Scope(run.fresh(), node.id, loop_scope, 0, "instance", local, at=scope.at)
    run.scopes[turn.id] = turn
    run.scopes[loop_scope] = replace(scope, at=scope.at + 1)
    run.arrive(node.id, turn.id)


def turn_done(run: Run, turn: Scope) -> None:
    """Gather the result of a turn that has nothing left to do, and begin the next or end the loop."""
    node = run.process.nodes[turn.node]
    loop = node.loop
    assert loop is not None
    scope = run.scopes[turn.parent]
    results = scope.results
    if results is not None:
        value = run.value(loop.output_element, run.env(turn.id)) if loop.output_element else None
        results = (*results[: turn.at], value, *results[turn.at + 1 :])
    scope = replace(scope, done=scope.done + 1, results=results)
    run.scopes[scope.id] = scope
    if _complete(run, loop, scope, turn):
        run.close(turn.id)
        _end(run, node, loop, scope)
        return
    del run.scopes[turn.id]
    if loop.sequential or scope.items is None:
        _next_turn(run, node, loop, scope.id)


def _complete(run: Run, loop: Loop, scope: Scope, turn: Scope) -> bool:
    if scope.items is None:
        if loop.maximum is not None and scope.done >= loop.maximum:
            return True
        return not _goes_on(run, loop, scope.parent, scope.done)
    if scope.done == len(scope.items):
        return True
    if not loop.condition:
        return False
    env = {
        **run.env(turn.id),
        "numberOfInstances": len(scope.items),
        "numberOfActiveInstances": scope.at - scope.done,
        "numberOfCompletedInstances": scope.done,
        "numberOfTerminatedInstances": 0,
    }
    if loop.output_collection and scope.results is not None:
        env[loop.output_collection] = list(scope.results)
    return run.rules.evaluate(loop.condition, env) is True


def _goes_on(run: Run, loop: Loop, scope: int, done: int) -> bool:
    if not loop.condition:
        return loop.maximum is not None and done < loop.maximum
    env = {**run.env(scope), "loopCounter": done}
    return run.rules.evaluate(loop.condition, env) is True


def _end(run: Run, node: Node, loop: Loop, scope: Scope) -> None:
    run.close(scope.id)
    if loop.output_collection and scope.results is not None:
        run.write(scope.parent, loop.output_collection, list(scope.results))
    run.leave(run.tokens[scope.token], all_true)
