"""How often one address may ask: guessing a code must stay hopeless, and files are costly to read."""

from django.http import HttpRequest

from ruta.identity.addresses import address_of
from ruta.kernel import limits

CODES, FILES = 60, 15
"""Questions that one address may ask in a minute."""


def count(request: HttpRequest, what: str, *, at_most: int) -> None:
    """Count one question of this address; raises `limits.TooManyError` beyond `at_most` in a minute."""
    limits.count(f"verify.{what}", address_of(request), at_most=at_most)
