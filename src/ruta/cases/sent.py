"""What comes under a key that its sender chose (a call of the API, a row of a file): the same key files once.

The key counts within one sender and one act. The digests are keyed with the installation's secret, so that nobody can try
out what was sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.crypto import salted_hmac

from ruta.definitions.selectors import current_version
from ruta.identity.actors import Actor
from ruta.kernel.errors import Conflict

from . import filing
from .applicants import Applicant
from .filing import Ready
from .models import Case

LONGEST_KEY = 200


class KeyReused(Conflict):
    """The key came before, with something else."""

    status = 422
    code = "key-reused"


@dataclass(frozen=True)
class Sender:
    """Who sends, for whom and how. `name` is what keys count within: `client:3`, `team:1501-15001`."""

    name: str
    actor: Actor
    applicant: Applicant
    channel: str
    lang: str


def prepare(sender: Sender, service: str, act: str, typed: Mapping[str, Any], key: str = "") -> Ready | Case:
    """Judge what was sent on the version in force: what is ready to be filed, or the case that the key has already.

    Without a `key` what was sent is its own key. Raises KeyReused, and what `filing.file_case` raises.
    """
    digest = _keyed("content", sender.name, service, act, json.dumps(typed, sort_keys=True))
    found = filing.prepare(
        filing.Application(
            version_id=current_version(service).pk,
            act=act,
            form=typed,
            actor=sender.actor,
            channel=sender.channel,
            lang=sender.lang,
            submission_key="sent:" + _keyed("key", sender.name, service, act, key or digest)[:56],
            applicant=sender.applicant,
            submission_digest=digest,
        )
    )
    if isinstance(found, Case):
        refuse_other(found, digest)
    return found


def file(ready: Ready) -> Case:
    """File it. Raises KeyReused when something else came under the key meanwhile."""
    case = ready.file()
    refuse_other(case, ready.application.submission_digest)
    return case


def refuse_other(case: Case, digest: str) -> None:
    """Raise KeyReused unless the case was made of this very content; what was erased since is not compared."""
    if case.submission_digest and case.submission_digest != digest:
        raise KeyReused(
            {
                "es": "Con esta clave ya se radicó otra cosa. Use una clave nueva para cada solicitud.",
                "en": "Something else was filed under this key. Use a new key for each application.",
            },
            field="key",
        )


def _keyed(salt: str, *parts: str) -> str:
    return salted_hmac(f"ruta.cases.sent.{salt}", "\x00".join(parts), algorithm="sha256").hexdigest()
