"""Verbs to other agencies: tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ruta.definitions.agency_services import AgencyService
from ruta.engine import bpmn
from ruta.engine.terms import Length, LengthError, due_at
from ruta.interop import telling
from ruta.interop.models import Telling
from ruta.kernel import calendars, clock
from ruta.kernel.errors import Invalid, NotFound, RutaError

from .. import history
from .errors import CannotBeDone

if TYPE_CHECKING:
    from ..machine import Machine


def tell(machine: Machine, effect: bpmn.JobRequested) -> dict[str, Any] | None:
    """Tell a service of another agency, by a job, until it answers or patience is over (`patience`: a length, or `none`
    for ever; else that of the list `agency_services`): accepted, rejected or unavailable. With `wait: false` the box is
    done at once (`told.status` is waiting), and the answer only goes to the history."""
    inputs = effect.inputs
    waits = inputs.get("wait") is not False
    try:
        service = machine.compiled.agency_service(str(inputs["service"]))
    except NotFound as missing:
        raise CannotBeDone.because(missing) from missing
    data = _data(machine, service, inputs["data"])
    try:
        told, made = telling.begin(
            case_id=machine.case.id,
            case_number=machine.case.number,
            token=effect.token,
            receiver=service.code,
            title=service.title,
            service=service.xroad,
            purpose=str(inputs["purpose"]),
            data=data,
            persons=service.persons_of(data),
            until=_until(machine, service, inputs.get("patience")),
        )
    except RutaError as wrong:
        raise CannotBeDone.because(wrong) from wrong
    if not made:  # told before by this very step: its answer is the answer
        return None if waits and told.status == Telling.Status.WAITING else {"told": as_result(told)}
    history.append(
        machine.case,
        "telling",
        actor=machine.actor,
        public={"service": service.code, "title": dict(service.title), "purpose": told.purpose},
        private={"data": data},
    )
    return None if waits else {"told": as_result(told)}


def _data(machine: Machine, service: AgencyService, given: Any) -> dict[str, Any]:
    """What is told, without what is null. Raises CannotBeDone naming the first field that the service does not take."""
    data = _without_nulls(given) if isinstance(given, Mapping) else {}
    problems = service.problems_of(data, machine.compiled.code_fault)
    if problems:
        raise CannotBeDone(
            {
                "es": f"No se puede contar a «{service.title['es']}»: {problems[0].say['es']}",
                "en": f"“{service.title['en']}” cannot be told: {problems[0].say['en']}",
            },
            code="notice-misfit",
        ) from Invalid(problems)
    return data


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _without_nulls(item) for name, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list | tuple) else value


def _until(machine: Machine, service: AgencyService, patience: Any) -> datetime | None:
    """When to give up; None for never."""
    length = str(patience or service.patience or "none")
    if length == "none":
        return None
    try:
        return due_at(clock.now(), Length.parse(length), calendars.calendar_of(machine.case.agency))
    except LengthError as wrong:
        raise RutaError(wrong.say, code="patience") from wrong


def withdraw(machine: Machine, token: int) -> None:
    """Nobody waits for the answer at `token` any more."""
    telling.withdraw(machine.case.id, token)


def as_result(told: Telling) -> dict[str, Any]:
    """`told` for FEEL."""
    return {
        "service": told.receiver,
        "status": str(told.status),
        "reason": told.reason or None,
        "reference": told.reference or None,
        "at": told.answered_at.isoformat() if told.answered_at else None,
    }
