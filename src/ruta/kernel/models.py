"""Rows that every room shares: news between rooms."""

from django.db import models

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
