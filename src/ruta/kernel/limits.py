"""How often somebody may ask for something: counted in a window, by a digest alone.

The count is in the cache, which all web processes share.
"""

from django.core.cache import cache

from . import canonical
from .errors import RutaError

WINDOW = 60
"""Seconds."""


class TooManyError(RutaError):
    """Too many questions; wait a minute."""

    status = 429
    code = "too-many"


def count(what: str, who: str, *, at_most: int) -> None:
    """Count one question of `what` by `who`; raises TooManyError beyond `at_most` in a window."""
    key = "limit:" + canonical.sha256_hex(f"{what}:{who}".encode())
    cache.add(key, 0, WINDOW)
    try:
        asked = cache.incr(key)
    except ValueError:  # the window ended between both
        asked = 1
    if asked > at_most:
        raise TooManyError(
            {
                "es": "Se hicieron muchas consultas desde esta conexión. Espere un minuto y vuelva a intentarlo.",
                "en": "Many questions came from this connection. Wait a minute and try again.",
            }
        )
