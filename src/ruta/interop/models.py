"""The message log: that something was asked and answered, never what (common facts §11.2: kept 5 years)."""

from django.db import models


class ExchangeRecord(models.Model):
    """One read of another agency's register."""

    class Status(models.TextChoices):
        FOUND = "found"
        ABSENT = "absent"
        UNAVAILABLE = "unavailable"

    id = models.UUIDField(primary_key=True)  # X-Road-Id, the same in all attempts
    register = models.CharField(max_length=60)
    service = models.CharField(max_length=200)  # CO/GOB/<NIT>/SUBSYSTEM/service/v1
    actor = models.CharField(max_length=80)  # kind and id
    purpose = models.CharField(max_length=40)
    case_number = models.CharField(max_length=32, blank=True)
    request_sha256 = models.CharField(max_length=64)  # of service and key
    response_sha256 = models.CharField(max_length=64, blank=True)  # of the body; empty: no answer
    remote_id = models.CharField(max_length=64, blank=True)  # X-Road-Request-Id of the answer
    status = models.CharField(max_length=11, choices=Status.choices)
    http_status = models.PositiveSmallIntegerField(null=True)  # null: no answer
    attempts = models.PositiveSmallIntegerField()
    milliseconds = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case_number"]), models.Index(fields=["register", "-at"])]
