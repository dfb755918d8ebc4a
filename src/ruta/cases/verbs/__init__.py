"""What a process may ask of the platform (contract §4.2). A box waits until it is done; its result carries the verb's noun.

Each verb answers its result when it is done within the step, or None when news will tell. `BUILT` is what publishing
accepts; the other words of the contract are refused there by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ruta.engine import bpmn

from . import agencies, asking, drawing, entries, issuing, money, news, recording, settling, starting
from .errors import CannotBeDone

if TYPE_CHECKING:
    from ..machine import Machine

__all__ = ["BUILT", "CannotBeDone", "carry_out", "withdraw"]

Verb = Callable[["Machine", bpmn.JobRequested], "dict[str, Any] | None"]

ASK, CHARGE, TELL, START_CASE = "ruta.ask", "ruta.charge", "ruta.tell", "ruta.start-case"
BUILT: dict[str, Verb] = {
    "ruta.look-up": recording.look_up,
    ASK: asking.ask,
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
    START_CASE: starting.start_case,
    "ruta.start-term": news.start_term,
    "ruta.settle": settling.settle,
}


def carry_out(machine: Machine, effect: bpmn.JobRequested) -> dict[str, Any] | None:
    """Do what the service task asks; the result, or None while it waits for news."""
    return BUILT[effect.type](machine, effect)


_WITHDRAWN: dict[str, Callable[[Machine, int], None]] = {
    ASK: asking.withdraw,
    CHARGE: money.withdraw,
    TELL: agencies.withdraw,
    START_CASE: starting.withdraw,
}


def withdraw(machine: Machine, type: str, token: int) -> None:
    """Nobody waits at the box any more (interrupted, withdrawn): what it began and is not done is taken back."""
    if type in _WITHDRAWN:
        _WITHDRAWN[type](machine, token)
