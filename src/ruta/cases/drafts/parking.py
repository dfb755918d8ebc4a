"""A post refused for session or forgery guard is parked, encrypted, for the draft's owner, 24 hours."""

import base64
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from ruta.cases.models import Draft, ParkedPost
from ruta.identity.actors import Actor
from ruta.kernel import clock

KEPT_FOR = timedelta(hours=24)
LARGEST = 256 * 1024
MOST = 5
"""How many parked posts one draft may have; the newest are kept, so that they never fill the disk."""

Posted = Mapping[str, Sequence[str]]
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parked:
    """What was posted to `page` and refused at `at`: every value by the name of its input."""

    id: UUID
    page: str
    posted: Posted
    at: datetime


def park(draft_id: UUID, page: str, posted: Posted, *, reason: str) -> bool:
    """Keep what was posted to a page of a draft; False when there is no such draft or it is too much.

    Who posted need not be known: only the draft's owner gets it back.
    """
    text = json.dumps({name: list(values) for name, values in posted.items()}).encode()
    draft = Draft.objects.filter(pk=draft_id, case_id__isnull=True).only("id").first()
    if draft is None or len(text) > LARGEST:
        return False
    now = clock.now()
    ParkedPost.objects.create(
        draft=draft,
        page=page[:60],
        sealed=_fernet(settings.SECRET_KEY).encrypt(text),
        reason=reason,
        created_at=now,
        expires_at=now + KEPT_FOR,
    )
    kept = ParkedPost.objects.filter(draft=draft).order_by("-created_at", "-id").values("id")[:MOST]
    ParkedPost.objects.filter(draft=draft).exclude(id__in=list(kept.values_list("id", flat=True))).delete()
    return True


def parked_for(draft: Draft, page: str, actor: Actor) -> Parked | None:
    """The newest parked post of a page, for the owner alone; None when there is none."""
    if actor.account_id is None or draft.owner_id != actor.account_id:
        return None
    rows = ParkedPost.objects.filter(draft=draft, page=page, expires_at__gt=clock.now())
    row = rows.order_by("-created_at", "-id").first()
    if row is None:
        return None
    try:
        posted = json.loads(_fernet(settings.SECRET_KEY).decrypt(bytes(row.sealed)))
    except InvalidToken:
        logger.warning("parked post %s was sealed with another key; it is dropped", row.id)
        row.delete()
        return None
    return Parked(row.id, row.page, posted, row.created_at)


def forget(draft: Draft, page: str) -> None:
    """The parked posts of the page are no longer needed: it has been saved."""
    ParkedPost.objects.filter(draft=draft, page=page).delete()


def forget_all(draft: Draft) -> None:
    """Nothing that was parked for the draft is needed any more: it has been filed."""
    ParkedPost.objects.filter(draft=draft).delete()


def drop_expired() -> int:
    """Delete what has been parked for more than 24 hours; return how many."""
    return ParkedPost.objects.filter(expires_at__lte=clock.now()).delete()[0]


@lru_cache(maxsize=4)
def _fernet(secret: str) -> Fernet:
    """The cipher of this installation's parked posts: a key of its own, derived from the signing key."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"ruta parked posts").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
