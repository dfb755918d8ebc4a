"""What is given out: the template of a file, and an answer per line, as CSV or NDJSON."""

import csv
import io
import json
from collections.abc import Iterator

from ruta.engine import forms
from ruta.engine.problems import Problem
from ruta.kernel.texts import pick

from ..models import Batch, BatchRow
from . import selectors
from .columns import KEY, column_at, of_form, safe

_HEAD = {
    "es": ("línea", "clave", "estado", "expediente", "columna", "comprobación", "qué corregir"),
    "en": ("line", "key", "status", "case", "column", "check", "what to mend"),
}
_STATUS = {
    "es": {
        "waiting": "en espera",
        "filed": "radicada",
        "known": "ya estaba radicada",
        "refused": "no radicada",
    },
    "en": {"waiting": "waiting", "filed": "filed", "known": "filed before", "refused": "not filed"},
}


def template(form: forms.Form) -> str:
    """An empty file with every column, for a spreadsheet of Colombia: `;` between cells, and the mark of UTF-8."""
    return "\ufeff" + ";".join([KEY, *(column.name for column in of_form(form))]) + "\r\n"


def as_csv(batch: Batch, lang: str) -> Iterator[str]:
    """One line per answer; of a refused line, one per problem."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    out.write("\ufeff")
    writer.writerow(_HEAD[lang])
    for row in selectors.answers(batch):
        for cells in _cells(row, lang):
            writer.writerow([safe(cell) for cell in cells])
        if out.tell() > 64_000:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _cells(row: BatchRow, lang: str) -> Iterator[tuple[str, ...]]:
    begin = (str(row.line), row.key, _STATUS[lang][row.status], row.number)
    if not row.problems:
        yield (*begin, "", "", "")
    for each in map(Problem.of_json, row.problems):
        yield (*begin, column_at(each.at), each.check, pick(each.say, lang))


def as_ndjson(batch: Batch, lang: str) -> Iterator[str]:
    """One object per line of the file."""
    for row in selectors.answers(batch):
        problems = [_told(each, lang) for each in map(Problem.of_json, row.problems)]
        said = {
            "line": row.line,
            **({"key": row.key} if row.key else {}),
            "status": row.status,
            **({"number": row.number} if row.number else {}),
            **({"problems": problems} if problems else {}),
        }
        yield json.dumps(said, ensure_ascii=False) + "\n"


def _told(each: Problem, lang: str) -> dict[str, str]:
    return {"pointer": each.at, "check": each.check, "detail": pick(each.say, lang)}
