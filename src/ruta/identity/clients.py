"""Agencies' systems that file by API: their keys, made and revoked by the operator, and the actor that each key is.

A key is 256 random bits, so a plain SHA-256 of it is kept and found again by index: nobody who reads the table can use it.
"""

import hashlib
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from ruta.kernel import clock
from ruta.kernel.errors import NotFound, RutaError

from .actors import Actor, Posting
from .levels import ORDER
from .models import ApiClient, Team

PREFIX = "ruta_"
"""By it a key that was put where it does not belong is found by who looks for secrets."""
_HINT = len(PREFIX) + 4
_WORD = re.compile(r"[a-z][a-z0-9_.-]*")
_SEEN_EVERY = timedelta(minutes=1)


class Unauthorized(RutaError):
    """No key, or none that holds now."""

    status = 401
    code = "unauthorized"


def make_client(
    *,
    name: str,
    team: str,
    role: str,
    scopes: Collection[str],
    level: str = "high",
    expires_at: datetime | None = None,
) -> tuple[ApiClient, str]:
    """Register a system of the office `team`, which files under `role`, and return it with its key, shown only now.

    `scopes` are those that acts name (`who: {api: ‹scope›}`); `level` how surely the operator knows whose it is.
    Raises NotFound for an unknown team, RutaError for a word that is none.
    """
    for word in (role, *scopes):
        _refuse_unless_word(word)
    if not scopes:
        raise RutaError({"es": "Diga al menos un alcance.", "en": "Give one scope at least."}, field="scope")
    if level not in ORDER[1:]:
        raise RutaError(
            {
                "es": f"El nivel es uno de {', '.join(ORDER[1:])}.",
                "en": f"level is one of {', '.join(ORDER[1:])}.",
            },
            field="level",
        )
    office = Team.objects.filter(code=team).first()
    if office is None:
        raise NotFound(
            {"es": f"No hay una oficina {team}.", "en": f"There is no office {team}."}, field="team"
        )
    key = PREFIX + secrets.token_urlsafe(32)
    client = ApiClient.objects.create(
        name=name,
        team=office,
        role=role,
        scopes=sorted(set(scopes)),
        level=level,
        key_digest=_digest(key),
        key_hint=key[:_HINT],
        expires_at=expires_at,
    )
    return client, key


def _refuse_unless_word(word: str) -> None:
    if not _WORD.fullmatch(word):
        raise RutaError(
            {
                "es": f"«{word}» no es un nombre: minúsculas, cifras, guion, punto, y una letra al comienzo.",
                "en": f"“{word}” is no name: lower case, digits, hyphen, dot, and a letter first.",
            },
            field="scope",
        )


def revoke_client(client_id: int) -> ApiClient:
    """End a system's key, for good. Raises NotFound for an unknown id; a second time changes nothing."""
    client = ApiClient.objects.filter(pk=client_id).first()
    if client is None:
        raise NotFound(
            {"es": "No hay un sistema con ese número.", "en": "No system has that number."}, field="id"
        )
    if client.revoked_at is None:
        client.revoked_at = clock.now()
        client.save(update_fields=["revoked_at"])
    return client


def actor_of_key(key: str) -> Actor:
    """The actor that bears the key; its last use is noted, to the minute. Raises Unauthorized."""
    client = ApiClient.objects.select_related("team__agency").filter(key_digest=_digest(key)).first()
    now = clock.now()
    if client is None or not holds(client, now):
        raise Unauthorized(
            {
                "es": "La clave no existe, venció o fue revocada. Pida otra a quien opera Ruta.",
                "en": "There is no such key, or it expired or was revoked. Ask the operator of Ruta for another.",
            }
        )
    if client.last_used_at is None or client.last_used_at < now - _SEEN_EVERY:
        ApiClient.objects.filter(pk=client.pk).update(last_used_at=now)
    return actor_of_client(client)


def holds(client: ApiClient, now: datetime) -> bool:
    """Whether the key may be used at this instant."""
    return client.revoked_at is None and (client.expires_at is None or client.expires_at > now)


def actor_of_client(client: ApiClient) -> Actor:
    """The system as an actor: in its office, under its role."""
    agency = client.team.agency
    place = Posting(0, client.role, client.team.code, client.team.name, agency.nit, agency.short_name)
    return Actor(
        kind="client",
        name=client.name,
        client_id=client.pk,
        level=client.level,
        agency=agency.nit,
        agency_name=agency.short_name,
        postings=(place,),
        scopes=frozenset(client.scopes),
    )


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
