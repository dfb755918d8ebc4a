"""Lawful erasure of messages: that one was sent, when, and that it was opened stays; its text and its address go."""

from uuid import UUID

from django.db.models import QuerySet

from ruta.kernel import clock

from .models import Delivery, Message

SUBJECT = {"es": "Mensaje borrado por ley", "en": "Message erased by law"}


def erase_of_case(case_number: str) -> int:
    """Forget the text of every message of a case; return how many."""
    return _erase(Message.objects.filter(case_number=case_number))


def erase_of_person(person_id: UUID) -> int:
    """Forget the text of every message to a person that is about no case; return how many."""
    return _erase(Message.objects.filter(person_id=person_id, case_number=""))


def _erase(messages: QuerySet[Message]) -> int:
    left = messages.filter(erased_at=None)
    Delivery.objects.filter(message__in=left).update(detail="")
    # Without its address a message is no longer one of a token and an addressee: no two may look the same.
    empty = {"body_html": "", "body_text": "", "email": "", "token": None, "opened_session": ""}
    at = clock.now()
    return sum(
        left.filter(lang=lang).update(subject=subject, erased_at=at, **empty)
        for lang, subject in SUBJECT.items()
    )
