"""The case: one filed application, its live positions, its people."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from ruta.engine.feel import ExactDecoder, ExactEncoder
from ruta.kernel.ids import new_id


class CaseStatus(models.TextChoices):
    """How far a case has come: an end event decides it, notification and firmness follow (CPACA arts. 53-97)."""

    OPEN = "open"
    DECIDED = "decided"
    NOTIFIED = "notified"
    FIRM = "firm"
    CLOSED = "closed"


class Case(models.Model):
    """One application as filed, and where it stands now. Its history is `CaseEvent`."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.CharField(max_length=24, unique=True)
    version = models.ForeignKey("definitions.ServiceVersion", on_delete=models.PROTECT)
    service = models.CharField(max_length=60)
    act = models.CharField(max_length=60)
    agency = models.CharField(max_length=12)
    applicant = models.ForeignKey(
        "identity.Person", on_delete=models.PROTECT, null=True, related_name="cases"
    )  # null: filed by an office, or without sign-in
    filed_by = models.ForeignKey(
        "identity.Official", on_delete=models.PROTECT, null=True, related_name="cases_filed"
    )  # null: by the applicant; else the post under which an official filed it, in the own role or for a person
    client = models.ForeignKey(
        "identity.ApiClient", on_delete=models.PROTECT, null=True, related_name="cases"
    )  # null: filed by somebody; else the agency's system that filed it by API
    applicant_name = models.CharField(max_length=200, blank=True)
    applicant_document = models.CharField(max_length=20, blank=True)
    search_name = models.CharField(max_length=200, blank=True)  # folded: case and accents do not count
    channel = models.CharField(max_length=20)
    lang = models.CharField(max_length=2, default="es")
    submission_key = models.CharField(max_length=64, unique=True)  # the same filing sent twice is one case
    submission_digest = models.CharField(
        max_length=64, blank=True
    )  # keyed digest of what came under a key that its sender chose; empty: nobody chose one

    filed_at = models.DateTimeField()
    received_on = models.DateField()
    status = models.CharField(max_length=10, choices=CaseStatus.choices, default=CaseStatus.OPEN)
    outcome = models.CharField(max_length=20, blank=True)  # empty while open
    decided_at = models.DateTimeField(null=True)  # null: not yet
    notified_at = models.DateTimeField(null=True)  # null: not yet
    closed_at = models.DateTimeField(null=True)  # null: not yet
    erased_at = models.DateTimeField(null=True)  # null: the law has not had its personal data erased
    stage = models.CharField(max_length=40, blank=True)
    stage_since = models.DateTimeField(null=True)  # null: no stage reached
    incident = models.JSONField(
        null=True
    )  # null: none; else {token, node, say, at}: a step stopped and a person must look

    sealed = models.BooleanField(default=False)
    confidentiality = models.CharField(max_length=2, default="L1")

    applicant_facts = models.JSONField(default=dict)  # who applied, as rules saw it at filing
    form = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)  # found.<read>
    variables = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder, default=dict)
    flow = models.JSONField(
        encoder=ExactEncoder, decoder=ExactDecoder, default=dict
    )  # open scopes and the next token; live tokens are rows
    rev = models.PositiveIntegerField(default=0)

    head_seq = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, blank=True)
    head_at = models.DateTimeField(null=True)  # null: no event yet

    class Meta:
        indexes = [
            models.Index(fields=["applicant", "-filed_at"]),
            models.Index(fields=["service", "act", "decided_at"]),
            models.Index(
                fields=["decided_at"], condition=models.Q(decided_at__isnull=False), name="case_decided"
            ),
            models.Index(fields=["status", "notified_at"]),
            models.Index(
                fields=["agency", "id"], condition=models.Q(incident__isnull=False), name="case_stopped"
            ),
            models.Index(fields=["head_at"]),
            models.Index(
                fields=["version", "closed_at"],
                condition=models.Q(closed_at__isnull=False, erased_at__isnull=True),
                name="case_kept",
            ),
            models.Index(fields=["applicant_document"]),
            models.Index(
                fields=["client", "-filed_at"], condition=models.Q(client__isnull=False), name="case_client"
            ),
            GinIndex(fields=["search_name"], opclasses=["gin_trgm_ops"], name="case_search_name"),
        ]

    def __str__(self) -> str:
        return self.number


class FlowToken(models.Model):
    """A live position of a case in its process; SQL may ask for all cases that wait somewhere."""

    pk = models.CompositePrimaryKey("case_id", "token")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tokens")
    token = models.PositiveIntegerField()
    version_id = models.UUIDField()
    node = models.CharField(max_length=120)
    scope = models.PositiveIntegerField(default=0)
    host = models.PositiveIntegerField(null=True)  # null: listens for nothing but itself
    status = models.CharField(max_length=10)
    via = models.CharField(max_length=120, null=True)  # noqa: DJ001  null: came by no flow
    since = models.DateTimeField()
    due = models.DateTimeField(null=True)  # null: no timer
    key = models.CharField(max_length=200, null=True)  # noqa: DJ001  null: waits for no message

    class Meta:
        indexes = [
            models.Index(
                fields=["version_id", "node", "since", "case_id"],
                condition=models.Q(status="waiting"),
                name="token_waiting",
            ),
            models.Index(fields=["due"], condition=models.Q(due__isnull=False), name="token_due"),
            models.Index(fields=["key"], condition=models.Q(key__isnull=False), name="token_key"),
        ]


class Party(models.Model):
    """A person in a case, with a role and what it may do: the applicant, or one of a party that the act declares."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(max_length=40)  # `applicant`, or the id of a party of the act
    person = models.ForeignKey(
        "identity.Person", on_delete=models.PROTECT, null=True
    )  # null: nobody with this document is known yet
    document_type = models.CharField(max_length=4, blank=True)
    document_number = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(
        max_length=254, blank=True
    )  # as the act tells it; a known person has an own one
    may = ArrayField(models.CharField(max_length=10), default=list)
    level = models.CharField(max_length=9, default="none")  # how surely one must be known to read the case

    class Meta:
        indexes = [
            models.Index(fields=["person", "case"]),
            models.Index(
                fields=["document_number"],
                condition=models.Q(person__isnull=True),
                name="party_by_document",
            ),
        ]


class RuleResult(models.Model):
    """What a decision answered in this case, and the rules that hit: the explanation."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="rule_results")
    node = models.CharField(max_length=120)
    decision = models.CharField(max_length=80)
    value = models.JSONField(
        encoder=ExactEncoder, decoder=ExactDecoder, null=True
    )  # null: the decision answered null
    hits = models.JSONField(
        encoder=ExactEncoder, decoder=ExactDecoder, default=list
    )  # [{decision, rule, law, words: {es, en}, inputs, labels: {input: {es, en}}}]
    at = models.DateTimeField()


class Note(models.Model):
    """A remark that officials leave for each other; never shown to the applicant."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey("identity.Official", on_delete=models.PROTECT)
    text = models.TextField()
    at = models.DateTimeField()


class Presence(models.Model):
    """Who has the case page open, so that a second official is shown and told."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="presences")
    official = models.ForeignKey("identity.Official", on_delete=models.CASCADE)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "official"], name="presence_once")]
