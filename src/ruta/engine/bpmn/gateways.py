"""Which way out: the flows that a token takes when it leaves a node."""

from __future__ import annotations

from ruta.engine.bpmn.model import Flow, Node
from ruta.engine.bpmn.run import Run, Stuck


def every_flow(run: Run, node: Node, scope: int) -> list[Flow]:
    """Return all flows out (parallel gateway, events)."""
    return list(node.outgoing)


def no_flow(run: Run, node: Node, scope: int) -> list[Flow]:
    """Return none: the token goes on another way (event-based gateway)."""
    return []


def first_true(run: Run, node: Node, scope: int) -> list[Flow]:
    """Return the first flow whose condition is true, else the default (exclusive gateway).

    Raises Stuck when there is neither.
    """
    if len(node.outgoing) == 1 and node.outgoing[0].condition is None:
        return [node.outgoing[0]]
    env = run.env(scope)
    default: list[Flow] = []
    for flow in node.outgoing:
        if flow.id == node.default:
            default = [flow]
        elif flow.condition is not None and run.rules.evaluate(flow.condition, env) is True:
            return [flow]
    if default or not node.outgoing:
        return default
    raise _no_way(node)


def all_true(run: Run, node: Node, scope: int) -> list[Flow]:
    """Return the flows without condition and those whose condition is true (inclusive gateway, activity).

    The default is taken when no condition of the others is true. Raises Stuck when nothing is left.
    """
    flows = node.outgoing
    if not node.default and all(flow.condition is None for flow in flows):
        return list(flows)
    env = run.env(scope)
    taken = [
        flow
        for flow in flows
        if flow.id != node.default
        and (flow.condition is None or run.rules.evaluate(flow.condition, env) is True)
    ]
    if taken:
        return taken
    default = [flow for flow in flows if flow.id == node.default]
    if default:
        return default
    raise _no_way(node)


def _no_way(node: Node) -> Stuck:
    where = f"«{node.called('es')}»" if node.label else node.id
    there = f'"{node.called("en")}"' if node.label else node.id
    return Stuck(
        "no-way-out",
        es=f"Ninguna salida de {where} se cumple y no hay una por defecto (línea {node.line}).",
        en=f"No way out of {there} is true and there is no default (line {node.line}).",
    )
