"""An appeal against a notified decision (CPACA arts. 74-82)."""

from django.db import models

from ruta.kernel.ids import new_id

from .case import Case


class AppealStatus(models.TextChoices):
    """To be decided; not decided in time, so that silence answered it; decided."""

    OPEN = "open"
    SILENT = "silent"
    DECIDED = "decided"


class AppealOutcome(models.TextChoices):
    """The decision stands, stands changed, or is replaced."""

    CONFIRM = "confirm"
    MODIFY = "modify"
    REVOKE = "revoke"


class Appeal(models.Model):
    """What somebody appeals, before whom, and what came of it; `term` names the case's term to decide it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="appeals")
    number = models.PositiveSmallIntegerField()  # 1 for the first of the case
    kind = models.CharField(max_length=20)  # a kind of `ruta.engine.terms.appeals`
    subsidiary = models.BooleanField(default=False)  # goes on to the superior where it does not succeed
    against = models.CharField(max_length=20)  # the outcome that is appealed
    node = models.CharField(max_length=120, blank=True)  # the task that decided it; empty: the rules did
    grounds = models.TextField()
    filed_at = models.DateTimeField()
    term = models.CharField(max_length=40)
    status = models.CharField(max_length=10, choices=AppealStatus.choices, default=AppealStatus.OPEN)
    outcome = models.CharField(max_length=10, choices=AppealOutcome.choices, blank=True)  # empty: not decided
    motivation = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        "identity.Official", on_delete=models.PROTECT, null=True
    )  # null: not decided, or by law
    decided_at = models.DateTimeField(null=True)  # null: not decided
    notified_at = models.DateTimeField(null=True)  # null: the decision is not notified

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="appeal_number_once"),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(status="open"), name="appeal_one_open"
            ),
        ]
