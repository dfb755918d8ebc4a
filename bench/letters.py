"""Messages written into the queue, and handed to the mail server (played in this process)."""

from __future__ import annotations

import time
from typing import Any

from . import stage
from .figures import Figure

GROUP = "Messages (per second of CPU)"
QUEUED_BAR, SENT_BAR = 300, 50  # design, section 7


def measure(on: stage.Stage, *, amount: int) -> list[Figure]:
    """Write `amount` messages, then deliver them."""
    from django.test.utils import override_settings

    from ruta.notifications import services as notifications

    person = on.people[0]
    written: list[Any] = []

    def write(number: int) -> None:
        written.append(
            notifications.send_message(
                case_id=None,
                case_number="",
                token=None,
                person_id=person.person_id,
                email=f"bench{number}@example.co",
                template="bench",
                subject="Su documento está listo",
                body_markdown="Su documento **está listo**.\n\nDescárguelo en su carpeta.",
            )
        )

    write(-1)
    queued = _cpu(lambda: [write(number) for number in range(amount)])
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        notifications.deliver_message(written[0].id)
        sent = _cpu(lambda: [notifications.deliver_message(message.id) for message in written[1:]])
    return [
        Figure(GROUP, "queued", amount / queued, "1/s", bar=QUEUED_BAR),
        Figure(
            GROUP, "sent", amount / sent, "1/s", bar=SENT_BAR, note="folder and e-mail, without the network"
        ),
    ]


def _cpu(work: Any) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun
