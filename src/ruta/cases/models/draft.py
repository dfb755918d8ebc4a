"""A form being filled, and what was posted and refused meanwhile."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from ruta.kernel.ids import new_id

KEPT_FOR = timedelta(days=90)
"""How long a draft waits after the last save before it is dropped [Ruta]."""


class Draft(models.Model):
    """A form being filled, saved at every page. Filing makes one case of it and keeps the row as its receipt.

    `typed` holds what was typed, field by field; `values` what could be read of it, hidden fields left out.
    `revisions` says at which `revision` of the draft, and by which tab, each field was last written; `pages` at
    which revision each page was last saved without problems. With `asked` it is somebody's answer to what a case asks.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    version = models.ForeignKey("definitions.ServiceVersion", on_delete=models.PROTECT)
    service = models.CharField(max_length=60)
    act = models.CharField(max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="drafts"
    )  # null: begun by a system (API) that has no account
    channel = models.CharField(max_length=20)
    posting = models.ForeignKey(
        "identity.Official", null=True, on_delete=models.PROTECT, related_name="+"
    )  # null: somebody fills it for oneself; else the post under which an official fills it
    applicant = models.ForeignKey(
        "identity.Person", null=True, on_delete=models.PROTECT, related_name="+"
    )  # null: for who fills it; else the person present at the counter
    applicant_level = models.CharField(
        max_length=9, blank=True
    )  # how surely that person was identified there
    lang = models.CharField(max_length=2, default="es")

    typed = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    revisions = models.JSONField(default=dict)
    pages = models.JSONField(default=dict)

    files = models.JSONField(default=dict)  # {field: {sha256, name, size, media_type}}: evidence attached
    facts = models.JSONField(default=dict)  # found.<read> as last fetched: {value, source, at, status}
    disputes = models.JSONField(default=dict)  # {read: {at, note}}: what the person says is wrong with it
    consents = models.JSONField(default=dict)  # {read: instant}: what the person authorised us to look up
    changes = models.JSONField(default=list)  # what a newer version changed, until the person has read it

    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    case_id = models.UUIDField(null=True, unique=True)  # null: not filed
    correction = models.OneToOneField(
        "cases.Correction", null=True, on_delete=models.SET_NULL, related_name="draft"
    )  # null: a new application
    only = ArrayField(
        models.CharField(max_length=120), default=list
    )  # of a correction: the fields open to it
    asked = models.ForeignKey(
        "cases.AskedPerson", on_delete=models.CASCADE, null=True, related_name="drafts"
    )  # null: answers nothing that a case asks
    offline = models.OneToOneField(
        "cases.OfflineFiling", on_delete=models.SET_NULL, null=True, related_name="draft"
    )  # null: was not made without a network; else it mends what came back from there

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "asked"], name="draft_once_per_answer")]
        indexes = [
            models.Index(
                fields=["owner", "-updated_at"], condition=models.Q(case_id__isnull=True), name="draft_open"
            ),
            models.Index(
                fields=["expires_at"], condition=models.Q(case_id__isnull=True), name="draft_expiry"
            ),
        ]


class ParkedPost(models.Model):
    """Answers posted and refused (session, CSRF, level), encrypted, for the draft's owner, 24 hours."""

    id = models.UUIDField(primary_key=True, default=new_id)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="parked")
    page = models.CharField(max_length=60)
    sealed = models.BinaryField()
    reason = models.CharField(max_length=20)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"])]
