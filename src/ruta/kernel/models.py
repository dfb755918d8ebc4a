"""Rows that every room shares: news between rooms, and the log of who read whose data."""

from django.db import models
from django.utils.translation import gettext_lazy

from .ids import new_id


class DomainEvent(models.Model):
    """One piece of news (`ruta.kernel.events`), kept so that a missed one can be found."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    key = models.CharField(max_length=80)
    payload = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name", "key"])]


class Purpose(models.TextChoices):
    """What personal data may be read for (common facts §12)."""

    CASE_PROCESSING = "case_processing", gettext_lazy("Trámite del expediente")
    LEGAL_ORDER = "legal_order", gettext_lazy("Orden legal")
    EMERGENCY = "emergency", gettext_lazy("Urgencia")
    AUDIT = "audit", gettext_lazy("Auditoría")
    STATISTICS = "statistics", gettext_lazy("Estadística")
    SUPPORT = "support_with_consent", gettext_lazy("Ayuda con su autorización")
    OWN_DATA = "own_data", gettext_lazy("Datos propios")


class AccessRead(models.Model):
    """One read of one person's data (`ruta.kernel.audit`). Append-only for the app's database role.

    `what` names the thing read (`register:x`, `case`); `role` and `agency` those under which an official read it. An
    empty `document_number` is a read whose person is not known (an entry without holder).
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=60, blank=True)
    actor_name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=200, blank=True)
    agency = models.CharField(max_length=200, blank=True)
    document_type = models.CharField(max_length=4, blank=True)
    document_number = models.CharField(max_length=20, blank=True)
    document_digest = models.CharField(max_length=64)
    purpose = models.CharField(max_length=24, choices=Purpose.choices)
    case_number = models.CharField(max_length=24, blank=True)
    what = models.CharField(max_length=80)
    fields = models.JSONField(default=list)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["document_number", "-at"], name="access_read_person"),
            models.Index(
                fields=["case_number"], name="access_read_case", condition=~models.Q(case_number="")
            ),
        ]


class ClosedDay(models.Model):
    """A day on which one agency is closed by a published resolution: no business day for its terms (rule R11)."""

    agency = models.CharField(max_length=12)  # NIT with its check digit
    day = models.DateField()
    resolution = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "day"], name="closed_day_once")]
