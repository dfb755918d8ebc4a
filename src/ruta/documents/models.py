"""Tables of files, of the electronic file of each case, and of issued outputs."""

from django.db import models
from django.db.models import Q

from ruta.kernel.ids import new_id


class Blob(models.Model):
    """The existence of some bytes, named by their SHA-256; the bytes themselves are on disk (`store`)."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField(help_text="bytes")
    media_type = models.CharField(max_length=100)
    added_at = models.DateTimeField()


class Upload(models.Model):
    """That an account sent these bytes: who knows a digest does not yet have the file."""

    account = models.ForeignKey("identity.Account", on_delete=models.CASCADE, related_name="+")
    blob = models.ForeignKey(Blob, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200, help_text="as the sender last called it")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "blob"], name="upload_once")]


class PartialUpload(models.Model):
    """A file on its way in pieces (tus 1.0): who sends it, what may come, and the blob once it is whole and was taken.

    The bytes so far lie aside in the store, out of everybody's reach; their number is the offset.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    account = models.ForeignKey("identity.Account", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200, help_text="as the sender calls it")
    length = models.PositiveBigIntegerField(help_text="bytes in all, as announced")
    accept = models.JSONField(help_text="media types that are taken")
    max_mb = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    blob = models.ForeignKey(
        Blob, null=True, on_delete=models.SET_NULL, related_name="+"
    )  # null: not whole yet

    class Meta:
        indexes = [models.Index(fields=["at"], name="partial_upload_age")]


class Origin(models.TextChoices):
    """Where a document of the electronic file comes from (common facts §13, `Origen`)."""

    ELECTRONIC = "electronic", "electrónico"
    DIGITISED = "digitised", "digitalizado"


class CaseDocument(models.Model):
    """A document of a case's electronic file, in the order in which it entered.

    Order and pages are consecutive in the file; rows are never changed nor deleted, a correction adds (CPACA
    art. 36; AGN Acuerdo 002/2014). The database refuses a gap, a change and a removal. One change is let through, once:
    lawful erasure empties the name and dates it; order, pages, digest and size stay.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    case_number = models.CharField(max_length=24)
    order = models.PositiveIntegerField()
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, db_column="sha256", related_name="+")
    name = models.CharField(max_length=200)
    document_type = models.CharField(max_length=80, help_text="from the service's list (TipologiaDocumental)")
    first_page = models.PositiveIntegerField()
    pages = models.PositiveIntegerField(help_text="1 for what has no pages")
    origin = models.CharField(max_length=12, choices=Origin.choices, default=Origin.ELECTRONIC)
    created_on = models.DateTimeField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=200, help_text="who added it, without personal data (`Actor.ref`)")
    output = models.CharField(
        max_length=14, blank=True, help_text="code of the output that it is; empty for what was given"
    )
    erased_at = models.DateTimeField(null=True)  # null: not erased

    class Meta:
        ordering = ["case_number", "order"]
        constraints = [
            models.UniqueConstraint(fields=["case_number", "order"], name="document_order_once"),
            models.CheckConstraint(condition=Q(order__gte=1, pages__gte=1), name="document_counts"),
        ]

    @property
    def sha256(self) -> str:
        """Digest of the bytes, 64 hexadecimal digits (`ValorHuella`)."""
        return str(self.blob_id)

    @property
    def is_erased(self) -> bool:
        """Whether the law had its name and its bytes erased."""
        return self.erased_at is not None

    @property
    def last_page(self) -> int:
        """Last page of this document in the numbering of the whole file (`PaginaFin`)."""
        return self.first_page + self.pages - 1


class OutputState(models.TextChoices):
    """What an output is worth today."""

    VALID = "valid", "vigente"
    SUSPENDED = "suspended", "suspendido"
    SUPERSEDED = "superseded", "reemplazado"
    REVOKED = "revoked", "revocado"


class Output(models.Model):
    """A document that the State issued and answers for: certificate, licence, card.

    Between the request and its rendering `issued_at` and `pdf_sha256` are empty: nobody can verify it yet.
    """

    code = models.CharField(max_length=14, primary_key=True)
    case_id = models.UUIDField()
    case_number = models.CharField(max_length=24)
    token = models.CharField(max_length=40, help_text="the process token that waits for it")
    output_id = models.CharField(max_length=60)
    service = models.CharField(max_length=60)
    service_title = models.JSONField(help_text="{es, en}")
    title = models.JSONField(help_text="{es, en}")
    lang = models.CharField(max_length=2, default="es")
    role = models.JSONField(help_text="{es, en}: post of who issues")
    official = models.CharField(max_length=200, help_text="name of who issues, as printed")
    holder_id = models.UUIDField(null=True, blank=True)  # null: no person of the platform holds it

    state = models.CharField(max_length=10, choices=OutputState.choices, default=OutputState.VALID)
    state_since = models.DateTimeField()
    reason = models.JSONField(default=dict, help_text="{es, en}: shown to whoever verifies")

    source_register = models.CharField(max_length=60, blank=True)
    source_entry_id = models.CharField(max_length=60, blank=True)
    source_version = models.PositiveIntegerField(null=True, blank=True)  # null: it follows nothing

    template_sha256 = models.CharField(max_length=64)
    data = models.JSONField(null=True)  # null after lawful erasure; the digest and the signed PDF stay
    data_sha256 = models.CharField(max_length=64)
    public = models.JSONField(help_text="what a stranger who verifies it may see: [[name, value]]")
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    signature_level = models.CharField(max_length=12, blank=True, help_text="PAdES level reached: B-B or B-T")
    requested_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True, blank=True)  # null until rendered and signed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_id", "token", "output_id"], name="output_once_per_token"),
            models.UniqueConstraint(
                fields=["pdf_sha256"], condition=~Q(pdf_sha256=""), name="output_pdf_once"
            ),
        ]
        indexes = [
            models.Index(fields=["source_register", "source_entry_id"], name="output_source"),
            models.Index(fields=["holder_id", "-issued_at"], name="output_holder"),
            models.Index(fields=["case_number"], name="output_case"),
        ]


class OutputChange(models.Model):
    """One change of an output's state; only ever added."""

    id = models.UUIDField(primary_key=True, default=new_id)
    output = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=OutputState.choices)
    reason = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]
