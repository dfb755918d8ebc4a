"""Work for an official."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from ruta.kernel.ids import new_id

from .case import Case

DECIDE = "ruta.decide"  # the form of a task that decides


class TaskStatus(models.TextChoices):
    """A task is open until somebody does it or the process takes it away; meanwhile the applicant may have the case."""

    OPEN = "open"
    PAUSED = "paused"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class Task(models.Model):
    """One user task of a case, for the officials of some roles, due by its legal term."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    token = models.PositiveIntegerField(null=True)  # null: the platform asks, and no token waits
    node = models.CharField(max_length=120)
    form_key = models.CharField(max_length=80)
    groups = ArrayField(models.CharField(max_length=80))
    stage = models.CharField(max_length=40, blank=True)
    inputs = models.JSONField(default=dict)
    not_by = ArrayField(
        models.CharField(max_length=120), default=list
    )  # tasks whose performer may not do this one
    due_on = models.DateField()
    created_at = models.DateTimeField()
    assignee = models.ForeignKey(
        "identity.Official", on_delete=models.PROTECT, null=True, related_name="tasks"
    )  # null: nobody took it yet
    stood_in_for = models.ForeignKey(
        "identity.Official", on_delete=models.PROTECT, null=True, related_name="+"
    )  # the absent official whose work this was; null: nobody's
    claimed_at = models.DateTimeField(null=True)  # null: nobody took it yet
    status = models.CharField(max_length=10, choices=TaskStatus.choices, default=TaskStatus.OPEN)
    done_by = models.ForeignKey(
        "identity.Official", on_delete=models.PROTECT, null=True, related_name="tasks_done"
    )  # null: not done
    done_at = models.DateTimeField(null=True)  # null: not done
    result = models.JSONField(null=True)  # null: not done

    class Meta:
        indexes = [
            models.Index(fields=["due_on", "id"], condition=models.Q(status="open"), name="task_open_due"),
            models.Index(
                fields=["assignee", "due_on", "id"],
                condition=models.Q(status="open"),
                name="task_assignee_due",
            ),
            GinIndex(fields=["groups"], condition=models.Q(status="open"), name="task_open_groups"),
            models.Index(fields=["done_by", "-done_at", "-id"], name="task_done"),
        ]
        constraints = [models.UniqueConstraint(fields=["case", "token"], name="task_once_per_token")]
