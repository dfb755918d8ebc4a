"""Writes of the room: write a message, deliver it, open it, remind."""

import hashlib
import smtplib
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation

from ruta.engine.terms import electronic_notice_falls_back
from ruta.kernel import calendars, clock, events
from ruta.kernel.errors import NotFound
from ruta.kernel.ids import new_id

from . import rules
from .models import Delivery, Message

if TYPE_CHECKING:
    from ruta.identity.actors import Actor

MESSAGE_PATH = "/mensajes/{id}/"
_OUR_FAULT = frozenset({530, 534, 535, 538})  # how we sign in is wrong (RFC 4954): the operator mends it
_PERMANENT = frozenset(range(500, 600)) - _OUR_FAULT
UNDER_WAY = timedelta(minutes=15)  # longer than any answer takes: the worker that made the attempt is gone


def send_message(
    *,
    case_id: UUID | None,
    case_number: str,
    token: int | None,
    person_id: UUID | None,
    email: str,
    template: str,
    subject: str,
    body_markdown: str,
    channels: Sequence[str] = ("folder", "email"),
    legal: bool = False,
    lang: str = "es",
) -> Message:
    """Write a message and have it delivered after commit; asking twice for the same token and addressee
    returns the first.

    `body_markdown` arrives filled. A legal notice (`legal`) needs the folder, where its opening is the
    notification (CPACA art. 56): its text is not in the e-mail, which only announces it.
    """
    from .jobs import deliver

    wanted = [channel for channel in ("folder", "email") if channel in channels]
    if person_id is None:
        wanted = [channel for channel in wanted if channel != "folder"]
    elif legal and "folder" not in wanted:
        wanted.insert(0, "folder")
    if not email:
        wanted = [channel for channel in wanted if channel != "email"]
    message = Message(
        id=new_id(),
        case_id=case_id,
        case_number=case_number,
        token=token,
        person_id=person_id,
        email=email,
        template=template,
        subject=rules.one_line(subject),
        body_html=rules.to_html(body_markdown),
        body_text=rules.to_text(body_markdown),
        lang=lang,
        channels=wanted,
        legal=legal,
        created_at=clock.now(),
    )
    try:
        with transaction.atomic():
            message.save(force_insert=True)
            deliver.defer(message_id=str(message.id))
    except IntegrityError:
        return Message.objects.get(
            case_id=case_id, token=token, template=template, person_id=person_id, email=email
        )
    return message


def deliver_message(message_id: UUID) -> Message:
    """Put a message where it belongs: in the folder, and in the mail server's hands (network).

    Each attempt is a line of the delivery log, written before the server is called, so that two workers never
    send the same attempt. What the server defers is tried again by a later job; what it refuses is not.
    """
    message = Message.objects.get(pk=message_id)
    if "folder" in message.channels:
        _to_folder(message)
    if "email" in message.channels:
        _to_email(message, "message")
    _settle(message)
    message.refresh_from_db()
    return message


def _to_folder(message: Message) -> None:
    Delivery.objects.get_or_create(
        message=message,
        channel="folder",
        what="message",
        attempt=1,
        defaults={"status": Delivery.Status.DELIVERED, "at": clock.now()},
    )


def _to_email(message: Message, what: str) -> None:
    from .jobs import deliver, remind_again

    earlier = list(message.deliveries.filter(channel="email", what=what).order_by("attempt"))
    if any(delivery.status not in (Delivery.Status.DEFERRED, Delivery.Status.TRYING) for delivery in earlier):
        return
    if earlier and earlier[-1].status == Delivery.Status.TRYING and earlier[-1].at > clock.now() - UNDER_WAY:
        return
    attempt = len(earlier) + 1
    try:
        with transaction.atomic():
            delivery = Delivery.objects.create(
                message=message,
                channel="email",
                what=what,
                attempt=attempt,
                status=Delivery.Status.TRYING,
                at=clock.now(),
            )
    except IntegrityError:
        return  # another worker makes this attempt
    try:
        _compose(message, what).send()
    except (OSError, smtplib.SMTPException) as wrong:
        code, said = _reply(wrong)
        wait = None if code is not None and code in _PERMANENT else rules.next_attempt(attempt)
        refused = code is not None and code in _PERMANENT
        delivery.code, delivery.detail = code, said
        delivery.status = (
            Delivery.Status.REFUSED
            if refused
            else Delivery.Status.DEFERRED
            if wait
            else Delivery.Status.GIVEN_UP
        )
        delivery.save(update_fields=["code", "detail", "status"])
        if wait is not None and what == "message":
            deliver.defer_at(clock.now() + wait, message_id=str(message.id))
        elif wait is not None:
            remind_again.defer_at(clock.now() + wait, message_id=str(message.id), what=what)
    else:
        delivery.status, delivery.code = Delivery.Status.DELIVERED, 250
        delivery.save(update_fields=["code", "status"])


def _reply(wrong: Exception) -> tuple[int | None, str]:
    if isinstance(wrong, smtplib.SMTPRecipientsRefused) and wrong.recipients:
        code, said = next(iter(wrong.recipients.values()))
        return code, rules.without_addresses(said.decode("utf-8", "replace"))
    if isinstance(wrong, smtplib.SMTPResponseException):
        error = wrong.smtp_error
        text = error.decode("utf-8", "replace") if isinstance(error, bytes) else str(error)
        return wrong.smtp_code, rules.without_addresses(text)
    return None, type(wrong).__name__


