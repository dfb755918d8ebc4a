"""Messages of a case: the service's text, filled from the case, handed to notifications."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ruta.engine import feel
from ruta.notifications import services as notifications

from . import history, recipients

if TYPE_CHECKING:
    from .machine import Machine


def send(
    machine: Machine,
    message_id: str,
    party: Mapping[str, Any],
    *,
    legal: bool,
    token: int | None,
    about: Mapping[str, Any] | None = None,
) -> bool:
    """Write the message `message_id` to `party` in the case's language; whether there is somebody to read it.

    `about` are names that this message has beyond those of the case.
    """
    person = recipients.person_of(party)
    if person is None:
        return False
    case = machine.case
    template = machine.act.message(message_id, case.lang)
    env, ctx = machine.rules.env(machine.variables)
    env = env | {name: feel.to_feel(value) for name, value in (about or {}).items()}
    ctx = replace(ctx, lang=case.lang)
    with machine.rules.pays(message_id, ctx) as run:
        subject, body = template.subject.render(env, ctx, run=run), template.body.render(env, ctx, run=run)
    notifications.send_message(
        case_id=case.id,
        case_number=case.number,
        token=token,
        person_id=person.id,
        email=person.email,
        template=message_id,
        subject=subject,
        body_markdown=body,
        channels=template.channels,
        legal=legal,
        lang=case.lang,
    )
    history.append(case, "message-sent", actor=machine.actor, public={"message": message_id, "legal": legal})
    return True
