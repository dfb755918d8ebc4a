"""What a log line may say: what happened, where in the code, and never to whom.

Every logger writes by `Line`. It drops the values that PostgreSQL repeats in an error (`DETAIL: Key (email)=(…)`),
names the route of an address instead of the address, and puts `‹email›`, `‹case›`, `‹code›` or `‹number›` where one
stands in a message or a traceback. Ids of rows (UUID), of jobs and digests stay: operators need them.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from types import TracebackType
from typing import Any

FORMAT = "{asctime} {levelname} {name} {message}"

_DATA_EXCEPTION = "22"  # SQLSTATE class whose very first line repeats the value
_VALUES = re.compile(
    r"(?:^|(?<=\n)|\\n)[ \t|]*(?:DETAIL|CONTEXT|HINT|QUERY|STATEMENT|WHERE|PARAMETERS|LINE \d+):.*", re.I
)
_IDENTIFIERS = re.compile(
    r"""
    (?P<keep> \b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b     # UUID
            | \b(?=[0-9a-f]*[a-f])[0-9a-f]{16,}\b                 # digest
            | (?<=\w\[)[0-9]+(?=\]) )                             # id of a job: cases.finish[1234567]
  | (?P<email> [\w.+'-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+ )
  | (?P<case> \b[0-9]{4}-?[A-Za-z]{3}-?[0-9]{6,12}-?[0-9]\b )
  | (?P<code> \b(?=[A-Z-]*[0-9])[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}\b
            | \b(?=[a-z-]*[0-9])[0-9a-z]{4}(?:-[0-9a-z]{4}){2}\b
            | (?<=/)(?=[A-Za-z]*[0-9])[0-9A-Za-z]{12}\b )
  | (?P<number> \b(?:CC|TI|RC|NUIP|CE|PA|PT|PE|CD|SC|CN|AS|MS|NIT?)[ :_/-]{0,2}(?=[A-Z]*[0-9])[0-9A-Z.]{3,}\b
            | \b[A-Z]{0,3}[0-9]{6,}(?:-[0-9])?\b
            | \b[0-9]{1,3}(?:\.[0-9]{3}){2,3}\b )
    """,
    re.X,
)


class Line(logging.Formatter):
    """One line and, after an error, its traceback; without personal data."""

    def __init__(self, *_: Any, **__: Any) -> None:
        super().__init__(FORMAT, style="{")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  the library's name
        """Time, level and logger stay as they are; only the message may hold what somebody sent."""
        record.message = without_identifiers(_by_route(record))
        return super().formatMessage(record)

    def formatException(  # noqa: N802  the library's name
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """The traceback, the database's errors without values."""
        text = super().formatException(ei)
        for error in _chain(ei[1]):
            if (said := str(error)) and _of_database(error):
                text = text.replace(said, without_values(error))
        return without_identifiers(text)

    def format(self, record: logging.LogRecord) -> str:
        """The whole; what another formatter kept of the traceback is not taken."""
        record.exc_text = None
        try:
            return super().format(record)
        finally:
            record.exc_text = None


def without_identifiers(text: str) -> str:
    """`text` with a word in the place of each e-mail, case number, output code and document number."""
    return _IDENTIFIERS.sub(_named, _VALUES.sub("", text))


def _named(found: re.Match[str]) -> str:
    return found[0] if found.lastgroup == "keep" else f"‹{found.lastgroup}›"


def without_values(error: BaseException) -> str:
    """What a database error says, by SQLSTATE and names of tables only."""
    diag = getattr(error, "diag", None) or getattr(error.__cause__, "diag", None)
    state = getattr(diag, "sqlstate", None) or ""
    if state.startswith(_DATA_EXCEPTION):
        return f"[{state}] a value that the column does not take"
    first = str(error).splitlines()[0] if str(error) else ""
    return f"[{state}] {first}" if state else first


def _by_route(record: logging.LogRecord) -> str:
    """The message, with the route (`expedientes/<number>/`) in the place of the address that was asked for."""
    text, request = record.getMessage(), getattr(record, "request", None)
    path, match = getattr(request, "path", ""), getattr(request, "resolver_match", None)
    return text.replace(path, f"/{match.route}") if match is not None and len(path) > 1 else text


def _of_database(error: BaseException) -> bool:
    return (
        type(error).__module__.partition(".")[0] == "psycopg" or type(error).__module__ == "django.db.utils"
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, its causes and those that it holds."""
    waiting, seen = [error], set[int]()
    while waiting:
        if (each := waiting.pop()) is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, each.__context__, *getattr(each, "exceptions", ())]


def settings(level: str) -> dict[str, Any]:
    """Django's `LOGGING`: one handler to standard error; no logger of a library keeps its own."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "ruta.config.logs.Line"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django gives these handlers and formats of its own before ours are read.
            name: {"handlers": [], "propagate": True}
            for name in ("django", "django.server")
        },
    }


GRANIAN = {
    "formatters": {
        "generic": {"()": "ruta.config.logs.Line"},
        "access": {"()": "ruta.config.logs.Line"},
    }
}
"""What the web server is told: its own words, and an error that no view caught, by the same rule."""
