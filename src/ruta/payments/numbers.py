"""Serials per year from database sequences: two clerks never get the same one, and nobody waits (gaps are
allowed)."""

from django.db import connection


def next_serial(kind: str, year: int) -> int:
    """The next serial of `kind` (charge or receipt) in `year`; the sequence of a new year makes itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_next_serial(%s, %s)", [kind, year])
        return int(cursor.fetchone()[0])
