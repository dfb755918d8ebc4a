"""Reads of the room: what a case told other agencies and asked them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Window

from .models import ExchangeRecord, Telling


@dataclass(frozen=True)
class Asked:
    """One register that a case asked: how often, when last, and with what last result."""

    register: str
    times: int
    at: datetime
    status: str
    fault: str


def told_by(case_number: str) -> list[Telling]:
    """What the case told or tells, the oldest first."""
    return list(Telling.objects.filter(case_number=case_number).order_by("since", "id"))


def asked_by(case_number: str) -> list[Asked]:
    """The registers of other agencies that the case asked, in the order of the last time."""
    lines = ExchangeRecord.objects.filter(case_number=case_number, kind=ExchangeRecord.Kind.READ)
    counted = lines.annotate(n=Window(Count("id"), partition_by="register"))
    newest = counted.order_by("register", "-at", "-id").distinct("register")
    found = [Asked(each.register, each.n, each.at, each.status, each.fault) for each in newest]
    return sorted(found, key=lambda each: each.at)


def waiting_since() -> list[tuple[str, int, datetime]]:
    """(receiver, how much, since when) of what other agencies have not answered yet, the longest first."""
    waiting = Telling.objects.filter(next_at__isnull=False).values("receiver")
    counted = waiting.annotate(n=Count("id"), first=Min("since")).order_by("first")
    return list(counted.values_list("receiver", "n", "first"))


def titles_of(receivers: Iterable[str]) -> dict[str, dict[str, str]]:
    """What services that were told are called, by code, in both languages."""
    told = Telling.objects.filter(receiver__in=list(receivers)).order_by("receiver", "-since")
    return dict(told.distinct("receiver").values_list("receiver", "title"))
