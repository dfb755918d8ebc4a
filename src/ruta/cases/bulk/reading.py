"""From the bytes of a file to its lines: CSV in the ways in which spreadsheets write it, or NDJSON. Pure.

Of a file that cannot be read as a whole, every fault is told at once and nothing is kept.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruta.engine import forms
from ruta.engine.nearest import nearest
from ruta.engine.problems import Problem
from ruta.kernel.errors import Invalid

from .columns import KEY, Column, needed, of_form, typed_of

MAX_MB = 20
MAX_ROWS = 50_000
LONGEST_KEY = 200
_TOTALS = ("total", "totales", "subtotal", "suma", "sum", "totals")
_DELIMITERS = (";", ",", "\t")


@dataclass(frozen=True)
class Line:
    """One line: `at` as an editor counts it, what was typed, and what is wrong with the line itself."""

    at: int
    typed: Mapping[str, Any]
    key: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A file that can be read: its lines, and how it was read."""

    lines: tuple[Line, ...]
    told: Mapping[str, Any] = field(default_factory=dict)


def read(data: bytes, form: forms.Form, *, ndjson: bool) -> Sheet:
    """Read a file of applications of `form`. Raises Invalid with every fault of the file as a whole."""
    text, encoding = _text(data)
    if ndjson:
        return _within_limits(Sheet(tuple(_objects(text)), {"format": "ndjson", "encoding": encoding}))
    return _within_limits(_table(text, encoding, form))


def _text(data: bytes) -> tuple[str, str]:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _whole(
            "spreadsheet",
            "Es un libro de una hoja de cálculo. Guárdelo como «CSV UTF-8» y súbalo otra vez.",
            "This is a spreadsheet's book. Save it as “CSV UTF-8” and upload it again.",
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), "UTF-16"
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), "Latin-1"


def _whole(check: str, es: str, en: str) -> Invalid:
    return Invalid([Problem("/file", check, {"es": es, "en": en})])


def _within_limits(sheet: Sheet) -> Sheet:
    if not sheet.lines:
        raise _whole("empty", "El archivo no tiene filas con datos.", "The file has no line with data.")
    if len(sheet.lines) > MAX_ROWS:
        raise _whole(
            "too-many-rows",
            f"Tiene {len(sheet.lines)} filas y se reciben hasta {MAX_ROWS}. Pártalo en varios.",
            f"It has {len(sheet.lines)} lines and up to {MAX_ROWS} are taken. Split it.",
        )
    return sheet


def _objects(text: str) -> Iterator[Line]:
    for at, raw in enumerate(text.split("\n"), 1):
        if not raw.strip():
            continue
        try:
            told = json.loads(raw)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            yield Line(at, {}, problems=(_NO_OBJECT,))
            continue
        key = str(told.pop(KEY, ""))
        yield Line(at, told, key, _key_problems(key))


_NO_OBJECT = Problem(
    "", "json", {"es": "La línea no es un objeto JSON.", "en": "The line is no JSON object."}
)


def _key_problems(key: str) -> tuple[Problem, ...]:
    if len(key) <= LONGEST_KEY:
        return ()
    say = {"es": f"Hasta {LONGEST_KEY} caracteres.", "en": f"Up to {LONGEST_KEY} characters."}
    return (Problem(f"/{KEY}", "maxLength", say),)


def _table(text: str, encoding: str, form: forms.Form) -> Sheet:
    head = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as wrong:
        raise _whole(
            "csv",
            f"No se puede leer cerca de la línea {reader.line_num}: revise las comillas.",
            f"It cannot be read near line {reader.line_num}: check the quotes ({wrong}).",
        ) from None
    if not rows:
        raise _whole("empty", "El archivo está vacío.", "The file is empty.")
    names = [name.strip() for name in rows[0][1]]
    while names and not names[-1]:  # a spreadsheet's empty columns at the right
        names.pop()
    columns = _columns(names, form)
    lines = tuple(_line(at, cells, names, columns) for at, cells in rows[1:])
    told = {"format": "csv", "encoding": encoding, "delimiter": delimiter, "columns": names}
    return Sheet(lines, told)


def _columns(names: Sequence[str], form: forms.Form) -> list[Column | None]:
    known = {column.name: column for column in of_form(form)}
    faults = [
        *(_unknown(name, list(known)) for name in dict.fromkeys(names) if name not in known and name != KEY),
        *(_twice(name) for name, times in Counter(names).items() if times > 1),
        *(_missing(name) for name in needed(form) if name not in names),
    ]
    if faults:
        raise Invalid(faults)
    return [known.get(name) for name in names]


def _unknown(name: str, known: Sequence[str]) -> Problem:
    near = nearest(name, known, cutoff=0.6)
    shown = name[:60] or "—"
    say = {
        "es": f"El formulario no tiene la columna «{shown}»"
        + (f"; ¿quiso decir «{near}»?" if near else ". Quítela, o use la plantilla."),
        "en": f"The form has no column “{shown}”"
        + (f"; did you mean “{near}”?" if near else ". Remove it, or use the template."),
    }
    return Problem("/file", "column-unknown", say)


def _twice(name: str) -> Problem:
    say = {
        "es": f"La columna «{name[:60]}» está repetida. Deje una.",
        "en": f"The column “{name[:60]}” is there twice. Leave one.",
    }
    return Problem("/file", "column-twice", say)


def _missing(name: str) -> Problem:
    say = {
        "es": f"Falta la columna «{name}»: es obligatoria en todas las solicitudes.",
        "en": f"The column “{name}” is missing: every application needs it.",
    }
    return Problem("/file", "column-missing", say)


def _line(at: int, cells: Sequence[str], names: Sequence[str], columns: Sequence[Column | None]) -> Line:
    problems: list[Problem] = []
    said = [cell.strip() for cell in cells if cell.strip()]
    if said[0].rstrip(":").casefold() in _TOTALS:
        problems.append(_TOTAL)
    elif any(cell.strip() for cell in cells[len(names) :]):
        problems.append(_longer(len(names)))
    key = cells[names.index(KEY)].strip() if KEY in names and names.index(KEY) < len(cells) else ""
    return Line(at, typed_of(columns, cells), key, (*problems, *_key_problems(key)))


_TOTAL = Problem(
    "",
    "total-row",
    {
        "es": "Parece la fila del total, no una solicitud. Quítela.",
        "en": "This looks like the line of the total, not an application. Remove it.",
    },
)


def _longer(count: int) -> Problem:
    say = {
        "es": f"Tiene más celdas que las {count} columnas. ¿Hay un separador dentro de un dato? Póngalo entre comillas.",
        "en": f"It has more cells than the {count} columns. Is a delimiter inside a value? Put it in quotes.",
    }
    return Problem("", "row-length", say)
