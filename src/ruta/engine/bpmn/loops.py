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
    if not loop.multi:
        if loop.test_before and not _goes_on(run, loop, token.scope, 0):
            run.leave(token, all_true)
            return False
        scope = Scope(run.fresh(), node.id, token.scope, token.id, "loop")
    else:
        items = _items(run, node, loop, token.scope)
        results = (None,) * len(items) if loop.output_collection else None
        scope = Scope(run.fresh(), node.id, token.scope, token.id, "loop", None, items, 0, 0, results)
    run.put(replace(token, status="inside"))
    run.scopes[scope.id] = scope
    if scope.items is not None and not scope.items:
        _end(run, node, loop, scope)
        return False
    turns = 1 if loop.sequential or scope.items is None else len(scope.items)
    for _ in range(turns):
        _next_turn(run, node, loop, scope.id)
    return True


def _items(run: Run, node: Node, loop: Loop, scope: int) -> tuple[Any, ...]:
    """What a multi-instance runs over. Raises Stuck when it is no list, no number, or too long."""
    es, en = node.called("es"), node.called("en")
    if loop.collection is not None:
        items: Any = run.value(loop.collection, run.env(scope))
        if not isinstance(items, (list, tuple)):
            raise Stuck(
                "not-a-list",
                es=f"«{es}» se repite por cada elemento de {loop.collection}, que no es una lista.",
                en=f'"{en}" runs once per item of {loop.collection}, which is not a list.',
            )
        many = len(items)
    else:
        many = _whole(run.value(loop.cardinality, run.env(scope)))
        if many < 0:
            raise Stuck(
                "not-a-number",
                es=f"«{es}» se repite {loop.cardinality} veces, que no es un número entero.",
                en=f'"{en}" runs {loop.cardinality} times, which is not a whole number.',
            )
        items = range(1, min(many, run.budget) + 1)
    if many > run.budget:
        raise Stuck(
            "too-many-items",
            es=f"«{es}» se repetiría {many} veces; el máximo es {run.budget}.",
            en=f'"{en}" would run {many} times; the most is {run.budget}.',
        )
    return tuple(items)


def _whole(value: Any) -> int:
    """Return a count, -1 for what is none. A literal comes as text."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return -1
    return int(number) if 0 <= number < 1e9 and number == int(number) else -1


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
    complete = _complete(run, loop, scope, turn)  # nothing is written down before all is computed
    run.scopes[scope.id] = scope
    if run.done:
        run.hand_over(turn.id, scope.id)
    if complete:
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
    if run.done:
        run.hand_over(scope.id, -scope.token)
    run.close(scope.id)
    if loop.output_collection and scope.results is not None:
        run.write(scope.parent, loop.output_collection, list(scope.results))
    run.leave(run.tokens[scope.token], all_true)
