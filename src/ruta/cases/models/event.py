"""The append-only history: public part chained, personal part erasable (contract §6)."""

from django.db import models

from ruta.engine.feel import ExactDecoder, ExactEncoder
from ruta.kernel.ids import new_id


class CaseEvent(models.Model):
    """One act of the history. The app's database role may insert and read it, never change or remove it."""

    pk = models.CompositePrimaryKey("case_id", "seq")
    case_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    type = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    public = models.JSONField()
    commitment = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)


class EventPayload(models.Model):
    """The personal data of an event, with the salt of its commitment. Erasing both leaves the chain intact."""

    pk = models.CompositePrimaryKey("case_id", "seq")
    case_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    salt = models.CharField(max_length=64, blank=True)
    data = models.JSONField(null=True)  # null: erased


class ThrownMessage(models.Model):
    """What one case said to others and is not delivered yet: its key and payload may be personal, so no job holds them.

    When nobody waits for it, it is kept for the first case that will.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    payload = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder, default=dict)
    at = models.DateTimeField()
    kept_since = models.DateTimeField(null=True)  # null: not delivered yet; else nobody waited for it then

    class Meta:
        indexes = [
            models.Index(
                fields=["key", "name", "id"],
                condition=models.Q(kept_since__isnull=False),
                name="thrown_kept",
            )
        ]


class SealedHeads(models.Model):
    """A signed Merkle root over the heads (case, hash, count) of all cases that moved since the last one.

    Each root covers the one before, so the newest covers all cases. Its leaves are kept here and outside the database.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    root = models.CharField(max_length=64)
    leaves = models.JSONField()  # [[case id, head hash, count]]
    signature = models.TextField()
    key_id = models.CharField(max_length=64)
