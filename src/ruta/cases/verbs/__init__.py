"""What a process may ask of the platform (contract §4.2). A box waits until it is done; its result carries the verb's noun.

Each verb answers its result when it is done within the step, or None when news will tell. `BUILT` is what publishing
accepts; the other words of the contract are refused there by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ruta.engine import bpmn

from . import agencies, drawing, entries, issuing, money, news, recording
from .errors import CannotBeDone

if TYPE_CHECKING:
    from ..machine import Machine

__all__ = ["BUILT", "CHARGE", "TELL", "CannotBeDone", "agencies", "carry_out", "money"]

Verb = Callable[["Machine", bpmn.JobRequested], "dict[str, Any] | None"]

CHARGE, TELL = "ruta.charge", "ruta.tell"
BUILT: dict[str, Verb] = {
    "ruta.look-up": recording.look_up,
    "ruta.record": recording.record,
    "ruta.reserve": entries.reserve,
    "ruta.note": entries.note,
    "ruta.annul": entries.annul,
    "ruta.draw": drawing.draw,
    CHARGE: money.charge,
    "ruta.refund": money.refund,
    "ruta.issue": issuing.issue,
    "ruta.set-output": issuing.set_output,
    "ruta.send": news.send,
    TELL: agencies.tell,
    "ruta.start-term": news.start_term,
}


def carry_out(machine: Machine, effect: bpmn.JobRequested) -> dict[str, Any] | None:
    """Do what the service task asks; the result, or None while it waits for news."""
    return BUILT[effect.type](machine, effect)
