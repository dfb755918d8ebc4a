"""Reads of the room."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from ruta.kernel.errors import NotFound

from .models import Delivery, Message


def messages_of_person(person_id: UUID) -> QuerySet[Message]:
    """The messages in a person's folder, newest first."""
    return Message.objects.filter(person_id=person_id, channels__contains=["folder"]).order_by("-id")


def messages_of_case(case_number: str) -> QuerySet[Message]:
    """The messages of a case, in order."""
    return Message.objects.filter(case_number=case_number).order_by("id")


def delivery_log(case_number: str) -> QuerySet[Message]:
    """The messages of a case, in order, each with every attempt to deliver it at hand; not their texts."""
    attempts = Prefetch("deliveries", queryset=Delivery.objects.order_by("id"))
    return messages_of_case(case_number).defer("body_html", "body_text").prefetch_related(attempts)


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
