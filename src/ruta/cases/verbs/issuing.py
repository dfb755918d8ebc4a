"""Verbs on outputs: issue, set-output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ruta.definitions.schema import OutputSpec
from ruta.documents import services as documents
from ruta.engine import bpmn

from .. import history, outputs, recipients

if TYPE_CHECKING:
    from ..machine import Machine


def issue(machine: Machine, effect: bpmn.JobRequested) -> None:
    """Order the document; a worker renders and signs it, and its news finishes the box (`output`)."""
    inputs = effect.inputs
    compiled = machine.act.outputs[str(inputs["output"])]
    spec = compiled.spec
    of = inputs.get("of") or {}
    holder = recipients.person_of(inputs.get("holder") or {})
    official, role = outputs.signer(machine, spec)
    title = outputs.issued_as(machine, spec)
    ordered = documents.request_issue(
        case_id=machine.case.id,
        case_number=machine.case.number,
        token=effect.token,
        service=machine.compiled.service.slug,
        service_title=machine.compiled.service.title,
        output_id=spec.id,
        title=title,
        template_sha256=compiled.template_sha256,
        data=outputs.document_data(machine, spec, of, inputs.get("data") or {}),
        holder_id=holder.pk if holder else None,
        lang=machine.case.lang,
        source=_followed(machine, spec, of),
        verify_shows=spec.verify_shows,
        role=role,
        official=official,
    )
    history.append(
        machine.case,
        "output-asked",
        actor=machine.actor,
        public={
            "output": spec.id,
            "code": ordered.code,
            "title": dict(ordered.title),
            "data": ordered.data_sha256,
        },
        private={"shown": ordered.public},
    )


def _followed(machine: Machine, spec: OutputSpec, of: Mapping[str, Any]) -> tuple[str, str, int] | None:
    """What the output's state follows: the case's charge where the service says so, else the entry that it states."""
    if spec.source == "charge":
        charge = machine.variables.get("charge") or {}
        return ("charge", str(charge["id"]), 1) if charge.get("id") else None
    return (str(of["source"]), str(of["entry_id"]), int(of["version"])) if of.get("entry_id") else None


def set_output(machine: Machine, effect: bpmn.JobRequested) -> dict[str, Any]:
    """Change the state of an output of this case, in the step."""
    inputs = effect.inputs
    output = documents.set_output_state(
        str(inputs["output"]), str(inputs["state"]), str(inputs.get("reason") or "")
    )
    history.append(
        machine.case,
        "output-state",
        actor=machine.actor,
        public={"code": output.code, "state": str(output.state), "title": output.title},
    )
    return {"output": {"code": output.code, "state": str(output.state)}}
