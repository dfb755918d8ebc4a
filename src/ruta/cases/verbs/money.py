"""Verbs on money: charge, refund."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ruta.definitions import posts
from ruta.engine import bpmn
from ruta.identity.models import Official
from ruta.kernel import clock
from ruta.kernel.errors import Invalid, RutaError
from ruta.payments import services as payments
from ruta.payments.errors import NotPayable
from ruta.payments.models import Charge

from .. import applications, history, tasks, terms
from .errors import CannotBeDone

if TYPE_CHECKING:
    from ..machine import Machine

DAYS_TO_PAY = 3


def charge(machine: Machine, effect: bpmn.JobRequested) -> dict[str, Any] | None:
    """Create the charge in the step; done when paid or expired. Nothing due: done at once."""
    inputs = effect.inputs
    payer = inputs.get("payer") or {}
    due = inputs.get("due")
    last_day = date.fromisoformat(str(due)[:10]) if due else clock.today() + timedelta(days=DAYS_TO_PAY)
    receipts = [str(number) for number in inputs.get("less") or []]
    ask = partial(
        payments.create_charge,
        case_id=machine.case.id,
        case_number=machine.case.number,
        token=effect.token,
        payer=UUID(str(payer["person"])) if payer.get("person") else None,
        lines=[applications.fee_line(machine.subject(), line) for line in inputs.get("lines") or []],
        expires_at=terms.end_of(max(last_day, clock.today())),
    )
    try:
        made = ask(receipts=receipts)
    except Invalid as wrong:
        if machine.filing:
            raise  # the applicant can mend it: nothing is filed
        made = _without(machine, receipts, ask, wrong)
    history.append(
        machine.case,
        "charged",
        actor=machine.actor,
        public={"charge": made.number, "total": made.total, "credited": made.credited, "due": made.due},
    )
    if made.status == "paid":
        return {"charge": as_result(made)}
    return None


def _without(machine: Machine, receipts: list[str], ask: Callable[..., Charge], wrong: Invalid) -> Charge:
    """The charge less only the receipts that can be credited still: what was used meanwhile counted elsewhere.

    Raises CannotBeDone where something else is wrong with the charge.
    """
    gone = {
        int(place) for problem in wrong.problems if (place := problem.at.removeprefix("/receipts/")).isdigit()
    }
    if len(gone) < len(wrong.problems):
        raise CannotBeDone.because(wrong) from wrong
    made = ask(receipts=[number for place, number in enumerate(receipts) if place not in gone])
    history.append(
        machine.case,
        "receipt-not-credited",
        actor=machine.actor,
        public={"receipts": [receipts[place] for place in sorted(gone)]},
    )
    return made


def withdraw(machine: Machine, token: int) -> None:
    """Nobody waits for the charge at `token` any more: stop asking for it; what is paid all the same is held.

    A charge that is paid or expired already stays as it is.
    """
    asked = Charge.objects.filter(case_id=machine.case.id, token=token).first()
    if asked is None:
        return
    with suppress(NotPayable):
        payments.void_charge(asked, reason="withdrawn")
        public = {"charge": asked.number, "total": asked.total}
        history.append(machine.case, "charge-void", actor=machine.actor, public=public)


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
    """Open the refund for a second person; done when all of it was sent back. Nothing paid: done at once."""
    charge_id = effect.inputs.get("charge")
    charge = Charge.objects.filter(id=UUID(str(charge_id))).first() if charge_id else None
    if charge is None or charge.status != Charge.Status.PAID or charge.total == 0:
        return {"refund": {"status": "nothing", "amount": 0}}
    try:
        opened = payments.request_refund(
            charge,
            reason=str(effect.inputs.get("reason") or ""),
            requested_by=machine.actor,
            token=effect.token,
            agency=machine.case.agency,
        )
    except RutaError as wrong:
        raise CannotBeDone.because(wrong) from wrong
    tasks.open_refund(machine, effect, opened, refund_groups(machine))
    history.append(machine.case, "refund-opened", actor=machine.actor, public={"amount": opened.amount})
    return None


def refund_groups(machine: Machine) -> list[str]:
    """The posts that approve refunds and that the agency has (all such posts while it has none), in the offices that
    already worked on the case; in any where none did."""
    may = posts.with_power("refunds", posts.titles(machine.compiled))
    staffed = set(
        Official.objects.filter(team__agency__nit=machine.case.agency, role__in=may, active=True).values_list(
            "role", flat=True
        )
    )
    roles = [role for role in may if role in staffed] or list(may)
    groups = {group for task in machine.case.tasks.all() for group in task.groups if "@" in group}
    offices = sorted({group.split("@", 1)[1] for group in groups})
    return [f"{role}@{office}" for office in offices for role in roles] or roles
