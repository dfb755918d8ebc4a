"""The verb that starts another case: start-case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ruta.engine import bpmn

from ..models import CaseStart
from .errors import CannotBeDone

if TYPE_CHECKING:
    from ..machine import Machine


def start_case(machine: Machine, effect: bpmn.JobRequested) -> dict[str, Any] | None:
    """File a case of another act, by a job, for the party `applicant` (else for who applied here): done when it is closed,
    with `wait: false` when it is filed."""
    from ..jobs import start

    inputs = effect.inputs
    data, parties = inputs["data"], inputs.get("parties") or []
    if not isinstance(data, Mapping) or not _are_contexts(parties):
        raise CannotBeDone(
            {
                "es": "data es un contexto, y parties una lista de contextos con role.",
                "en": "data is a context, and parties a list of contexts with role.",
            },
            code="start-case-inputs",
        )
    row, made = CaseStart.objects.get_or_create(
        parent=machine.case,
        token=effect.token,
        defaults={
            "service": str(inputs["service"]),
            "act": str(inputs["act"]),
            "data": _without_nulls(data),
            "parties": [dict(each) for each in parties],
            "wait": inputs.get("wait") is not False,
            "depth": _depth(machine) + 1,
        },
    )
    if (
        not made and row.child_id is None
    ):  # it could not be started, and the cause may be in what it was given
        row.service, row.act = str(inputs["service"]), str(inputs["act"])
        row.data, row.parties = _without_nulls(data), [dict(each) for each in parties]
        row.save()
    start.defer(start_id=row.pk)
    return None


def _are_contexts(parties: Any) -> bool:
    listed = isinstance(parties, Sequence) and not isinstance(parties, str)
    return listed and all(isinstance(each, Mapping) for each in parties)


def _without_nulls(data: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in data.items() if value is not None}


def _depth(machine: Machine) -> int:
    if machine.filing:
        return 0
    own = CaseStart.objects.filter(child=machine.case).values_list("depth", flat=True).first()
    return int(own or 0)


def withdraw(machine: Machine, token: int) -> None:
    """Nobody waits at `token` any more: the case that was started there is withdrawn, by a job."""
    from ..jobs import withdraw_started

    row = CaseStart.objects.filter(parent=machine.case, token=token).first()
    if row is not None and row.child_id is not None:
        withdraw_started.defer(case_id=str(row.child_id))
