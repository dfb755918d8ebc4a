"""Verbs that ask and write registers: look up, record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from ruta.engine import bpmn
from ruta.kernel import clock
from ruta.registers import services as registers

from .. import facts, history, parties
from . import entries

if TYPE_CHECKING:
    from ..machine import Machine


def look_up(machine: Machine, effect: bpmn.JobRequested) -> dict[str, Any] | None:
    """Ask a declared read. Own registers answer in the step; another agency's answer comes by a job."""
    read_id, again = str(effect.inputs["read"]), bool(effect.inputs.get("again", True))
    known = machine.case.facts.get(read_id, {})

    def evaluate(text: str) -> Any:
        return machine.rules.evaluate(text, machine.variables)

    if not facts.authorised(machine.compiled, read_id, known):
        return keep_fact(machine, read_id, dict(facts.OFFERED))
    if "source" in machine.compiled.register(machine.compiled.read(read_id).register_).rules:
        if not again and facts.stands(known, facts.key_of(machine.compiled, read_id, evaluate)):
            return {}
        from ..jobs import look_up_elsewhere

        look_up_elsewhere.defer(case_id=str(machine.case.id), token=effect.token, read=read_id)
        return None
    fact = facts.look_up(
        machine.compiled,
        read_id,
        evaluate=evaluate,
        known=known,
        actor=machine.actor,
        case_number=machine.case.number,
        again=again,
    )
    return keep_fact(machine, read_id, fact)


def keep_fact(machine: Machine, read_id: str, fact: facts.Fact) -> dict[str, Any]:
    """Let the case know what the register answered."""
    machine.case.facts = machine.case.facts | {read_id: fact}
    fault = {"fault": fact["fault"]["code"]} if fact.get("fault") else {}
    history.append(
        machine.case,
        "looked-up",
        actor=machine.actor,
        public={"read": read_id, "status": fact["status"], **fault},
        private={"value": fact["value"]},
    )
    machine.rules.stale()
    parties.bind(machine)
    return {}


def record(machine: Machine, effect: bpmn.JobRequested) -> dict[str, Any]:
    """Write an entry, in the step; a field that is null is not in it. `supersedes`: the entry whose next version it is, as
    `found.‹read›` or its `entry_id`; an entry as found is refused when it changed since. Result: `entry` (also under the
    verb's own name, `record`)."""
    inputs = effect.inputs
    old = inputs.get("supersedes")
    seen = old if isinstance(old, Mapping) else {}
    register = entries.writable(machine, inputs["register"])
    valid_from = inputs.get("valid_from")
    entry = registers.record_entry(
        register,
        known(inputs["entry"]),
        valid_from=date.fromisoformat(str(valid_from)[:10]) if valid_from else clock.today(),
        actor=machine.actor,
        case_number=machine.case.number,
        supersedes=entries.id_of(old) if seen else old,
        seen_version=seen.get("version"),
        code_fault=machine.compiled.code_fault,
    )
    history.append(
        machine.case,
        "recorded",
        actor=machine.actor,
        public={"register": register, "entry": str(entry.entry_id), "version": entry.version},
    )
    answer = entries.as_fact(entry)
    return {"entry": answer, "record": answer}


def known(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What FEEL made, without its nulls: an entry has only what is known."""
    return {
        name: known(value) if isinstance(value, Mapping) else value
        for name, value in entry.items()
        if value is not None
    }
