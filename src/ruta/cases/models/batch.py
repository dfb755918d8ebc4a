"""Many applications of one act in one file: what came, line by line, and what became of each line."""

from django.conf import settings
from django.db import models

from ruta.kernel.ids import new_id


class BatchStatus(models.TextChoices):
    """A file waits until its sender confirms it; then its lines are filed, and at the end it is done."""

    RECEIVED = "received"
    FILING = "filing"
    DONE = "done"


class Batch(models.Model):
    """One file of applications: who sent it, for which office, and how it was read.

    It is deleted, lines and answers with it, 30 days after it came; the cases stay.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    service = models.CharField(max_length=60)
    act = models.CharField(max_length=60)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="batches"
    )  # null: sent by a system
    posting = models.ForeignKey(
        "identity.Official", null=True, on_delete=models.PROTECT, related_name="+"
    )  # null: sent by a system; else the post under which the official files
    client = models.ForeignKey(
        "identity.ApiClient", null=True, on_delete=models.PROTECT, related_name="batches"
    )  # null: sent by an official
    key = models.CharField(max_length=200, null=True)  # noqa: DJ001  null: its sender chose none
    level = models.CharField(max_length=9)  # how surely the sender was known when it was sent
    lang = models.CharField(max_length=2, default="es")
    name = models.CharField(max_length=200)
    told = models.JSONField(default=dict)  # how the file was read: encoding, delimiter, columns
    status = models.CharField(max_length=10, choices=BatchStatus.choices, default=BatchStatus.RECEIVED)
    rows_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    moved_at = models.DateTimeField()  # when a line was last filed or refused
    done_at = models.DateTimeField(null=True)  # null: not yet

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="batch_once_per_key")]
        indexes = [
            models.Index(fields=["account", "-created_at"], name="batch_of_account"),
            models.Index(
                fields=["moved_at"], condition=models.Q(status=BatchStatus.FILING), name="batch_filing"
            ),
            models.Index(fields=["created_at"], name="batch_age"),
        ]


class RowStatus(models.TextChoices):
    """What became of a line."""

    WAITING = "waiting"
    FILED = "filed"
    KNOWN = "known"  # filed before, by an earlier sending of the same line
    REFUSED = "refused"


class BatchRow(models.Model):
    """One line. `typed` is emptied once it is filed: the case holds the answers then."""

    pk = models.CompositePrimaryKey("batch_id", "line")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()  # as an editor counts: the header of a CSV is line 1
    key = models.CharField(max_length=200, blank=True)  # empty: the line is its own key
    typed = models.JSONField(default=dict)
    status = models.CharField(max_length=7, choices=RowStatus.choices, default=RowStatus.WAITING)
    number = models.CharField(max_length=24, blank=True)  # of the case
    problems = models.JSONField(default=list)  # [{at, check, say: {es, en}, law}]

    class Meta:
        indexes = [
            models.Index(fields=["batch", "line"], condition=models.Q(status="waiting"), name="row_waiting")
        ]
