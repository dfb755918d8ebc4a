"""Base registers: their definitions, and entries of which nothing is ever overwritten."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from ruta.kernel import clock
from ruta.kernel.ids import new_id


class RegisterDefinition(models.Model):
    """One version of a register's schema. `name` is unique among all services; the newest version is `current`."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=60)
    service = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    schema = models.JSONField()
    content_hash = models.CharField(max_length=64)
    current = models.BooleanField(default=True)
    defined_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="register_version"),
            models.UniqueConstraint(fields=["name"], condition=Q(current=True), name="register_current_once"),
        ]


class EntryStatus(models.TextChoices):
    """What became of a version of an entry (identity facts §1.3)."""

    VALID = "valid", gettext_lazy("vigente")
    REPLACED = "replaced", gettext_lazy("reemplazado")
    ANNULLED = "annulled", gettext_lazy("anulado")
    CANCELLED = "cancelled", gettext_lazy("cancelado")


class Entry(models.Model):
    """One version of one entry. `entry_id` stays over versions; exactly one version of it is not replaced.

    Valid time: `valid_from` to `valid_to` (null: no end), the days on which the fact holds. Recorded time:
    `recorded_at` to `ended_at` (null: not ended), when the register said so. After recording only the end is ever
    written (`status`, `ended_…`); a trigger refuses any other change, and deletion. `recorded_by` is an actor's
    reference, `register` the register's name, `holders` the document numbers of the persons whose entry it is.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    register = models.CharField(max_length=60)
    definition = models.ForeignKey(RegisterDefinition, on_delete=models.PROTECT, related_name="entries")
    entry_id = models.UUIDField(default=new_id)
    version = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=9, choices=EntryStatus.choices, default=EntryStatus.VALID)
    data = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_reason = models.CharField(max_length=500, blank=True)
    ended_case = models.CharField(max_length=24, blank=True)
    case_number = models.CharField(max_length=24, blank=True)
    office = models.CharField(max_length=40, blank=True)
    holders = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    sealed = models.BooleanField(default=False)
    search_text = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry_id", "version"], name="entry_version"),
            models.UniqueConstraint(
                fields=["entry_id"], condition=~Q(status="replaced"), name="entry_one_latest_version"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")), name="entry_valid_time"
            ),
        ]
        indexes = [
            models.Index(fields=["register", "-recorded_at"], name="entry_by_register"),
            GinIndex(fields=["holders"], name="entry_holders"),
            models.Index(fields=["case_number"], name="entry_case", condition=~Q(case_number="")),
            GinIndex(fields=["search_text"], name="entry_text_trigrams", opclasses=["gin_trgm_ops"]),
        ]


class EntryKey(models.Model):
    """A value by which a version of an entry is found. `fields` are joined names, `value` their normal form.

    `unique_key`: the database lets only one valid entry have it. `live`: its version is the latest of its entry;
    `valid`: and that is valid. A key of an annulled entry may be used again, unless it is `never_reused`.
    """

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="keys")
    register = models.CharField(max_length=60)
    fields = models.CharField(max_length=200)
    value = models.CharField(max_length=600)
    unique_key = models.BooleanField(default=False)
    live = models.BooleanField(default=True)
    valid = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register", "fields", "value"],
                condition=Q(unique_key=True, valid=True),
                name="entry_key_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["register", "fields", "value"], name="entry_key_lookup", condition=Q(live=True)
            ),
        ]


class SpentNumber(models.Model):
    """A value that belongs to one entry for ever (`x-register.never_reused`), even after its annulment."""

    id = models.BigAutoField(primary_key=True)
    register = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    value = models.CharField(max_length=200)
    entry_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "field", "value"], name="number_spent_once"),
        ]


class NumberRange(models.Model):
    """Numbers that an office may give out, `first` to `last`; `next` is the next free one."""

    id = models.UUIDField(primary_key=True, default=new_id)
    register = models.CharField(max_length=60)
    range_id = models.CharField(max_length=60)
    office = models.CharField(max_length=40, blank=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    next = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "range_id", "office", "first"], name="range_once"),
            models.CheckConstraint(
                condition=Q(next__gte=models.F("first"), next__lte=models.F("last") + 1), name="range_bounds"
            ),
        ]


class NumberBlock(models.Model):
    """Numbers of an office that somebody holds apart, `first` to `last`, to give out where there is no network.

    `holder` names who has them in the room that took them. They are its alone, also after `until`, until it ends.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    number_range = models.ForeignKey(NumberRange, on_delete=models.PROTECT, related_name="blocks")
    holder = models.CharField(max_length=60)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    until = models.DateTimeField()
    taken_at = models.DateTimeField(default=clock.now)
    taken_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)  # null: held

    class Meta:
        indexes = [models.Index(fields=["holder"], name="block_of_holder")]


class Reservation(models.Model):
    """A number kept for a case until `until`; recording the entry makes it lasting, else it lapses by itself.

    One of a `block` does not lapse: no case has it until who holds the block says which. A void one is never given out.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    number_range = models.ForeignKey(NumberRange, on_delete=models.PROTECT, related_name="reservations")
    number = models.BigIntegerField()
    case_number = models.CharField(max_length=24, blank=True)
    token = models.CharField(max_length=40, blank=True)
    until = models.DateTimeField()
    used = models.BooleanField(default=False)
    block = models.ForeignKey(
        NumberBlock, on_delete=models.PROTECT, null=True, related_name="numbers"
    )  # null: of no block, or given back
    voided_at = models.DateTimeField(null=True)  # null: not void
    void_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number_range", "number"], name="number_reserved_once"),
        ]
        indexes = [models.Index(fields=["case_number", "token"], name="reservation_of_step")]


class EntryNote(models.Model):
    """A marginal note on an entry: never changed, never deleted; a counter-note speaks against it.

    `sets` are values of fields that the note gives from then on (`x-register.notes[].sets`); `sealed` notes are read
    only with a grant. `because` is the `entry_id` of the entry that gave cause (null: none); `counters` the note that
    this one undoes (null: none).
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    entry_id = models.UUIDField()
    register = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    text = models.TextField()
    sets = models.JSONField(default=dict)
    sealed = models.BooleanField(default=False)
    because = models.UUIDField(null=True, blank=True)
    counters = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="countered_by"
    )
    case_number = models.CharField(max_length=24, blank=True)
    recorded_at = models.DateTimeField(default=clock.now)
    recorded_by = models.CharField(max_length=80)

    class Meta:
        indexes = [
            models.Index(fields=["entry_id", "recorded_at"], name="note_of_entry"),
            models.Index(fields=["because"], condition=Q(because__isnull=False), name="note_because"),
        ]
