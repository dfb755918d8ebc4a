"""Dates as typed, `dd/mm/aaaa`, and ages (common facts §4)."""

import calendar
import re
from datetime import date

from ruta.engine.forms.dates import MONTHS_EN, MONTHS_ES
from ruta.engine.problems import Problem

from .errors import Invalid

MONTHS = {"es": MONTHS_ES, "en": MONTHS_EN}


def parse_date(typed: str, *, at: str, label: dict[str, str] | None = None) -> date:
    """The day typed as `dd/mm/aaaa` (also with - or .) or in ISO form. Raises Invalid (CO-B06)."""
    name = label or {"es": "Fecha", "en": "Date"}
    text = typed.strip()

    def wrong(check: str, es: str, en: str) -> Invalid:
        return Invalid([Problem(at, check, {"es": f"{name['es']}: {es}", "en": f"{name['en']}: {en}"})])

    if not text:
        raise wrong(
            "required", "está vacía. Escríbala: día/mes/año.", "it is empty. Write it: day/month/year."
        )
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        year, month, day = (int(part) for part in found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", text):
        day, month, year = (int(part) for part in found.groups())
    elif re.fullmatch(r"\d{1,2}[/.\- ]\d{1,2}[/.\- ]\d{2}", text):
        raise wrong("date-year", "escriba el año con cuatro cifras.", "write the year with four digits.")
    else:
        raise wrong(
            "format",
            "se escribe día/mes/año, por ejemplo 27/03/1998.",
            "it is written day/month/year, for example 27/03/1998.",
        )
    if not 1 <= month <= 12:
        raise wrong("format", f"el mes {month} no existe.", f"month {month} does not exist.")
    if year < 1:
        raise wrong("date-year", "escriba el año con cuatro cifras.", "write the year with four digits.")
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        es, en = MONTHS["es"][month - 1], MONTHS["en"][month - 1]
        raise wrong(
            "format",
            f"{es} de {year} tiene {last} días. Revise el día.",
            f"{en} {year} has {last} days. Check the day.",
        )
    return date(year, month, day)


def age_on(birth_date: date, day: date) -> int:
    """Complete years on `day`; one born on 29 February turns on the 28th in common years."""
    birthday = (birth_date.month, birth_date.day)
    if birthday == (2, 29) and not calendar.isleap(day.year):
        birthday = (2, 28)
    return day.year - birth_date.year - ((day.month, day.day) < birthday)
