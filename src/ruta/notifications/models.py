"""What was written to whom, each attempt to deliver it, and when it was opened. Instants are aware UTC."""

from django.db import models

from ruta.kernel.ids import new_id


class Message(models.Model):
    """One message to one addressee."""

    class Status(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"  # at least one channel has it
        FAILED = "failed"  # no channel took it
        OPENED = "opened"  # the addressee opened it in the folder

    id = models.UUIDField(primary_key=True, default=new_id)
    case_id = models.UUIDField(null=True)  # null: about no case
    case_number = models.CharField(max_length=32, blank=True)
    token = models.BigIntegerField(null=True)  # the process token that waits; null: none does
    person_id = models.UUIDField(null=True)  # null: known by e-mail only
    email = models.EmailField(max_length=254, blank=True)
    template = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    body_html = models.TextField()
    body_text = models.TextField()
    lang = models.CharField(max_length=2, default="es")
    channels = models.JSONField()  # folder, email
    legal = models.BooleanField(default=False)  # a legal notice: its opening is the notification
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.QUEUED)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # made available; null: not yet
    opened_at = models.DateTimeField(null=True)  # null: not opened
    opened_by = models.UUIDField(null=True)  # the person
    opened_session = models.CharField(max_length=64, blank=True)  # SHA-256 of the session key
    opened_sha256 = models.CharField(
        max_length=64, blank=True
    )  # of the document, or of the text, that was opened
    erased_at = models.DateTimeField(null=True)  # null: the law has not had its text erased
    unopened_told = models.BooleanField(default=False)  # the news that nobody opened it has gone out

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_id", "token", "template", "person_id", "email"],
                condition=models.Q(case_id__isnull=False, token__isnull=False),
                nulls_distinct=False,
                name="one_message_per_token_and_addressee",
            )
        ]
        indexes = [
            models.Index(fields=["person_id", "-id"]),
            models.Index(fields=["case_number"]),
            models.Index(
                fields=["sent_at"],
                condition=models.Q(legal=True, opened_at__isnull=True),
                name="legal_and_unopened",
            ),
        ]


class Delivery(models.Model):
    """One attempt over one channel. `detail` is the server's words without any address."""

    class Status(models.TextChoices):
        TRYING = "trying"  # the channel was called and has not answered (or the worker died)
        DELIVERED = "delivered"
        DEFERRED = "deferred"  # to be tried again
        REFUSED = "refused"  # the server will never take it
        GIVEN_UP = "given-up"  # deferred too often

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8)
    what = models.CharField(max_length=10, default="message")  # message, or reminder-1, -3, -5
    attempt = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=9, choices=Status.choices)
    code = models.PositiveSmallIntegerField(null=True)  # the SMTP reply; null: none was given
    detail = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "channel", "what", "attempt"], name="an_attempt_is_made_once"
            )
        ]
