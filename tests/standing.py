"""Rows that the tests of a file share: made once, under the transaction that each test has of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

from django.db import transaction

from ruta.definitions.loader import Folder, read_folder
from ruta.definitions.models import ServiceVersion
from ruta.definitions.services import publish

SERVICES = Path(__file__).resolve().parents[1] / "services"
_open: list[transaction.Atomic] = []


@contextmanager
def rows() -> Iterator[None]:
    """What is written within stands until the end of the block, or until a test that commits clears the way."""
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]  # as Django's own: durable blocks may open within
    around.__enter__()
    _open.append(around)
    try:
        yield
    finally:
        clear()


def clear() -> None:
    """Undo the rows that stand."""
    while _open:
        around = _open.pop()
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@cache
def civil_registry() -> Folder:
    """The folder, read once."""
    return read_folder(SERVICES / "civil-registration")


def publish_civil_registry() -> None:
    """In force since 2024, unless it stands already."""
    if not ServiceVersion.objects.filter(content_hash=civil_registry().content_hash).exists():
        publish(civil_registry(), in_force_from=date(2024, 1, 1))
