"""Dated figures (`parameters/*.csv`) and code lists (`lists/*.csv`) of a service's folder.

A figure holds from `valid_from` to `valid_to`, both included; an empty `valid_to` means until further notice. A day
without a row has no figure: the last one is never taken silently.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cached_property
from itertools import pairwise
from typing import Any

from ruta.kernel.errors import RutaError

from .nearest_code import fault_of_code

_FIGURE = ("valid_from", "valid_to", "value", "unit", "source", "verify")
_CODE = ("code", "title_es", "title_en", "valid_from", "valid_to")


class TableError(RutaError):
    """A row of a CSV file cannot be read; `line` counts from 1."""

    code = "table"

    def __init__(self, message: Mapping[str, str], line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Figure:
    """One row of a parameter: its value from `valid_from` to `valid_to` (None: until further notice)."""

    key: Mapping[str, str]
    valid_from: date
    valid_to: date | None
    value: Decimal | str
    unit: str
    source: str
    verify: bool
    line: int

    def holds_on(self, day: date) -> bool:
        """Whether this row gives the figure of `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Parameter:
    """All rows of one file; `keys` are the columns that tell its figures apart (none: there is one figure)."""

    name: str
    keys: tuple[str, ...]
    figures: tuple[Figure, ...]

    def rows(self, key: Mapping[str, str]) -> list[Figure]:
        """The rows of one figure, oldest first."""
        wanted = {name: str(value) for name, value in key.items()}
        return sorted(
            (row for row in self.figures if dict(row.key) == wanted), key=lambda row: row.valid_from
        )

    def on(self, key: Mapping[str, str], day: date) -> Figure | None:
        """The figure of `day`; None when no row holds."""
        return next((row for row in self.rows(key) if row.holds_on(day)), None)

    @cached_property
    def groups(self) -> tuple[Mapping[str, str], ...]:
        """Every combination of keys that has rows."""
        seen: dict[tuple[str, ...], Mapping[str, str]] = {}
        for row in self.figures:
            seen.setdefault(tuple(row.key[name] for name in self.keys), row.key)
        return tuple(seen.values())


@dataclass(frozen=True)
class Code:
    """One code of a list with its titles; `more` holds the other columns."""

    code: str
    title: Mapping[str, str]
    valid_from: date | None
    valid_to: date | None
    more: Mapping[str, str]
    line: int

    def holds_on(self, day: date) -> bool:
        """Whether the code may be chosen on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def has(self, column: str) -> bool:
        """Whether the list's own column `column` says yes for this code."""
        return _is_yes(self.more.get(column, ""))


@dataclass(frozen=True)
class CodeList:
    """A list of codes in the order of its file."""

    name: str
    codes: tuple[Code, ...]

    @cached_property
    def _by_code(self) -> Mapping[str, Code]:
        return {code.code: code for code in self.codes}

    def get(self, code: str) -> Code | None:
        """The code, or None when the list has none like it."""
        return self._by_code.get(code)

    def title(self, code: str, lang: str = "es") -> str:
        """What a person reads for `code`; the code itself when the list does not know it."""
        found = self._by_code.get(code)
        return (found.title.get(lang) or found.title["es"]) if found else code

    def fault_of(self, code: str, day: date | None = None) -> Mapping[str, str] | None:
        """What is wrong with a code, and what would be right, in words that follow a field's label; None: nothing.

        A code must hold on `day`; without one it is enough that it ever did, as in an entry of an old book (CO-B07).
        """
        found = self.get(code)
        if found is not None and (day is None or found.holds_on(day)):
            return None
        return fault_of_code(code, tuple(self) if day is None else self.on(day), ended=found)

    def on(self, day: date) -> tuple[Code, ...]:
        """The codes that may be chosen on `day`."""
        return tuple(code for code in self.codes if code.holds_on(day))

    def __iter__(self) -> Iterator[Code]:
        return iter(self.codes)


def read_parameter(name: str, text: str) -> Parameter:
    """Read `parameters/<name>.csv`; raises TableError with the line."""
    header, rows = _rows(text, ("valid_from", "value"))
    keys = tuple(column for column in header if column not in _FIGURE)
    figures = []
    for line, row in rows:
        first = _date(row["valid_from"], line, "valid_from")
        if first is None:
            raise _fault(line, "valid_from está vacío", "valid_from is empty")
        figures.append(
            Figure(
                key={column: row[column].strip() for column in keys},
                valid_from=first,
                valid_to=_date(row.get("valid_to", ""), line, "valid_to"),
                value=_number(row["value"]),
                unit=row.get("unit", ""),
                source=row.get("source", ""),
                verify=_is_yes(row.get("verify", "")),
                line=line,
            )
        )
    return Parameter(name, keys, tuple(figures))


def read_list(name: str, text: str) -> CodeList:
    """Read `lists/<name>.csv`; raises TableError with the line (a code twice, a date that is none)."""
    header, rows = _rows(text, ("code", "title_es"))
    codes: list[Code] = []
    seen: set[str] = set()
    for line, row in rows:
        code = row["code"].strip()
        if not code or code in seen:
            raise _fault(
                line,
                f"el código «{code}» falta o está dos veces",
                f'the code "{code}" is missing or stands twice',
            )
        seen.add(code)
        spanish = row["title_es"].strip()
        codes.append(
            Code(
                code=code,
                title={"es": spanish, "en": row.get("title_en", "").strip() or spanish},
                valid_from=_date(row.get("valid_from", ""), line, "valid_from"),
                valid_to=_date(row.get("valid_to", ""), line, "valid_to"),
                more={column: row[column] for column in header if column not in _CODE},
                line=line,
            )
        )
    return CodeList(name, tuple(codes))


def holes_and_overlaps(rows: list[Figure]) -> Iterator[tuple[str, Figure, date, date]]:
    """For the rows of one figure, oldest first: (`hole` or `overlap`, the later row, first day, last day)."""
    for before, after in pairwise(rows):
        if before.valid_to is None or before.valid_to >= after.valid_from:
            last = min(before.valid_to or after.valid_from, after.valid_to or date.max)
            yield "overlap", after, after.valid_from, max(last, after.valid_from)
        elif before.valid_to + timedelta(days=1) < after.valid_from:
            yield "hole", after, before.valid_to + timedelta(days=1), after.valid_from - timedelta(days=1)


def _rows(text: str, needed: tuple[str, ...]) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    reader = csv.DictReader(io.StringIO(text))
    header = list(reader.fieldnames or ())
    for column in needed:
        if column not in header:
            raise _fault(1, f"falta la columna {column}", f"the column {column} is missing")
    rows: list[tuple[int, dict[str, str]]] = []
    for row in reader:
        values: dict[Any, Any] = row
        if None in values or None in values.values():
            raise _fault(
                reader.line_num,
                f"la fila no tiene {len(header)} columnas",
                f"the row does not have {len(header)} columns",
            )
        rows.append((reader.line_num, row))
    return header, rows


def _date(text: str, line: int, column: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise _fault(
            line,
            f"{column}: «{text}» no es una fecha; escriba AAAA-MM-DD",
            f'{column}: "{text}" is not a date; write YYYY-MM-DD',
        ) from None


def _is_yes(text: str) -> bool:
    return text.strip().lower() in ("yes", "true", "sí", "1")


def _number(text: str) -> Decimal | str:
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return text.strip()


def _fault(line: int, es: str, en: str) -> TableError:
    return TableError({"es": f"Línea {line}: {es}.", "en": f"Line {line}: {en}."}, line)
