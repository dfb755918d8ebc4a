"""Tables of the room: what is counted, and what of it was released. Nothing here names a person."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Dataset(models.Model):
    """One dataset of a service, by its public name. `columns` are its names in order: they never change.

    `grain` and `place_step` are how fine it is told, chosen by the gate at the first release and kept: two releases of
    different detail, held beside each other, would tell what one of them hides. `pending` are months (`2026-03-01`) whose
    counts changed since they were released.
    """

    name = models.CharField(max_length=60, primary_key=True)
    service = models.CharField(max_length=60)
    columns = ArrayField(models.CharField(max_length=60))
    definition = models.CharField(max_length=64)  # digest of the declaration that the rows were made by
    fed_until = models.DateTimeField(null=True)  # null: not fed yet
    pending = models.JSONField(default=list)
    grain = models.CharField(max_length=10, blank=True)  # empty: not chosen, nothing is released
    place_step = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    first_released_at = models.DateTimeField(null=True)  # null: not released
    released_at = models.DateTimeField(null=True)  # null: not released; else when it last changed
    counted = models.PositiveIntegerField(default=0)
    hidden = models.PositiveIntegerField(default=0)


class CountedRow(models.Model):
    """What one case or entry adds. `source` is its id; a random one once the case is erased, so that nothing leads back.

    `month` is the first of the month, `places` the codes of each step from the finest; "-" is a code not told.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="rows")
    source = models.CharField(max_length=60)
    month = models.DateField()
    places = ArrayField(models.CharField(max_length=40), default=list)
    category = models.CharField(max_length=40, default="*")
    numbers = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "source"], name="counted_once")]
        indexes = [models.Index(fields=["dataset", "month"], name="counted_by_month")]


class Cell(models.Model):
    """One released count: of a period, a place and a category, each of which may be `*` for all of them.

    `count` and `medians` are empty where `hidden` says why (`gate.Hidden`). `held` is the true count when the cell was
    first hidden, null where it is not: it stays hidden while it differs by less than k, for two releases side by side
    would tell. Nothing but the release reads `held`.
    """

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="cells")
    period = models.CharField(max_length=10)
    place = models.CharField(max_length=40)
    category = models.CharField(max_length=40)
    part = models.BooleanField(default=True)  # one of the counts that totals sum up
    count = models.PositiveIntegerField(null=True)  # null: hidden
    medians = models.JSONField(default=dict)
    hidden = models.CharField(max_length=10, blank=True)
    held = models.PositiveIntegerField(null=True)  # null: not hidden

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dataset", "period", "place", "category"], name="cell_once")
        ]
