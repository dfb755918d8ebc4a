"""Reads of the room."""

from uuid import UUID

from django.db.models import QuerySet

from ruta.kernel.errors import NotFound

from .models import Delivery, Message


def messages_of_person(person_id: UUID) -> QuerySet[Message]:
    """The messages in a person's folder, newest first."""
    return Message.objects.filter(person_id=person_id, channels__contains=["folder"]).order_by("-id")


def messages_of_case(case_number: str) -> QuerySet[Message]:
    """The messages of a case with their delivery log at hand, in order."""
    return Message.objects.filter(case_number=case_number).prefetch_related("deliveries").order_by("id")


def message_of_person(message_id: UUID, person_id: UUID) -> Message:
    """One message of a person's folder. Raises NotFound for anybody else's."""
    found = messages_of_person(person_id).filter(pk=message_id).first()
    if found is None:
        raise NotFound(
            {
                "es": "Mensaje: no existe o no es para usted. Ábralo con la cuenta que lo recibió.",
                "en": (
                    "Message: it does not exist or is not for you. Open it with the account that received it."
                ),
            }
        )
    return found


def unopened_count(person_id: UUID) -> int:
    """How many messages of a person's folder were not opened yet."""
    return messages_of_person(person_id).filter(opened_at__isnull=True).count()


def delivery_log(message_id: UUID) -> QuerySet[Delivery]:
    """Every attempt to deliver a message, in order."""
    return Delivery.objects.filter(message_id=message_id).order_by("id")
