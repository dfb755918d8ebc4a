"""Verbs on money: charge, refund."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ruta.engine import bpmn
from ruta.kernel import clock
from ruta.kernel.errors import RutaError
from ruta.payments import selectors as payment_selectors
from ruta.payments import services as payments

from .. import applications, history, tasks, terms

if TYPE_CHECKING:
    from ruta.payments.models import Charge

    from ..machine import Machine

DAYS_TO_PAY = 3
REFUND_ROLES = ("treasurer", "supervisor")


def charge(machine: Machine, effect: bpmn.JobRequested) -> dict[str, Any] | None:
    """Create the charge in the step; done when paid or expired. Nothing due: done at once."""
    inputs = effect.inputs
    payer = inputs.get("payer") or {}
    due = inputs.get("due")
    last_day = date.fromisoformat(str(due)[:10]) if due else clock.today() + timedelta(days=DAYS_TO_PAY)
    made = payments.create_charge(
        case_id=machine.case.id,
        case_number=machine.case.number,
        token=effect.token,
        payer=UUID(str(payer["person"])) if payer.get("person") else None,
        lines=[applications.fee_line(machine.subject(), line) for line in inputs.get("lines") or []],
        receipts=[str(number) for number in inputs.get("less") or []],
        expires_at=terms.end_of(max(last_day, clock.today())),
    )
    history.append(
        machine.case,
        "charged",
        actor=machine.actor,
        public={"charge": made.number, "total": made.total, "credited": made.credited, "due": made.due},
    )
    if made.status == "paid":
        return {"charge": as_result(made)}
    return None


def as_result(charge: Charge) -> dict[str, Any]:
    """`charge` for FEEL."""
    return {
        "id": str(charge.id),
        "number": charge.number,
        "status": str(charge.status),
        "lines": charge.lines,
        "total": charge.total,
        "credited": charge.credited,
        "due": charge.due,
        "paid": charge.due if charge.status == "paid" else 0,
    }


def refund(machine: Machine, effect: bpmn.JobRequested) -> dict[str, Any] | None:
    """Open the refund for a second person; done when the money was sent back. Nothing paid: done at once."""
    charge_id = effect.inputs.get("charge")
    charge = payment_selectors.charge_by_id(UUID(str(charge_id))) if charge_id else None
    if charge is None or charge.due == 0:
        return {"refund": {"status": "nothing", "amount": 0}}
    try:
        opened = payments.request_refund(
            charge,
            reason=str(effect.inputs.get("reason") or ""),
            requested_by=machine.actor,
            token=effect.token,
        )
    except RutaError as wrong:
        machine.stop(effect.node, wrong.message)
        return None
    offices = sorted(
        {group.split("@", 1)[1] for task in machine.case.tasks.all() for group in task.groups if "@" in group}
    )
    groups = [f"{role}@{office}" for role in REFUND_ROLES for office in offices] or list(REFUND_ROLES)
    tasks.open_refund(machine, effect, opened, groups)
    history.append(machine.case, "refund-opened", actor=machine.actor, public={"amount": opened.amount})
    return None
