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

    Who is no known person is written to at the `email` that the party tells, if any. `about` are names that this
    message has beyond those of the case.
    """
    person = recipients.person_of(party)
    email = person.email if person else str(party.get("email") or "")
    if person is None and not email:
        return False
    case = machine.case
    subject, body = render(machine, message_id, case.lang, about or {})
    notifications.send_message(
        case_id=case.id,
        case_number=case.number,
        token=token,
        person_id=person.id if person else None,
        email=email,
        template=message_id,
        subject=subject,
        body_markdown=body,
        channels=machine.act.message(message_id, case.lang).channels,
        legal=legal,
        lang=case.lang,
    )
    history.append(case, "message-sent", actor=machine.actor, public={"message": message_id, "legal": legal})
    return True


def render(machine: Machine, message_id: str, lang: str, about: Mapping[str, Any]) -> tuple[str, str]:
    """(subject, Markdown) of a message in `lang`, filled from the case and from `about`."""
    template = machine.act.message(message_id, lang)
    env, ctx = machine.rules.env(machine.variables)
    env = env | {name: feel.to_feel(value) for name, value in about.items()}
    ctx = replace(ctx, lang=lang)
    with machine.rules.pays(message_id, ctx) as run:
        return template.subject.render(env, ctx, run=run), template.body.render(env, ctx, run=run)
