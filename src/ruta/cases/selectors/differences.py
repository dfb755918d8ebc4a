"""What a case makes of an entry: as it was and as it is, or is to be, for any act that records with `supersedes`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ruta.definitions import runtime
from ruta.engine import bpmn
from ruta.identity.actors import Actor
from ruta.registers import selectors as registers

from ..machine import Machine
from ..models import Case
from ..models.case import CaseStatus
from ..verbs.recording import known

RECORD = "ruta.record"


@dataclass(frozen=True)
class Difference:
    """The fields of an entry of `register` that are not the same before and after.

    `at` is when it was recorded (None: it is what the case would record now); `stale` says that the entry changed since
    the case read it.
    """

    register: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    at: datetime | None = None
    stale: bool = False


def differences(case: Case, actor: Actor) -> list[Difference]:
    """What the case replaced, in order; while it is open and replaced nothing yet, what it would replace.

    The caller may see the case whole, and logs its read. Asks the database nothing where the act replaces no entry.
    """
    act = runtime.compiled(case.version_id).act(case.act)
    boxes = (
        [inputs for inputs in map(_replacing, act.process.nodes.values()) if inputs] if act.process else []
    )
    if not boxes:
        return []
    done = [
        Difference(after.register, *_changed(after.register, before.data, after.data), at=after.recorded_at)
        for before, after in registers.replaced_by_case(case.number, actor=actor)
    ]
    found = done or list(_proposed(case, actor, boxes))
    return [each for each in found if each.before or each.after]


def _changed(
    register: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in registers.spec(register).schema["properties"] if old.get(name) != new.get(name)]
    return {n: old[n] for n in names if n in old}, {n: new[n] for n in names if n in new}


def _replacing(node: bpmn.Node) -> dict[str, str] | None:
    """The inputs of a box that records in the place of another entry."""
    inputs = {target: source for source, target in node.inputs}
    return inputs if node.job_type == RECORD and "supersedes" in inputs else None


def _proposed(case: Case, actor: Actor, boxes: Sequence[Mapping[str, str]]) -> Iterator[Difference]:
    if case.status != CaseStatus.OPEN:
        return
    machine = Machine(case, actor)
    for inputs in boxes:
        yield from _by_box(machine, inputs)


def _by_box(machine: Machine, inputs: Mapping[str, str]) -> Iterator[Difference]:
    """What a box that waits for its turn would write, as far as it can be told yet."""
    asked = {name: inputs[name] for name in ("register", "entry", "supersedes")}
    try:
        told = {
            name: machine.rules.evaluate(text.removeprefix("="), machine.variables)
            for name, text in asked.items()
        }
    except bpmn.RuleFailed:
        return
    old, new, register = told["supersedes"], told["entry"], str(told["register"])
    if not isinstance(old, Mapping) or not isinstance(new, Mapping) or not old.get("value"):
        return
    before, after = _changed(register, known(old["value"]), known(new))
    # Its number it gets when it is recorded; what notes give is no part of what is recorded.
    spec = registers.spec(register)
    later = {*spec.ranges, *(name for note in spec.notes.values() for name in note.sets)}
    before, after = ({n: v for n, v in each.items() if n not in later} for each in (before, after))
    stale = not registers.stands(str(old["entry_id"]), int(old.get("version") or 0))
    yield Difference(register, before, after, stale=stale)
