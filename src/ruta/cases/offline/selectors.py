"""Reads: the kits of an official and of the office, what waits for a person, and what a paper's code says."""

from uuid import UUID

from django.db.models import Q, QuerySet

from ruta.identity.actors import Actor
from ruta.kernel.errors import NotFound

from .. import perms
from ..models import OfflineFiling, OfflineKit
from ..models.offline import OfflineStatus

TO_SETTLE = (OfflineStatus.RECEIVED, OfflineStatus.UNRESOLVED)


def visible_to(actor: Actor) -> QuerySet[OfflineKit]:
    """The kits of the offices in which the official has the post that took them: colleagues settle for each other."""
    same = Q(pk__in=[])
    if actor.kind == "official":
        for post in actor.postings:
            same |= Q(office=post.team, posting__role=post.role, posting__team__agency__nit=post.agency)
    return OfflineKit.objects.filter(same).select_related("posting__person")


def kit(kit_id: UUID, actor: Actor, *, lock: bool = False) -> OfflineKit:
    """A kit of the office. Raises NotFound."""
    rows = visible_to(actor).select_for_update(of=("self",)) if lock else visible_to(actor)
    return _found(rows.filter(pk=kit_id).first())


def own_kit(kit_id: UUID, actor: Actor, *, lock: bool = False) -> OfflineKit:
    """A kit that this account took: nobody else knows its PIN. Raises NotFound."""
    rows = OfflineKit.objects.select_for_update() if lock else OfflineKit.objects.all()
    return _found(rows.filter(pk=kit_id, owner_id=actor.account_id).first())


def _found(row: OfflineKit | None) -> OfflineKit:
    if row is None:
        raise NotFound({"es": "Ese equipo sin conexión no existe.", "en": "There is no such offline device."})
    return row


def to_settle(actor: Actor) -> QuerySet[OfflineFiling]:
    """What came back to the official's offices and waits for a person, the oldest first."""
    rows = OfflineFiling.objects.filter(kit__in=visible_to(actor), status__in=TO_SETTLE)
    return rows.select_related("kit__posting__person", "draft").order_by("received_at", "id")


def filing_to_settle(filing_id: UUID, actor: Actor) -> OfflineFiling:
    """One of `to_settle`. Raises NotFound, also for one that was settled meanwhile."""
    row = to_settle(actor).filter(pk=filing_id).first()
    if row is None:
        raise NotFound(
            {
                "es": "Ya no hay nada que resolver ahí: alguien lo resolvió, o no existe.",
                "en": "There is nothing to settle there: somebody did, or it does not exist.",
            }
        )
    return row


def by_code(code: str, actor: Actor) -> OfflineFiling | None:
    """The line whose paper bears the code; None where there is none, or its case is sealed and not for `actor`."""
    row = OfflineFiling.objects.select_related("kit", "case").filter(code=code).first()
    if row is not None and row.case_id and perms.hidden_from(actor).filter(pk=row.case_id).exists():
        return None
    return row


def alike(filing: OfflineFiling, same: tuple[str, ...], values: dict[str, object]) -> str:
    """The number of another open case of the act with the same answers to all of `same`; empty: none, or one lacks."""
    from ..models import Case

    about = {name: values[name] for name in same if values.get(name)}
    if not same or len(about) < len(same):
        return ""
    found = Case.objects.filter(
        service=filing.kit.service, act=filing.kit.act, decided_at=None, form__contains=about
    )
    return found.order_by("-filed_at").values_list("number", flat=True).first() or ""
