"""All state of the sandbox, in one SQLite file, so that a restart loses nothing."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS fault (
  target TEXT PRIMARY KEY, mode TEXT NOT NULL, times INTEGER, delay REAL NOT NULL);
CREATE TABLE IF NOT EXISTS session (
  id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, reference TEXT NOT NULL, amount INTEGER NOT NULL,
  description TEXT NOT NULL, return_url TEXT NOT NULL, notify_url TEXT NOT NULL, lang TEXT NOT NULL,
  expires_at TEXT, status TEXT NOT NULL, created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS payment (
  id TEXT PRIMARY KEY, session TEXT NOT NULL REFERENCES session, reference TEXT NOT NULL, amount INTEGER NOT NULL,
  status TEXT NOT NULL, method TEXT NOT NULL, approval TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS payment_session ON payment (session);
CREATE TABLE IF NOT EXISTS refund (
  id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, payment TEXT NOT NULL REFERENCES payment, amount INTEGER NOT NULL,
  reason TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS notice (
  serial INTEGER PRIMARY KEY, url TEXT NOT NULL, body BLOB NOT NULL, forged INTEGER NOT NULL, due REAL NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL DEFAULT 'waiting', answer TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS notice_due ON notice (due) WHERE status = 'waiting';
CREATE TABLE IF NOT EXISTS told (
  serial INTEGER PRIMARY KEY, key TEXT NOT NULL, receiver TEXT NOT NULL, issue TEXT NOT NULL, body BLOB NOT NULL,
  status TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', at TEXT NOT NULL, times INTEGER NOT NULL DEFAULT 1,
  UNIQUE (receiver, key));
CREATE TABLE IF NOT EXISTS mail (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, recipients TEXT NOT NULL, sender TEXT NOT NULL, subject TEXT NOT NULL,
  raw BLOB NOT NULL);
"""


def now() -> datetime:
    """The outside world has its own clock: the machine's."""
    return datetime.now(UTC)


class Store:
    """One connection, used by the web thread and the mail thread in turn. Every statement is durable at once."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(folder / "sandbox.sqlite", isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.executescript(_SCHEMA)

    def rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        """The rows of a query."""
        with self._lock:
            return [dict(row) for row in self._db.execute(statement, values)]

    def row(self, statement: str, *values: Any) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        found = self.rows(statement, *values)
        return found[0] if found else None

    def run(self, statement: str, *values: Any) -> int:
        """Change rows; return how many."""
        with self._lock:
            return self._db.execute(statement, values).rowcount

    def add(self, table: str, row: Mapping[str, Any]) -> int:
        """Add a row; return its serial."""
        names, marks = ", ".join(row), ", ".join("?" for _ in row)
        with self._lock:
            cursor = self._db.execute(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",  # noqa: S608  names are this package's own
                list(row.values()),
            )
            return int(cursor.lastrowid or 0)

    @contextmanager
    def together(self) -> Iterator[None]:
        """The statements inside happen all or none, and nobody else's between them."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()


def to_json(value: Any) -> bytes:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
