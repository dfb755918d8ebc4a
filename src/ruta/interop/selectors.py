"""Reads of the message log."""

from django.db.models import QuerySet

from .models import ExchangeRecord


def exchanges_of_case(case_number: str) -> QuerySet[ExchangeRecord]:
    """What was asked of other agencies for a case, in order."""
    return ExchangeRecord.objects.filter(case_number=case_number).order_by("id")
