"""The results that boxes get when news comes: `charge`, `refund`, `output`, `notice`, `told`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from ruta.documents import qr
from ruta.documents.models import Output
from ruta.interop.models import Telling
from ruta.kernel import clock
from ruta.payments.models import Charge, Refund

from . import history, terms
from .models import CaseEvent
from .verbs import agencies
from .verbs.money import as_result

if TYPE_CHECKING:
    from .machine import Machine


def of(machine: Machine, kind: str, about: str) -> dict[str, Any]:
    """The result for the news `kind` about the thing with id `about`."""
    match kind:
        case "charge.paid" | "charge.expired" | "charge.void":
            return _charge(machine, about)
        case "refund.sent" | "refund.declined":
            return _refund(machine, about)
        case "output.issued":
            return _output(machine, about)
        case "telling.answered":
            return _told(machine, about)
        case "message.sent" | "message.failed" | "message.opened":
            return _notice(machine, kind.removeprefix("message."), about)
        case other:
            raise ValueError(f"no box waits for {other}")


def _charge(machine: Machine, charge_id: str) -> dict[str, Any]:
    charge = Charge.objects.get(id=UUID(charge_id))
    paid = charge.status == "paid"
    history.append(
        machine.case,
        "paid" if paid else "charge-expired",
        actor=machine.actor,
        public={"charge": charge.number},
    )
    if paid:
        terms.start_from(machine, "paid", clock.today())
    return {"charge": as_result(charge)}


def _refund(machine: Machine, refund_id: str) -> dict[str, Any]:
    refund = Refund.objects.get(id=UUID(refund_id))
    sent = refund.status == Refund.Status.SENT
    type = "refunded" if sent else "refund-declined"
    history.append(machine.case, type, actor=machine.actor, public={"amount": refund.amount})
    return {
        "refund": {"status": "sent" if sent else "declined", "amount": refund.amount if sent else 0},
    }


def _told(machine: Machine, telling_id: str) -> dict[str, Any]:
    told = Telling.objects.get(id=UUID(telling_id))
    public = {
        "telling": telling_id,
        "service": told.receiver,
        "title": told.title,
        "status": str(told.status),
    }
    history.append(
        machine.case,
        "told",
        actor=machine.actor,
        public=public,
        private={"reason": told.reason, "reference": told.reference},
    )
    return {"told": agencies.as_result(told)}


def answered_later(machine: Machine, telling_id: str) -> None:
    """Keep in the history, once, what another agency answered to a step that does not wait for it."""
    kept = CaseEvent.objects.filter(case_id=machine.case.id, type="told", public__telling=telling_id)
    if not kept.exists():
        _told(machine, telling_id)


def _notice(machine: Machine, status: str, message_id: str) -> dict[str, Any]:
    if status == "failed":
        history.append(machine.case, "message-failed", actor=machine.actor, public={"message": message_id})
    return {"notice": {"status": status, "id": message_id}}


def _output(machine: Machine, code: str) -> dict[str, Any]:
    output = Output.objects.get(code=code)
    history.append(
        machine.case,
        "output-issued",
        actor=machine.actor,
        public={
            "output": output.output_id,
            "code": output.code,
            "sha256": output.pdf_sha256,
            "title": output.title,
        },
    )
    return {"output": {"id": output.output_id, "code": output.code, "url": qr.url(output.code)}}
