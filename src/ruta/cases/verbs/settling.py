"""The verb `settle`: what stands after it in the drawing is carried out only when the decision is firm (CPACA art. 89)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ruta.engine import bpmn

from .. import endings
from .errors import CannotBeDone

if TYPE_CHECKING:
    from ..machine import Machine


def settle(machine: Machine, effect: bpmn.JobRequested) -> None:
    """Take the decision `outcome`; done when it is firm. What stands after the box waits for the appeals."""
    outcome = str(effect.inputs["outcome"])
    if outcome in endings.NOT_APPEALABLE:
        raise CannotBeDone(
            {
                "es": f"settle: «{outcome}» no admite recursos y no espera quedar en firme. Use un evento final.",
                "en": f"settle: “{outcome}” admits no appeal and does not wait to be firm. Use an end event.",
            },
            code="settle-outcome",
        )
    endings.decide(machine, outcome, effect.node)
