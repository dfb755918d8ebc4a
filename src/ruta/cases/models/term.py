"""Legal terms of a case: the one clock that all sides see."""

from django.db import models

from .case import Case


class TermStatus(models.TextChoices):
    """A term runs, stands still, was kept, or ended unkept."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    EXPIRED = "expired"


class CaseTerm(models.Model):
    """One term of a case. `state` is the engine's account of starts, pauses and extensions, to recompute from."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="terms")
    term = models.CharField(max_length=40)
    law = models.CharField(max_length=40, blank=True)
    length = models.CharField(max_length=40)
    started_on = models.DateField()
    due_on = models.DateField()
    status = models.CharField(max_length=10, choices=TermStatus.choices, default=TermStatus.RUNNING)
    effect = models.CharField(max_length=30, blank=True)  # what its expiry did (common facts §6.3)
    ended_on = models.DateField(null=True)  # null: still runs
    state = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "term"], name="term_once_per_case")]
        indexes = [
            models.Index(fields=["due_on"], condition=models.Q(status="running"), name="term_running_due")
        ]
