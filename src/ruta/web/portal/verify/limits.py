"""How often one address may ask: guessing a code must stay hopeless, and files are costly to read."""

from django.core.cache import cache
from django.http import HttpRequest

from ruta.identity.addresses import address_of
from ruta.kernel import canonical
from ruta.kernel.errors import RutaError

WINDOW = 60
"""Seconds."""
CODES, FILES = 60, 15
"""Questions that one address may ask in a window."""


class TooManyError(RutaError):
    """Too many questions from one address; wait a minute."""

    status = 429
    code = "too-many"


def count(request: HttpRequest, what: str, *, at_most: int) -> None:
    """Count one question of this address; raises TooManyError beyond `at_most` in a window. It keeps only a digest."""
    address = canonical.sha256_hex(f"{what}:{address_of(request)}".encode())
    key = f"verify:{address}"
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
