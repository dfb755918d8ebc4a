"""Cases that cases start."""

from django.db import models

from .case import Case


class CaseStart(models.Model):
    """What one step of a case starts: another case, once. The data are kept until that is filed."""

    parent = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="starts")
    token = models.PositiveIntegerField()
    service = models.CharField(max_length=60)
    act = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    parties = models.JSONField(default=list)
    wait = models.BooleanField()  # until the started case is closed
    depth = models.PositiveSmallIntegerField()  # 1: the parent was filed by somebody
    noted = models.BooleanField(default=False)  # in the history of the parent
    child = models.OneToOneField(
        Case, on_delete=models.CASCADE, null=True, related_name="started_by"
    )  # null: not filed yet

    class Meta:
        constraints = [models.UniqueConstraint(fields=["parent", "token"], name="start_once")]
