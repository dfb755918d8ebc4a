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
