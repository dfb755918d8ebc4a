"""The smallest message, and who reads it."""

from typing import Any
from uuid import UUID

from ruta.identity.actors import Actor
from ruta.kernel.models import DomainEvent
from ruta.notifications import services
from ruta.notifications.models import Message

ANA = UUID("018f0000-0000-7000-8000-00000000000a")
ana = Actor(kind="person", name="Ana", person_id=ANA)


def a_message(**changes: Any) -> Message:
    """A message to Ana about no case, unless told otherwise."""
    wanted: dict[str, Any] = {
        "case_id": None,
        "case_number": "",
        "token": None,
        "person_id": ANA,
        "email": "ana@example.co",
        "template": "issued",
        "subject": "Su documento está listo",
        "body_markdown": "Hola, **Ana**.\n\nPuede [descargarlo](https://ruta.example.co/d/1).",
        "channels": ["folder", "email"],
        "legal": False,
        "lang": "es",
    }
    return services.send_message(**{**wanted, **changes})


def news(name: str, message: Message) -> list[DomainEvent]:
    """The news of a message that went out."""
    return list(DomainEvent.objects.filter(name=name, key=str(message.id)))
