"""Undoing: what an activity was, remembered when it is done, and its handlers run backward when asked.

BPMN 2.0.2, 10.7 and 13.5.5. What was done last is undone first, one handler after the other. A sub-process that has
no handler of its own is undone by undoing what is in it. What is not finished is never undone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ruta.engine.bpmn.events import open_body
from ruta.engine.bpmn.model import Node, Process
from ruta.engine.bpmn.run import Run
from ruta.engine.bpmn.state import Finished, Scope, Token

Unit = tuple[str, dict[str, Any] | None, tuple[Finished, ...]]
"""A handler to run, the variables it sees beside those of its scope, and what it may undo itself."""


def begin(run: Run, node: Node, token: Token) -> bool:
    """Undo what the event at this token asks for; say whether the token stays for it (False: nothing to undo)."""
    assert node.event is not None
    units = tuple(_wanted(run, token.scope, node.event.name))
    if not units:
        return False
    items = tuple(
        {"node": handler, "local": local, "inner": [each.to_json() for each in inner]}
        for handler, local, inner in units
    )
    scope = Scope(run.fresh(), node.id, token.scope, token.id, "undo", items=items)
    run.put(replace(token, status="inside"))
    run.scopes[scope.id] = scope
    _next(run, scope.id)
    return True


def turn_done(run: Run, turn: Scope) -> Token | None:
    """Go on after one handler: begin the next, or give back the token that waited for all."""
    scope = run.scopes[turn.parent]
    run.close(turn.id)
    assert scope.items is not None
    if scope.at < len(scope.items):
        _next(run, scope.id)
        return None
    run.close(scope.id)
    token = replace(run.tokens[scope.token], status="waiting")
    run.put(token)
    return token


def _next(run: Run, undo: int) -> None:
    scope = run.scopes[undo]
    assert scope.items is not None
    unit = scope.items[scope.at]
    turn = Scope(run.fresh(), unit["node"], undo, 0, "undoing", unit["local"], at=scope.at)
    run.scopes[turn.id] = turn
    run.scopes[undo] = replace(scope, at=scope.at + 1)
    run.done.extend(replace(Finished.from_json(each), scope=turn.id) for each in unit["inner"])
    node = run.process.nodes[turn.node]
    if not node.event_subprocess:
        run.arrive(node.id, turn.id)
        return
    body = open_body(run, node, run.enter(node, turn.id), local=None)
    run.arrive(_undoing_start(run.process, node), body.id)


def _wanted(run: Run, scope: int, about: str) -> Iterator[Unit]:
    """What is to be undone from an event in this scope, the last first; it is forgotten here.

    An event inside an event sub-process speaks of the scope that this one belongs to as well.
    """
    scopes = [scope]
    if scope in run.scopes and run.process.nodes[run.scopes[scope].node].event_subprocess:
        scopes.append(run.scopes[scope].parent)
    found = [each for each in run.done if each.scope in scopes and about in ("", each.node)]
    run.done = [each for each in run.done if each not in found]
    for each in sorted(found, key=lambda one: -one.id):
        yield from _units(run.process, each)


def _units(process: Process, finished: Finished) -> Iterator[Unit]:
    node = process.nodes[finished.node]
    for id in node.boundaries:
        if process.nodes[id].handler:
            yield process.nodes[id].handler, finished.local, ()
            return
    local = {**(finished.local or {}), **(finished.inside or {})}
    # What a loop did is its turns, each an activity of the same element.
    turns = bool(finished.inner) and all(each.node == node.id for each in finished.inner)
    for start in () if turns else process.scopes[node.id].event_starts:
        if is_undoing(process.nodes[start]):
            yield process.nodes[start].parent, local or None, finished.inner
            return
    for inner in sorted(finished.inner, key=lambda one: -one.id):
        yield from _units(process, replace(inner, local={**local, **(inner.local or {})} or None))


def body_done(run: Run, node: Node, body: Scope) -> None:
    """Keep what was done in a sub-process that ends, until its token leaves."""
    inner = tuple(each for each in run.done if each.scope == body.id)
    own = any(is_undoing(run.process.nodes[start]) for start in run.process.scopes[node.id].event_starts)
    if inner or own:
        run.done.append(Finished(run.fresh(), node.id, -body.token, None, body.local, inner))


def is_undoing(node: Node) -> bool:
    """Say whether an event is about compensation."""
    return node.event is not None and node.event.kind == "compensate"


def _undoing_start(process: Process, node: Node) -> str:
    return next(id for id in process.scopes[node.id].starts if is_undoing(process.nodes[id]))
