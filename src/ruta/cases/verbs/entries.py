"""Verbs on entries and their numbers: reserve, note, annul. Only in registers that the service may write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from ruta.engine import bpmn
from ruta.kernel import clock
from ruta.registers import selectors as reads
from ruta.registers import services as registers
from ruta.registers.models import Entry
from ruta.registers.rules import value_at

from .. import history, terms
from .errors import CannotBeDone

if TYPE_CHECKING:
    from ..machine import Machine


def writable(machine: Machine, name: Any) -> str:
    """The register, if the service declares that it writes it. Raises CannotBeDone."""
    register = str(name or "")
    if register not in machine.compiled.service.registers.writes:
        raise CannotBeDone(
            {
                "es": f"El servicio no puede escribir el registro «{register}»: agréguelo a registers.writes.",
                "en": f"The service may not write register “{register}”: add it to registers.writes.",
            },
            code="register-not-writable",
        )
    return register


def as_fact(entry: Entry) -> dict[str, Any]:
    """An entry that was just written, in the shape of `found.<read>`."""
    return {
        "value": dict(entry.data),
        "source": entry.register,
        "at": clock.now().isoformat(),
        "status": "found",
        "entry_id": str(entry.entry_id),
        "version": entry.version,
    }


def reserve(machine: Machine, effect: bpmn.JobRequested) -> dict[str, Any]:
    """Keep the next numbers of a range for this case until a day; recording them makes them lasting, else they lapse."""
    inputs = effect.inputs
    register, range_id = writable(machine, inputs["register"]), str(inputs["range"])
    about = reads.spec(register)
    if range_id not in about.ranges:
        raise CannotBeDone(
            {
                "es": f"El registro «{register}» no tiene el rango «{range_id}».",
                "en": f"Register “{register}” has no range “{range_id}”.",
            },
            code="unknown-range",
        )
    office = value_at(inputs.get("entry") or {}, about.office) if about.ranges[range_id].per_office else ""
    numbers = registers.reserve_number(
        register,
        range_id,
        office=str(office or ""),
        until=_until(inputs["until"]),
        case_number=machine.case.number,
        token=str(effect.token),
        count=int(inputs.get("count") or 1),
    )
    history.append(
        machine.case,
        "reserved",
        actor=machine.actor,
        public={"register": register, "range": range_id, "count": len(numbers)},
        private={"numbers": list(numbers)},
    )
    return {"reserved": {"range": range_id, "number": numbers[0], "numbers": list(numbers)}}


def _until(told: Any) -> datetime:
    """The end of the day told, or the instant told."""
    text = str(told)
    if len(text) <= len("2026-03-16"):
        return terms.end_of(date.fromisoformat(text))
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else clock.instant(moment.date(), time(moment.hour, moment.minute))


def id_of(entry: Any) -> str:
    """The `entry_id` of an entry as FEEL holds it. Raises CannotBeDone where none was found."""
    told = entry if isinstance(entry, Mapping) else {}
    if not told.get("entry_id"):
        raise CannotBeDone(
            {"es": "No hay un asiento sobre el cual actuar.", "en": "There is no entry to act on."},
            code="no-entry",
        )
    return str(told["entry_id"])


def _writable_entry(machine: Machine, entry: Any) -> tuple[str, str]:
    """Register and `entry_id` of an entry that the service may write. Raises CannotBeDone."""
    entry_id = id_of(entry)
    return writable(machine, entry.get("source")), entry_id


def note(machine: Machine, effect: bpmn.JobRequested) -> dict[str, Any]:
    """Write a marginal note on an entry, of this person or another, in the step."""
    inputs = effect.inputs
    register, entry_id = _writable_entry(machine, inputs["entry"])
    because = inputs.get("because")
    written = registers.note_entry(
        entry_id,
        kind=str(inputs["kind"]),
        text=str(inputs["text"]),
        sets=dict(inputs.get("sets") or {}),
        because=id_of(because) if because else None,
        actor=machine.actor,
        case_number=machine.case.number,
        register=register,
    )
    history.append(
        machine.case,
        "noted",
        actor=machine.actor,
        public={"register": register, "entry": entry_id, "kind": written.kind},
    )
    return {"note": {"id": str(written.id), "kind": written.kind, "status": "noted"}}


def annul(machine: Machine, effect: bpmn.JobRequested) -> dict[str, Any]:
    """End an entry as if it had never been valid, in the step; notes because of it and its documents follow."""
    inputs = effect.inputs
    register, entry_id = _writable_entry(machine, inputs["entry"])
    ended = registers.annul_entry(
        entry_id,
        reason=str(inputs["reason"]),
        actor=machine.actor,
        case_number=machine.case.number,
        register=register,
    )
    history.append(
        machine.case,
        "annulled",
        actor=machine.actor,
        public={"register": register, "entry": entry_id, "version": ended.version},
        private={"reason": ended.ended_reason},
    )
    return {"annulled": {"entry_id": entry_id, "version": ended.version}}
