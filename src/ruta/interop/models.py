"""The message log: that something was asked or told and answered, never what (common facts §11.2: kept 5 years); and
what waits to be told."""

from django.db import models

from ruta.kernel.ids import new_id


class ExchangeRecord(models.Model):
    """One read of another agency's register, or one time that another agency was told something."""

    class Kind(models.TextChoices):
        READ = "read"
        TELL = "tell"

    class Status(models.TextChoices):
        FOUND = "found"
        ABSENT = "absent"
        AMBIGUOUS = "ambiguous"
        UNAVAILABLE = "unavailable"
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        RECEIVED = "received"

    class Fault(models.TextChoices):
        SILENT = "silent"  # no answer in time, or the register or a security server says that it cannot
        UNREADABLE = "unreadable"  # not what the protocol answers
        ANOTHER = "another"  # about somebody or something else than was asked
        IMPOSSIBLE = "impossible"  # data that cannot be, by the register's own file

    id = models.UUIDField(primary_key=True)  # X-Road-Id, the same in all attempts
    kind = models.CharField(max_length=4, choices=Kind.choices, default=Kind.READ)
    register = models.CharField(max_length=60)  # the register read, or the receiver told
    service = models.CharField(max_length=200)  # CO/GOB/<NIT>/SUBSYSTEM/service/v1
    actor = models.CharField(max_length=80)  # kind and id
    purpose = models.CharField(max_length=40)
    case_number = models.CharField(max_length=32, blank=True)
    request_sha256 = models.CharField(max_length=64)  # of service and key, or of what was told
    response_sha256 = models.CharField(max_length=64, blank=True)  # of the body; empty: no answer
    remote_id = models.CharField(max_length=64, blank=True)  # X-Road-Request-Id of the answer
    status = models.CharField(max_length=11, choices=Status.choices)
    fault = models.CharField(max_length=10, choices=Fault.choices, blank=True)  # why it is of no use
    http_status = models.PositiveSmallIntegerField(null=True)  # null: no answer
    attempts = models.PositiveSmallIntegerField()
    milliseconds = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case_number"]), models.Index(fields=["register", "-at"])]


class Telling(models.Model):
    """What one step of a case tells one service of another agency, until it answers. Its id is the idempotency key."""

    class Status(models.TextChoices):
        WAITING = "waiting"  # not told yet, or told and not answered
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        UNAVAILABLE = "unavailable"  # no answer in all the time that it was given
        WITHDRAWN = "withdrawn"  # nobody waits for it any more

    id = models.UUIDField(primary_key=True, default=new_id)
    case_id = models.UUIDField()
    case_number = models.CharField(max_length=32)
    token = models.PositiveIntegerField()
    receiver = models.CharField(max_length=60)
    title = models.JSONField()  # of the receiver, when it was to be told
    service = models.CharField(max_length=200)  # CO/GOB/<NIT>/SUBSYSTEM/service/v1
    purpose = models.CharField(max_length=40)
    data = models.JSONField(null=True)  # null: it is over, and nobody needs them here any more
    status = models.CharField(max_length=11, choices=Status.choices, default=Status.WAITING)
    reason = models.CharField(max_length=500, blank=True)  # of whoever rejected it
    reference = models.CharField(max_length=100, blank=True)  # under which the other agency has it
    fault = models.CharField(
        max_length=10, choices=ExchangeRecord.Fault.choices, blank=True
    )  # of the last time
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)  # null: it is told until it answers
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # null: it is over
    answered_at = models.DateTimeField(null=True)  # null: no answer

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "token"], name="telling_once")]
        indexes = [
            models.Index(fields=["case_number"]),
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="telling_waits"),
        ]
