"""Verbs that tell and time: send, start-term."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ruta.engine import bpmn
from ruta.kernel import clock

from .. import decision_notice, letters, terms

if TYPE_CHECKING:
    from ..machine import Machine


def send(machine: Machine, effect: bpmn.JobRequested) -> dict[str, Any] | None:
    """Write to the parties. Done when sent; a legal message is done when it was opened (common facts §7)."""
    inputs = effect.inputs
    sent = [
        letters.send(
            machine, str(inputs["message"]), party, legal=bool(inputs.get("legal")), token=effect.token
        )
        for party in inputs.get("parties") or []
    ]
    if not any(sent):
        return {"notice": {"status": "nobody"}}
    decision_notice.keep_terms(machine, effect.node)
    return None


def start_term(machine: Machine, effect: bpmn.JobRequested) -> dict[str, Any]:
    """Start a term that counts from its being started, in the step."""
    name = str(effect.inputs["term"])
    for spec in machine.act.spec.terms:
        if spec.id == name:
            terms.start(machine, spec, clock.today())
    return {}
