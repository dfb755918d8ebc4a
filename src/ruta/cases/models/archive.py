"""What becomes of a case's file: handed out, kept for its time, transferred or erased."""

from django.db import models

from ruta.kernel.ids import new_id

from .case import Case


class FileExport(models.Model):
    """A large electronic file that a worker packs for whoever asked; it waits a while to be fetched, and only by them."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="exports")
    actor = models.CharField(max_length=80, help_text="who asked (`Actor.ref`)")
    office = models.BooleanField(help_text="the agency's view, else the applicant's")
    person_id = models.UUIDField(null=True)  # null: the agency's view
    lang = models.CharField(max_length=2, default="es")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)  # null: being packed
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["case", "actor"], name="file_export_asked")]


class Disposal(models.Model):
    """What the retention schedule does with a case whose years are over: listed, approved, carried out once.

    `then` and `law` are those of the version on which the case was filed.
    """

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="disposal", primary_key=True)
    then = models.CharField(max_length=8)  # transfer, delete
    law = models.CharField(max_length=300, blank=True)
    over_on = models.DateField(help_text="the first day on which it need not be kept")
    listed_on = models.DateField()
    act = models.CharField(
        max_length=120, blank=True, help_text="act of the archive committee that approved it"
    )
    approved_by = models.CharField(max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)  # null: not approved
    done_at = models.DateTimeField(null=True)  # null: not carried out
    receipt = models.JSONField(
        default=dict
    )  # of a transfer: what was archived where, and our signature over it

    class Meta:
        indexes = [
            models.Index(
                fields=["then", "listed_on"],
                condition=models.Q(done_at__isnull=True),
                name="disposal_waiting",
            )
        ]


class ErasureRequest(models.Model):
    """That somebody asks for the erasure of a person's data: asked by one, decided by another."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey("identity.Person", on_delete=models.PROTECT, related_name="erasures")
    reason = models.CharField(max_length=500)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)  # null: not decided
    approved = models.BooleanField(default=False)
    result = models.JSONField(default=dict)  # {erased: [case numbers], kept: [{case, law, until}], …}

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at"], condition=models.Q(decided_at__isnull=True), name="erasure_open"
            )
        ]
