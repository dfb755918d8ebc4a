"""What an official takes along to act without a network, and each filing that comes back."""

from django.conf import settings
from django.db import models

from ruta.kernel.ids import new_id


class OfflineKit(models.Model):
    """An act on one device of an official: blocks of the office's numbers (`registers.blocks`, held by the kit's id), the
    blank lines that its filings fill, and until when they may be given out."""

    id = models.UUIDField(primary_key=True, default=new_id)
    service = models.CharField(max_length=60)
    act = models.CharField(max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    posting = models.ForeignKey("identity.Official", on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=40)  # the code of the posting's team
    device = models.CharField(max_length=80)  # how the official calls it
    lang = models.CharField(max_length=2, default="es")
    taken_at = models.DateTimeField()
    until = models.DateField()  # the last day on which it may be used, and that its papers are worth
    ended_at = models.DateTimeField(null=True)  # null: in use
    end_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["posting", "-taken_at"], name="kit_of_posting")]

    def __str__(self) -> str:
        return f"{self.service}/{self.act} {self.device}"


class OfflineStatus(models.TextChoices):
    """How far a line of a kit has come."""

    BLANK = "blank"  # not synchronised: not filled, or still on the device
    RECEIVED = "received"  # kept as it came, not yet judged
    UNRESOLVED = "unresolved"  # refused: a person settles it
    FILED = "filed"
    DISCARDED = "discarded"


class OfflineFiling(models.Model):
    """A line of a kit: its code and numbers are printed on the provisional paper, and it becomes one case at most.

    `copy` is 0; a device that sends other content under a line that is taken (a restored backup) gets a next copy, without
    code or numbers, that a person settles. The case or the draft holds what was typed once there is one.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    kit = models.ForeignKey(OfflineKit, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField()
    copy = models.PositiveIntegerField(default=0)
    code = models.CharField(max_length=14, unique=True, null=True)  # noqa: DJ001  null: a copy, never printed
    numbers = models.JSONField(default=list)  # [{register, range, number}]: empty gets its numbers on return
    status = models.CharField(max_length=10, choices=OfflineStatus.choices, default=OfflineStatus.BLANK)
    digest = models.CharField(max_length=64, blank=True)  # of what the device sent
    typed = models.JSONField(default=dict)
    acted_on = models.DateField(null=True)  # null: blank, or not a date; the day that the office says
    device_at = models.CharField(max_length=40, blank=True)  # what the clock of the device said, as it came
    received_at = models.DateTimeField(null=True)  # null: blank
    problems = models.JSONField(default=list)  # [{at, check, say, law}]
    case = models.OneToOneField(
        "cases.Case", on_delete=models.SET_NULL, null=True, related_name="offline"
    )  # null: not filed
    settled_by = models.CharField(max_length=80, blank=True)
    settled_at = models.DateTimeField(null=True)  # null: nobody had to
    reason = models.CharField(max_length=500, blank=True)  # why it was discarded

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kit", "line", "copy"], name="offline_line_once")]
        indexes = [
            models.Index(
                fields=["kit"],
                condition=models.Q(status__in=["received", "unresolved"]),
                name="offline_to_settle",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kit_id}/{self.line}"