def _compose(message: Message, what: str) -> EmailMultiAlternatives:
    link = settings.PUBLIC_URL + MESSAGE_PATH.format(id=message.id)
    announced = message.legal or what != "message"
    context = {"message": message, "link": link, "announced": announced, "reminder": what != "message"}
    with translation.override(message.lang):
        subject = message.subject
        if what != "message":
            subject = translation.gettext("Recordatorio: %(subject)s") % {"subject": message.subject}
        text = render_to_string("notifications/mail.txt", context)
        page = render_to_string("notifications/mail.html", context)
    host = settings.PUBLIC_URL.split("//", 1)[-1].split("/")[0].split(":")[0]
    mail = EmailMultiAlternatives(
        subject=rules.one_line(subject),
        body=text,
        to=[message.email],
        headers={
            # The same for every attempt: a copy sent twice after a crash is recognised as one.
            "Message-ID": f"<{message.id}.{what}@{host}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.lang,
        },
    )
    mail.attach_alternative(page, "text/html")
    return mail


def _settle(message: Message) -> None:
    """Move the message to sent or failed once, and tell; an e-mail still on its way does not keep the folder
    waiting."""
    with transaction.atomic():
        locked = Message.objects.select_for_update().get(pk=message.pk)
        if locked.status != Message.Status.QUEUED:
            return
        states = list(locked.deliveries.filter(what="message").values_list("status", flat=True))
        if Delivery.Status.DELIVERED in states:
            locked.status, locked.sent_at = Message.Status.SENT, clock.now()
            name = "message.sent"
        elif states and not {Delivery.Status.REFUSED, Delivery.Status.GIVEN_UP} & set(states):
            return
        else:
            locked.status = Message.Status.FAILED
            name = "message.failed"
        locked.save(update_fields=["status", "sent_at"])
        _tell(name, locked)


def _tell(name: str, message: Message) -> None:
    events.publish(
        name,
        key=str(message.id),
        payload={
            "message_id": str(message.id),
            "case_id": str(message.case_id) if message.case_id else None,
            "token": message.token,
            "legal": message.legal,
            "sent_at": message.sent_at.isoformat() if message.sent_at else None,
            "opened_at": message.opened_at.isoformat() if message.opened_at else None,
        },
    )


@transaction.atomic
def open_message(
    message: Message, actor: "Actor", *, session_key: str = "", document_sha256: str = ""
) -> Message:
    """Write down that the addressee opened the message in the folder; only the first opening counts.

    For a legal notice this instant is the notification (CPACA art. 56): instant, session and hash of what was
    shown are kept as proof. Raises NotFound for anybody but the addressee, as for a message that does not
    exist.
    """
    locked = Message.objects.select_for_update().get(pk=message.pk)
    if (
        actor.kind != "person"
        or actor.person_id is None
        or locked.person_id != actor.person_id
        or "folder" not in locked.channels
    ):
        raise NotFound(
            {
                "es": "Mensaje: no existe o no es para usted. Ábralo con la cuenta que lo recibió.",
                "en": (
                    "Message: it does not exist or is not for you. Open it with the account that received it."
                ),
            }
        )
    if locked.opened_at is not None:
        return locked
    locked.opened_at = clock.now()
    if locked.status == Message.Status.QUEUED:  # opened before any worker came to it
        locked.sent_at = locked.opened_at
        _tell("message.sent", locked)
    locked.opened_by = actor.person_id
    locked.opened_session = hashlib.sha256(session_key.encode()).hexdigest() if session_key else ""
    locked.opened_sha256 = document_sha256 or hashlib.sha256(locked.body_html.encode()).hexdigest()
    locked.status = Message.Status.OPENED
    locked.save(
        update_fields=["opened_at", "sent_at", "opened_by", "opened_session", "opened_sha256", "status"]
    )
    _tell("message.opened", locked)
    return locked


def remind_unopened() -> int:
    """Remind by e-mail of legal notices that nobody opened, on business days 1, 3 and 5; return how many
    mails were due.

    At the end of day 5 the news `message.unopened` goes out once: the paper way may begin (common facts §7).
    """
    from .jobs import remind_again

    today = clock.today()
    calendar = calendars.national()
    due = 0
    waiting = Message.objects.filter(
        legal=True, opened_at__isnull=True, sent_at__isnull=False, unopened_told=False
    )
    for message in waiting.iterator():
        assert message.sent_at is not None
        available = clock.local_date(message.sent_at)
        if today > electronic_notice_falls_back(available, calendar):
            _tell_unopened(message)
            continue
        day = rules.reminder_day(available, today, calendar)
        if day is None or "email" not in message.channels:
            continue
        what = f"reminder-{day}"
        if not message.deliveries.filter(what=what).exists():
            remind_again.defer(message_id=str(message.id), what=what)
            due += 1
    return due


def _tell_unopened(message: Message) -> None:
    with transaction.atomic():
        locked = Message.objects.select_for_update().get(pk=message.pk)
        if locked.opened_at is None and not locked.unopened_told:
            locked.unopened_told = True
            locked.save(update_fields=["unopened_told"])
            _tell("message.unopened", locked)


def send_reminder(message_id: UUID, what: str) -> None:
    """Send one reminder, unless the notice was opened meanwhile (network)."""
    message = Message.objects.get(pk=message_id)
    if message.opened_at is None:
        _to_email(message, what)


def resume_interrupted() -> int:
    """Take up the e-mails whose worker died between calling the server and writing its answer; return how many."""
    from .jobs import deliver, remind_again

    left = Delivery.objects.filter(status=Delivery.Status.TRYING, at__lte=clock.now() - UNDER_WAY)
    taken_up = 0
    for delivery in left.select_related("message"):
        later = Delivery.objects.filter(
            message=delivery.message, what=delivery.what, attempt__gt=delivery.attempt
        )
        if later.exists():
            continue
        taken_up += 1
        if delivery.what == "message":
            deliver.defer(message_id=str(delivery.message_id))
        else:
            remind_again.defer(message_id=str(delivery.message_id), what=delivery.what)
    return taken_up
