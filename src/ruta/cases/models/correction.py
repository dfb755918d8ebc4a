"""A request sent back to its applicant to be corrected (Ley 1755 de 2015, art. 17)."""

from django.db import models

from ruta.kernel.ids import new_id

from .case import Case


class CorrectionStatus(models.TextChoices):
    """Asked for; answered; not answered in time; no longer wanted, because the case ended otherwise."""

    OPEN = "open"
    ANSWERED = "answered"
    EXPIRED = "expired"
    VOID = "void"


class Correction(models.Model):
    """What an official asked to have corrected, until when (`term` names the case's term), and what came of it.

    `asked` is [{field, say}] in the form's order; `before` and `after` hold the answers that changed, by field.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="corrections")
    number = models.PositiveSmallIntegerField()  # 1 for the first of the case
    by = models.ForeignKey("identity.Official", on_delete=models.PROTECT)
    node = models.CharField(max_length=120)  # the task from which it was returned
    reason = models.TextField()
    asked = models.JSONField()
    asked_at = models.DateTimeField()
    term = models.CharField(max_length=40)
    status = models.CharField(max_length=10, choices=CorrectionStatus.choices, default=CorrectionStatus.OPEN)
    ended_at = models.DateTimeField(null=True)  # null: open
    note = models.TextField(blank=True)  # what the applicant says with the answer
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="correction_number_once"),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(status="open"), name="correction_one_open"
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at", "case"], condition=models.Q(status="open"), name="correction_open"
            )
        ]
