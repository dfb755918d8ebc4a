"""The decision is signed and its notice waits to be opened: what the authority owed in time it has given.

The terms to answer end when the decision is put at the person's disposal: otherwise silence would favour whoever does
not open the notice. Only negative silence counts to the notified decision (CPACA art. 83; common facts §6.3).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ruta.engine import bpmn

from . import terms

if TYPE_CHECKING:
    from .machine import Machine

SETTLE = "ruta.settle"
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway")


def is_notice(node: bpmn.Node) -> bool:
    """Whether `node` sends a message with legal effect."""
    legal = next((source for source, target in node.inputs if target == "legal"), "")
    return node.job_type == "ruta.send" and legal.strip("= ") == "true"


def tells_decision(process: bpmn.Process, node: bpmn.Node) -> bool:
    """Whether `node` is a notice after which the decision stands (the end, or the box that waits for it to be firm): it
    tells the decision."""
    if not is_notice(node):
        return False
    ahead, seen = [flow.target for flow in node.outgoing], set[str]()
    while ahead:
        following = process.node(ahead.pop())
        if following.kind in GATEWAYS:
            if following.id not in seen:
                seen.add(following.id)
                ahead.extend(flow.target for flow in following.outgoing)
        elif following.kind != "endEvent" and following.job_type != SETTLE:
            return False
    return bool(node.outgoing)


def is_told(process: bpmn.Process, nodes: Iterable[str]) -> bool:
    """Whether a case that stands at `nodes` is decided, and only its notice is still to be opened."""
    return any(tells_decision(process, process.node(node)) for node in nodes)


def settles_at(machine: Machine) -> int | None:
    """The position at which the process waits for its decision to be firm."""
    tokens = machine.state.tokens if machine.state is not None else ()
    return next((each.id for each in tokens if machine.process.node(each.node).job_type == SETTLE), None)


def keep_terms(machine: Machine, node_id: str) -> None:
    """The notice at `node_id` went out: where it tells the decision, the terms to answer are kept."""
    if not tells_decision(machine.process, machine.process.node(node_id)):
        return
    kept = [
        name
        for name in machine.terms
        if not terms.of_person(name) and machine.effect_of(name) != "negative_silence"
    ]
    if kept:
        terms.keep(machine, *kept)
