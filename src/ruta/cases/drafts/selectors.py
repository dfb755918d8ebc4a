"""Reads: the drafts of somebody, and one of them."""

from uuid import UUID

from django.db.models import QuerySet

from ruta.cases.models import Draft
from ruta.identity.actors import Actor
from ruta.kernel import clock
from ruta.kernel.errors import NotFound


def visible_to(actor: Actor) -> QuerySet[Draft]:
    """The drafts that the actor may see: those of the own account, at the desk those under one of the posts."""
    if actor.account_id is None:
        return Draft.objects.none()
    own = Draft.objects.filter(owner_id=actor.account_id)
    if actor.kind == "official":
        return own.filter(posting_id__in=actor.posting_ids)
    return own.filter(posting_id=None)


def open_drafts(actor: Actor, *, service: str = "", act: str = "") -> QuerySet[Draft]:
    """The actor's drafts of new applications that are neither filed nor expired, the last saved first."""
    drafts = visible_to(actor).filter(
        case_id__isnull=True, correction__isnull=True, asked__isnull=True, expires_at__gt=clock.now()
    )
    if service:
        drafts = drafts.filter(service=service)
    if act:
        drafts = drafts.filter(act=act)
    return drafts.order_by("-updated_at")


def get_draft(draft_id: UUID, actor: Actor) -> Draft:
    """One draft of the actor's, filed ones included. Raises NotFound for any other, existing or not."""
    try:
        return visible_to(actor).select_related("asked__ask__case").get(pk=draft_id)
    except Draft.DoesNotExist:
        raise unknown() from None


def unknown() -> NotFound:
    """What is said of a draft that is not the actor's or does not exist."""
    return NotFound(
        {
            "es": "No hay un borrador con esa dirección en su cuenta. Búsquelo en sus trámites.",
            "en": "Your account has no draft at this address. Look for it among your cases.",
        },
        code="unknown-draft",
    )
